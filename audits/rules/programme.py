"""How a year's programme is drawn up, and when a change of it is refused. Pure: it takes what is
known of each service and reads no database.

Source: the council's own policy; the page prints the rule beside its result. The Care Act 2014
(section 5) asks the council to promote a market with high quality services to choose from, and sets
no programme of audits.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from audits.models import ReviewMeeting, VisitOutcome, year_days
from audits.rules.words import (
    high_risk_concerns,
    months_since_audit,
    not_in_future,
    overdue_actions,
)
from core.dates import day_in_words
from core.models import User
from core.workflow import NotAllowed
from ratings.vocabulary import RatingWord

# What each sign adds to a service's risk, in points. What is counted has a most, so that no one
# sign drowns the others.
OUTCOME_POINTS = {
    VisitOutcome.POOR: 40,
    VisitOutcome.REQUIRES_IMPROVEMENT: 25,
    VisitOutcome.GOOD: 5,
}
CQC_POINTS = {RatingWord.INADEQUATE: 30, RatingWord.REQUIRES_IMPROVEMENT: 15}
NEVER_AUDITED = 20
PER_HIGH_CONCERN, MOST_OF_CONCERNS = 15, 30
PER_OVERDUE_ACTION, MOST_OF_ACTIONS = 5, 20
PER_MONTH, MOST_OF_MONTHS = 1, 24


@dataclass(frozen=True)
class Known:
    """What is known of a service when the programme is drawn up. `next_due_on` is what its last
    audit gave, if it gave one.
    """

    service_id: int
    name: str
    last_audit_on: date | None = None
    last_outcome: str = ""
    next_due_on: date | None = None
    cqc: str = ""
    high_concerns: int = 0
    overdue_actions: int = 0
    lead_officer_id: int | None = None


@dataclass(frozen=True)
class ProgrammeRisk:
    """The risk of a service in points, and each sign that added to it, in words."""

    points: int
    why: tuple[str, ...]


@dataclass(frozen=True)
class Proposed:
    """A place in the programme: the month's day on which it is due, and whose it is; None when
    nobody has room.
    """

    known: Known
    risk: ProgrammeRisk
    due_on: date
    officer_id: int | None


def risk_of(known: Known, today: date) -> ProgrammeRisk:
    """The risk of a service in points, with each sign that added to it."""
    points, why = 0, []

    def add(number: int, reason: str) -> None:
        nonlocal points
        if number:
            points += number
            why.append(f"{reason}: {number}")

    if known.last_audit_on is None:
        add(NEVER_AUDITED, "never audited")
    else:
        months = max(
            (today.year - known.last_audit_on.year) * 12 + today.month - known.last_audit_on.month,
            0,
        )
        add(min(months * PER_MONTH, MOST_OF_MONTHS), months_since_audit(months))
    if known.last_outcome:
        outcome = VisitOutcome(known.last_outcome)
        add(OUTCOME_POINTS.get(outcome, 0), f"last audit {outcome.label}")
    if known.cqc:
        word = RatingWord(known.cqc)
        add(CQC_POINTS.get(word, 0), f"CQC {word.label}")
    add(
        min(known.high_concerns * PER_HIGH_CONCERN, MOST_OF_CONCERNS),
        high_risk_concerns(known.high_concerns),
    )
    add(
        min(known.overdue_actions * PER_OVERDUE_ACTION, MOST_OF_ACTIONS),
        overdue_actions(known.overdue_actions),
    )
    return ProgrammeRisk(points, tuple(why))


def risk_in_words() -> list[str]:
    """The rule as the page prints it."""
    return [
        (
            f"The last audit adds {OUTCOME_POINTS[VisitOutcome.POOR]} points for Poor,"
            f" {OUTCOME_POINTS[VisitOutcome.REQUIRES_IMPROVEMENT]} for Requires improvement and"
            f" {OUTCOME_POINTS[VisitOutcome.GOOD]} for Good. A service that was never audited gets"
            f" {NEVER_AUDITED}."
        ),
        f"Each month since the last audit adds {PER_MONTH}, up to {MOST_OF_MONTHS}.",
        (
            f"CQC’s rating adds {CQC_POINTS[RatingWord.INADEQUATE]} for Inadequate and"
            f" {CQC_POINTS[RatingWord.REQUIRES_IMPROVEMENT]} for Requires improvement."
        ),
        (
            f"Each open concern of high or very high risk adds {PER_HIGH_CONCERN}, up to"
            f" {MOST_OF_CONCERNS}."
        ),
        f"Each overdue action adds {PER_OVERDUE_ACTION}, up to {MOST_OF_ACTIONS}.",
    ]


def due_in(known: Known, year: int, today: date) -> date:
    """The day in the year on which the audit is due: what the last one gave, else a year after it,
    else at once.
    """
    first, last = year_days(year)
    if known.next_due_on is not None:
        due = known.next_due_on
    elif known.last_audit_on is not None:
        due = known.last_audit_on + timedelta(days=365)
    else:
        due = first
    # Never before today: a day that is over could not be kept. Never beyond the year: its figure
    # counts the places of the year.
    return min(max(due, first, min(today, last)), last)


def draw_up(
    services: Iterable[Known],
    year: int,
    today: date,
    capacity: Mapping[int, int],
    taken: Mapping[tuple[int, int, int], int] | None = None,
) -> list[Proposed]:
    """A place for each service, the riskiest first and of equals the one audited longest ago.

    `capacity` gives each officer's audits a month; `taken` what they hold already by (officer,
    year, month). A service goes to its lead officer if that month has room, else to whoever has
    most room, else to a later month of the year; when the year is full it keeps its day and has
    nobody. No officer is given more in a month than they can do.
    """
    load: Counter[tuple[int, int, int]] = Counter(taken or {})
    # Name and number come last, so that the same services give the same programme every time.
    ranked = sorted(
        ((known, risk_of(known, today)) for known in services),
        key=lambda pair: (
            -pair[1].points,
            pair[0].last_audit_on or date.min,
            pair[0].name,
            pair[0].service_id,
        ),
    )
    proposed = []
    for known, risk in ranked:
        due = due_in(known, year, today)
        # Without an officer it keeps its day: the page says that nobody has room.
        day, officer = due, None
        for month in _months_from(due, year_days(year)[1]):
            officer = _with_spare_capacity(known.lead_officer_id, month, capacity, load)
            if officer is not None:
                day = month
                load[officer, month.year, month.month] += 1
                break
        proposed.append(Proposed(known, risk, day, officer))
    return proposed


def _months_from(due: date, last: date) -> Iterable[date]:
    """The day itself, then the first of each later month up to the end."""
    yield due
    month = (due.replace(day=1) + timedelta(days=32)).replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)


def _with_spare_capacity(
    lead: int | None,
    month: date,
    capacity: Mapping[int, int],
    load: Mapping[tuple[int, int, int], int],
) -> int | None:
    spare = {
        officer: most - load.get((officer, month.year, month.month), 0)
        for officer, most in capacity.items()
    }
    if lead is not None and spare.get(lead, 0) > 0:
        return lead
    # Of equals the one with the lower number, so that the choice does not depend on the order.
    best = max(spare, key=lambda officer: (spare[officer], -officer), default=None)
    return best if best is not None and spare[best] > 0 else None


# When it is refused


def check_draw_up(year: int, today: date) -> None:
    """Whether the programme of a year can still be drawn up.

    Raises `NotAllowed`: `year-over`.
    """
    if today > year_days(year)[1]:
        raise NotAllowed(
            "year-over", "This programme year is over. Draw up the programme of the current year."
        )


def check_change_programme_entry(year: int, due_on: date, officer: User | None) -> None:
    """Whether a place can have that day and that officer.

    Raises `NotAllowed`: `outside-year`, `officer-without-right`.
    """
    first, last = year_days(year)
    if not first <= due_on <= last:
        raise NotAllowed(
            "outside-year",
            f"The due date must be between {day_in_words(first)} and {day_in_words(last)}.",
            "due_on",
        )
    if officer is not None and not (officer.is_active and officer.has_perm("audits.record_visit")):
        raise NotAllowed(
            "officer-without-right",
            f"{officer} cannot record visits. Select another officer.",
            "officer",
        )


def check_record_meeting(meeting: ReviewMeeting, held_on: date, today: date) -> None:
    """Whether a meeting can be recorded as held on that day.

    Raises `NotAllowed`: `already-held`, `in-future`.
    """
    check_not_held(meeting)
    if held_on > today:
        raise NotAllowed("in-future", not_in_future("The date of the meeting"), "held_on")


def check_not_held(meeting: ReviewMeeting) -> None:
    """A meeting is held once.

    Raises `NotAllowed`: `already-held`.
    """
    if meeting.held_on is not None:
        raise NotAllowed("already-held", "This meeting has already been recorded.")
