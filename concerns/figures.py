"""Concerns in figures, month by month: open at its end, received, and answered in time. Exempt matter: no public paper prints them."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date

from carequality.figures import Cell, Column, Figure, Row, Share
from carequality.models import CouncilProfile
from concerns.models import Concern, ConcernQuerySet, Kind, Risk, Targets, day_ends
from providers.models import ServiceType

MONTHS = 12
ALL = "all"
WORST_FIRST = tuple(reversed(Risk))
NOTE_RISK = "Each concern counts with the risk that it has today, or had when it was closed."
NOTE_DAY = "The last month is counted up to the day that the figure is true of."


def months_to(as_at: date, count: int = MONTHS) -> list[tuple[date, date]]:
    """The first and last day of each of the last `count` months, oldest first; the last month ends with `as_at`."""
    months = []
    year, month = as_at.year, as_at.month
    for _ in range(count):
        last = min(date(year, month, monthrange(year, month)[1]), as_at)
        months.append((date(year, month, 1), last))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return months[::-1]


def open_concerns(as_at: date) -> Figure:
    """Concerns open as each month ended, by risk."""
    columns = (
        Column("month", "End of"),
        *(Column(risk.value, str(risk.label), "count") for risk in WORST_FIRST),
        Column(ALL, "All", "count"),
    )
    rows = []
    for _, last in months_to(as_at):
        found = list(Concern.objects.open_on(last).order_by("pk").values_list("pk", "risk"))
        behind = [(risk.value, [pk for pk, each in found if each == risk]) for risk in WORST_FIRST]
        rows.append(_row(f"{last:%-d %B %Y}", [*behind, (ALL, [pk for pk, _ in found])]))
    return _figure(
        "concerns-open", "Concerns open at the end of each month, by risk", as_at, columns, rows, NOTE_RISK
    )


def received_concerns(as_at: date) -> Figure:
    """Concerns received in each month, by sector (the type of service) and by reason (the kind of concern)."""
    columns = (
        Column("month", "Month"),
        Column(ALL, "All", "count"),
        *(Column(f"type-{kind.value}", str(kind.label), "count", "By sector") for kind in ServiceType),
        *(Column(f"kind-{kind.value}", str(kind.label), "count", "By reason") for kind in Kind),
    )
    rows = []
    for first, last in months_to(as_at):
        received = Concern.objects.received_between(first, last).order_by("pk")
        found = list(received.values_list("pk", "service__service_type", "kind"))
        rows.append(
            _row(
                f"{first:%B %Y}",
                [
                    (ALL, [pk for pk, _, _ in found]),
                    *(
                        (f"type-{one.value}", [pk for pk, each, _ in found if each == one])
                        for one in ServiceType
                    ),
                    *((f"kind-{one.value}", [pk for pk, _, each in found if each == one]) for one in Kind),
                ],
            )
        )
    return _figure(
        "concerns-received", "Concerns received, by sector and reason", as_at, columns, rows, NOTE_DAY
    )


def answered_in_time(as_at: date) -> Figure:
    """The share of concerns whose first response came in time, by the month in which they were received, against the council's target."""
    targets = Targets.current()
    columns = (
        Column("month", "Received in"),
        Column(ALL, "All", "share"),
        *(Column(risk.value, str(risk.label), "share", "By risk") for risk in WORST_FIRST),
    )
    rows = []
    for first, last in months_to(as_at):
        known = Concern.objects.received_between(first, last).with_clock_run_by(day_ends(as_at))
        rows.append(
            Row(
                cells=(
                    f"{first:%B %Y}",
                    _share(known, as_at),
                    *(_share(known.filter(risk=risk), as_at) for risk in WORST_FIRST),
                ),
                behind=(
                    (ALL, _ids(known)),
                    *((risk.value, _ids(known.filter(risk=risk))) for risk in WORST_FIRST),
                ),
            )
        )
    return _figure(
        "concerns-in-time",
        f"Concerns answered in time, against the target of {targets.in_time_percent}%",
        as_at,
        columns,
        rows,
        f"The target is {targets.in_time_percent}% of concerns answered in time.",
        "Of concerns answered, or whose time to answer was over, by the day that the figure is true of; "
        "one whose clock still runs does not count yet.",
        NOTE_RISK,
    )


def _share(known: ConcernQuerySet, as_at: date) -> Share:
    in_time = known.answered_in_time().filter(first_response_at__lt=day_ends(as_at))
    return Share(in_time.count(), known.count())


def _ids(concerns: ConcernQuerySet) -> tuple[str, ...]:
    return tuple(str(pk) for pk in concerns.order_by("pk").values_list("pk", flat=True))


def _row(label: str, behind: Iterable[tuple[str, list[int]]]) -> Row:
    behind = list(behind)
    cells: list[Cell] = [label, *(len(ids) for _, ids in behind)]
    return Row(tuple(cells), tuple((key, tuple(map(str, ids))) for key, ids in behind))


def _figure(
    name: str, title: str, as_at: date, columns: tuple[Column, ...], rows: list[Row], *notes: str
) -> Figure:
    council = CouncilProfile.current()
    return Figure(
        name=name,
        title=title,
        as_at=as_at,
        authority=council.short_name if council else "",
        columns=columns,
        rows=tuple(rows),
        notes=notes,
    )
