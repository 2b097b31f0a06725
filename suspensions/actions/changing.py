"""Changes of a suspension in force, which two people stand behind, and corrections of its record."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from carequality import events
from carequality.models import User
from core.jobs import names, queue
from suspensions import rules
from suspensions.actions.record import list_parties, lock, refuse_if
from suspensions.actions.telling import told_of
from suspensions.models import (
    Change,
    ChangeKind,
    ChangeStatus,
    CorrectableField,
    Correction,
    Decision,
    Kind,
    Step,
    Suspension,
    Telling,
)


@transaction.atomic
def propose_extension(suspension_id: int, *, by: User, until: date, reason: str, now: datetime) -> Change:
    """Put before another manager that the suspension is planned to last until that day."""
    suspension = lock(suspension_id)
    refuse_if(
        rules.why_not_propose_change(suspension, by),
        rules.why_not_extension(suspension, until, timezone.localdate(now)),
    )
    return _proposed(suspension, by, now, what=ChangeKind.EXTENSION, planned_until=until, reason=reason)


@transaction.atomic
def propose_scope(
    suspension_id: int, *, by: User, unit_id: int | None, kind: str, limit: str, reason: str, now: datetime
) -> Change:
    """Put another scope, kind or limit before another manager."""
    suspension = lock(suspension_id)
    limit = limit if kind == Kind.PARTIAL else ""
    refuse_if(
        rules.why_not_propose_change(suspension, by),
        rules.why_not_new_scope(suspension, unit_id, kind, limit),
    )
    return _proposed(
        suspension, by, now, what=ChangeKind.SCOPE, unit_id=unit_id, kind=kind, limit=limit, reason=reason
    )


@transaction.atomic
def agree_change(
    change_id: int, *, by: User, reason: str, now: datetime, decided_at: datetime | None = None
) -> Change:
    """The other manager agrees. It takes effect that day; what stood before stays with the change.

    Everyone who was told of the suspension is told of another scope, kind or limit.
    """
    decided_at = decided_at or now
    change = _lock_change(change_id)
    suspension = change.suspension
    effective_on = timezone.localdate(decided_at)
    refuse_if(
        rules.why_not_change("agree", change, by),
        rules.why_not_when(decided_at, now, not_before=change.proposed_at),
        "It takes effect on the day of the decision, and the suspension begins later."
        if suspension.in_force_from and effective_on < suspension.in_force_from
        else None,
    )
    _decided(change, ChangeStatus.AGREED, by, reason, decided_at, now)
    change.effective_on = effective_on
    if change.what == ChangeKind.EXTENSION:
        change.before_planned_until = suspension.planned_until
        suspension.planned_until = change.planned_until
        step = Step.EXTENDED
    else:
        refuse_if(rules.why_not_new_scope(suspension, change.unit_id, change.kind, change.limit))
        change.before_unit, change.before_kind = suspension.unit, suspension.kind
        change.before_limit = suspension.limit
        suspension.unit, suspension.kind, suspension.limit = change.unit, change.kind, change.limit
        step = Step.CHANGED
    change.save()
    suspension.save()
    Decision.objects.create(
        suspension=suspension,
        step=step,
        by=by,
        decided_at=decided_at,
        in_force_from=suspension.in_force_from,
        recorded_at=now,
        reason=f"{change.after}. {reason}",
    )
    events.record(
        f"suspension.{step}",
        by=by,
        about=suspension,
        before={"kind": change.before_kind, "unit": change.before_unit_id} if step == Step.CHANGED else {},
        after={"change": change.pk, "kind": suspension.kind, "unit": suspension.unit_id},
        happened_at=decided_at,
    )
    if change.what == ChangeKind.SCOPE:
        list_parties(suspension, Telling.CHANGE, told_of(suspension), change=change)
        queue.add(names.TELL_PARTNERS, suspension.pk, Telling.CHANGE.value, about=suspension)
    return change


@transaction.atomic
def refuse_change(
    change_id: int, *, by: User, reason: str, now: datetime, decided_at: datetime | None = None
) -> Change:
    """The other manager does not agree: the suspension goes on as it is."""
    change = _lock_change(change_id)
    decided_at = decided_at or now
    refuse_if(
        rules.why_not_change("refuse", change, by),
        rules.why_not_when(decided_at, now, not_before=change.proposed_at),
    )
    _decided(change, ChangeStatus.REFUSED, by, reason, decided_at, now)
    change.save()
    events.record("suspension.change_refused", by=by, about=change.suspension, after={"change": change.pk})
    return change


@transaction.atomic
def withdraw_change(change_id: int, *, by: User, now: datetime) -> Change:
    """Take a proposed change back."""
    change = _lock_change(change_id)
    refuse_if(rules.why_not_change("withdraw", change, by))
    change.status = ChangeStatus.WITHDRAWN
    change.save()
    events.record("suspension.change_withdrawn", by=by, about=change.suspension, after={"change": change.pk})
    return change


@transaction.atomic
def correct(
    suspension_id: int, *, by: User, about: str, right: str, reason: str, now: datetime
) -> Correction:
    """Say beside the record what it has wrong, what is right and how that is known. The record itself stays."""
    suspension = lock(suspension_id)
    refuse_if(rules.why_not_correct(suspension, about, by))
    said = getattr(suspension, CorrectableField(about).value)
    correction = Correction.objects.create(
        suspension=suspension,
        about=about,
        said=f"{timezone.localtime(said):%-d %B %Y, %H:%M}" if isinstance(said, datetime) else said or "",
        right=right,
        reason=reason,
        by=by,
        recorded_at=now,
    )
    events.record(
        "suspension.corrected", by=by, about=suspension, after={"correction": correction.pk, "of": about}
    )
    return correction


def _proposed(suspension: Suspension, by: User, now: datetime, **fields: object) -> Change:
    change = Change.objects.create(suspension=suspension, proposed_by=by, proposed_at=now, **fields)
    events.record(
        "suspension.change_proposed",
        by=by,
        about=suspension,
        after={"change": change.pk, "what": change.what},
    )
    return change


def _decided(
    change: Change, status: ChangeStatus, by: User, reason: str, decided_at: datetime, now: datetime
) -> None:
    change.status = status
    change.decided_by, change.decided_at, change.recorded_at = by, decided_at, now
    change.decision_reason = reason


def _lock_change(change_id: int) -> Change:
    # The suspension first, as everything that changes it does: two ways of locking would wait for one another.
    suspension = lock(Change.objects.values_list("suspension_id", flat=True).get(pk=change_id))
    change = Change.objects.select_for_update(of=("self",)).select_related("unit").get(pk=change_id)
    change.suspension = suspension
    return change
