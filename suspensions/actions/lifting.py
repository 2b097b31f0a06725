"""The end of a suspension: proposed on evidence, decided by another manager."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from carequality.models import User
from core.jobs import names, queue
from suspensions import rules
from suspensions.actions.record import keep, lock, refuse_if
from suspensions.actions.telling import to_be_told_of_lift
from suspensions.models import LiftPoint, Point, Status, Suspension, Telling


@transaction.atomic
def propose_lift(
    suspension_id: int,
    *,
    by: User,
    reason: str,
    answers: Mapping[Point, rules.Answer],
    now: datetime,
    proposed_at: datetime | None = None,
) -> Suspension:
    """Put a lift before another manager, with the checklist as it stands; each unmet point needs an override with its reason."""
    proposed_at = proposed_at or now
    today = timezone.localdate(now)
    suspension = lock(suspension_id)
    points = rules.checklist(suspension, today, answers)
    refuse_if(
        rules.why_not_propose_lift(suspension, by),
        rules.why_not_when(
            proposed_at, now, not_before=suspension.confirmed_at or suspension.decided_at, what="proposal"
        ),
        rules.why_not_answers(points, today),
        rules.why_unmet(points),
    )
    attempt = 1 + max((point.attempt for point in suspension.lift_points.all()), default=0)
    LiftPoint.objects.bulk_create(
        LiftPoint(
            suspension=suspension,
            attempt=attempt,
            point=point,
            is_met=answer.is_met,
            evidence=answer.evidence,
            review_on=answer.review_on,
            recorded_by=by,
            override_reason="" if answer.is_met else answer.override_reason,
            overridden_by=None if answer.is_met else by,
        )
        for point, answer in points.items()
    )
    suspension.status = Status.LIFT_PROPOSED
    suspension.lift_proposed_by, suspension.lift_proposed_at = by, proposed_at
    suspension.lift_reason = reason
    suspension.save()
    overridden = [point.value for point, answer in points.items() if not answer.is_met]
    keep(
        "propose_lift",
        suspension,
        by=by,
        at=proposed_at,
        now=now,
        reason=reason,
        before=Status.IN_FORCE,
        after={"attempt": attempt, "overridden": overridden},
    )
    return suspension


@transaction.atomic
def refuse_lift(
    suspension_id: int, *, by: User, reason: str, now: datetime, decided_at: datetime | None = None
) -> Suspension:
    """Decide that the suspension goes on. The proposal to lift it, its checklist and the refusal stay in the record."""
    decided_at = decided_at or now
    suspension = lock(suspension_id)
    refuse_if(
        rules.why_not_refuse_lift(suspension, by),
        rules.why_not_when(decided_at, now, not_before=suspension.lift_proposed_at),
    )
    suspension.status = Status.IN_FORCE
    suspension.lift_proposed_by = suspension.lift_proposed_at = None
    suspension.lift_reason = ""
    suspension.save()
    keep("refuse_lift", suspension, by=by, at=decided_at, now=now, reason=reason, before=Status.LIFT_PROPOSED)
    return suspension


@transaction.atomic
def lift(
    suspension_id: int,
    *,
    by: User,
    reason: str,
    now: datetime,
    decided_at: datetime | None = None,
    overrides: Mapping[Point, str] | None = None,
) -> Suspension:
    """End the suspension on the day of the decision; everyone who was told of it is told of that.

    Points that the record computes are asked again; one that became unmet since the proposal blocks, unless `overrides`
    gives a reason. The review date of the plan for monitoring afterwards becomes the day of the next review.
    """
    decided_at = decided_at or now
    today = timezone.localdate(now)
    suspension = lock(suspension_id)
    refuse_if(
        rules.why_not_lift(suspension, by, today, overrides),
        rules.why_not_when(decided_at, now, not_before=suspension.lift_proposed_at),
    )
    assert suspension.in_force_from
    overridden = _keep_overrides(suspension, by, rules.points_to_lift(suspension, today, overrides))
    suspension.status = Status.LIFTED
    suspension.lift_decided_by, suspension.lift_decided_at, suspension.lift_recorded_at = by, decided_at, now
    suspension.lifted_on = max(timezone.localdate(decided_at), suspension.in_force_from)
    suspension.review_on = rules.as_proposed(suspension)[Point.MONITORING_PLAN].review_on
    suspension.save()
    to_be_told_of_lift(suspension)
    keep(
        "lift",
        suspension,
        by=by,
        at=decided_at,
        now=now,
        reason=reason,
        before=Status.LIFT_PROPOSED,
        after={"lifted_on": suspension.lifted_on.isoformat(), "overridden": overridden},
    )
    queue.add(names.TELL_PARTNERS, suspension.pk, Telling.LIFT.value, about=suspension)
    return suspension


def _keep_overrides(suspension: Suspension, by: User, points: Mapping[Point, rules.Answer]) -> list[str]:
    """Write to the checklist what became unmet since it was proposed and was overridden now; returns those points."""
    overridden = []
    for row in rules.recorded_points(suspension):
        answer = points[Point(row.point)]
        if not answer.is_met and not row.override_reason:
            row.is_met, row.evidence = False, answer.evidence
            row.override_reason, row.overridden_by = answer.override_reason, by
            row.save()
            overridden.append(row.point)
    return overridden
