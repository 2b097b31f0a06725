"""The fairness record: what was put to the provider, its answer, what was made of it, and a look by someone uninvolved."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import events, locking
from core.models import User
from core.workflow import requires
from suspensions.actions.ladder import lock_formal
from suspensions.actions.letters import freeze_review_letter
from suspensions.actions.record import lock
from suspensions.models import FormalStep, Hearing, Policy, ReviewOutcome, ReviewRequest, Suspension
from suspensions.rules import fairness, steps

Matter = Suspension | FormalStep


@dataclass(frozen=True)
class HearingInput:
    """What was put to the provider, under which clause, and until when it can answer."""

    clause: str
    put: str
    put_at: datetime
    answer_by: date
    short_reason: str = ""


@dataclass(frozen=True)
class AnswerInput:
    answer: str
    answered_at: datetime
    considered: str = ""


@dataclass(frozen=True)
class ConsideredInput:
    considered: str


@dataclass(frozen=True)
class AskReviewInput:
    asked_on: date
    grounds: str
    reviewer_id: int


@dataclass(frozen=True)
class AnswerReviewInput:
    outcome: str
    findings: str


@requires(steps.RECORD)
@transaction.atomic
def put_to_provider(
    *,
    suspension_id: int | None = None,
    step_id: int | None = None,
    by: User,
    given: HearingInput,
    now: datetime,
) -> Hearing:
    """Record what was put to the provider, from the proposal on. Too few days say why.

    Raises `NotAllowed`: `permission-missing`, `in-future`, `answer-before-put`, `short-without-reason`.
    """
    matter, about = _lock_matter(suspension_id, step_id)
    policy = Policy.current()
    fairness.check_put(given.put_at, given.answer_by, given.short_reason, now, policy)
    short = fairness.is_short(given.put_at, given.answer_by, policy)
    said = asdict(given) | {"short_reason": given.short_reason if short else ""}
    hearing = Hearing.objects.create(
        **about,
        **said,
        days_given=fairness.days_given(timezone.localdate(given.put_at), given.answer_by),
        is_short=short,
        by=by,
        recorded_at=now,
    )
    events.record(
        "fairness.put",
        by=by,
        about=matter,
        after={"hearing": hearing.pk, "days_given": hearing.days_given, "is_short": short},
        happened_at=given.put_at,
    )
    return hearing


@requires(steps.RECORD)
@transaction.atomic
def record_answer(hearing_id: int, *, by: User, given: AnswerInput, now: datetime) -> Hearing:
    """Record what the provider answered, once, and what was made of it.

    Raises `NotAllowed`: `permission-missing`, `already-answered`, `in-future`, `before-put`.
    """
    hearing = _lock_hearing(hearing_id)
    fairness.check_answer(hearing, given.answered_at, now)
    hearing.answer, hearing.answered_at = given.answer, max(given.answered_at, hearing.put_at)
    if given.considered:
        hearing.considered, hearing.considered_by = given.considered, by
    hearing.save()
    events.record(
        "fairness.answered", by=by, about=fairness.matter_of(hearing), after={"hearing": hearing.pk}
    )
    return hearing


@requires(steps.RECORD)
@transaction.atomic
def consider_answer(hearing_id: int, *, by: User, given: ConsideredInput) -> Hearing:
    """Record what was made of an answer, once.

    Raises `NotAllowed`: `permission-missing`, `not-answered`, `already-considered`.
    """
    hearing = _lock_hearing(hearing_id)
    fairness.check_consider(hearing)
    hearing.considered, hearing.considered_by = given.considered, by
    hearing.save()
    events.record(
        "fairness.considered", by=by, about=fairness.matter_of(hearing), after={"hearing": hearing.pk}
    )
    return hearing


@requires(steps.RECORD)
@transaction.atomic
def ask_review(
    *,
    suspension_id: int | None = None,
    step_id: int | None = None,
    by: User,
    given: AskReviewInput,
    now: datetime,
) -> ReviewRequest:
    """Record that the provider asks someone uninvolved to look again; the clock runs from the day on which it asked.

    Raises `NotAllowed`: `permission-missing`, `not-decided`, `in-future`, `before-decision`, `had-a-part`.
    """
    matter, about = _lock_matter(suspension_id, step_id)
    reviewer, policy = User.objects.get(pk=given.reviewer_id), Policy.current()
    fairness.check_ask_review(matter, reviewer, given.asked_on, timezone.localdate(now))
    last_day = fairness.last_day_to_ask(matter, policy)
    request = ReviewRequest.objects.create(
        **about,
        **asdict(given),
        is_late=last_day is not None and given.asked_on > last_day,
        due_on=fairness.review_due_on(given.asked_on, policy),
        recorded_by=by,
        recorded_at=now,
    )
    events.record(
        "fairness.review_asked",
        by=by,
        about=matter,
        after={"request": request.pk, "reviewer": reviewer.pk, "due_on": request.due_on.isoformat()},
    )
    return request


@requires()
@transaction.atomic
def answer_review(request_id: int, *, by: User, given: AnswerReviewInput, now: datetime) -> ReviewRequest:
    """The reviewer says what they found; the provider's letter is written.

    That it should end lifts nothing by itself: two people decide that. Who was asked answers, whatever rights they hold.
    Raises `NotAllowed`: `already-answered`, `not-the-reviewer`, `had-a-part`.
    """
    request = ReviewRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    fairness.check_answer_review(request, by)
    request.outcome, request.findings = ReviewOutcome(given.outcome), given.findings
    request.answered_on = timezone.localdate(now)
    request.save()
    events.record(
        "fairness.review_answered",
        by=by,
        about=fairness.matter_of(request),
        after={"request": request.pk, "outcome": given.outcome},
    )
    freeze_review_letter(request, by=by, now=now)
    return request


def _lock_hearing(hearing_id: int) -> Hearing:
    """The hearing, held: an answer is recorded once."""
    return locking.lock(Hearing, hearing_id)


def _lock_matter(suspension_id: int | None, step_id: int | None) -> tuple[Matter, dict[str, Any]]:
    """What it is about, held, and how a row names it."""
    if suspension_id is not None:
        suspension = lock(suspension_id)
        return suspension, {"suspension": suspension}
    if step_id is None:
        raise TypeError("Either a suspension or a formal step is named.")
    step = lock_formal(step_id)
    return step, {"step": step}
