"""The fairness record: what was put to the provider, its answer, how that was considered, and a
review by someone uninvolved.

Source: the common law's fair hearing; the council's policy sets the days.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from core import events, locking
from core.models import User
from core.workflow import requires
from formal_steps.actions.letters import freeze_review_letter
from formal_steps.actions.versions import new_version
from formal_steps.models import (
    AbstractRepresentation,
    AbstractReviewRequest,
    FormalStep,
    Policy,
    ReviewOutcome,
    StepRepresentation,
    StepReviewRequest,
)
from formal_steps.permissions import RECORD, SEE
from formal_steps.rules import representations as rules
from formal_steps.rules.record import parts_of
from formal_steps.workflow import FORMAL_STEP

Representation = TypeVar("Representation", bound=AbstractRepresentation)
ReviewRequest = TypeVar("ReviewRequest", bound=AbstractReviewRequest)


@dataclass(frozen=True)
class RepresentationInput:
    """What was put to the provider, under which clause, and until when it can answer."""

    clause: str
    put: str
    put_at: datetime
    answer_by: date
    short_reason: str = ""


@dataclass(frozen=True)
class AnswerInput:
    """What the provider answered, and how that was considered where it has been already."""

    answer: str
    answered_at: datetime
    considered: str = ""


@dataclass(frozen=True)
class ConsideredInput:
    """How an answer was considered."""

    considered: str


@dataclass(frozen=True)
class AskReviewInput:
    """When the provider asked for a review, why, and who does it."""

    asked_on: date
    grounds: str
    reviewer_id: int


@dataclass(frozen=True)
class AnswerReviewInput:
    """What the reviewer found, and why."""

    outcome: str
    findings: str


@requires(FORMAL_STEP["put"])
@transaction.atomic
def put_to_provider(
    step_id: int, *, by: User, given: RepresentationInput, now: datetime
) -> StepRepresentation:
    """Record what was put to the provider, from the proposal on. Too few days say why.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `in-future`, `answer-before-put`,
    `short-without-reason`.
    """
    step = locking.lock(FormalStep, step_id, "service")
    FORMAL_STEP.apply(step, "put", by, now)
    with new_version(step, parts_of, by=by, now=now):
        return add_representation(StepRepresentation(step=step), by=by, given=given, now=now)


@requires(RECORD)
@transaction.atomic
def record_answer(
    representation_id: int, *, by: User, given: AnswerInput, now: datetime
) -> AbstractRepresentation:
    """Record what the provider answered, once, and how that was considered.

    Raises `NotAllowed`: `permission-missing`, `already-answered`, `in-future`, `before-put`.
    """
    row = _lock(representation_id)
    with new_version(row.step, parts_of, by=by, now=now):
        return add_answer(row, by=by, given=given, now=now)


@requires(RECORD)
@transaction.atomic
def consider_answer(
    representation_id: int, *, by: User, given: ConsideredInput, now: datetime
) -> AbstractRepresentation:
    """Record how an answer was considered, once.

    Raises `NotAllowed`: `permission-missing`, `not-answered`, `already-considered`.
    """
    row = _lock(representation_id)
    with new_version(row.step, parts_of, by=by, now=now):
        return add_consideration(row, by=by, given=given)


def _lock(representation_id: int) -> StepRepresentation:
    # The step, whose record gets another version by this, then the row: of two answers at once the
    # second finds the first.
    step_id = StepRepresentation.objects.values_list("step_id", flat=True).get(pk=representation_id)
    step = locking.lock(FormalStep, step_id, "service")
    row = locking.lock(StepRepresentation, representation_id)
    row.step = step
    return row


@requires(FORMAL_STEP["ask-review"])
@transaction.atomic
def ask_review(
    step_id: int, *, by: User, given: AskReviewInput, now: datetime
) -> StepReviewRequest:
    """Record that the provider asks someone uninvolved to look again; the clock runs from the day
    on which it asked.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `in-future`, `before-decision`,
    `cannot-review`, `had-a-part`.
    """
    # Held, so that nobody decides, changes or closes it between the question who took part and the
    # choice of a reviewer.
    step = locking.lock(FormalStep, step_id, "service")
    FORMAL_STEP.apply(step, "ask-review", by, now)
    return add_review_request(StepReviewRequest(step=step), by=by, given=given, now=now, see=SEE)


@requires()
@transaction.atomic
def answer_review(
    request_id: int, *, by: User, given: AnswerReviewInput, now: datetime
) -> StepReviewRequest:
    """The reviewer says what they found; the provider's letter is written.

    Where the reviewer finds that it should end, nothing is closed: two people decide that. Whoever
    was asked answers, whatever rights they hold.

    Raises `NotAllowed`: `permission-missing`, `already-answered`, `not-the-reviewer`,
    `had-a-part`.
    """
    # Held, so that a review is answered once and one letter is written.
    request = locking.lock(StepReviewRequest, request_id)
    add_review_answer(request, by=by, given=given, now=now)
    # After the answer is saved and in its transaction: there is no answer without its letter.
    freeze_review_letter(request, by=by, now=now)
    return request


# What is alike whatever it is about: the app whose row it is has locked what it is about and asked
# for its own permission.


@requires()
def add_representation(
    row: Representation, *, by: User, given: RepresentationInput, now: datetime
) -> Representation:
    """Fill in and save a representation that says already what it is about.

    Raises `NotAllowed` as `put_to_provider` does.
    """
    policy = Policy.current()
    rules.check_put(given.put_at, given.answer_by, given.short_reason, now, policy)
    # Kept as it was on the day: the council may set other days later.
    row.is_short = rules.is_short(given.put_at, given.answer_by, policy)
    row.clause, row.put, row.put_at, row.answer_by = (
        given.clause,
        given.put,
        given.put_at,
        given.answer_by,
    )
    # A reason typed where the days are enough says nothing, so it is not kept.
    row.short_reason = given.short_reason if row.is_short else ""
    row.days_given = rules.days_given(timezone.localdate(given.put_at), given.answer_by)
    row.by, row.recorded_at = by, now
    row.save()
    events.record(
        "representation.put",
        by=by,
        about=row.subject,
        after={"representation": row.pk, "days_given": row.days_given, "is_short": row.is_short},
        happened_at=given.put_at,
    )
    return row


@requires()
def add_answer(
    row: Representation, *, by: User, given: AnswerInput, now: datetime
) -> Representation:
    """Record the answer to a representation that is held.

    Raises `NotAllowed` as `record_answer` does.
    """
    rules.check_answer(row, given.answered_at, now)
    # A time typed to the minute may lie seconds before what was put, which the table refuses.
    row.answer, row.answered_at = given.answer, max(given.answered_at, row.put_at)
    # Who records the answer may say at once how it was considered, or leave that for later.
    if given.considered:
        row.considered, row.considered_by = given.considered, by
    row.save()
    events.record(
        "representation.answered", by=by, about=row.subject, after={"representation": row.pk}
    )
    return row


@requires()
def add_consideration(row: Representation, *, by: User, given: ConsideredInput) -> Representation:
    """Record how an answer was considered, of a representation that is held.

    Raises `NotAllowed` as `consider_answer` does.
    """
    rules.check_consider(row)
    row.considered, row.considered_by = given.considered, by
    row.save()
    events.record(
        "representation.considered", by=by, about=row.subject, after={"representation": row.pk}
    )
    return row


@requires()
def add_review_request(
    row: ReviewRequest, *, by: User, given: AskReviewInput, now: datetime, see: Collection[str]
) -> ReviewRequest:
    """Fill in and save a request that says already what it is about, and is read by the permissions
    `see`.

    Raises `NotAllowed` as `ask_review` does.
    """
    reviewer, policy = User.objects.get(pk=given.reviewer_id), Policy.current()
    rules.check_ask_review(row.subject, reviewer, given.asked_on, timezone.localdate(now), see)
    last_day = rules.last_day_to_ask(row.subject, policy)
    row.asked_on, row.grounds, row.reviewer = given.asked_on, given.grounds, reviewer
    row.is_late = last_day is not None and given.asked_on > last_day
    row.due_on = rules.review_due_on(given.asked_on, policy)
    row.recorded_by, row.recorded_at = by, now
    row.save()
    events.record(
        "review.asked",
        by=by,
        about=row.subject,
        after={"request": row.pk, "reviewer": reviewer.pk, "due_on": row.due_on.isoformat()},
    )
    return row


@requires()
def add_review_answer(
    row: ReviewRequest, *, by: User, given: AnswerReviewInput, now: datetime
) -> ReviewRequest:
    """Record what the reviewer found, of a request that is held.

    Raises `NotAllowed` as `answer_review` does.
    """
    rules.check_answer_review(row, by)
    row.outcome, row.findings = ReviewOutcome(given.outcome), given.findings
    row.answered_on = timezone.localdate(now)
    row.save()
    events.record(
        "review.answered",
        by=by,
        about=row.subject,
        after={"request": row.pk, "outcome": given.outcome},
    )
    return row
