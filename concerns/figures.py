"""Concerns in figures, month by month: open at its end, received, and answered in time.

Exempt matter: no public paper prints them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from concerns import rules
from concerns.models import Concern, ConcernKind, ConcernRisk, Reopening, Targets, day_ends
from core.dates import day_in_words, month_in_words, months_to
from core.models import CouncilProfile
from figures.charting import Chart, bars_in_counts
from figures.figure import Cell, Column, Figure, Row, Share, name_of
from figures.options import GroupOptions
from figures.registration import Area, register_area, register_figure
from govuk.charts import ChartPart, Lines, Series, TargetLine
from providers import groups
from providers.groups import ServiceGroup, group_of_kind
from providers.vocabulary import ServiceType

READ = ("concerns.view_concern", "core.read_exempt")
register_area(
    Area(
        "concerns",
        "Concerns in figures",
        READ,
        intro="Each figure with its number for the month so far.",
        is_exempt=True,
        headed_by_figure=True,
        crumbs=(("Concerns", "concerns:list-concerns"),),
        foot="concerns/figures_foot.html",
        context=lambda today, council: {"response_times": rules.response_times(Targets.current())},
    ),
    order=40,
)
MONTHS = 12
ALL = "all"
WORST_FIRST = tuple(reversed(ConcernRisk))
NOTE_RISK = "Each concern counts under its risk today, or its risk when it was closed."
NOTE_DAY = "The last month is counted up to the date of the figure."
NOTE_KINDS = (
    "A concern of two kinds, such as a complaint that is also a safeguarding concern, counts under"
    " each kind and once in the total."
)
NOTE_CLOCK = (
    "Only concerns that were answered or overdue by the date of the figure count. A concern that"
    " still has time for a first response does not."
)
RISK_PARTS = (
    ChartPart("very_high", "Very high", "#9e1b32"),
    ChartPart("high", "High", "#f2b134", "#0b0c0c", "stripes"),
    ChartPart("medium", "Medium", "#5694ca", "#0b0c0c"),
    ChartPart("low", "Low", "#e4e6e7", "#0b0c0c", "dots"),
)
KIND_FILLS = ("#00538a", "#4a9d6b", "#5694ca", "#53284f", "#b1b4b6", "#9e1b32")
DARK_INK = ("#4a9d6b", "#5694ca", "#b1b4b6")
KIND_PARTS = tuple(
    ChartPart(
        f"kind-{kind.value}", str(kind.label), fill, "#0b0c0c" if fill in DARK_INK else "#ffffff"
    )
    for kind, fill in zip(ConcernKind, KIND_FILLS, strict=True)
)
# A concern of one of the queries below, as a row of values.
Found = tuple[Any, ...]


def latest(figure: Figure) -> str:
    """What the last month says, for all concerns."""
    cell = figure.rows[-1].cells[[column.key for column in figure.columns].index(ALL)]
    return f"{cell} ({figure.rows[-1].cells[0]})"


def bars_of(parts: Sequence[ChartPart]) -> Callable[[Figure], list[Chart]]:
    """A chart with a bar for each month."""

    def draw(figure: Figure) -> list[Chart]:
        title = f"{figure.title}, to {day_in_words(figure.as_at)}"
        described = "One bar for each month. Its length is the number of concerns."
        return bars_in_counts(figure, title, described, parts, figure.rows)

    return draw


def bars_of_kinds(figure: Figure) -> list[Chart]:
    """A bar for each month, by kind. A concern of two kinds is drawn under the first alone, since
    the length of a bar is the number of concerns.
    """
    return bars_of(KIND_PARTS)(
        replace(figure, rows=tuple(_each_drawn_once(figure, row) for row in figure.rows))
    )


def _each_drawn_once(figure: Figure, row: Row) -> Row:
    ids, cells, drawn = dict(row.behind), list(row.cells), set[str]()
    for place, column in enumerate(figure.columns):
        if column.key.startswith("kind-"):
            new = set(ids.get(column.key, ())) - drawn
            cells[place] = len(new)
            drawn |= new
    return replace(row, cells=tuple(cells))


def _listed(asked: dict[str, str]) -> str:
    return f"{reverse('concerns:list-concerns')}?{urlencode(asked)}"


def _month_of(figure: Figure, row: Row) -> tuple[date, date]:
    return months_to(figure.as_at, MONTHS)[figure.rows.index(row)]


def list_of_open(figure: Figure, row: Row, column: Column) -> str:
    """The list of concerns, asked for what a number of `open_concerns` counts."""
    _, last = _month_of(figure, row)
    return _listed(
        {"open_on": last.isoformat(), **({} if column.key == ALL else {"risk": column.key})}
    )


def list_of_received(figure: Figure, row: Row, column: Column) -> str:
    """The same for `received_concerns`; empty for a group of services, which the list cannot be
    asked for.
    """
    first, last = _month_of(figure, row)
    asked = {"received_from": first.isoformat(), "received_to": last.isoformat()}
    name, _, value = column.key.partition("-")
    if name == "group":
        return ""
    return _listed(
        {**asked, **({{"type": "service_type", "kind": "kind"}[name]: value} if value else {})}
    )


def list_of_answered(figure: Figure, row: Row, column: Column) -> str:
    """The same for `answered_in_time`: all whose clock has run, of which a share was in time."""
    first, last = _month_of(figure, row)
    asked = {
        "received_from": first.isoformat(),
        "received_to": last.isoformat(),
        "clock_run_by": figure.as_at.isoformat(),
    }
    return _listed({**asked, **({} if column.key == ALL else {"risk": column.key})})


def month_by_month(figure: Figure, targets: Targets) -> list[Chart]:
    """A line of the shares answered in time, against the target."""
    points = []
    for (_, last), row in zip(months_to(figure.as_at, MONTHS), figure.rows, strict=True):
        share = row.cells[1]
        points.append((last, share.percent if isinstance(share, Share) else None))
    return [
        Lines(
            key=figure.name,
            title=figure.title,
            description=("The percentage of concerns received in each month and answered in time."),
            series=[Series("In time", points)],
            targets=[TargetLine("Target", targets.in_time_percent)],
        )
    ]


@register_figure(
    "concerns-open",
    label="Open at the end of each month",
    area="concerns",
    order=10,
    latest=latest,
    charts=bars_of(RISK_PARTS),
    behind="concern",
    link=list_of_open,
)
def open_concerns(as_at: date, *, council: CouncilProfile | None = None) -> Figure:
    """Concerns open as each month ended, by risk.

    Counts concerns received before the end of the month and not closed before it, so there is no
    denominator. The source is the council's own record of concerns.
    """
    months = months_to(as_at, MONTHS)
    began = day_ends(months[0][1])
    # In one query for all months, each then told apart here.
    gaps: dict[int, list[tuple[datetime, datetime]]] = {}
    for pk, closed, opened in Reopening.objects.values_list("concern", "closed_at", "at"):
        gaps.setdefault(pk, []).append((closed, opened))
    found = list(
        Concern.objects.counted()
        .filter(Q(closed_at=None) | Q(closed_at__gte=began), received_at__lt=day_ends(as_at))
        .order_by("pk")
        .values_list("pk", "risk", "received_at", "closed_at")
    )
    rows = []
    for _, last in months:
        end = day_ends(last)
        still = [
            (pk, risk)
            for pk, risk, received_at, closed_at in found
            if received_at < end
            and (closed_at is None or closed_at >= end)
            # It was closed on that day, though it was opened again since.
            and not any(closed < end <= opened for closed, opened in gaps.get(pk, ()))
        ]
        behind = [(risk.value, [pk for pk, each in still if each == risk]) for risk in WORST_FIRST]
        rows.append(_row(day_in_words(last), [*behind, (ALL, [pk for pk, _ in still])]))
    return Figure(
        name="concerns-open",
        title="Concerns open at the end of each month, by risk",
        as_at=as_at,
        authority=name_of(council),
        columns=(
            Column("month", "End of"),
            *(Column(risk.value, str(risk.label), "count") for risk in WORST_FIRST),
            Column(ALL, "All", "count"),
        ),
        rows=tuple(rows),
        notes=(NOTE_RISK,),
    )


@register_figure(
    "concerns-received",
    label="Received in each month",
    area="concerns",
    order=20,
    latest=latest,
    options=GroupOptions,
    charts=bars_of_kinds,
    behind="concern",
    link=list_of_received,
)
def received_concerns(
    as_at: date, by_group: bool = False, *, council: CouncilProfile | None = None
) -> Figure:
    """Concerns received in each month, by sector (the type of service) and by reason (the kind of
    concern).

    Counts each concern once in the month of its receipt, so there is no denominator. One that is
    about safeguarding too counts under both reasons, and once in all; a duplicate does not count.
    The source is the council's own record of concerns. `by_group` counts them by the council's
    groups of services in place of the types.
    """
    sectors = _sectors(by_group)
    months = months_to(as_at, MONTHS)
    found = _received(
        months, "service__service_type", "service__client_group", "kind", "also_safeguarding"
    )
    rows: list[Row] = []
    for month in found:
        in_sector = [
            (
                pk,
                (
                    f"group-{group_of_kind(service_type, client)}"
                    if by_group
                    else f"type-{service_type}"
                ),
                {kind, ConcernKind.SAFEGUARDING} if also_safeguarding else {kind},
            )
            for pk, service_type, client, kind, also_safeguarding in month
        ]
        behind = [
            (ALL, [pk for pk, _, _ in in_sector]),
            *((key, [pk for pk, each, _ in in_sector if each == key]) for key, _ in sectors),
            *(
                (f"kind-{one.value}", [pk for pk, _, kinds in in_sector if one in kinds])
                for one in ConcernKind
            ),
        ]
        rows.append(_row(month_in_words(months[len(rows)][0]), behind))
    whose = "group" if by_group else "sector"
    return Figure(
        name="concerns-received",
        title=f"Concerns received, by {whose} and reason",
        as_at=as_at,
        authority=name_of(council),
        columns=(
            Column("month", "Month"),
            Column(ALL, "All", "count"),
            *(Column(key, label, "count", f"By {whose}") for key, label in sectors),
            *(
                Column(f"kind-{kind.value}", str(kind.label), "count", "By reason")
                for kind in ConcernKind
            ),
        ),
        rows=tuple(rows),
        notes=(NOTE_DAY, NOTE_KINDS, groups.NOTE) if by_group else (NOTE_DAY, NOTE_KINDS),
    )


@register_figure(
    "concerns-in-time",
    label="Answered in time",
    area="concerns",
    order=30,
    latest=latest,
    charts=month_by_month,
    behind="concern",
    link=list_of_answered,
    reads={"targets": Targets.current},
)
def answered_in_time(
    as_at: date, *, targets: Targets, council: CouncilProfile | None = None
) -> Figure:
    """The share of concerns whose first response came in time, by the month in which they were
    received, against the council's target.

    Numerator: concerns whose first response came by the time it was due. Denominator: concerns
    received in the month that were answered or overdue by the figure's date. The source is the
    council's own record of concerns, with each concern's due time as it was kept, and the target of
    the council's own policy.
    """
    percent = targets.in_time_percent
    end = day_ends(as_at)
    months = months_to(as_at, MONTHS)
    rows: list[Row] = []
    for month in _received(months, "risk", "respond_by", "first_response_at"):
        known = [one for one in month if _clock_has_run(one, end)]
        by_key = [
            (ALL, known),
            *((risk.value, [one for one in known if one[1] == risk]) for risk in WORST_FIRST),
        ]
        label = month_in_words(months[len(rows)][0])
        shares = (
            Share(sum(_was_in_time(one, end) for one in part), len(part)) for _, part in by_key
        )
        behind = tuple((key, tuple(str(one[0]) for one in part)) for key, part in by_key)
        rows.append(Row((label, *shares), behind))
    return Figure(
        name="concerns-in-time",
        title=f"Concerns answered in time, against the target of {percent}%",
        as_at=as_at,
        authority=name_of(council),
        columns=(
            Column("month", "Received in"),
            Column(ALL, "All", "share"),
            *(Column(risk.value, str(risk.label), "share", "By risk") for risk in WORST_FIRST),
        ),
        rows=tuple(rows),
        notes=(
            f"The target is {percent}% of concerns answered in time.",
            NOTE_CLOCK,
            NOTE_RISK,
        ),
    )


def _clock_has_run(one: Found, moment: datetime) -> bool:
    """Whether it was known by then if the first response came in time: answered, or past its
    time.
    """
    _, _, respond_by, answered_at = one
    return (answered_at is not None and answered_at < moment) or respond_by < moment


def _was_in_time(one: Found, moment: datetime) -> bool:
    _, _, respond_by, answered_at = one
    # Answered by the figure's day: what came later was not known then, and a past figure must stay
    # as it was printed.
    return answered_at is not None and answered_at <= respond_by and answered_at < moment


def _sectors(by_group: bool) -> list[tuple[str, str]]:
    """The columns by sector, as key and label: types of service, or the council's groups."""
    if by_group:
        return [(f"group-{group.value}", str(group.label)) for group in ServiceGroup]
    return [(f"type-{kind.value}", str(kind.label)) for kind in ServiceType]


def _received(months: Sequence[tuple[date, date]], *fields: str) -> list[list[Found]]:
    """The concerns received in each of the months, in one query: their keys and these fields."""
    # By the council's own midnights: the database would cut the months at those of its time zone.
    ends = [day_ends(last) for _, last in months]
    first = day_ends(months[0][0] - timedelta(days=1))
    counted = Concern.objects.counted()
    found = counted.filter(received_at__gte=first, received_at__lt=ends[-1]).order_by("pk")
    by_month: list[list[Found]] = [[] for _ in months]
    for received_at, *one in found.values_list("received_at", "pk", *fields):
        by_month[next(place for place, end in enumerate(ends) if received_at < end)].append(
            tuple(one)
        )
    return by_month


def _row(label: str, behind: Iterable[tuple[str, list[int]]]) -> Row:
    behind = list(behind)
    cells: list[Cell] = [label, *(len(ids) for _, ids in behind)]
    return Row(tuple(cells), tuple((key, tuple(map(str, ids))) for key, ids in behind))
