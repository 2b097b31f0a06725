"""The fairness record: what was put to the provider, its answer, what was made of it, and a look by someone uninvolved."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from carequality import events
from carequality.models import User
from suspensions import rules
from suspensions.actions.ladder import lock_formal
from suspensions.actions.letters import freeze_review_letter
from suspensions.actions.record import lock, refuse_if
from suspensions.models import FormalStep, Hearing, ReviewOutcome, ReviewRequest, Suspension

Matter = Suspension | FormalStep


@transaction.atomic
def put_to_provider(
    *,
    suspension_id: int | None = None,
    step_id: int | None = None,
    by: User,
    clause: str,
    put: str,
    put_at: datetime,
    answer_by: date,
    now: datetime,
    short_reason: str = "",
) -> Hearing:
    """Record what was put to the provider, under which clause, and until when it can answer. Too few days say why."""
    matter, fields = _matter(suspension_id, step_id)
    refuse_if(
        rules.why_not_hear(matter, by),
        rules.why_not_put(put_at, answer_by, short_reason, now),
    )
    short = rules.is_short(put_at, answer_by)
    hearing = Hearing.objects.create(
        **fields,
        clause=clause,
        put=put,
        put_at=put_at,
        answer_by=answer_by,
        days_given=rules.days_given(timezone.localdate(put_at), answer_by),
        is_short=short,
        short_reason=short_reason if short else "",
        by=by,
        recorded_at=now,
    )
    events.record(
        "fairness.put",
        by=by,
        about=matter,
        after={"hearing": hearing.pk, "days_given": hearing.days_given, "is_short": short},
        happened_at=put_at,
    )
    return hearing


@transaction.atomic
def record_answer(
    hearing_id: int, *, by: User, answer: str, answered_at: datetime, considered: str, now: datetime
) -> Hearing:
    """Record what the provider answered, once, and what was made of it."""
    hearing = Hearing.objects.select_for_update(of=("self",)).get(pk=hearing_id)
    matter = hearing.suspension or hearing.step
    assert matter is not None
    refuse_if(
        rules.why_not_hear(matter, by),
        "That answer is recorded already. Put a new question to the provider." if hearing.answer else None,
        "When it answered must be in the past." if answered_at > now else None,
        "It cannot have answered before it was asked."
        if answered_at < hearing.put_at.replace(second=0, microsecond=0)
        else None,
    )
    hearing.answer, hearing.answered_at = answer, max(answered_at, hearing.put_at)
    if considered:
        hearing.considered, hearing.considered_by = considered, by
    hearing.save()
    events.record("fairness.answered", by=by, about=matter, after={"hearing": hearing.pk})
    return hearing


@transaction.atomic
def consider_answer(hearing_id: int, *, by: User, considered: str) -> Hearing:
    """Record what was made of an answer, once."""
    hearing = Hearing.objects.select_for_update(of=("self",)).get(pk=hearing_id)
    matter = hearing.suspension or hearing.step
    assert matter is not None
    refuse_if(
        rules.why_not_hear(matter, by),
        "The provider has not answered." if not hearing.answer else None,
        "That is recorded already." if hearing.considered else None,
    )
    hearing.considered, hearing.considered_by = considered, by
    hearing.save()
    events.record("fairness.considered", by=by, about=matter, after={"hearing": hearing.pk})
    return hearing


@transaction.atomic
def ask_review(
    *,
    suspension_id: int | None = None,
    step_id: int | None = None,
    by: User,
    asked_on: date,
    grounds: str,
    reviewer: User,
    now: datetime,
) -> ReviewRequest:
    """Record that the provider asks someone uninvolved to look again; the clock runs from the day on which it asked."""
    matter, fields = _matter(suspension_id, step_id)
    refuse_if(rules.why_not_ask_review(matter, reviewer, by, asked_on, timezone.localdate(now)))
    last_day = rules.last_day_to_ask(matter)
    request = ReviewRequest.objects.create(
        **fields,
        asked_on=asked_on,
        is_late=last_day is not None and asked_on > last_day,
        grounds=grounds,
        reviewer=reviewer,
        due_on=rules.review_due_on(asked_on),
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


@transaction.atomic
def answer_review(request_id: int, *, by: User, outcome: str, findings: str, now: datetime) -> ReviewRequest:
    """The reviewer says what they found; the provider's letter is written. That it should end lifts nothing by itself: two people decide that."""
    request = ReviewRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    matter = request.suspension or request.step
    assert matter is not None
    refuse_if(
        rules.why_not_answer_review(matter, request.reviewer_id, by),
        "This review has been answered." if request.outcome else None,
    )
    request.outcome, request.findings = ReviewOutcome(outcome), findings
    request.answered_on = timezone.localdate(now)
    request.save()
    events.record(
        "fairness.review_answered", by=by, about=matter, after={"request": request.pk, "outcome": outcome}
    )
    freeze_review_letter(request, by=by, now=now)
    return request


def _matter(suspension_id: int | None, step_id: int | None) -> tuple[Matter, dict[str, Any]]:
    if suspension_id is not None:
        suspension = lock(suspension_id)
        return suspension, {"suspension": suspension}
    assert step_id is not None
    step = lock_formal(step_id)
    return step, {"step": step}
