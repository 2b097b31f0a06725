"""How old the ratings are."""

from datetime import date, datetime

from core.dates import age_in_words, day_in_words, years_before
from core.models import CouncilProfile
from figures.charting import Chart, cells_of, counts_of
from figures.figure import Cell, Column, Figure, Row, Share
from figures.registration import register_figure
from govuk.charts import Bar, ChartPart
from ratings.figures import words
from ratings.figures.drawing import shares_of
from ratings.figures.options import AuthorityOptions
from ratings.figures.rated_locations import Period, authority_named, rated_locations, sectors_of
from ratings.figures.tallies import share_of

# The age in full years from which each band begins.
BANDS = (
    ("under_1", "Under 1 year", 0),
    ("from_1", "1 to 2 years", 1),
    ("from_2", "2 to 3 years", 2),
    ("from_3", "3 to 4 years", 3),
    ("from_4", "4 to 5 years", 4),
    ("from_5", "5 years or more", 5),
)
# In years. What counts as old is the product's choice: CQC sets no interval.
OLD = 3


AGES = tuple(
    ChartPart(key, label, fill, ink, pattern)
    for (key, label, _), (fill, ink, pattern) in zip(
        BANDS,
        [
            ("#00538a", "#ffffff", ""),
            ("#5694ca", "#0b0c0c", ""),
            ("#bbd4ea", "#0b0c0c", "dots"),
            ("#f2b134", "#0b0c0c", "stripes"),
            ("#d4351c", "#ffffff", ""),
            ("#53284f", "#ffffff", ""),
        ],
        strict=True,
    )
)


def by_age(figure: Figure) -> list[Chart]:
    """Each sector's rated services by the age of their rating."""
    bars = []
    for row in figure.rows:
        counts = counts_of(cells_of(figure, row), [part.key for part in AGES])
        bars.append(Bar(str(row.cells[0]), counts, note=f"{sum(counts.values())} rated"))
    return shares_of(
        f"Age of ratings, {day_in_words(figure.as_at)}",
        "A bar for each type: the share of its rated services by the age of their rating.",
        AGES,
        bars,
    )


@register_figure(
    "inspections-overdue",
    label="Age of ratings",
    area="ratings",
    order=90,
    sentence="How long ago CQC published each current rating, and how many services have none.",
    options=AuthorityOptions,
    charts=by_age,
    behind="location",
    empty=words.NOTHING_TO_COMPARE,
)
def inspections_overdue(
    as_at: date,
    known_at: datetime | None = None,
    authority: str | None = None,
    *,
    council: CouncilProfile | None = None,
) -> Figure:
    """Services by the age of their current overall rating, and those never rated.

    Numerator: locations whose rating was published so many full years before the day. Denominator:
    locations with an overall rating; for those not yet rated, all locations of the type. Source:
    CQC's register and published ratings. CQC sets no fixed time between inspections, so that none
    of these is late by law.

    Raises `NotAllowed`: `unknown-authority`.
    """
    own = authority_named(authority, council)
    found = rated_locations(as_at, authorities=[own], known_at=known_at)
    rows: list[Row] = []
    findings: list[str] = []
    for sector, label in sectors_of(found):
        bands: dict[str, list[str]] = {key: [] for key, _, _ in BANDS}
        without: list[str] = []
        oldest: Period | None = None
        for location in found:
            if not location.is_in(sector):
                continue
            current = location.current_on(as_at, sector)
            if current is None:
                # Not rated has no age: out of the bands and of their denominator, and in a share of
                # its own.
                without.append(location.location_id)
                continue
            bands[_band(current.published_on, as_at)].append(location.location_id)
            if oldest is None or current.published_on < oldest.published_on:
                oldest = current
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
                f"{label}: {share.in_full} have a rating that is {OLD} years old or more. The"
                f" oldest is {age} old."
            )
    return Figure(
        name="inspections-overdue",
        title="Age of current ratings",
        as_at=as_at,
        authority=own,
        columns=(
            Column("sector", "Type of service"),
            *(Column(key, label, kind="share") for key, label, _ in BANDS),
            Column("old", f"{OLD} years or more", kind="share"),
            Column("rated", "Rated", kind="count"),
            Column(words.NOT_RATED, "Not yet rated", kind="share"),
            Column("oldest", "Oldest"),
        ),
        rows=tuple(rows),
        notes=(
            (
                "Each age is a percentage of the rated services. Not yet rated is a percentage of"
                " all services."
            ),
            (
                "We count the age from the day on which CQC published the current overall rating."
                " CQC sets no fixed time between inspections."
            ),
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
