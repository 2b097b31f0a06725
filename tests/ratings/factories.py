"""Locations and ratings made row by row, for figures that are worked out by hand."""

from datetime import UTC, date, datetime
from itertools import count

from ratings.models import ADULT_SOCIAL_CARE, Location, Rating

LEARNED = datetime(2015, 1, 1, tzinfo=UTC)
WORDS = {"O": "outstanding", "G": "good", "R": "requires_improvement", "I": "inadequate"}
numbers = count(1)


def a_place(*kinds: str, authority: str = "Exampleshire", history: str = "", **more) -> Location:
    """A location of these service types. `history` reads `G 2018-01-01, R 2020-06-01 to
    2021-01-01`.
    """
    number = next(numbers)
    location = Location.objects.create(
        **{
            "location_id": f"1-{number}",
            "name": f"Place {number}",
            "directorate": ADULT_SOCIAL_CARE,
            "registered_on": date(2014, 1, 1),
            "local_authority": authority,
            "service_types": list(kinds),
            "primary_type": kinds[0],
            "first_seen_at": LEARNED,
            "read_at": LEARNED,
            **more,
        }
    )
    rate(location, history)
    return location


def rate(location: Location, history: str, **more) -> None:
    """Ratings one after the other: each stands until the day after `to`, else until the next
    begins.
    """
    said = [part.split() for part in history.split(",") if part.strip()]
    for place, (letter, since, *rest) in enumerate(said):
        until = rest[1] if rest else said[place + 1][1] if place + 1 < len(said) else None
        Rating.objects.create(
            **{
                "location": location,
                "key_question": "overall",
                "rating": WORDS[letter],
                "published_on": date.fromisoformat(since),
                "superseded_on": date.fromisoformat(until) if until else None,
                "source": "inspection",
                "learned_at": LEARNED,
                **more,
            }
        )


def cell(figure, column: str, *row: str):
    """The cell of the row that begins with these cells, under the column of that key."""
    keys = [each.key for each in figure.columns]
    found = next(each for each in figure.rows if each.cells[: len(row)] == row)
    return found.cells[keys.index(column)]


def shares(figure, columns: list[str], *row: str) -> list[tuple[int, int]]:
    """Numerator and denominator under each of these columns."""
    return [
        (share.numerator, share.denominator)
        for share in (cell(figure, key, *row) for key in columns)
    ]


def behind(figure, column: str, *row: str) -> set[str]:
    found = next(each for each in figure.rows if each.cells[: len(row)] == row)
    return set(dict(found.behind)[column])
