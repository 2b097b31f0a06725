"""What makes a decision fair: what was put to the provider and how long it had, and a second look
by someone uninvolved.

The common law asks for a fair hearing: whoever is affected hears the case against them and can
answer it, before a decision where that is safe. How many days that takes is the council's policy.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from django.utils import timezone

from core.calendar import add_working_days, is_working_day
from core.dates import datetime_in_words, day_in_words
from core.models import User
from core.workflow import NotAllowed
from formal_steps.models import (
    AbstractRepresentation,
    AbstractReviewRequest,
    Policy,
    working_days,
)


class Subject(Protocol):
    """What is put to a provider and can be reviewed: a formal step, or what an app above keeps
    beside its own record.
    """

    decided_at: datetime | None
    representations: Any

    @property
    def final_decision_at(self) -> datetime | None:
        """When the decision was made, or confirmed."""

    def people_involved(self) -> set[int]:
        """The ids of the people who took part in it."""


def days_given(put_on: date, answer_by: date) -> int:
    """The working days after the day on which it was put, to the last on which an answer is in
    time.
    """
    # The day itself does not count: the provider may get it at any hour of it.
    day, count = put_on, 0
    while day < answer_by:
        day += timedelta(days=1)
        count += is_working_day(day)
    return count


def is_short(put_at: datetime, answer_by: date, policy: Policy) -> bool:
    """Whether the provider has fewer working days than the council's policy gives."""
    return days_given(timezone.localdate(put_at), answer_by) < policy.days_to_answer


def check_put(
    put_at: datetime, answer_by: date, short_reason: str, now: datetime, policy: Policy
) -> None:
    """Whether it can have been put then, with that day for an answer.

    Raises `NotAllowed`: `in-future`, `answer-before-put`, `short-without-reason`.
    """
    if put_at > now:
        raise NotAllowed(
            "in-future", "The time it was put to the provider must be in the past.", "put_at"
        )
    if answer_by < timezone.localdate(put_at):
        raise NotAllowed(
            "answer-before-put",
            "The last day to answer must be on or after the day it was put to the provider.",
            "answer_by",
        )
    if is_short(put_at, answer_by, policy) and not short_reason.strip():
        given = working_days(days_given(timezone.localdate(put_at), answer_by))
        raise NotAllowed(
            "short-without-reason",
            f"That gives {given}, and the council gives {policy.days_to_answer}. Enter why the"
            " provider has fewer days.",
            "short_reason",
        )


def check_answer(
    representation: AbstractRepresentation, answered_at: datetime, now: datetime
) -> None:
    """Whether the provider's answer can be recorded.

    Raises `NotAllowed`: `already-answered`, `in-future`, `before-put`.
    """
    # An answer is part of the record of a decision, so it is not written over.
    if representation.answer:
        raise NotAllowed(
            "already-answered",
            "The answer has already been recorded. Put a new question to the provider instead.",
            "answer",
        )
    if answered_at > now:
        raise NotAllowed("in-future", "The time of the answer must be in the past.", "answered_at")
    # Times are typed to the minute.
    if answered_at < representation.put_at.replace(second=0, microsecond=0):
        raise NotAllowed(
            "before-put",
            "The time of the answer must be after the provider was asked.",
            "answered_at",
        )


def check_unconsidered(representation: AbstractRepresentation) -> None:
    """Whether it can still be recorded how the answer was considered.

    Raises `NotAllowed`: `already-considered`.
    """
    if representation.considered:
        raise NotAllowed(
            "already-considered",
            "How this answer was considered has already been recorded.",
            "considered",
        )


def check_consider(representation: AbstractRepresentation) -> None:
    """Whether it can be recorded how an answer was considered.

    Raises `NotAllowed`: `not-answered`, `already-considered`.
    """
    if not representation.answer:
        raise NotAllowed(
            "not-answered",
            "The provider has not answered yet. Record its answer first.",
            "considered",
        )
    check_unconsidered(representation)


