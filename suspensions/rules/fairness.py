"""What makes a decision fair: what was put to the provider and how long it had, and a second look by someone uninvolved."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone

from carequality.calendar import add_working_days, is_working_day
from carequality.models import Event, User
from suspensions.models import (
    EVER_IN_FORCE,
    Decision,
    FormalStep,
    Policy,
    Suspension,
)
from suspensions.rules.steps import RECORD


def days_given(put_on: date, answer_by: date) -> int:
    """The working days after the day on which it was put, to the last on which an answer is in time."""
    day, count = put_on, 0
    while day < answer_by:
        day += timedelta(days=1)
        count += is_working_day(day)
    return count


def is_short(put_at: datetime, answer_by: date) -> bool:
    return days_given(timezone.localdate(put_at), answer_by) < Policy.current().days_to_answer


def why_not_hear(matter: Suspension | FormalStep, by: User) -> str | None:
    """Why `by` may not write to the fairness record: it is kept from the proposal on."""
    if not by.has_perm(RECORD):
        return "You do not have the right to write to the record of a suspension."
    return None


def why_not_put(put_at: datetime, answer_by: date, short_reason: str, now: datetime) -> str | None:
    if put_at > now:
        return "When it was put to the provider must be in the past."
    if answer_by < timezone.localdate(put_at):
        return "The day for the answer must not be before it was put."
    if is_short(put_at, answer_by) and not short_reason.strip():
        given = _working_days(days_given(timezone.localdate(put_at), answer_by))
        return f"That gives {given}, and the council gives {Policy.current().days_to_answer}. Say why so few."
    return None


def _working_days(number: int) -> str:
    return f"{number} working day{'' if number == 1 else 's'}"


def unfair(matter: Suspension | FormalStep) -> list[str]:
    """What a reader of the fairness record should notice, each as a sentence."""
    hearings = list(matter.hearings.all())
    if not hearings:
        return [
            "Nothing has been recorded of what was put to the provider, nor the clause that its letter names."
        ]
    found = []
    decided_at = matter.decided_at
    for hearing in hearings:
        day = f"{timezone.localdate(hearing.put_at):%-d %B %Y}"
        if hearing.is_short:
            found.append(f"Short notice: what was put on {day} gave {_working_days(hearing.days_given)}.")
        in_time = decided_at and hearing.put_at < decided_at
        if in_time and not hearing.answer and timezone.localdate(decided_at) <= hearing.answer_by:
            found.append(f"It was decided before the answer asked for on {day} was due.")
        if hearing.answer and not hearing.considered:
            found.append(f"Nobody has recorded what was made of the answer to what was put on {day}.")
    return found


# Someone uninvolved


def involved(matter: Suspension | FormalStep) -> set[int]:
    """The people who had a part in it: whoever proposed, decided, led or changed it."""
    took_part: Iterable[int]
    if isinstance(matter, Suspension):
        handed_over = Event.objects.filter(
            kind="suspension.handed_over", about_label=matter._meta.label_lower, about_id=str(matter.pk)
        )
        took_part = [
            *Decision.objects.filter(suspension=matter).values_list("by_id", flat=True),
            *(event.before.get("lead") for event in handed_over),
        ]
        fields = (matter.proposed_by_id, matter.decided_by_id, matter.confirmed_by_id, matter.lead_officer_id)
    else:
        took_part = matter.entries.values_list("by_id", flat=True)
        fields = (matter.proposed_by_id, matter.decided_by_id, matter.closed_by_id, matter.lead_officer_id)
    return {pk for pk in (*took_part, *fields) if pk}


def last_day_to_ask(matter: Suspension | FormalStep) -> date | None:
    """The day by which the provider may ask for a review, from the day of the decision, or of its confirmation."""
    confirmed_at = matter.confirmed_at if isinstance(matter, Suspension) else None
    decided_at = confirmed_at or matter.decided_at
    if decided_at is None:
        return None
    return add_working_days(timezone.localdate(decided_at), Policy.current().days_to_ask)


def review_due_on(asked_on: date) -> date:
    return add_working_days(asked_on, Policy.current().days_to_review)


def why_not_ask_review(
    matter: Suspension | FormalStep, reviewer: User, by: User, asked_on: date, today: date
) -> str | None:
    if not by.has_perm(RECORD):
        return "You do not have the right to write to the record of a suspension."
    if matter.decided_at is None:
        return "Nothing has been decided yet."
    if asked_on > today:
        return "The day on which the provider asked must be today or before."
    if asked_on < timezone.localdate(matter.decided_at):
        return "The provider cannot have asked before it was decided."
    if reviewer.pk in involved(matter):
        return f"{reviewer} had a part in it. Choose someone who had none."
    return None


def why_not_answer_review(matter: Suspension | FormalStep, reviewer_id: int, by: User) -> str | None:
    """Only the reviewer answers, and only while they have had no part in the matter since."""
    if by.pk != reviewer_id:
        return "Only the person who was asked to review it answers."
    return (
        "You have had a part in it since. Someone else must review it." if by.pk in involved(matter) else None
    )


def why_not_tell_rest(suspension: Suspension, by: User) -> str | None:
    if not by.has_perm(RECORD):
        return "You do not have the right to write to the record of a suspension."
    if suspension.status not in EVER_IN_FORCE:
        return "This suspension was never in force."
    return None
