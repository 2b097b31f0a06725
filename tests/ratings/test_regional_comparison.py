"""The regional comparison: the published table of August 2019 to the last cell, and the rules of
counting.
"""

import csv
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import count, product
from pathlib import Path

import pytest
from django.utils import timezone

from core.models import RegionAuthority
from figures.registration import named
from ratings.actions.locations import apply_location
from ratings.cqc.parse import parse_location
from ratings.figures.regional import regional_comparison
from ratings.models import ADULT_SOCIAL_CARE, Location, Rating
from tests.ratings.payloads import TYPES, a_location, assessment, group, inspection

PUBLISHED = (
    Path(__file__).resolve().parent.parent
    / "data"
    / "ratings"
    / "regional_comparison_august_2019.csv"
)
RATINGS = ("inadequate", "requires_improvement", "good", "outstanding")
AUGUST_2019 = date(2019, 8, 31)
LEARNED = datetime(2019, 8, 1, tzinfo=UTC)


def rounded(part: int, whole: int) -> int:
    return int((Decimal(100) * part / whole).quantize(Decimal(1), ROUND_HALF_UP))


def counts_that_give(rated: list[int], not_rated: int) -> tuple[list[int], int]:
    """The smallest counts whose ordinarily rounded percentages these are: ratings of the rated, not
    rated of all.
    """
    for whole in range(1, 500):
        ways = [[n for n in range(whole + 1) if rounded(n, whole) == wanted] for wanted in rated]
        without = [n for n in range(whole + 1) if rounded(n, whole + n) == not_rated]
        for counts in product(*ways):
            if without and sum(counts) == whole:
                return list(counts), without[0]
    raise AssertionError(f"No counts round to {rated} and {not_rated}.")


def published_rows() -> list[dict[str, str]]:
    with PUBLISHED.open() as file:
        return list(csv.DictReader(file))


def load_the_published_table() -> None:
    """Real rows whose percentages are those of the table, half of them with a rating before and a
    rating since.
    """
    numbers = count(1)
    locations, ratings = [], []
    for row in published_rows():
        RegionAuthority.objects.get_or_create(
            name=row["authority"], defaults={"since": date(1974, 4, 1)}
        )
        rated, without = counts_that_give(
            [int(row[word]) for word in RATINGS], int(row["not_rated"])
        )
        words: list[str | None] = [
            word for word, number in zip(RATINGS, rated, strict=True) for _ in range(number)
        ]
        words += [None] * without
        for word in words:
            number = next(numbers)
            location = Location(
                location_id=f"1-{number}",
                name=f"Place {number}",
                directorate=ADULT_SOCIAL_CARE,
                registered_on=date(2015, 1, 1),
                # CQC gives Northamptonshire's locations to its successors since April 2021.
                local_authority=row["authority"].replace(
                    "Northamptonshire", ("North", "West")[number % 2] + " Northamptonshire"
                ),
                service_types=[row["service_type"]],
                primary_type=row["service_type"],
                first_seen_at=LEARNED,
                read_at=LEARNED,
            )
            locations.append(location)
            since, before = date(2020, 1, 1), date(2017, 1, 1)
            if word and number % 2:
                ratings += [
                    a_rating(location, "good", before, date(2019, 1, 1)),
                    a_rating(location, word, date(2019, 1, 1), since),
                    a_rating(location, "outstanding", since, None),
                ]
            elif word:
                ratings.append(a_rating(location, word, before, None))
            else:
                ratings.append(a_rating(location, "good", date(2019, 9, 1), None))
    # Neither of these was there in August 2019.
    for closed, opened in ((date(2019, 8, 31), None), (None, date(2019, 9, 1))):
        number = next(numbers)
        locations.append(
            Location(
                location_id=f"1-{number}",
                directorate=ADULT_SOCIAL_CARE,
                is_registered=closed is None,
                registered_on=opened or date(2015, 1, 1),
                deregistered_on=closed,
                local_authority="Rutland",
                service_types=["nursing_home"],
                first_seen_at=LEARNED,
                read_at=LEARNED,
            )
        )
    Location.objects.bulk_create(locations)
    Rating.objects.bulk_create(ratings)


def a_rating(
    location: Location, word: str, published_on: date, superseded_on: date | None
) -> Rating:
    return Rating(
        location=location,
        key_question="overall",
        rating=word,
        published_on=published_on,
        superseded_on=superseded_on,
        source="inspection",
        learned_at=LEARNED,
    )