def unfair(subject: Subject) -> list[str]:
    """What a reader of the fairness record should notice, each as a sentence."""
    representations = list(subject.representations.all())
    if not representations:
        return [
            "Nobody has recorded what was put to the provider, or the clause of the contract that"
            " its letter names."
        ]
    found = []
    decided_at = subject.decided_at
    for representation in representations:
        day = f"{day_in_words(timezone.localdate(representation.put_at))}"
        if representation.is_short:
            found.append(
                f"Short notice: what was put on {day} gave"
                f" {working_days(representation.days_given)}."
            )
        # A decision before the answer was due is not forbidden: people may have been at risk. It
        # is pointed out, so that whoever reads the record asks.
        in_time = decided_at and representation.put_at < decided_at
        if (
            in_time
            and not representation.answer
            and timezone.localdate(decided_at) <= representation.answer_by
        ):
            found.append(
                f"The decision was made before the answer to what was put on {day} was due."
            )
        if representation.answer and not representation.considered:
            found.append(
                f"Nobody has recorded how the answer to what was put on {day} was considered."
            )
    return found


def representations_in_words(subject: Subject) -> str:
    """What was put to the provider, what it answered and how that was considered, in order."""
    lines = []
    for each in subject.representations.all():
        lines.append(f"{datetime_in_words(each.put_at)}, {each.clause}: {each.put}")
        if each.answer:
            lines.append(f"Answer, {datetime_in_words(each.answered_at)}: {each.answer}")
        if each.considered:
            lines.append(f"How it was considered: {each.considered}")
    return "\n".join(lines)


# Someone uninvolved


def last_day_to_ask(subject: Subject, policy: Policy) -> date | None:
    """The day by which the provider may ask for a review, from the day of the decision, or of its
    confirmation.
    """
    if subject.final_decision_at is None:
        return None
    return add_working_days(timezone.localdate(subject.final_decision_at), policy.days_to_ask)


def review_due_on(asked_on: date, policy: Policy) -> date:
    """The last day on which a review asked for then is answered in time."""
    return add_working_days(asked_on, policy.days_to_review)


def decided_at_of(subject: Subject) -> datetime:
    """When it was decided.

    Raises `NotAllowed`: `not-decided`.
    """
    if subject.decided_at is None:
        raise NotAllowed(
            "not-decided", "Nothing has been decided yet, so there is nothing to review."
        )
    return subject.decided_at


def check_ask_review(
    subject: Subject, reviewer: User, asked_on: date, today: date, see: Collection[str]
) -> None:
    """Whether that person can be asked to look again: they read what it is about by the permissions
    `see`.

    Raises `NotAllowed`: `not-decided`, `in-future`, `before-decision`, `cannot-review`,
    `had-a-part`.
    """
    decided_at = decided_at_of(subject)
    if asked_on > today:
        raise NotAllowed(
            "in-future", "The date the provider asked must be today or earlier.", "asked_on"
        )
    if asked_on < timezone.localdate(decided_at):
        raise NotAllowed(
            "before-decision",
            "The date the provider asked must be on or after the day of the decision.",
            "asked_on",
        )
    # Asked here and not only by the form, which offers those alone who could when it was shown.
    if not reviewer.is_active or not reviewer.has_perms(see):
        raise NotAllowed(
            "cannot-review",
            f"{reviewer} cannot read this record, so they cannot review it. Choose someone else.",
            "reviewer",
        )
    # A second look is worth something only by a person who had no part in the first.
    if reviewer.pk in subject.people_involved():
        raise NotAllowed(
            "had-a-part",
            f"{reviewer} took part in this decision. Choose someone who did not.",
            "reviewer",
        )


def check_answer_review(request: AbstractReviewRequest, by: User) -> None:
    """Only the reviewer answers, once, and only while they have had no part in the subject since.

    Raises `NotAllowed`: `already-answered`, `not-the-reviewer`, `had-a-part`.
    """
    if request.outcome:
        raise NotAllowed("already-answered", "This review has already been answered.")
    # The person and not a right: whoever was asked may hold no right to decide, and whoever holds
    # it was not asked.
    if by.pk != request.reviewer_id:
        raise NotAllowed("not-the-reviewer", f"Only {request.reviewer} can answer this review.")
    # Asked again: between the choice and the answer they may have led, changed or closed it.
    if by.pk in request.subject.people_involved():
        raise NotAllowed(
            "had-a-part",
            "You have taken part in this decision since, so someone else must review it.",
        )
