"""Suspensions over time: opened, lifted and continuing between two days, month by month, and how
long they last.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from core.dates import a_year_before, day_in_words, month_in_words, months_to
from core.models import CouncilProfile
from figures.figure import Column, Figure, Row, name_of
from figures.registration import register_figure
from providers import groups
from suspensions.figures.drawing import over_months
from suspensions.figures.in_force import KIND_COLUMNS, NEVER_IN_FORCE, ONCE, ids, services_of
from suspensions.figures.options import AnyDayOptions, BetweenOptions
from suspensions.figures.papers import label_for, labels
from suspensions.models import EVER_IN_FORCE, Suspension, SuspensionKind

DAY = timedelta(days=1)
MONTHS = 36
ENDED = (
    "Ended means lifted, or that the service closed. A suspension that goes on when its service"
    " reopens counts as opened again."
)
# (label, first day of the band, first day past it), in days. Four weeks are 28 days; three months,
# six months and a year are taken as 91, 183 and 365.
BANDS = (
    ("Up to 4 weeks", 0, 29),
    ("Over 4 weeks, up to 3 months", 29, 92),
    ("Over 3 months, up to 6 months", 92, 184),
    ("Over 6 months, up to a year", 184, 366),
    ("Over a year", 366, None),
)


def _ever() -> list[Suspension]:
    # Read once, and each day sorted out in Python: 36 month-ends would be 36 queries.
    ever = Suspension.objects.filter(status__in=EVER_IN_FORCE).select_related("service")
    return list(ever.prefetch_related("changes", "service__past_closures").order_by("pk"))


def _opened(suspension: Suspension, after: date, until: date) -> bool:
    # Later than `after`, up to `until`: spans that follow one another count each once. One whose
    # service reopened in between counts as well, so that the row of `flow` adds up.
    began = suspension.in_force_from is not None and after < suspension.in_force_from <= until
    return began or (not suspension.is_in_force_on(after) and suspension.is_in_force_on(until))


def _ended(suspension: Suspension, after: date, until: date) -> bool:
    # Lifted, or its service closed: whatever was in force, or was opened, and is not any more.
    was = suspension.is_in_force_on(after) or _opened(suspension, after, until)
    return was and not suspension.is_in_force_on(until)


def _lifted(suspension: Suspension, after: date, until: date) -> bool:
    # `lifted_on` is the first day no longer in force, so that one lifted on `until` is not in force
    # on it.
    lifted_on = None if suspension.is_ended_by_closure else suspension.lifted_on
    return lifted_on is not None and after < lifted_on <= until


@register_figure(
    "suspensions-flow",
    label="Opened, ended and continuing between two days",
    area="suspensions",
    order=50,
    sentence="How many suspensions began and ended between two days, and how many went on.",
    options=BetweenOptions,
    behind="suspension",
)
def flow(
    as_at: date,
    since: date | None = None,
    by_group: bool = False,
    *,
    council: CouncilProfile | None = None,
) -> Figure:
    """Suspensions in force at the end of `since`, opened and ended after it, and in force at the
    end of `as_at`.

    Ended: lifted, or its service closed; opened again when that reopened. `since` None: a year
    before. They add up in every row: in force then, and opened, less ended, are in force now;
    continuing are those in force on both days. Counts suspensions, not services: one that is
    suspended again counts again.

    Numerator: suspensions of each sort. No denominator. Source: the council's own record of
    suspensions.
    """
    since = since or a_year_before(as_at)
    found = _ever()
    rows = [
        _flow_row(
            label,
            [s for s in found if label == "All" or label_for(s.service, by_group) == label],
            since,
            as_at,
        )
        for label in (*labels(by_group), "All")
    ]
    return Figure(
        name="suspensions-flow",
        title=(
            f"Suspensions opened, ended and continuing, {day_in_words(since)} to"
            f" {day_in_words(as_at)}"
        ),
        as_at=as_at,
        authority=name_of(council),
        columns=(
            Column("type", "Group of services" if by_group else "Type of service"),
            Column("before", f"In force on {day_in_words(since)}", "count"),
            Column("opened", "Opened since", "count"),
            Column("ended", "Ended since", "count"),
            Column("after", f"In force on {day_in_words(as_at)}", "count"),
            Column("continuing", "Of these in force on both days", "count"),
        ),
        rows=tuple(rows),
        notes=(
            "In force before, plus opened since, minus ended since, makes in force now.",
            ENDED,
            (
                "Counts suspensions. A service that is suspended again, or has two units suspended,"
                " counts each time."
            ),
            NEVER_IN_FORCE,
            *([groups.NOTE] if by_group else []),
        ),
    )


def _flow_row(label: str, found: list[Suspension], since: date, as_at: date) -> Row:
    groups = {
        "before": [s for s in found if s.is_in_force_on(since)],
        "opened": [s for s in found if _opened(s, since, as_at)],
        "ended": [s for s in found if _ended(s, since, as_at)],
        "after": [s for s in found if s.is_in_force_on(as_at)],
        "continuing": [s for s in found if s.is_in_force_on(since) and s.is_in_force_on(as_at)],
    }
    return Row(
        cells=(label, *(len(group) for group in groups.values())),
        behind=tuple((key, ids(group)) for key, group in groups.items()),
    )


@dataclass(frozen=True)
class MonthEnd:
    """A month: its last day (or the day asked for, if that comes sooner), what is in force at its
    end, opened and ended in it.
    """

    day: date
    in_force: tuple[Suspension, ...]
    opened: tuple[Suspension, ...]
    ended: tuple[Suspension, ...]

    @property
    def services(self) -> int:
        """How many services those in force at its end are of."""
        return len({suspension.service_id for suspension in self.in_force})


def month_ends(as_at: date, months: int = MONTHS) -> list[MonthEnd]:
    """The months up to `as_at`, the oldest first."""
    found = _ever()
    return [
        MonthEnd(
            day=last,
            in_force=tuple(s for s in found if s.is_in_force_on(last)),
            opened=tuple(s for s in found if _opened(s, before, last)),
            ended=tuple(s for s in found if _ended(s, before, last)),
        )
        for before, last in ((first - DAY, last) for first, last in months_to(as_at, months))
    ]


@register_figure(
    "suspensions-monthly",
    label="Month by month",
    area="suspensions",
    order=60,
    sentence=(
        "Suspended services at the end of each of the last 36 months, and what began and ended in"
        " each."
    ),
    options=AnyDayOptions,
    charts=over_months,
    behind="service",
    other_rows={"opened": "suspension", "ended": "suspension"},
)
def monthly(as_at: date, months: int = MONTHS, *, council: CouncilProfile | None = None) -> Figure:
    """The series of month-ends: suspended services by kind, and how many suspensions were opened
    and ended in the month.

    Numerator: distinct services in force at the end of each month, and suspensions opened and
    ended in it. No denominator. Source: the council's own record of suspensions, each with the
    kind that it was of then.
    """
    return Figure(
        name="suspensions-monthly",
        title="Suspended services at the end of each month",
        as_at=as_at,
        authority=name_of(council),
        columns=(
            Column("month", "At the end of"),
            *KIND_COLUMNS,
            Column("services", "Services in all", "count"),
            Column("opened", "Opened in the month", "count"),
            Column("ended", "Ended in the month", "count"),
        ),
        rows=tuple(_month_row(month, as_at) for month in month_ends(as_at, months)),
        notes=(
            ONCE,
            "Opened and ended count suspensions. The other columns count services.",
            ENDED,
            "The last row is the month so far.",
            NEVER_IN_FORCE,
        ),
    )


def _month_row(month: MonthEnd, as_at: date) -> Row:
    # Of the kind that it was of at the month's end: a change agreed later is undone.
    by_kind = {
        kind: [s for s in month.in_force if s.kind_on(month.day) == kind] for kind in SuspensionKind
    }
    label = month_in_words(month.day) if month.day < as_at else day_in_words(as_at)
    return Row(
        cells=(
            label,
            *(len({s.service_id for s in found}) for found in by_kind.values()),
            month.services,
            len(month.opened),
            len(month.ended),
        ),
        behind=(
            *((kind.value, services_of(found)) for kind, found in by_kind.items()),
            ("services", services_of(month.in_force)),
            ("opened", ids(month.opened)),
            ("ended", ids(month.ended)),
        ),
    )


@register_figure(
    "suspensions-length",
    label="How long they last",
    area="suspensions",
    order=70,
    sentence=(
        "How long suspensions in force have lasted so far, and how long those lifted in the year"
        " lasted."
    ),
    options=AnyDayOptions,
    behind="suspension",
)
def length(as_at: date, *, council: CouncilProfile | None = None) -> Figure:
    """How long suspensions last: those in force so far, and those lifted in the year to `as_at`
    from first to last day.

    Numerator: suspensions in each band of days. No denominator. Source: the council's own record of
    suspensions; the bands are the product's.
    """
    year_before = a_year_before(as_at)
    ever = _ever()
    parts = {
        "in_force": {s: s.days_in_force(as_at) for s in ever if s.is_in_force_on(as_at)},
        "lifted": {s: s.days_in_force(as_at) for s in ever if _lifted(s, year_before, as_at)},
    }
    if_any = {
        key: [days for days in found.values() if days is not None] for key, found in parts.items()
    }
    rows = [
        Row(
            cells=(label, *(len(_of_band(found, first, past)) for found in parts.values())),
            behind=tuple((key, ids(_of_band(found, first, past))) for key, found in parts.items()),
        )
        for label, first, past in BANDS
    ]
    rows.append(
        Row(
            cells=("All", *(len(found) for found in parts.values())),
            behind=tuple((key, ids(found)) for key, found in parts.items()),
        )
    )
    rows.append(
        Row(
            cells=(
                "Median, in days",
                *(round(median(days)) if days else None for days in if_any.values()),
            )
        )
    )
    rows.append(
        Row(cells=("Longest, in days", *(max(days, default=None) for days in if_any.values())))
    )
    return Figure(
        name="suspensions-length",
        title="How long suspensions last",
        as_at=as_at,
        authority=name_of(council),
        columns=(
            Column("length", "Length"),
            Column("in_force", "In force, so far", "count"),
            Column("lifted", "Lifted in the year before", "count"),
        ),
        rows=tuple(rows),
        notes=(
            "From the first day in force to the day of the lift. Counts suspensions.",
            NEVER_IN_FORCE,
        ),
    )


def _of_band(found: dict[Suspension, int | None], first: int, past: int | None) -> list[Suspension]:
    return [
        s for s, days in found.items() if days is not None and first <= days < (past or days + 1)
    ]
