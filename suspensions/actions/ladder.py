"""Formal steps from the proposal to their close, each deed kept in a history that is never rewritten."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from carequality import events
from carequality.models import User
from carequality.refusals import Refused
from providers.models import Service
from suspensions import rules
from suspensions.actions.letters import freeze_step_letter
from suspensions.actions.record import lock_service, refuse_if
from suspensions.models import (
    FormalStatus,
    FormalStep,
    FormalStepEntry,
    FormalStepReview,
    Outcome,
    Rung,
    StepNotTaken,
)


@dataclass(frozen=True)
class Notice:
    """What a formal step says to the provider."""

    summary: str
    clause: str
    reasons: str
    evidence: str
    required: str
    due_on: date
    contract_id: int | None = None
    suspension_id: int | None = None
    lead_officer_id: int | None = None
    concern_ids: tuple[int, ...] = ()


@transaction.atomic
def propose_formal(
    service_id: int,
    *,
    rung: str,
    notice: Notice,
    by: User,
    now: datetime,
    proposed_at: datetime | None = None,
) -> FormalStep:
    """Put a formal step before another manager."""
    proposed_at = proposed_at or now
    service, _unit = lock_service(service_id, None)
    refuse_if(
        rules.why_not_propose_formal(service, rung, by, timezone.localdate(now)),
        rules.why_not_when(proposed_at, now, what="proposal"),
        rules.why_not_due(timezone.localdate(proposed_at), notice.due_on),
        _why_not_ours(service, notice),
    )
    step = FormalStep.objects.create(
        service=service,
        rung=rung,
        contract_id=notice.contract_id,
        suspension_id=notice.suspension_id,
        lead_officer_id=notice.lead_officer_id or service.lead_officer_id,
        summary=notice.summary,
        clause=notice.clause,
        reasons=notice.reasons,
        evidence=notice.evidence,
        required=notice.required,
        due_on=notice.due_on,
        proposed_by=by,
        proposed_at=proposed_at,
    )
    step.concerns.set(service.concerns.filter(pk__in=notice.concern_ids))
    _keep("propose", step, by=by, at=proposed_at, now=now, reason=notice.summary)
    return step


@transaction.atomic
def issue(
    step_id: int,
    *,
    by: User,
    reason: str,
    starts_on: date,
    review_on: date,
    now: datetime,
    decided_at: datetime | None = None,
) -> FormalStep:
    """Put a proposed step in force from that day; its letter is written, and it is reviewed until it is closed."""
    decided_at = decided_at or now
    step = lock_formal(step_id)
    refuse_if(
        rules.why_not_formal("issue", step, by),
        rules.why_not_when(decided_at, now, not_before=step.proposed_at),
        "A step cannot begin before it was decided." if starts_on < timezone.localdate(decided_at) else None,
        rules.why_not_due(starts_on, step.due_on),
        "The first review must be after the step begins." if review_on <= starts_on else None,
    )
    step.status = FormalStatus.ISSUED
    step.decided_by, step.decided_at, step.decision_recorded_at = by, decided_at, now
    step.decision_reason, step.starts_on, step.review_on = reason, starts_on, review_on
    step.save()
    _keep(
        "issue",
        step,
        by=by,
        at=decided_at,
        now=now,
        reason=reason,
        after={"starts_on": starts_on.isoformat(), "due_on": step.due_on.isoformat()},
    )
    freeze_step_letter(step, by=None, now=now)
    return step


@transaction.atomic
def refuse_formal(
    step_id: int, *, by: User, reason: str, now: datetime, decided_at: datetime | None = None
) -> FormalStep:
    """Decide that the step is not taken."""
    decided_at = decided_at or now
    step = lock_formal(step_id)
    refuse_if(
        rules.why_not_formal("refuse", step, by),
        rules.why_not_when(decided_at, now, not_before=step.proposed_at),
    )
    step.status = FormalStatus.REFUSED
    step.decided_by, step.decided_at, step.decision_recorded_at = by, decided_at, now
    step.decision_reason = reason
    step.save()
    _keep("refuse", step, by=by, at=decided_at, now=now, reason=reason)
    return step


@transaction.atomic
def withdraw_formal(step_id: int, *, by: User, reason: str, now: datetime) -> FormalStep:
    """Take a proposed step back."""
    step = lock_formal(step_id)
    refuse_if(rules.why_not_formal("withdraw", step, by))
    step.status = FormalStatus.WITHDRAWN
    step.save()
    _keep("withdraw", step, by=by, at=now, now=now, reason=reason)
    return step


@transaction.atomic
def give_more_time(step_id: int, *, by: User, reason: str, due_on: date, now: datetime) -> FormalStep:
    """Move the day by which it has to be done. The day that stood before stays in the history."""
    step = lock_formal(step_id)
    refuse_if(
        rules.why_not_formal("extend", step, by),
        "The new day must be after the one that stands." if due_on <= step.due_on else None,
        "The new day must be after today." if due_on <= timezone.localdate(now) else None,
    )
    before, step.due_on = step.due_on, due_on
    step.save()
    days = {"due_on": [before.isoformat(), due_on.isoformat()]}
    _keep("extend", step, by=by, at=now, now=now, reason=reason, after=days)
    return step


@transaction.atomic
def review_formal(
    step_id: int, *, by: User, done_on: date, outcome: str, next_on: date | None, now: datetime
) -> FormalStepReview:
    """Record a review and the day of the next one."""
    step = lock_formal(step_id)
    refuse_if(rules.why_not_review_formal(step, by, done_on, next_on, timezone.localdate(now)))
    review = FormalStepReview.objects.create(
        step=step, due_on=step.review_on, done_on=done_on, by=by, outcome=outcome, next_on=next_on
    )
    step.review_on = next_on
    step.save()
    events.record("formal_step.reviewed", by=by, about=step, after={"review": review.pk})
    return review


@transaction.atomic
def close_formal(
    step_id: int, *, by: User, outcome: str, reason: str, closed_on: date, now: datetime
) -> FormalStep:
    """Say how the step ended, and when. The contract itself is ended in the register."""
    step = lock_formal(step_id)
    refuse_if(
        rules.why_not_formal("close", step, by),
        "The day must be today or before." if closed_on > timezone.localdate(now) else None,
        "It cannot be closed before it began." if step.starts_on and closed_on < step.starts_on else None,
        None if outcome in rules.outcomes_of(step.rung) else "Such a step cannot end like that.",
    )
    step.status, step.review_on = FormalStatus.CLOSED, None
    step.closed_on, step.closed_by, step.outcome, step.outcome_reason = closed_on, by, outcome, reason
    step.save()
    _keep("close", step, by=by, at=now, now=now, reason=reason, after={"outcome": Outcome(outcome).value})
    return step


@transaction.atomic
def take_no_step(service_id: int, *, by: User, reason: str, now: datetime) -> StepNotTaken:
    """Answer the prompt of a service's default notices: no further step follows, for this reason."""
    service, _unit = lock_service(service_id, None)
    today = timezone.localdate(now)
    prompt = rules.prompt_of(service, today)
    if prompt is None:
        raise Refused("Nothing asks for a further step now.")
    refuse_if(None if by.has_perm(rules.DECIDE) else "You do not have the right to decide a formal step.")
    answer = StepNotTaken.objects.create(
        service=service, on=today, by=by, notices=len(prompt.notices), reason=reason
    )
    events.record("formal_step.not_taken", by=by, about=service, after={"notices": len(prompt.notices)})
    return answer


def lock_formal(step_id: int) -> FormalStep:
    """The step, held until the transaction ends."""
    return FormalStep.objects.select_for_update(of=("self",)).select_related("service").get(pk=step_id)


def _why_not_ours(service: Service, notice: Notice) -> str | None:
    if notice.contract_id and not service.contracts.filter(pk=notice.contract_id).exists():
        return f"That is not a contract of {service}."
    if notice.suspension_id and not service.suspensions.filter(pk=notice.suspension_id).exists():
        return f"That is not a suspension of {service}."
    return None


def _keep(
    action: str,
    step: FormalStep,
    *,
    by: User,
    at: datetime,
    now: datetime,
    reason: str,
    after: dict[str, Any] | None = None,
) -> None:
    transition = rules.FORMAL_TRANSITIONS[action]
    FormalStepEntry.objects.create(
        step=step,
        deed=transition.deed,
        by=by,
        decided_at=at,
        recorded_at=now,
        reason=reason,
        due_on=step.due_on,
    )
    events.record(
        f"formal_step.{transition.deed}",
        by=by,
        about=step,
        before={"status": transition.before} if transition.before else {},
        after={"status": step.status, "rung": Rung(step.rung).value, **(after or {})},
        happened_at=at,
    )
