"""From a proposal, or an urgent suspension, to one that two people stand behind."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from core import checks, versions
from core.inputs import DecisionInput, ReasonInput
from core.jobs import names, queue
from core.models import User
from core.workflow import NotAllowed, requires
from formal_steps.rules.steps import FIRST_REVIEW_MISSING, NEXT_REVIEW_MISSING, START_MISSING
from notifications.models import NotificationKind
from providers.models import Service, ServiceUnit
from suspensions.actions.recipients import list_recipients_of_lift, notify_provider_again
from suspensions.actions.record import (
    ProposalRecord,
    RecipientInput,
    list_recipients,
    lock,
    lock_service,
    record_transition,
    set_contracts_and_concerns,
    usual_recipients,
)
from suspensions.models import AT_ONCE, Suspension, SuspensionKind, SuspensionStatus
from suspensions.rules import lifting, steps, tightening
from suspensions.rules.record import parts_of
from suspensions.workflow.suspension import SUSPENSION


@dataclass(frozen=True)
class ProposalInput:
    """What is proposed. `recipients` None: the usual ones have to be notified."""

    kind: str
    record: ProposalRecord
    limit: str = ""
    unit_id: int | None = None
    recipients: tuple[RecipientInput, ...] | None = None


@dataclass(frozen=True)
class UrgentInput:
    """What is put in force at once: without a day from today, without a confirmer by any other."""

    summary: str
    kind: str = SuspensionKind.FULL
    limit: str = ""
    unit_id: int | None = None
    in_force_from: date | None = None
    confirmer_id: int | None = None


@dataclass(frozen=True)
class DecideInput(DecisionInput):
    """The decision on a proposal. `planned_until` is a day to lift or extend it by; it does not
    lapse.
    """

    decision: str = "in_force"
    in_force_from: date | None = None
    review_on: date | None = None
    planned_until: date | None = None

    def days(self) -> tuple[date, date]:
        """The first day and that of the first review.

        Raises `NotAllowed`: `day-missing`, `review-missing`.
        """
        if self.in_force_from is None:
            raise NotAllowed("day-missing", f"{START_MISSING}.", "in_force_from")
        if self.review_on is None:
            raise NotAllowed("review-missing", f"{FIRST_REVIEW_MISSING}.", "review_on")
        return self.in_force_from, self.review_on


@dataclass(frozen=True)
class ConfirmInput(DecisionInput):
    """The second manager's word on an urgent suspension."""

    decision: str = "confirm"
    review_on: date | None = None


@requires(SUSPENSION["propose"])
@transaction.atomic
def propose(service_id: int, *, by: User, given: ProposalInput, now: datetime) -> Suspension:
    """Put a suspension of the service, or of a unit of it, before another manager.

    Source: the contract with the provider, and the council's policy that two managers decide.

    Raises `NotAllowed`: `permission-missing`, `already-proposed`, `service-closed`,
    `foreign-unit`, `unit-closed`, `already-suspended`, `was-suspended`, `limit-missing`.
    """
    # The service is held first: the second of two proposals waits here and then sees the first.
    service, unit = lock_service(service_id, given.unit_id)
    steps.check_propose(service, unit, timezone.localdate(now))
    steps.check_kind(given.kind, given.limit)
    suspension = _new(service, unit, given, given.record, by, now)
    SUSPENSION.apply(suspension, "propose", by, now)
    suspension.save()
    set_contracts_and_concerns(suspension, given.record, timezone.localdate(now))
    versions.keep(suspension, parts_of(suspension), by=by, now=now)
    recipients = usual_recipients(service) if given.recipients is None else given.recipients
    list_recipients(suspension, NotificationKind.SUSPENSION, recipients)
    after = {"kind": given.kind}
    record_transition(
        "propose", suspension, by=by, at=now, now=now, reason=given.record.summary, after=after
    )
    return suspension


