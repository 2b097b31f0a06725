"""The end of a suspension: proposed on evidence, decided by another manager."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from core import checks, versions
from core.inputs import DecisionInput, ReasonInput
from core.jobs import names, queue
from core.models import User
from core.workflow import requires
from notifications.models import NotificationKind
from suspensions.actions.recipients import list_recipients_of_lift
from suspensions.actions.record import lock, record_transition
from suspensions.models import Criterion, LiftCriterion, Suspension, SuspensionStatus
from suspensions.rules import lifting
from suspensions.rules.record import parts_of
from suspensions.workflow.suspension import SUSPENSION


@dataclass(frozen=True)
class LiftInput:
    """Why it can be lifted, and how the criteria of the checklist stand."""

    reason: str
    answers: Mapping[Criterion, lifting.CriterionAnswer]


@dataclass(frozen=True)
class DecideLiftInput(DecisionInput):
    """The decision on a lift; `overrides` has a reason for each criterion that became unmet since
    it was proposed.
    """

    decision: str = "lift"
    overrides: Mapping[Criterion, str] = field(default_factory=dict)


@requires(SUSPENSION["propose-lift"])
@transaction.atomic
def propose_lift(suspension_id: int, *, by: User, given: LiftInput, now: datetime) -> Suspension:
    """Put a lift before another manager, with the checklist as it stands; each unmet criterion
    needs an override with its reason.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `unconfirmed`, `evidence-missing`,
    `plan-without-review`, `criterion-unmet`.
    """
    today = timezone.localdate(now)
    suspension = lock(suspension_id)
    SUSPENSION.apply(suspension, "propose-lift", by, now)
    criteria = lifting.checklist(suspension, today, given.answers)
    lifting.check_answers(criteria, today)
    lifting.check_met(criteria)
    attempt = _record_criteria(suspension, by, criteria)
    suspension.lift_proposed_by, suspension.lift_proposed_at = by, now
    suspension.lift_reason = given.reason
    suspension.save()
    versions.keep(suspension, parts_of(suspension), by=by, now=now)
    overridden = [criterion.value for criterion, answer in criteria.items() if not answer.is_met]
    record_transition(
        "propose-lift",
        suspension,
        by=by,
        at=now,
        now=now,
        reason=given.reason,
        before=SuspensionStatus.IN_FORCE,
        after={"attempt": attempt, "overridden": overridden},
    )
    return suspension


@requires(SUSPENSION["refuse-lift"])
@transaction.atomic
def refuse_lift(suspension_id: int, *, by: User, given: DecisionInput, now: datetime) -> Suspension:
    """Decide that the suspension goes on. The proposal to lift it, its checklist and the refusal
    stay in the record.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `same-person`,
    `stale-version`, `in-future`, `too-early`.
    """
    at = given.decided_at or now
    suspension = lock(suspension_id)
    SUSPENSION.apply(suspension, "refuse-lift", by, now, given.seen)
    checks.check_when(at, now, not_before=suspension.lift_proposed_at)
    _no_lift_waits(suspension)
    suspension.save()
    versions.keep(suspension, parts_of(suspension), by=by, now=now)
    before = SuspensionStatus.LIFT_PROPOSED
    record_transition(
        "refuse-lift", suspension, by=by, at=at, now=now, reason=given.reason, before=before
    )
    return suspension


@requires(SUSPENSION["withdraw-lift"])
@transaction.atomic
def withdraw_lift(suspension_id: int, *, by: User, given: ReasonInput, now: datetime) -> Suspension:
    """Take a proposed lift back before it is decided. The proposal and its checklist stay in the
    record.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `not-the-proposer`.
    """
    suspension = lock(suspension_id)
    SUSPENSION.apply(suspension, "withdraw-lift", by, now)
    _no_lift_waits(suspension)
    suspension.save()
    versions.keep(suspension, parts_of(suspension), by=by, now=now)
    before = SuspensionStatus.LIFT_PROPOSED
    record_transition(
        "withdraw-lift", suspension, by=by, at=now, now=now, reason=given.reason, before=before
    )
    return suspension


@requires(SUSPENSION["lift"])
@transaction.atomic
def lift(suspension_id: int, *, by: User, given: DecideLiftInput, now: datetime) -> Suspension:
    """End the suspension on the day of the decision; everyone who was notified of it is notified of
    that.

    Criteria that the record computes are asked again; one that became unmet since the proposal
    blocks, unless there is an override with a reason. The review date of the plan for monitoring
    afterwards becomes the day of the next review.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `same-person`,
    `stale-version`, `criterion-unmet`, `in-future`, `too-early`.
    """
    decided_at = given.decided_at or now
    suspension = lock(suspension_id)
    SUSPENSION.apply(suspension, "lift", by, now, given.seen)
    # Asked again under the lock: an action may have been opened since the page was read.
    criteria = lifting.criteria_to_lift(suspension, timezone.localdate(now), given.overrides)
    lifting.check_met(criteria)
    checks.check_when(decided_at, now, not_before=suspension.lift_proposed_at)
    overridden = _record_overrides(suspension, by, criteria)
    suspension.lift_decided_by, suspension.lift_decided_at, suspension.lift_recorded_at = (
        by,
        decided_at,
        now,
    )
    suspension.lifted_on = lifted_on = lifting.last_day(suspension, decided_at)
    suspension.review_on = lifting.as_proposed(suspension)[Criterion.MONITORING_PLAN].review_on
    suspension.save()
    # Under the suspension's lock, and each recipient's: an email on its way ends first, and whoever
    # it reached is notified of the lift too.
    list_recipients_of_lift(suspension)
    record_transition(
        "lift",
        suspension,
        by=by,
        at=decided_at,
        now=now,
        reason=given.reason,
        before=SuspensionStatus.LIFT_PROPOSED,
        after={"lifted_on": lifted_on.isoformat(), "overridden": overridden},
    )
    queue.add(names.NOTIFY_RECIPIENTS, suspension.pk, NotificationKind.LIFT.value, about=suspension)
    return suspension


def _no_lift_waits(suspension: Suspension) -> None:
    # The checklist stays: the next proposal is another attempt with criteria of its own.
    suspension.lift_proposed_by = suspension.lift_proposed_at = None
    suspension.lift_reason = ""


def _record_criteria(
    suspension: Suspension, by: User, criteria: Mapping[Criterion, lifting.CriterionAnswer]
) -> int:
    """Write the checklist of a proposal; returns which attempt to lift it is."""
    # Under the suspension's lock: no other proposal takes the same number.
    attempt = 1 + max(
        (criterion.attempt for criterion in suspension.lift_criteria.all()), default=0
    )
    LiftCriterion.objects.bulk_create(
        LiftCriterion(
            suspension=suspension,
            attempt=attempt,
            criterion=criterion,
            is_met=answer.is_met,
            evidence=answer.evidence,
            review_on=answer.review_on,
            recorded_by=by,
            override_reason="" if answer.is_met else answer.override_reason,
            overridden_by=None if answer.is_met else by,
        )
        for criterion, answer in criteria.items()
    )
    return attempt


def _record_overrides(
    suspension: Suspension, by: User, criteria: Mapping[Criterion, lifting.CriterionAnswer]
) -> list[str]:
    """Write to the checklist what became unmet since it was proposed and was overridden now;
    returns those criteria.
    """
    overridden = []
    for row in lifting.recorded_criteria(suspension):
        answer = criteria[Criterion(row.criterion)]
        # What was overridden when it was proposed keeps that manager's reason and name.
        if not answer.is_met and not row.override_reason:
            row.is_met, row.evidence = False, answer.evidence
            row.override_reason, row.overridden_by = answer.override_reason, by
            row.save()
            overridden.append(row.criterion)
    return overridden
