"""Changes of a suspension in force, which two people stand behind, and corrections of its
record.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from core import checks, events, locking, versions
from core.dates import moment_in_words
from core.inputs import DecisionInput
from core.jobs import names, queue
from core.models import User
from core.workflow import requires
from formal_steps.rules.involved import parts_taken
from notifications.models import NotificationKind
from suspensions.actions.recipients import notified_recipients
from suspensions.actions.record import list_recipients, lock, lock_service, promise_to_ask
from suspensions.models import (
    Change,
    CorrectableField,
    Correction,
    Decision,
    DecisionKind,
    Suspension,
    SuspensionChangeKind,
    SuspensionKind,
)
from suspensions.rules import changing, record, waiting
from suspensions.workflow.change import CHANGE
from suspensions.workflow.suspension import SUSPENSION


@dataclass(frozen=True)
class ExtensionInput:
    """The day by which it is planned to end, and why."""

    until: date
    reason: str


@dataclass(frozen=True)
class ScopeInput:
    """Another scope, kind or limit, and why."""

    unit_id: int | None
    kind: str
    limit: str
    reason: str


@dataclass(frozen=True)
class DecideChangeInput(DecisionInput):
    """The decision on a change."""

    decision: str = "agree"


@dataclass(frozen=True)
class CorrectionInput:
    """Which part of the record is wrong, what is right, and how that is known."""

    about: str
    right: str
    reason: str


@requires(SUSPENSION["extend"])
@transaction.atomic
def propose_extension(
    suspension_id: int, *, by: User, given: ExtensionInput, now: datetime
) -> Change:
    """Put before another manager that the suspension is planned to end by that day.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `unconfirmed`, `change-waits`,
    `not-after-today`, `not-after-planned`.
    """
    suspension = lock(suspension_id)
    SUSPENSION.apply(suspension, "extend", by, now)
    changing.check_extension(suspension, given.until, timezone.localdate(now))
    change = Change(
        what=SuspensionChangeKind.EXTENSION, planned_until=given.until, reason=given.reason
    )
    return _proposed(suspension, change, by, now)


@requires(SUSPENSION["scope"])
@transaction.atomic
def propose_scope(suspension_id: int, *, by: User, given: ScopeInput, now: datetime) -> Change:
    """Put another scope, kind or limit before another manager.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `unconfirmed`, `change-waits`,
    `no-change`, `limit-missing`, `foreign-unit`, `already-suspended`, `was-suspended`.
    """
    suspension = lock(suspension_id)
    SUSPENSION.apply(suspension, "scope", by, now)
    # A form that hides the limit may still send what was typed in it.
    limit = given.limit if given.kind == SuspensionKind.PARTIAL else ""
    today = timezone.localdate(now)
    changing.check_new_scope(suspension, given.unit_id, given.kind, limit, today)
    change = Change(what=SuspensionChangeKind.SCOPE, **asdict(given) | {"limit": limit})
    return _proposed(suspension, change, by, now)


@requires(CHANGE["agree"])
@transaction.atomic
def agree_change(change_id: int, *, by: User, given: DecisionInput, now: datetime) -> Change:
    """The other manager agrees. It takes effect that day; what stood before stays with the change.

    Everyone who was notified of the suspension is notified of another scope, kind or limit.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `same-person`, `not-in-force`,
    `stale-version`, `in-future`, `too-early`, `before-start`, `no-change`, `limit-missing`,
    `foreign-unit`, `already-suspended`, `was-suspended`.
    """
    decided_at = given.decided_at or now
    change = _lock_change(change_id)
    suspension = change.suspension
    # As a decision does: whatever else would suspend a scope of this service waits for this, and
    # the check of the new scope sees what came before.
    lock_service(suspension.service_id, None)
    CHANGE.apply(change, "agree", by, now, given.seen)
    checks.check_when(decided_at, now, not_before=change.proposed_at)
    # The day of the decision also where it is written down later.
    change.effective_on = timezone.localdate(decided_at)
    changing.check_effective(suspension, change.effective_on)
    _decided(change, by, given.reason, decided_at, now)
    # Asked again on the day of the decision: another scope may have been suspended since.
    step = _change_suspension(suspension, change)
    change.save()
    suspension.save()
    versions.keep(suspension, record.parts_of(suspension), by=by, now=now)
    _record_change(suspension, change, step, by, decided_at, now)
    if change.what == SuspensionChangeKind.SCOPE:
        list_recipients(
            suspension, NotificationKind.CHANGE, notified_recipients(suspension), change=change
        )
        queue.add(
            names.NOTIFY_RECIPIENTS, suspension.pk, NotificationKind.CHANGE.value, about=suspension
        )
    return change


@requires(CHANGE["refuse"])
@transaction.atomic
def refuse_change(change_id: int, *, by: User, given: DecisionInput, now: datetime) -> Change:
    """The other manager does not agree: the suspension goes on as it is.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `same-person`,
    `stale-version`, `in-future`, `too-early`.
    """
    change = _lock_change(change_id)
    decided_at = given.decided_at or now
    CHANGE.apply(change, "refuse", by, now, given.seen)
    checks.check_when(decided_at, now, not_before=change.proposed_at)
    _decided(change, by, given.reason, decided_at, now)
    change.save()
    events.record(
        "suspension.change_refused", by=by, about=change.suspension, after={"change": change.pk}
    )
    return change


@requires(CHANGE["withdraw"])
@transaction.atomic
def withdraw_change(change_id: int, *, by: User, now: datetime) -> Change:
    """Take a proposed change back.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `not-the-proposer`.
    """
    change = _lock_change(change_id)
    CHANGE.apply(change, "withdraw", by, now)
    change.save()
    events.record(
        "suspension.change_withdrawn", by=by, about=change.suspension, after={"change": change.pk}
    )
    return change


@requires(SUSPENSION["correct"])
@transaction.atomic
def correct(suspension_id: int, *, by: User, given: CorrectionInput, now: datetime) -> Correction:
    """Say beside the record what it has wrong, what is right and how that is known. The record
    itself stays.

    What two people decided on must stay readable as it was, so that it can be asked later whether
    the decision was right.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `not-decided-on`, `not-correctable`.
    """
    suspension = lock(suspension_id)
    SUSPENSION.apply(suspension, "correct", by, now)
    changing.check_correctable(given.about)
    # The values of `CorrectableField` are names of columns: no other one can be asked for.
    said = getattr(suspension, CorrectableField(given.about).value)
    correction = Correction.objects.create(
        suspension=suspension,
        said=f"{moment_in_words(said)}" if isinstance(said, datetime) else said or "",
        by=by,
        recorded_at=now,
        **asdict(given),
    )
    after = {"correction": correction.pk, "of": given.about}
    events.record("suspension.corrected", by=by, about=suspension, after=after)
    return correction


def _proposed(suspension: Suspension, change: Change, by: User, now: datetime) -> Change:
    change.suspension, change.proposed_by, change.proposed_at = suspension, by, now
    CHANGE.apply(change, "propose", by, now)
    change.save()
    events.record(
        "suspension.change_proposed",
        by=by,
        about=suspension,
        after={"change": change.pk, "what": change.what},
    )
    promise_to_ask(suspension, waiting.CHANGE, str(change.pk))
    return change


def _decided(change: Change, by: User, reason: str, decided_at: datetime, now: datetime) -> None:
    change.decided_by, change.decided_at, change.recorded_at = by, decided_at, now
    change.decision_reason = reason


def _record_change(
    suspension: Suspension,
    change: Change,
    step: DecisionKind,
    by: User,
    decided_at: datetime,
    now: datetime,
) -> None:
    """Write what was agreed to the history and to the event record."""
    Decision.objects.create(
        suspension=suspension,
        step=step,
        by=by,
        decided_at=decided_at,
        in_force_from=suspension.in_force_from,
        recorded_at=now,
        reason=f"{change.after}. {change.decision_reason}",
        took_part=parts_taken(suspension, by),
    )
    events.record(
        f"suspension.{step}",
        by=by,
        about=suspension,
        before={"kind": change.before_kind, "unit": change.before_unit_id}
        if step == DecisionKind.CHANGED
        else {},
        after={"change": change.pk, "kind": suspension.kind, "unit": suspension.unit_id},
        happened_at=decided_at,
    )


def _change_suspension(suspension: Suspension, change: Change) -> DecisionKind:
    """Keep with the change what stood before, write to the suspension what stands from now on;
    returns the step.
    """
    if change.what == SuspensionChangeKind.EXTENSION:
        change.before_planned_until = suspension.planned_until
        suspension.planned_until = change.planned_until
        return DecisionKind.EXTENDED
    day = change.effective_on or timezone.localdate()
    changing.check_new_scope(suspension, change.unit_id, change.kind, change.limit, day)
    if change.unit_id != suspension.unit_id:
        suspension.scope_from = day
    # Kept before it is overwritten: figures of past days undo the change by these.
    change.before_unit, change.before_kind = suspension.unit, suspension.kind
    change.before_limit = suspension.limit
    suspension.unit, suspension.kind, suspension.limit = change.unit, change.kind, change.limit
    return DecisionKind.CHANGED


def _lock_change(change_id: int) -> Change:
    # The suspension first, as everything that changes it does: two orders of locking would wait for
    # one another for ever.
    suspension = lock(Change.objects.values_list("suspension_id", flat=True).get(pk=change_id))
    change = locking.lock(Change, change_id, "unit")
    change.suspension = suspension
    return change