@requires(SUSPENSION["suspend-urgently"])
@transaction.atomic
def suspend_urgently(
    service_id: int,
    *,
    by: User,
    given: UrgentInput,
    now: datetime,
    recipients: Iterable[RecipientInput] | None = None,
) -> Suspension:
    """Put a suspension in force on one manager's word; a second confirms by the next working day.

    The council's own teams, authorities that place people there and CQC are notified at once where
    they have an address; the rest at noon of the last day to confirm it. One in full is put over
    what is lighter (`rules.tightening`). If nobody confirms in time it stays in force, and managers
    are alerted every working day, after noon of the last day also the deputy, and from the next
    morning the director. `recipients` None: the usual ones.

    Source: the council's policy for harm that cannot wait for a second manager; where an adult is
    at risk, the Care Act 2014 (section 42) has its own enquiry beside it.

    Raises `NotAllowed`: `permission-missing`, `same-person`, `can-wait`, `before-decision`,
    `service-closed`, `foreign-unit`, `unit-closed`, `already-suspended`, `was-suspended`,
    `limit-missing`.
    """
    in_force_from = given.in_force_from or timezone.localdate(now)
    service, unit = lock_service(service_id, given.unit_id)
    layer = _check_urgent(service, unit, given, in_force_from, by, now)
    record = ProposalRecord(summary=given.summary, lead_officer_id=service.lead_officer_id)
    due_on = steps.confirm_due_on(now)
    suspension = _new(service, unit, given, record, by, now)
    suspension.is_urgent, suspension.layer = True, layer
    suspension.confirmer_id = given.confirmer_id
    suspension.decided_at = suspension.decision_recorded_at = now
    suspension.decision_reason, suspension.in_force_from = given.summary, in_force_from
    # Nobody has set a review yet: it is due with the confirmation, which sets the next.
    suspension.confirm_due_on = suspension.review_on = due_on
    SUSPENSION.apply(suspension, "suspend-urgently", by, now)
    suspension.save()
    set_contracts_and_concerns(suspension, record, in_force_from)
    versions.keep(suspension, parts_of(suspension), by=by, now=now)
    list_recipients(
        suspension,
        NotificationKind.SUSPENSION,
        usual_recipients(service) if recipients is None else recipients,
    )
    after = {
        "kind": given.kind,
        "in_force_from": in_force_from.isoformat(),
        "confirm_due_on": due_on.isoformat(),
    }
    record_transition(
        "suspend-urgently", suspension, by=by, at=now, now=now, reason=given.summary, after=after
    )
    queue.add(
        names.NOTIFY_RECIPIENTS,
        suspension.pk,
        NotificationKind.SUSPENSION.value,
        [kind.value for kind in AT_ONCE],
        about=suspension,
    )
    queue.add(names.ASK_TO_CONFIRM, suspension.pk, about=suspension)
    return suspension


@requires(SUSPENSION["decide"])
@transaction.atomic
def decide(suspension_id: int, *, by: User, given: DecideInput, now: datetime) -> Suspension:
    """Put a proposed suspension in force from that day, with the day of its first review.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `same-person`, `wrote-it`,
    `record-incomplete`, `stale-version`, `day-missing`, `review-missing`, `in-future`, `too-early`,
    `before-decision`, `review-too-early`, `ends-before-start`, `service-closed`, or what
    `check_scope` raises.
    """
    decided_at = given.decided_at or now
    suspension = lock(suspension_id)
    # The suspension, then its service: an urgent suspension of the same scope that is being made
    # holds the service, so that this decision waits for it and sees it. It holds no suspension, so
    # that the two cannot wait for each other.
    service, unit = lock_service(suspension.service_id, suspension.unit_id)
    SUSPENSION.apply(suspension, "decide", by, now, given.seen)
    in_force_from, review_on = given.days()
    steps.check_open(service, unit, in_force_from)
    checks.check_when(decided_at, now, not_before=suspension.proposed_at)
    steps.check_from(in_force_from, decided_at)
    steps.check_days(in_force_from, review_on, given.planned_until)
    steps.check_scope(
        suspension.service_id, suspension.unit_id, in_force_from, without=suspension.pk
    )
    _decided(suspension, by, given.reason, decided_at, now)
    suspension.in_force_from, suspension.review_on = in_force_from, review_on
    suspension.planned_until = given.planned_until
    suspension.save()
    versions.keep(suspension, parts_of(suspension), by=by, now=now)
    record_transition(
        "decide",
        suspension,
        by=by,
        at=decided_at,
        now=now,
        reason=given.reason,
        before=SuspensionStatus.PROPOSED,
        after={"in_force_from": in_force_from.isoformat(), "review_on": review_on.isoformat()},
    )
    queue.add(
        names.NOTIFY_RECIPIENTS, suspension.pk, NotificationKind.SUSPENSION.value, about=suspension
    )
    return suspension


@requires(SUSPENSION["refuse"])
@transaction.atomic
def refuse(suspension_id: int, *, by: User, given: DecisionInput, now: datetime) -> Suspension:
    """Decide that the service is not suspended. The proposal and the refusal stay in the record.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `same-person`, `wrote-it`,
    `stale-version`, `in-future`, `too-early`.
    """
    decided_at = given.decided_at or now
    suspension = lock(suspension_id)
    SUSPENSION.apply(suspension, "refuse", by, now, given.seen)
    checks.check_when(decided_at, now, not_before=suspension.proposed_at)
    _decided(suspension, by, given.reason, decided_at, now)
    suspension.save()
    record_transition(
        "refuse",
        suspension,
        by=by,
        at=decided_at,
        now=now,
        reason=given.reason,
        before=SuspensionStatus.PROPOSED,
    )
    return suspension


