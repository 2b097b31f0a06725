"""How old the ratings are."""

from datetime import date, datetime

from carequality.figures import Cell, Column, Figure, Row, Share
from ratings.figures import words
from ratings.figures.places import Period, authority_named, places, sectors_of
from ratings.figures.spans import years_before
from ratings.figures.tallies import share_of
from ratings.rules import age_in_words

# The age in full years from which each band begins.
BANDS = (
    ("under_1", "Under 1 year", 0),
    ("from_1", "1 to 2 years", 1),
    ("from_2", "2 to 3 years", 2),
    ("from_3", "3 to 4 years", 3),
    ("from_4", "4 to 5 years", 4),
    ("from_5", "5 years or more", 5),
)
OLD = 3


def inspections_overdue(
    as_at: date, known_at: datetime | None = None, authority: str | None = None
) -> Figure:
    """Services by the age of the overall rating that stands, and those never rated. Source: CQC."""
    own = authority_named(authority)
    found = places(as_at, authorities=[own], known_at=known_at)
    rows: list[Row] = []
    findings: list[str] = []
    for sector, label in sectors_of(found):
        bands: dict[str, list[str]] = {key: [] for key, _, _ in BANDS}
        without: list[str] = []
        oldest: Period | None = None
        for place in found:
            if not place.is_in(sector):
                continue
            standing = place.standing_on(as_at, sector)
            if standing is None:
                without.append(place.location_id)
                continue
            bands[_band(standing.published_on, as_at)].append(place.location_id)
            if oldest is None or standing.published_on < oldest.published_on:
                oldest = standing
        rated = [one for ids in bands.values() for one in ids]
        old = [one for key, _, years in BANDS if years >= OLD for one in bands[key]]
        cells: tuple[Cell, ...] = (
            label,
            *(share_of(ids, rated) for ids in bands.values()),
            share_of(old, rated),
            len(rated),
            Share(len(without), len(without) + len(rated)),
            age_in_words(oldest.published_on, as_at) if oldest else None,
        )
        behind = (
            *((key, tuple(ids)) for key, ids in bands.items()),
            ("old", tuple(old)),
            ("rated", tuple(rated)),
            (words.NOT_RATED, tuple(without)),
        )
        rows.append(Row(cells, behind))
        if oldest:
            share = share_of(old, rated)
            age = age_in_words(oldest.published_on, as_at)
            findings.append(
                f"{label}: {share.in_full} have a rating of {OLD} years or more; the oldest is {age}."
            )
    return Figure(
        name="inspections-overdue",
        title="Age of the rating that stands",
        as_at=as_at,
        authority=own,
        columns=(
            Column("sector", "Sector"),
            *(Column(key, label, kind="share") for key, label, _ in BANDS),
            Column("old", f"{OLD} years or more", kind="share"),
            Column("rated", "Rated", kind="count"),
            Column(words.NOT_RATED, "Not yet rated", kind="share"),
            Column("oldest", "Oldest"),
        ),
        rows=tuple(rows),
        notes=(
            "Each age is a percentage of the services that are rated; not yet rated is a percentage of all.",
            "The age is counted from the day on which CQC published the overall rating that stands. CQC sets no fixed time "
            "between inspections.",
            words.ROUNDED,
            words.ONCE_IN_ALL,
            words.UNDER_EACH_TYPE,
            words.REGISTERED,
            words.SOURCE,
        ),
        findings=tuple(findings),
    )


def _band(published_on: date, as_at: date) -> str:
    reached = [key for key, _, years in BANDS if published_on <= years_before(as_at, years)]
    return reached[-1]
