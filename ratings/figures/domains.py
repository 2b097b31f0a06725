"""Key questions and the overall rating, by type of service: how many are in each rating."""

from datetime import date, datetime

from core.dates import day_in_words
from core.models import CouncilProfile
from figures.charting import BESIDE, Chart
from figures.figure import Column, Figure, Row
from figures.registration import register_figure
from govuk.charts import RATINGS, StackedBars
from ratings.figures import words
from ratings.figures.drawing import rated_bar
from ratings.figures.options import AuthorityOptions
from ratings.figures.rated_locations import authority_named, rated_locations, sectors_of
from ratings.figures.tallies import RATING_COLUMNS, Tally


def questions_by_rating(figure: Figure) -> list[Chart]:
    """A chart of each sector that has rated services: the key questions by rating."""
    by_sector: dict[str, list[Row]] = {}
    for row in figure.rows:
        by_sector.setdefault(str(row.cells[0]), []).append(row)
    return [
        StackedBars(
            key=f"chart-{number}",
            title=f"{sector} by key question, {day_in_words(figure.as_at)}",
            description=(
                "A bar for each key question and the overall rating: the share in each rating."
                f" {BESIDE}"
            ),
            parts=RATINGS,
            bars=[rated_bar(figure, row, 1) for row in rows],
        )
        for number, (sector, rows) in enumerate(by_sector.items())
        if any(sum(rated_bar(figure, row, 1).counts.values()) for row in rows)
    ]


@register_figure(
    "ratings-by-domain",
    label="Ratings by key question",
    area="ratings",
    order=40,
    sentence="The overall rating and the five key questions, for each type of service.",
    options=AuthorityOptions,
    charts=questions_by_rating,
    behind="location",
    headings=2,
    empty=words.NOTHING_TO_COMPARE,
)
def ratings_by_domain(
    as_at: date,
    known_at: datetime | None = None,
    authority: str | None = None,
    *,
    council: CouncilProfile | None = None,
) -> Figure:
    """Services in each rating, by type of service and key question, the overall rating first.

    Numerator: locations with that rating of the key question on the day. Denominator: locations
    with any rating of it; for those not yet rated, all locations of the type. Source: CQC's
    register and published ratings.

    Raises `NotAllowed`: `unknown-authority`.
    """
    own = authority_named(authority, council)
    questions = [key for key, _ in words.QUESTIONS]
    found = rated_locations(as_at, authorities=[own], known_at=known_at, questions=questions)
    rows = []
    for sector, label in sectors_of(found):
        there = [location for location in found if location.is_in(sector)]
        for question, asked in words.QUESTIONS:
            tally = Tally()
            for location in there:
                tally.add(location.rating_on(as_at, sector, question), location.location_id)
            rows.append(Row((label, asked, *tally.cells()), tally.behind()))
    return Figure(
        name="ratings-by-domain",
        title="Ratings by key question",
        as_at=as_at,
        authority=own,
        columns=(
            Column("sector", "Type of service"),
            Column("question", "Key question"),
            *RATING_COLUMNS,
        ),
        rows=tuple(rows),
        notes=(
            words.OF_RATED,
            words.ROUNDED,
            words.ONCE_IN_ALL,
            words.UNDER_EACH_TYPE,
            words.REGISTERED,
            words.SOURCE,
        ),
    )
