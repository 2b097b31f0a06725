"""What stands for every suspension: the council's settings, cover for who is away, the register of parties, the words of messages."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from carequality import events
from carequality.models import User
from carequality.refusals import Refused
from providers.models import Service
from suspensions import rules
from suspensions.actions.record import refuse_if
from suspensions.models import Contact, Cover, MessageTemplate, Policy

CHANGE_POLICY = "suspensions.change_policy"
CHANGE_MESSAGE = "suspensions.change_messagetemplate"


@transaction.atomic
def set_policy(
    *,
    by: User,
    default_notices: int,
    default_notice_days: int,
    days_to_answer: int,
    days_to_ask: int,
    days_to_review: int,
    again_days: int,
    deputy: User | None,
    director: User | None,
) -> Policy:
    """Set what the council has decided on formal steps, for what is decided from now on."""
    refuse_if(
        None if by.has_perm(CHANGE_POLICY) else "You do not have the right to change these settings.",
        f"{deputy} cannot decide what another proposed, so cannot be the deputy."
        if deputy and not deputy.has_perm(rules.DECIDE)
        else None,
    )
    numbers = {
        "default_notices": default_notices,
        "default_notice_days": default_notice_days,
        "days_to_answer": days_to_answer,
        "days_to_ask": days_to_ask,
        "days_to_review": days_to_review,
        "again_days": again_days,
    }
    policy, _new = Policy.objects.update_or_create(
        pk=1, defaults={**numbers, "deputy": deputy, "director": director}
    )
    people = {"deputy": deputy.pk if deputy else None, "director": director.pk if director else None}
    events.record("policy.changed", by=by, about=policy, after={**numbers, **people})
    return policy


@transaction.atomic
def set_cover(*, by: User, person: User, deputy: User, from_on: date, until_on: date, now: datetime) -> Cover:
    """Record that a person is away, and who stands in."""
    User.objects.select_for_update().get(pk=person.pk)
    refuse_if(
        rules.why_not_cover(person, deputy, from_on, until_on, by),
        "The last day away must not be in the past." if until_on < timezone.localdate(now) else None,
    )
    cover = Cover.objects.create(
        person=person,
        deputy=deputy,
        from_on=from_on,
        until_on=until_on,
        recorded_by=by,
        recorded_at=now,
    )
    days = {"from_on": from_on.isoformat(), "until_on": until_on.isoformat()}
    events.record("cover.set", by=by, about=cover, after={"person": person.pk, "deputy": deputy.pk, **days})
    return cover


@transaction.atomic
def end_cover(cover_id: int, *, by: User, now: datetime) -> Cover:
    """The person is back sooner, or the cover was a mistake."""
    cover = Cover.objects.select_for_update(of=("self",)).get(pk=cover_id)
    refuse_if(
        None if by.has_perm(rules.DECIDE) else "You do not have the right to record cover.",
        "This cover has ended." if cover.ended_at else None,
    )
    cover.ended_at, cover.ended_by = now, by
    cover.save()
    events.record("cover.ended", by=by, about=cover)
    return cover


@transaction.atomic
def add_contact(
    *,
    by: User,
    kind: str,
    name: str,
    now: datetime,
    service_id: int | None = None,
    email: str = "",
    phone: str = "",
    address: str = "",
) -> Contact:
    """Put someone on the register of parties, for one service or for every one."""
    same = Contact.objects.filter(
        service=None if service_id is None else Service.objects.get(pk=service_id),
        kind=kind,
        name=name,
        closed_at=None,
    )
    refuse_if(
        None
        if by.has_perm(rules.RECORD)
        else "You do not have the right to write to the register of parties.",
        f"{name} is on the register already." if same.exists() else None,
    )
    contact = Contact.objects.create(
        service_id=service_id,
        kind=kind,
        name=name,
        email=email,
        phone=phone,
        address=address,
        added_by=by,
        added_at=now,
    )
    events.record("contact.added", by=by, about=contact, after={"kind": kind})
    return contact


@transaction.atomic
def close_contact(contact_id: int, *, by: User, now: datetime) -> Contact:
    """Take someone off the register. Who was told before stays in the record of each suspension."""
    contact = Contact.objects.select_for_update(of=("self",)).get(pk=contact_id)
    refuse_if(
        None
        if by.has_perm(rules.RECORD)
        else "You do not have the right to write to the register of parties.",
        "They are off the register already." if contact.closed_at else None,
    )
    contact.closed_at, contact.closed_by = now, by
    contact.save()
    events.record("contact.closed", by=by, about=contact)
    return contact


@transaction.atomic
def set_message(
    *, by: User, telling: str, kind: str, subject: str, body: str, now: datetime
) -> MessageTemplate:
    """Set the words for that telling and kind of party. Raises `Refused` for a name that stands for no fact."""
    if not by.has_perm(CHANGE_MESSAGE):
        raise Refused("You do not have the right to change the words of messages.")
    refuse_if(rules.why_not_words(subject), rules.why_not_words(body))
    message, _new = MessageTemplate.objects.update_or_create(
        telling=telling,
        kind=kind,
        defaults={"subject": subject, "body": body, "changed_by": by, "changed_at": now},
    )
    events.record("message.changed", by=by, about=message, after={"telling": telling, "kind": kind})
    return message
