"""Ratings at month ends over a span of days, against the council's own targets."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django import forms

from core.dates import day_in_words, month_ends, years_before
from core.models import CouncilProfile
from core.workflow import NotAllowed
from figures.charting import BESIDE, Chart, cells_of
from figures.figure import Cell, Column, Figure, Row, Share, name_of
from figures.registration import register_figure
from govuk.charts import Lines, Series, TargetLine
from ratings.figures import words
from ratings.figures.options import AuthoritySpanOptions
from ratings.figures.rated_locations import (
    RatedLocation,
    authority_named,
    rated_locations,
    sector_named,
    sectors_of,
)
from ratings.figures.spans import span_from
from ratings.figures.tallies import RATING_COLUMNS, Tally
from ratings.models import Measure, Target

YEARS = 2


# In the address: every sector, each by itself.
APART = "apart"


class TrendOptions(AuthoritySpanOptions):
    """Also one type of service alone, over two years unless asked otherwise."""

    sector = forms.ChoiceField(
        label="Type of service",
        required=False,
        choices=[
            (words.ALL, words.ALL_SERVICES),
            (APART, "Each type separately"),
            *((kind.value, label) for kind, label in (*words.TYPES, *words.OTHER_TYPES)),
        ],
    )
    field_order = ["authority", "sector", "since", "as_at", "known_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].help_text = "Leave it empty for two years before As at"

    def defaults(self) -> dict[str, Any]:
        """All services together."""
        return super().defaults() | {"sector": words.ALL}

    def arguments(self) -> dict[str, Any]:
        """The figure tells types apart when it is asked for none."""
        arguments = super().arguments()
        return arguments | ({"sector": ""} if arguments["sector"] == APART else {})

    @staticmethod
    def before(day: date) -> date:
        """Two years, since one shows no trend where CQC inspects seldom."""
        return years_before(day, YEARS)


# Yellow is too light for a line: amber of a darker kind.
LINES = (
    ("good_or_better", "Good or better", "#0b0c0c", "6 4"),
    ("outstanding", "Outstanding", "#00538a", ""),
    ("good", "Good", "#2e7d4f", ""),
    ("requires_improvement", "Req. improvement", "#a8660b", ""),
    ("inadequate", "Inadequate", "#9e1b32", ""),
)


def month_by_month(figure: Figure) -> list[Chart]:
    """A chart of lines for each sector that has rated services, with the targets that stand on the
    last day.
    """
    targets = Target.objects.in_force_on(figure.as_at).filter(
        pk__in=[
            column.key.split("-")[1]
            for column in figure.columns
            if column.key.startswith("target-")
        ]
    )
    by_sector: dict[str, list[Row]] = {}
    for row in figure.rows:
        by_sector.setdefault(str(row.cells[0]), []).append(row)
    drawn: list[Chart] = []
    for number, (sector, rows) in enumerate(by_sector.items()):
        series = [
            Series(
                label,
                [(day_of(row), _percent(cells_of(figure, row)[key])) for row in rows],
                colour,
                dash,
            )
            for key, label, colour, dash in LINES
        ]
        if any(value is not None for line in series for _, value in line.points):
            drawn.append(
                Lines(
                    key=f"chart-{number}",
                    title=f"{sector}: rated services at month ends",
                    description=(
                        "A line for each rating, and for Good or Outstanding together, month by"
                        f" month. {BESIDE}"
                    ),
                    series=series,
                    targets=[
                        TargetLine(target.name, target.level)
                        for target in targets
                        if sector_named(target.sector or words.ALL) == sector
                    ],
                )
            )
    return drawn


def day_of(row: Row, column: str = "", chosen: dict[str, Any] | None = None) -> date:
    """The day that the row names."""
    return datetime.strptime(str(row.cells[1]), "%d %B %Y").date()  # noqa: DTZ007 - a day, not a moment


def _percent(cell: object) -> float | None:
    if not isinstance(cell, Share) or not cell.denominator:
        return None
    return 100 * cell.numerator / cell.denominator


@register_figure(
    "ratings-trend",
    label="Ratings over time",
    area="ratings",
    order=30,
    sentence=(
        "Services in each rating at the end of every month, compared with the council’s targets."
    ),
    options=TrendOptions,
    charts=month_by_month,
    behind="location",
    headings=2,
    day_of=day_of,
    empty=words.NOTHING_TO_COMPARE,
)
def ratings_trend(
    as_at: date,
    since: date | None = None,
    known_at: datetime | None = None,
    authority: str | None = None,
    sector: str = "",
    *,
    council: CouncilProfile | None = None,
) -> Figure:
    """Services in each rating at month ends from `since` (two years before unless given) to
    `as_at`, by type of service.

    Numerator: locations registered on that day, with that overall rating on it. Denominator: those
    of them with any overall rating; for those not yet rated, all of them. Source: CQC's register
    and published ratings; the targets are the council's own, and stand beside its own figures only.

    Raises `NotAllowed`: `wrong-way-round`, `unknown-authority`, `unknown-sector`.
    """
    since = span_from(since, as_at, YEARS)
    own = authority_named(authority, council)
    found = rated_locations(since, as_at, authorities=[own], known_at=known_at)
    sectors = list(sectors_of(found))
    if sector:
        sectors = [each for each in sectors if each[0] == sector]
        if not sectors:
            known = ", ".join(key for key, _ in sectors_of(found))
            raise NotAllowed(
                "unknown-sector",
                f"There is no type of service {sector}. Choose one of: {known}.",
                "sector",
            )
    days = list(month_ends(since, as_at))
    targets: list[Target] = []
    # The targets are the council's own: another authority has none of ours.
    if own == name_of(council):
        targets = list(Target.objects.in_force_between(since, as_at))
    rows = [_row(key, label, day, found, targets) for key, label in sectors for day in days]
    return Figure(
        name="ratings-trend",
        title="Ratings at month ends",
        as_at=as_at,
        authority=own,
        columns=(
            Column("sector", "Type of service"),
            Column("day", "On"),
            *RATING_COLUMNS,
            Column("good_or_better", "Good or Outstanding", kind="share"),
            *(Column(f"target-{target.pk}", _named(target)) for target in targets),
        ),
        rows=tuple(rows),
        notes=(
            words.OF_RATED,
            words.ROUNDED,
            (
                "Each day counts the locations registered with CQC and the ratings that were"
                " current on that day, by the type of service and the authority that CQC gives them"
                " today."
            ),
            words.ONCE_IN_ALL,
            words.UNDER_EACH_TYPE,
            words.SOURCE,
        ),
        findings=tuple(_findings(rows, targets, as_at)),
    )


def _row(
    sector: str, label: str, day: date, found: Iterable[RatedLocation], targets: Sequence[Target]
) -> Row:
    tally = Tally()
    for location in found:
        if location.is_in(sector) and location.is_counted_on(day):
            tally.add(location.rating_on(day, sector), location.location_id)
    good = tally.share(*words.GOOD_OR_BETTER)
    aims = [_against(target, _measured(target, tally), sector, day) for target in targets]
    cells: tuple[Cell, ...] = (label, f"{day_in_words(day)}", *tally.cells(), good, *aims)
    return Row(cells, (*tally.behind(), ("good_or_better", tuple(tally.of(*words.GOOD_OR_BETTER)))))


def _measured(target: Target, tally: Tally) -> Share:
    if target.measure == Measure.GOOD_OR_BETTER:
        return tally.share(*words.GOOD_OR_BETTER)
    return tally.share(target.measure)


def _against(target: Target, share: Share, sector: str, day: date) -> str | None:
    """Met or not, by the percentage as printed; None where the target does not stand."""
    if (target.sector or words.ALL) != sector or not target.stands_on(day) or share.percent is None:
        return None
    # By the percentage as printed, so that nobody reads 80% beside "not met" for 80.
    gap = abs(share.percent - target.level)
    return "Met" if target.is_met_by(share.percent) else f"Not met, by {gap:.0f} points"


def _named(target: Target) -> str:
    return (
        f"{target.name} ({sector_named(target.sector).lower()})" if target.sector else target.name
    )


def _findings(rows: Sequence[Row], targets: Sequence[Target], as_at: date) -> Iterable[str]:
    last_day = f"{day_in_words(as_at)}"
    for location, target in enumerate(targets, -len(targets)):
        for row in rows:
            if row.cells[1] == last_day and row.cells[location] is not None:
                yield f"{_named(target)}: {str(row.cells[location]).lower()} on {last_day}."
