"""From a proposal, or an urgent suspension, to one that two people stand behind."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from carequality.models import User
from core.jobs import names, queue
from suspensions import rules
from suspensions.actions.letters import write_letter
from suspensions.actions.record import (
    Record,
    ToTell,
    fill,
    keep,
    list_parties,
    lock,
    lock_service,
    refuse_if,
    usual_parties,
)
from suspensions.actions.telling import to_be_told_of_lift, told_of
from suspensions.models import Kind, PartyKind, Status, Suspension, Telling


@transaction.atomic
def propose(
    service_id: int,
    *,
    by: User,
    kind: str,
    record: Record,
    now: datetime,
    limit: str = "",
    unit_id: int | None = None,
    parties: Iterable[ToTell] | None = None,
    proposed_at: datetime | None = None,
) -> Suspension:
    """Put a suspension of the service, or of a unit of it, before another manager. `parties` None: the usual ones."""
    proposed_at = proposed_at or now
    service, unit = lock_service(service_id, unit_id)
    refuse_if(
        rules.why_not_propose(service, unit, by, timezone.localdate(now)),
        rules.why_not_when(proposed_at, now, what="proposal"),
        _why_not_kind(kind, limit),
    )
    suspension = Suspension.objects.create(
        service=service,
        unit=unit,
        kind=kind,
        limit=limit if kind == Kind.PARTIAL else "",
        status=Status.PROPOSED,
        proposed_by=by,
        proposed_at=proposed_at,
        **record.plain(),
    )
    fill(suspension, record, timezone.localdate(proposed_at))
    list_parties(suspension, Telling.SUSPENSION, usual_parties(service) if parties is None else list(parties))
    keep("propose", suspension, by=by, at=proposed_at, now=now, reason=record.summary, after={"kind": kind})
    return suspension


@transaction.atomic
def suspend_urgently(
    service_id: int,
    *,
    by: User,
    summary: str,
    now: datetime,
    kind: str = Kind.FULL,
    limit: str = "",
    unit_id: int | None = None,
    in_force_from: date | None = None,
    decided_at: datetime | None = None,
    parties: Iterable[ToTell] | None = None,
    confirmer_id: int | None = None,
) -> Suspension:
    """Put a suspension in force on one manager's word; a second confirms by the next working day.

    The council's own teams (out of hours, brokerage, hospital discharge) are told at once where they have an address; the
    rest before it is confirmed. If nobody confirms in time it stays in force, and managers are alerted every working day,
    after noon of the last day also the deputy, and from the next morning the director.
    """
    decided_at = decided_at or now
    in_force_from = in_force_from or timezone.localdate(decided_at)
    service, unit = lock_service(service_id, unit_id)
    refuse_if(
        rules.why_not_suspend_urgently(service, unit, by, in_force_from),
        rules.why_not_when(decided_at, now),
        rules.why_not_urgent_from(in_force_from, decided_at),
        _why_not_kind(kind, limit),
        "Someone else must confirm." if confirmer_id == by.pk else None,
    )
    record = Record(summary=summary, lead_officer_id=service.lead_officer_id)
    due_on = rules.confirm_due_on(decided_at)
    suspension = Suspension.objects.create(
        service=service,
        unit=unit,
        kind=kind,
        limit=limit if kind == Kind.PARTIAL else "",
        status=Status.IN_FORCE,
        is_urgent=True,
        proposed_by=by,
        proposed_at=decided_at,
        decided_at=decided_at,
        decision_recorded_at=now,
        decision_reason=summary,
        in_force_from=in_force_from,
        confirm_due_on=due_on,
        confirmer_id=confirmer_id,
        review_on=due_on,
        **record.plain(),
    )
    fill(suspension, record, in_force_from)
    list_parties(suspension, Telling.SUSPENSION, usual_parties(service) if parties is None else list(parties))
    keep(
        "suspend_urgently",
        suspension,
        by=by,
        at=decided_at,
        now=now,
        reason=summary,
        after={
            "kind": kind,
            "in_force_from": in_force_from.isoformat(),
            "confirm_due_on": due_on.isoformat(),
        },
    )
    at_once = [kind.value for kind in rules.AT_ONCE]
    queue.add(names.TELL_PARTNERS, suspension.pk, Telling.SUSPENSION.value, at_once, about=suspension)
    queue.add(names.ASK_TO_CONFIRM, suspension.pk, about=suspension)
    return suspension


@transaction.atomic
def decide(
    suspension_id: int,
    *,
    by: User,
    reason: str,
    in_force_from: date,
    review_on: date,
    now: datetime,
    decided_at: datetime | None = None,
    planned_until: date | None = None,
) -> Suspension:
    """Put a proposed suspension in force from that day, with the day of its first review.

    `planned_until` is a day to lift or extend it by; it does not lapse.
    """
    decided_at = decided_at or now
    suspension = lock(suspension_id)
    lock_service(suspension.service_id, None)
    refuse_if(
        rules.why_not_decide(suspension, by),
        rules.why_not_when(decided_at, now, not_before=suspension.proposed_at),
        rules.why_not_from(in_force_from, decided_at),
        "The first review must be after the suspension begins." if review_on <= in_force_from else None,
        "The day that it is planned to last until must be after it begins."
        if planned_until and planned_until <= in_force_from
        else None,
        rules.why_not_scope(suspension.service_id, suspension.unit_id, in_force_from, without=suspension.pk),
    )
    suspension.status = Status.IN_FORCE
    suspension.decided_by, suspension.decided_at, suspension.decision_recorded_at = by, decided_at, now
    suspension.decision_reason = reason
    suspension.in_force_from, suspension.review_on = in_force_from, review_on
    suspension.planned_until = planned_until
    suspension.save()
    keep(
        "decide",
        suspension,
        by=by,
        at=decided_at,
        now=now,
        reason=reason,
        before=Status.PROPOSED,
        after={"in_force_from": in_force_from.isoformat(), "review_on": review_on.isoformat()},
    )
    queue.add(names.TELL_PARTNERS, suspension.pk, Telling.SUSPENSION.value, about=suspension)
    return suspension


@transaction.atomic
def refuse(
    suspension_id: int, *, by: User, reason: str, now: datetime, decided_at: datetime | None = None
) -> Suspension:
    """Decide that the service is not suspended. The proposal and the refusal stay in the record."""
    decided_at = decided_at or now
    suspension = lock(suspension_id)
    refuse_if(
        rules.why_not_refuse(suspension, by),
        rules.why_not_when(decided_at, now, not_before=suspension.proposed_at),
    )
    suspension.status = Status.REFUSED
    suspension.decided_by, suspension.decided_at, suspension.decision_recorded_at = by, decided_at, now
    suspension.decision_reason = reason
    suspension.save()
    keep("refuse", suspension, by=by, at=decided_at, now=now, reason=reason, before=Status.PROPOSED)
    return suspension


@transaction.atomic
def withdraw(suspension_id: int, *, by: User, reason: str, now: datetime) -> Suspension:
    """Take a proposal back before it is decided."""
    suspension = lock(suspension_id)
    refuse_if(rules.why_not_withdraw(suspension, by))
    suspension.status = Status.WITHDRAWN
    suspension.save()
    keep("withdraw", suspension, by=by, at=now, now=now, reason=reason, before=Status.PROPOSED)
    return suspension


@transaction.atomic
def confirm(
    suspension_id: int,
    *,
    by: User,
    reason: str,
    review_on: date,
    now: datetime,
    confirmed_at: datetime | None = None,
) -> Suspension:
    """The second manager stands behind an urgent suspension."""
    confirmed_at = confirmed_at or now
    suspension = lock(suspension_id)
    refuse_if(
        rules.why_not_confirm(suspension, by),
        rules.why_not_when(confirmed_at, now, not_before=suspension.decided_at, what="confirmation"),
        "The next review must be after today." if review_on <= timezone.localdate(confirmed_at) else None,
    )
    suspension.confirmed_by, suspension.confirmed_at, suspension.review_on = by, confirmed_at, review_on
    suspension.save()
    keep(
        "confirm",
        suspension,
        by=by,
        at=confirmed_at,
        now=now,
        reason=reason,
        before=Status.IN_FORCE,
        after={"review_on": review_on.isoformat()},
    )
    _whole_letter(suspension, now)
    # Whoever is still to be told of it is told now at the latest.
    queue.add(names.TELL_PARTNERS, suspension.pk, Telling.SUSPENSION.value, about=suspension)
    return suspension


@transaction.atomic
def end_unconfirmed(
    suspension_id: int, *, by: User, reason: str, now: datetime, decided_at: datetime | None = None
) -> Suspension:
    """The second manager does not confirm: the urgent suspension ends that day, and everyone told of it is told so."""
    decided_at = decided_at or now
    suspension = lock(suspension_id)
    refuse_if(
        rules.why_not_end_unconfirmed(suspension, by),
        rules.why_not_when(decided_at, now, not_before=suspension.decided_at),
    )
    assert suspension.in_force_from
    suspension.status = Status.LIFTED
    suspension.lift_reason = reason
    suspension.lift_decided_by, suspension.lift_decided_at, suspension.lift_recorded_at = by, decided_at, now
    suspension.lifted_on = max(timezone.localdate(decided_at), suspension.in_force_from)
    suspension.review_on = None
    suspension.save()
    to_be_told_of_lift(suspension)
    keep(
        "end_unconfirmed",
        suspension,
        by=by,
        at=decided_at,
        now=now,
        reason=reason,
        before=Status.IN_FORCE,
        after={"lifted_on": suspension.lifted_on.isoformat()},
    )
    queue.add(names.TELL_PARTNERS, suspension.pk, Telling.LIFT.value, about=suspension)
    return suspension


def _whole_letter(suspension: Suspension, now: datetime) -> None:
    """The provider that was told on one manager's word, of a record still bare, is told again with the whole of it."""
    providers = [party for party in told_of(suspension) if party.kind == PartyKind.PROVIDER]
    list_parties(suspension, Telling.CONFIRMED, providers)
    queue.add(names.TELL_PARTNERS, suspension.pk, Telling.CONFIRMED.value, about=suspension)
    # A letter that was written and could not be sent would go as it was.
    for party in (
        suspension.parties.waiting().filter(kind=PartyKind.PROVIDER, letters__isnull=False).distinct()
    ):
        write_letter(party, by=None, now=now)


def _why_not_kind(kind: str, limit: str) -> str | None:
    if kind == Kind.PARTIAL and not limit.strip():
        return "A partial suspension says its limit: a number, or case by case."
    return None
