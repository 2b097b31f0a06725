"""The e-mails of a suspension. They say what is to be done, never why: reasons are exempt, and go to the provider alone by letter."""

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from core.models import CouncilProfile, User
from suspensions import letters
from suspensions.models import Kind, MessageTemplate, Party, PartyKind, Suspension, Telling
from suspensions.rules import messages

SUBJECTS = {
    Telling.SUSPENSION: "No new placements",
    Telling.CONFIRMED: "A suspension has been confirmed",
    Telling.CHANGE: "A suspension has changed",
    Telling.LIFT: "Placements may begin again",
}


def words_for(party: Party) -> tuple[str, str]:
    """Subject and body: the council's own words for that kind of party, or for everyone, or the product's."""
    found = {
        message.kind: message
        for message in MessageTemplate.objects.filter(telling=party.telling, kind__in=[party.kind, ""])
    }
    if message := found.get(party.kind) or found.get(""):
        facts = messages.facts_for(party, CouncilProfile.current())
        subject = messages.filled_in(message.subject, facts)
        return " ".join(subject.split()), messages.filled_in(message.body, facts)
    body = render_to_string(
        f"suspensions/mail/{party.telling}.txt",
        {
            "party": party,
            "suspension": party.suspension,
            "partial": party.suspension.kind == Kind.PARTIAL,
            "council": CouncilProfile.current(),
        },
    )
    return f"{SUBJECTS[Telling(party.telling)]}: {party.suspension.scope}", body


def to_party(party: Party) -> EmailMessage:
    """What a party is told; to the provider with its letter. Raises `PdfError` when that letter cannot be made, and whatever
    a malformed address raises."""
    council = CouncilProfile.current()
    subject, body = words_for(party)
    message = EmailMessage(
        subject=subject,
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[party.email],
        reply_to=[council.contact_email] if council else [],
    )
    if party.kind == PartyKind.PROVIDER and (letter := party.letters.first()):
        message.attach("letter.pdf", letters.content_of(letter), "application/pdf")
    return message


def to_alert(suspension: Suspension, people: Iterable[User], *, overdue: bool) -> EmailMessage:
    """Ask these people to confirm. Names no service; nobody is on it when none has an address."""
    return EmailMessage(
        subject="Overdue: a suspension has not been confirmed" if overdue else "A suspension waits for you",
        body=render_to_string("suspensions/mail/confirm.txt", {"suspension": suspension, "overdue": overdue}),
        from_email=settings.DEFAULT_FROM_EMAIL,
        bcc=sorted({person.email for person in people if person.email}),
    )
