"""What stands for every suspension: the council's settings, cover for who is away, the register of parties, the words of messages."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from core import events
from core.models import User
from core.workflow import NotAllowed, requires
from providers.models import Service
from suspensions.models import Contact, Cover, MessageTemplate, Policy
from suspensions.rules import messages, steps, urgent

CHANGE_POLICY = "suspensions.change_policy"
CHANGE_MESSAGE = "suspensions.change_messagetemplate"


@dataclass(frozen=True)
class PolicyInput:
    """What the council has decided on formal steps, named as the columns are."""

    default_notices: int
    default_notice_days: int
    days_to_answer: int
    days_to_ask: int
    days_to_review: int
    again_days: int
    deputy_id: int | None
    director_id: int | None


@dataclass(frozen=True)
class CoverInput:
    """Who is away from one day to another, both counted, and who stands in."""

    person_id: int
    deputy_id: int
    from_on: date
    until_on: date


@dataclass(frozen=True)
class ContactInput:
    """Someone for the register of parties, for one service or for every one (`service_id` None)."""

    kind: str
    name: str
    email: str = ""
    phone: str = ""
    address: str = ""
    service_id: int | None = None


@dataclass(frozen=True)
class MessageInput:
    """The words for a telling and a kind of party (empty: for everyone without words of their own)."""

    telling: str
    kind: str
    subject: str
    body: str


@requires(CHANGE_POLICY)
@transaction.atomic
def set_policy(*, by: User, given: PolicyInput) -> Policy:
    """Set what the council has decided on formal steps, for what is decided from now on. Raises `NotAllowed`: `cannot-decide`."""
    deputy = User.objects.get(pk=given.deputy_id) if given.deputy_id else None
    if deputy and not deputy.has_perm(steps.DECIDE):
        raise NotAllowed(
            "cannot-decide",
            f"{deputy} cannot decide what another proposed, so cannot be the deputy.",
            "deputy",
        )
    values = asdict(given)
    policy, _new = Policy.objects.update_or_create(pk=1, defaults=values)
    events.record(
        "policy.changed",
        by=by,
        about=policy,
        after={name.removesuffix("_id"): value for name, value in values.items()},
    )
    return policy


@requires(steps.DECIDE)
@transaction.atomic
def set_cover(*, by: User, given: CoverInput, now: datetime) -> Cover:
    """Record that a person is away, and who stands in. Raises `NotAllowed`: `in-past`, or as `rules.check_cover` does."""
    # Two covers for one person are recorded one after the other, so that the second sees the first.
    person = User.objects.select_for_update().get(pk=given.person_id)
    deputy = User.objects.get(pk=given.deputy_id)
    urgent.check_cover(person, deputy, given.from_on, given.until_on)
    if given.until_on < timezone.localdate(now):
        raise NotAllowed("in-past", "The last day away must not be in the past.", "until_on")
    cover = Cover.objects.create(recorded_by=by, recorded_at=now, **asdict(given))
    days = {"from_on": given.from_on.isoformat(), "until_on": given.until_on.isoformat()}
    events.record("cover.set", by=by, about=cover, after={"person": person.pk, "deputy": deputy.pk, **days})
    return cover


@requires(steps.DECIDE)
@transaction.atomic
def end_cover(cover_id: int, *, by: User, now: datetime) -> Cover:
    """The person is back sooner, or the cover was a mistake. Raises `NotAllowed`: `already-ended`."""
    cover = Cover.objects.select_for_update(of=("self",)).get(pk=cover_id)
    urgent.check_not_ended(cover)
    cover.ended_at, cover.ended_by = now, by
    cover.save()
    events.record("cover.ended", by=by, about=cover)
    return cover


@requires(steps.RECORD)
@transaction.atomic
def add_contact(*, by: User, given: ContactInput, now: datetime) -> Contact:
    """Put someone on the register of parties, for one service or for every one. Raises `NotAllowed`: `on-register`."""
    service = None if given.service_id is None else Service.objects.get(pk=given.service_id)
    same = Contact.objects.filter(service=service, kind=given.kind, name=given.name, closed_at=None)
    if same.exists():
        raise NotAllowed("on-register", f"{given.name} is on the register already.", "name")
    contact = Contact.objects.create(added_by=by, added_at=now, **asdict(given))
    events.record("contact.added", by=by, about=contact, after={"kind": given.kind})
    return contact


@requires(steps.RECORD)
@transaction.atomic
def close_contact(contact_id: int, *, by: User, now: datetime) -> Contact:
    """Take someone off the register. Who was told before stays in the record of each suspension.

    Raises `NotAllowed`: `off-register`.
    """
    contact = Contact.objects.select_for_update(of=("self",)).get(pk=contact_id)
    messages.check_on_register(contact)
    contact.closed_at, contact.closed_by = now, by
    contact.save()
    events.record("contact.closed", by=by, about=contact)
    return contact


@requires(CHANGE_MESSAGE)
@transaction.atomic
def set_message(*, by: User, given: MessageInput, now: datetime) -> MessageTemplate:
    """Set the words for that telling and kind of party. Raises `NotAllowed`: `unknown-fact`, `lone-brace`."""
    messages.check_words(given.subject, "subject")
    messages.check_words(given.body, "body")
    message, _new = MessageTemplate.objects.update_or_create(
        telling=given.telling,
        kind=given.kind,
        defaults={"subject": given.subject, "body": given.body, "changed_by": by, "changed_at": now},
    )
    after = {"telling": given.telling, "kind": given.kind}
    events.record("message.changed", by=by, about=message, after=after)
    return message