def cells(figure) -> dict[tuple[str, str], object]:
    return {
        (row.cells[0], column.key): cell
        for row in figure.rows
        for column, cell in zip(figure.columns[1:], row.cells[1:], strict=True)
    }


def test_every_cell_of_the_published_table_of_august_2019(db, council):
    load_the_published_table()
    figure = named("regional-comparison")(as_at=AUGUST_2019)
    found = cells(figure)
    published = published_rows()
    assert len(published) == 27
    for row in published:
        for part in (*RATINGS, "not_rated"):
            share = found[row["authority"], f"{row['service_type']}-{part}"]
            assert share.percent == int(row[part]), (row["authority"], row["service_type"], part)
    assert [row.cells[0] for row in figure.rows] == sorted({row["authority"] for row in published})
    assert figure.authority == "Exampleshire"
    assert "Contains CQC data © Care Quality Commission." in figure.notes


def test_the_rows_behind_every_number(db, council):
    load_the_published_table()
    figure = regional_comparison(AUGUST_2019)
    for row in figure.rows:
        for key, ids in row.behind:
            assert len(ids) == cells(figure)[row.cells[0], key].numerator
            assert len(set(ids)) == len(ids)


def test_the_region_is_as_it_was_that_day(db, council):
    load_the_published_table()
    RegionAuthority.objects.filter(name="Northamptonshire").update(until=date(2021, 4, 1))
    for name in ("North Northamptonshire", "West Northamptonshire"):
        RegionAuthority.objects.create(name=name, since=date(2021, 4, 1))
    assert len(regional_comparison(date(2021, 3, 31)).rows) == 9
    after = [row.cells[0] for row in regional_comparison(date(2021, 4, 1)).rows]
    assert len(after) == 10
    assert {"North Northamptonshire", "West Northamptonshire"} < set(after)


@pytest.fixture
def exampleshire(db, council):
    RegionAuthority.objects.create(name="Exampleshire", since=date(1974, 4, 1))


def read(*payloads, at=None) -> None:
    for payload in payloads:
        apply_location(parse_location(payload), noticed_at=at or timezone.now())


def counted(day: date, key: str, **how) -> tuple[int, int]:
    share = cells(regional_comparison(day, **how))["Exampleshire", key]
    return share.numerator, share.denominator


def test_a_location_with_two_types_counts_under_each_by_the_rating_of_that_service(exampleshire):
    both = [TYPES["nursing"], TYPES["home care"]]
    rated = [
        assessment("2024-01-01", group("Care home service with nursing", "Good")),
        assessment("2024-06-01", group("Homecare agencies", "Inadequate")),
    ]
    read(a_location("1-1", gacServiceTypes=both, assessment=rated))
    day = date(2024, 7, 1)
    assert counted(day, "nursing_home-good") == (1, 1)
    assert counted(day, "home_care-inadequate") == (1, 1)
    assert counted(day, "residential_home-good") == (0, 0)


def test_where_only_other_services_are_rated_the_lowest_counts(exampleshire):
    rated = [
        assessment("2024-01-01", group("Supported living", "Good")),
        assessment("2024-01-01", group("Homecare agencies", "Requires improvement")),
    ]
    read(a_location("1-1", assessment=rated))
    assert counted(date(2024, 7, 1), "residential_home-requires_improvement") == (1, 1)


def test_not_yet_rated_is_of_all_and_other_sectors_do_not_count(exampleshire):
    read(
        a_location("1-1", currentRatings=inspection("Good", "2020-01-01")),
        a_location("1-2"),
        a_location("1-3", inspectionDirectorate="Hospitals"),
    )
    assert counted(date(2024, 1, 1), "residential_home-not_rated") == (1, 2)
    assert counted(date(2024, 1, 1), "residential_home-good") == (1, 1)
    assert counted(date(2019, 1, 1), "residential_home-not_rated") == (2, 2)


def test_as_we_knew_it_at_a_moment(exampleshire):
    monday = timezone.now()
    read(a_location("1-1", currentRatings=inspection("Good", "2020-01-01")), at=monday)
    read(
        a_location("1-1", currentRatings=inspection("Inadequate", "2020-06-01")),
        at=monday + timedelta(days=7),
    )
    day = date(2021, 1, 1)
    assert counted(day, "residential_home-inadequate") == (1, 1)
    assert counted(day, "residential_home-good", known_at=monday + timedelta(days=1)) == (1, 1)