@requires(SUSPENSION["withdraw"])
@transaction.atomic
def withdraw(suspension_id: int, *, by: User, given: ReasonInput, now: datetime) -> Suspension:
    """Take a proposal back before it is decided.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `not-the-proposer`.
    """
    suspension = lock(suspension_id)
    SUSPENSION.apply(suspension, "withdraw", by, now)
    suspension.save()
    record_transition(
        "withdraw",
        suspension,
        by=by,
        at=now,
        now=now,
        reason=given.reason,
        before=SuspensionStatus.PROPOSED,
    )
    return suspension


@requires(SUSPENSION["confirm"])
@transaction.atomic
def confirm(suspension_id: int, *, by: User, given: ConfirmInput, now: datetime) -> Suspension:
    """The second manager stands behind an urgent suspension.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `same-person`, `not-urgent`,
    `already-confirmed`, `wrote-it`, `record-incomplete`, `stale-version`, `review-missing`,
    `review-too-early`, `in-future`, `too-early`.
    """
    confirmed_at = given.decided_at or now
    suspension = lock(suspension_id)
    SUSPENSION.apply(suspension, "confirm", by, now, given.seen)
    checks.check_when(confirmed_at, now, not_before=suspension.decided_at, what="confirmation")
    if given.review_on is None:
        raise NotAllowed("review-missing", f"{NEXT_REVIEW_MISSING}.", "review_on")
    if given.review_on <= timezone.localdate(confirmed_at):
        raise NotAllowed(
            "review-too-early",
            "The next review must be after the day of the confirmation.",
            "review_on",
        )
    suspension.confirmed_by, suspension.confirmed_at = by, confirmed_at
    suspension.review_on = given.review_on
    suspension.save()
    record_transition(
        "confirm",
        suspension,
        by=by,
        at=confirmed_at,
        now=now,
        reason=given.reason,
        before=SuspensionStatus.IN_FORCE,
        after={"review_on": given.review_on.isoformat()},
    )
    notify_provider_again(suspension, now)
    # Whoever has not been notified yet is notified now at the latest.
    queue.add(
        names.NOTIFY_RECIPIENTS, suspension.pk, NotificationKind.SUSPENSION.value, about=suspension
    )
    return suspension


@requires(SUSPENSION["end-unconfirmed"])
@transaction.atomic
def end_unconfirmed(
    suspension_id: int, *, by: User, given: DecisionInput, now: datetime
) -> Suspension:
    """The second manager does not confirm: the urgent suspension ends that day, and whoever was
    notified of it is notified of that.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `same-person`, `not-urgent`,
    `already-confirmed`, `wrote-it`, `stale-version`, `in-future`, `too-early`.
    """
    decided_at = given.decided_at or now
    suspension = lock(suspension_id)
    SUSPENSION.apply(suspension, "end-unconfirmed", by, now, given.seen)
    checks.check_when(decided_at, now, not_before=suspension.decided_at)
    suspension.lift_reason = given.reason
    suspension.lift_decided_by, suspension.lift_decided_at = by, decided_at
    suspension.lift_recorded_at = now
    suspension.lifted_on = lifted_on = lifting.last_day(suspension, decided_at)
    suspension.review_on = None
    suspension.save()
    list_recipients_of_lift(suspension)
    record_transition(
        "end-unconfirmed",
        suspension,
        by=by,
        at=decided_at,
        now=now,
        reason=given.reason,
        before=SuspensionStatus.IN_FORCE,
        after={"lifted_on": lifted_on.isoformat()},
    )
    queue.add(names.NOTIFY_RECIPIENTS, suspension.pk, NotificationKind.LIFT.value, about=suspension)
    return suspension


def _check_urgent(
    service: Service,
    unit: ServiceUnit | None,
    given: UrgentInput,
    in_force_from: date,
    by: User,
    now: datetime,
) -> int:
    layer = tightening.layer_for(service, unit, given.kind, in_force_from)
    steps.check_urgent_from(in_force_from, now)
    steps.check_kind(given.kind, given.limit)
    if given.confirmer_id == by.pk:
        raise NotAllowed(
            "same-person",
            "You are suspending this service, so choose another manager to confirm.",
            "confirmer",
        )
    return layer


def _new(
    service: Service,
    unit: ServiceUnit | None,
    given: ProposalInput | UrgentInput,
    record: ProposalRecord,
    by: User,
    now: datetime,
) -> Suspension:
    """A suspension with its record, not saved and in no state yet."""
    return Suspension(
        service=service,
        unit=unit,
        kind=given.kind,
        limit=given.limit if given.kind == SuspensionKind.PARTIAL else "",
        proposed_by=by,
        proposed_at=now,
        reasons_by=[by.pk],
        **record.plain(),
    )


def _decided(
    suspension: Suspension, by: User, reason: str, decided_at: datetime, now: datetime
) -> None:
    suspension.decided_by, suspension.decided_at = by, decided_at
    suspension.decision_recorded_at = now
    suspension.decision_reason = reason
