"""What makes a decision fair: what was put to the provider and how long it had, and a second look
by someone uninvolved.
"""

from datetime import date, datetime, timedelta
from typing import Any, Protocol

from django.utils import timezone

from core.calendar import add_working_days, is_working_day
from core.dates import day_in_words
from core.models import User
from core.workflow import NotAllowed
from formal_steps.models import AbstractRepresentation, AbstractReviewRequest, Policy


class Subject(Protocol):
    """What is put to a provider and can be reviewed: a formal step, or what an app above keeps
    beside its own record.
    """

    decided_at: datetime | None
    representations: Any

    @property
    def final_decision_at(self) -> datetime | None: ...

    def people_involved(self) -> set[int]: ...


def days_given(put_on: date, answer_by: date) -> int:
    """The working days after the day on which it was put, to the last on which an answer is in
    time.
    """
    day, count = put_on, 0
    while day < answer_by:
        day += timedelta(days=1)
        count += is_working_day(day)
    return count


def is_short(put_at: datetime, answer_by: date, policy: Policy) -> bool:
    return days_given(timezone.localdate(put_at), answer_by) < policy.days_to_answer


def check_put(
    put_at: datetime, answer_by: date, short_reason: str, now: datetime, policy: Policy
) -> None:
    """Whether it can have been put then, with that day for an answer.

    Raises `NotAllowed`: `in-future`, `answer-before-put`, `short-without-reason`.
    """
    if put_at > now:
        raise NotAllowed(
            "in-future", "When it was put to the provider must be in the past.", "put_at"
        )
    if answer_by < timezone.localdate(put_at):
        raise NotAllowed(
            "answer-before-put",
            "The day for the answer must not be before it was put.",
            "answer_by",
        )
    if is_short(put_at, answer_by, policy) and not short_reason.strip():
        given = _working_days(days_given(timezone.localdate(put_at), answer_by))
        raise NotAllowed(
            "short-without-reason",
            f"That gives {given}, and the council gives {policy.days_to_answer}. Say why so few.",
            "short_reason",
        )


def check_answer(
    representation: AbstractRepresentation, answered_at: datetime, now: datetime
) -> None:
    """Whether the provider's answer can be recorded.

    Raises `NotAllowed`: `already-answered`, `in-future`, `before-put`.
    """
    if representation.answer:
        raise NotAllowed(
            "already-answered",
            "That answer is recorded already. Put a new question to the provider.",
            "answer",
        )
    if answered_at > now:
        raise NotAllowed("in-future", "When it answered must be in the past.", "answered_at")
    # Times are typed to the minute.
    if answered_at < representation.put_at.replace(second=0, microsecond=0):
        raise NotAllowed(
            "before-put", "It cannot have answered before it was asked.", "answered_at"
        )


def check_unconsidered(representation: AbstractRepresentation) -> None:
    """Whether what was made of it can still be recorded. Raises `NotAllowed`:
    `already-considered`.
    """
    if representation.considered:
        raise NotAllowed("already-considered", "That is recorded already.", "considered")


def check_consider(representation: AbstractRepresentation) -> None:
    """Whether what was made of an answer can be recorded.

    Raises `NotAllowed`: `not-answered`, `already-considered`.
    """
    if not representation.answer:
        raise NotAllowed("not-answered", "The provider has not answered.", "considered")
    check_unconsidered(representation)


def _working_days(number: int) -> str:
    return f"{number} working day{'' if number == 1 else 's'}"


def unfair(subject: Subject) -> list[str]:
    """What a reader of the fairness record should notice, each as a sentence."""
    representations = list(subject.representations.all())
    if not representations:
        return [
            "Nothing has been recorded of what was put to the provider, nor the clause that its"
            " letter names."
        ]
    found = []
    decided_at = subject.decided_at
    for representation in representations:
        day = f"{day_in_words(timezone.localdate(representation.put_at))}"
        if representation.is_short:
            found.append(
                f"Short notice: what was put on {day} gave"
                f" {_working_days(representation.days_given)}."
            )
        in_time = decided_at and representation.put_at < decided_at
        if (
            in_time
            and not representation.answer
            and timezone.localdate(decided_at) <= representation.answer_by
        ):
            found.append(f"It was decided before the answer asked for on {day} was due.")
        if representation.answer and not representation.considered:
            found.append(
                f"Nobody has recorded what was made of the answer to what was put on {day}."
            )
    return found


# Someone uninvolved


def last_day_to_ask(subject: Subject, policy: Policy) -> date | None:
    """The day by which the provider may ask for a review, from the day of the decision, or of its
    confirmation.
    """
    if subject.final_decision_at is None:
        return None
    return add_working_days(timezone.localdate(subject.final_decision_at), policy.days_to_ask)


def review_due_on(asked_on: date, policy: Policy) -> date:
    return add_working_days(asked_on, policy.days_to_review)


def decided_at_of(subject: Subject) -> datetime:
    """When it was decided. Raises `NotAllowed`: `not-decided`."""
    if subject.decided_at is None:
        raise NotAllowed("not-decided", "Nothing has been decided yet.")
    return subject.decided_at


def check_ask_review(subject: Subject, reviewer: User, asked_on: date, today: date) -> None:
    """Whether that person can be asked to look again.

    Raises `NotAllowed`: `not-decided`, `in-future`, `before-decision`, `had-a-part`.
    """
    decided_at = decided_at_of(subject)
    if asked_on > today:
        raise NotAllowed(
            "in-future", "The day on which the provider asked must be today or before.", "asked_on"
        )
    if asked_on < timezone.localdate(decided_at):
        raise NotAllowed(
            "before-decision", "The provider cannot have asked before it was decided.", "asked_on"
        )
    if reviewer.pk in subject.people_involved():
        raise NotAllowed(
            "had-a-part", f"{reviewer} had a part in it. Choose someone who had none.", "reviewer"
        )


def check_answer_review(request: AbstractReviewRequest, by: User) -> None:
    """Only the reviewer answers, once, and only while they have had no part in the subject since.

    Raises `NotAllowed`: `already-answered`, `not-the-reviewer`, `had-a-part`.
    """
    if request.outcome:
        raise NotAllowed("already-answered", "This review has been answered.")
    if by.pk != request.reviewer_id:
        raise NotAllowed("not-the-reviewer", "Only the person who was asked to review it answers.")
    if by.pk in request.subject.people_involved():
        raise NotAllowed(
            "had-a-part", "You have had a part in it since. Someone else must review it."
        )
