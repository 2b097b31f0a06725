from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from carequality import events
from carequality.models import User
from carequality.refusals import Refused
from concerns import rules
from concerns.models import Concern, Contact, LogEntry, ReferenceYear, Status, Targets


@transaction.atomic
def record_concern(
    *,
    by: User,
    service_id: int,
    kind: str,
    source: str,
    risk: str,
    received_at: datetime,
    summary: str,
    now: datetime,
    abuse: str = "",
    abuse_by: str = "",
    section_42: str = "",
    done: str = "",
    allocated_to_id: int | None = None,
) -> Concern:
    """Record a concern and start its response clock. Raises `Refused`."""
    if why_not := rules.why_not_record(kind, abuse, section_42, received_at, now):
        raise Refused(why_not)
    concern = Concern.objects.create(
        reference=_next_reference(timezone.localtime(received_at).year),
        service_id=service_id,
        kind=kind,
        source=source,
        risk=risk,
        abuse=abuse,
        abuse_by=abuse_by,
        section_42=section_42,
        received_at=received_at,
        summary=summary,
        done=done,
        allocated_to_id=allocated_to_id,
        respond_by=rules.respond_by(risk, received_at, Targets.current()),
        recorded_at=now,
        recorded_by=by,
    )
    events.record(
        "concern.recorded",
        by=by,
        about=concern,
        after={"kind": kind, "risk": risk, "allocated_to": allocated_to_id},
        happened_at=received_at,
    )
    return concern


@transaction.atomic
def allocate(concern_id: int, *, by: User, to: User) -> Concern:
    concern = _locked(concern_id)
    if why_not := rules.why_not_allocate(concern, to):
        raise Refused(why_not)
    before = concern.allocated_to_id
    concern.allocated_to = to
    concern.save()
    events.record(
        "concern.allocated",
        by=by,
        about=concern,
        before={"allocated_to": before},
        after={"allocated_to": to.pk},
    )
    return concern


@transaction.atomic
def respond(concern_id: int, *, by: User, at: datetime, done: str, now: datetime) -> Concern:
    """Record the first response: when it was given and what was done."""
    concern = _locked(concern_id)
    if why_not := rules.why_not_respond(concern, at, now):
        raise Refused(why_not)
    concern.first_response_at = at
    concern.done = _added(concern.done, done)
    concern.save()
    events.record(
        "concern.answered",
        by=by,
        about=concern,
        after={"in_time": concern.answered_in_time},
        happened_at=at,
    )
    return concern


@transaction.atomic
def change_risk(concern_id: int, *, by: User, risk: str, reason: str, now: datetime) -> Concern:
    """Change the risk and, while nobody has answered, the clock with it."""
    concern = _locked(concern_id)
    if why_not := rules.why_not_change_risk(concern, risk):
        raise Refused(why_not)
    before, was = concern.risk, concern.get_risk_display()
    if concern.first_response_at is None:
        concern.respond_by = rules.respond_by_after_change(concern, risk, now, Targets.current())
    concern.risk = risk
    concern.done = _added(concern.done, f"Risk changed from {was} to {concern.get_risk_display()}: {reason}")
    concern.save()
    events.record("concern.risk_changed", by=by, about=concern, before={"risk": before}, after={"risk": risk})
    return concern


@transaction.atomic
def record_enquiry(concern_id: int, *, by: User, section_42: str, outcome: str) -> Concern:
    """Record where the section 42 enquiry stands; `outcome` once it has concluded."""
    concern = _locked(concern_id)
    if why_not := rules.why_not_record_enquiry(concern, section_42, outcome):
        raise Refused(why_not)
    before = concern.section_42
    concern.section_42, concern.section_42_outcome = section_42, outcome
    concern.save()
    events.record(
        "concern.enquiry_recorded",
        by=by,
        about=concern,
        before={"section_42": before},
        after={"section_42": section_42, "outcome": outcome},
    )
    return concern


@transaction.atomic
def add_to_log(concern_id: int, *, by: User, text: str, now: datetime) -> LogEntry:
    """Add a line to the investigation log. The record says that one was added, never what it says."""
    concern = _locked(concern_id)
    if why_not := rules.why_not_add_to_log(concern):
        raise Refused(why_not)
    entry = LogEntry.objects.create(concern=concern, text=text, at=now, by=by)
    events.record("concern.logged", by=by, about=concern, after={"entry": entry.pk}, happened_at=now)
    return entry


@transaction.atomic
def change_targets(*, by: User, **values: Any) -> Targets:
    """Set how quickly concerns are answered. Clocks that run already stay as they are."""
    Targets.objects.get_or_create(pk=1)
    targets = Targets.objects.select_for_update().get(pk=1)
    before = {name: str(getattr(targets, name)) for name in values}
    for name, value in values.items():
        setattr(targets, name, value)
    targets.save()
    after = {name: str(value) for name, value in values.items()}
    events.record("concern_targets.changed", by=by, about=targets, before=before, after=after)
    return targets


@transaction.atomic
def close(concern_id: int, *, by: User, outcome: str, done: str, now: datetime) -> Concern:
    concern = _locked(concern_id)
    if why_not := rules.why_not_close(concern):
        raise Refused(why_not)
    concern.status = Status.CLOSED
    concern.outcome = outcome
    concern.done = _added(concern.done, done)
    concern.closed_at, concern.closed_by = now, by
    concern.save()
    events.record("concern.closed", by=by, about=concern, after={"outcome": outcome}, happened_at=now)
    return concern


@transaction.atomic
def log_contact(
    *,
    by: User,
    service_id: int,
    kind: str,
    with_whom: str,
    happened_at: datetime,
    note: str,
    now: datetime,
    concern_id: int | None = None,
) -> Contact:
    """Log a call, e-mail or meeting about a service, and about one of its concerns if it was."""
    if why_not := rules.why_not_log_contact(happened_at, now):
        raise Refused(why_not)
    contact = Contact.objects.create(
        service_id=service_id,
        concern_id=concern_id,
        kind=kind,
        with_whom=with_whom,
        happened_at=happened_at,
        note=note,
        recorded_by=by,
        recorded_at=now,
    )
    events.record(
        "contact.logged",
        by=by,
        about=contact,
        after={"kind": kind, "concern": concern_id},
        happened_at=happened_at,
    )
    return contact


def _locked(concern_id: int) -> Concern:
    return Concern.objects.select_for_update().get(pk=concern_id)


def _next_reference(year: int) -> str:
    ReferenceYear.objects.get_or_create(year=year)
    count = ReferenceYear.objects.select_for_update().get(year=year)
    count.last_number += 1
    count.save()
    return str(count)


def _added(text: str, more: str) -> str:
    return f"{text}\n\n{more}".strip() if more else text
