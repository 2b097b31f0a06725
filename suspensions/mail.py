"""The emails of a suspension. They say what to do, never why: reasons are exempt (Local Government
Act 1972, Schedule 12A), and go to the provider alone by letter.
"""

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone

from core.models import CouncilProfile, User
from notifications import rules
from notifications.letters import content_of
from notifications.models import MessageTemplate, NotificationKind, RecipientKind
from suspensions.models import Recipient, Suspension
from suspensions.rules import messages
from suspensions.rules.waiting import Waiting

SUBJECTS = {
    NotificationKind.SUSPENSION: "No new placements",
    NotificationKind.CONFIRMED: "A suspension has been confirmed",
    NotificationKind.CHANGE: "A suspension has changed",
    NotificationKind.LIFT: "Placements can begin again",
    NotificationKind.CLOSURE: "Service closed",
}
ONLY_ENDED = "A suspension has ended"
STILL_STANDS = "This does not mean that placements can begin again."


def words_for(recipient: Recipient) -> tuple[str, str]:
    """Subject and body: the council's own words for that kind of recipient, or for everyone, or the
    product's.

    Where something else still stands against placements, no words say that they can begin again.
    """
    found = {
        message.kind: message
        for message in MessageTemplate.objects.filter(
            notification=recipient.notification, kind__in=[recipient.kind, ""]
        )
    }
    facts = messages.facts_for(recipient, CouncilProfile.current())
    still_stands = (
        messages.what_still_stands(recipient.suspension, timezone.localdate())
        if recipient.notification == NotificationKind.LIFT
        else []
    )
    subject = SUBJECTS[NotificationKind(recipient.notification)]
    subject = f"{ONLY_ENDED if still_stands else subject}: {recipient.suspension.scope}"
    if message := found.get(recipient.kind) or found.get(""):
        body = rules.filled_in(message.body, facts)
        # The council's words were written for a lift after which nothing stands any more.
        if still_stands:
            return subject, "\n".join([STILL_STANDS, *still_stands, "", body])
        # A line break in a subject would begin another header.
        return " ".join(rules.filled_in(message.subject, facts).split()), body
    body = render_to_string(
        f"suspensions/mail/{recipient.notification}.txt",
        {
            "recipient": recipient,
            "suspension": recipient.suspension,
            "partial": recipient.suspension.is_partial,
            "facts": facts,
            "still_stands": [STILL_STANDS, *still_stands] if still_stands else [],
        },
    )
    return subject, body


def to_recipient(recipient: Recipient) -> EmailMessage:
    """The email to a recipient; to the provider with its letter.

    Raises `PdfError` when that letter cannot be made, and whatever a malformed address raises.
    """
    council = CouncilProfile.current()
    subject, body = words_for(recipient)
    message = EmailMessage(
        subject=subject,
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[recipient.email],
        reply_to=[council.contact_email] if council else [],
    )
    # The newest: a letter that was written again takes the place of the one before.
    if recipient.kind == RecipientKind.PROVIDER and (letter := recipient.letters.first()):
        message.attach("letter.pdf", content_of(letter), "application/pdf")
    return message


def to_deciders(proposal: Waiting, people: Iterable[User], *, is_late: bool) -> EmailMessage:
    """Ask these people to decide a proposal. Names no service; nobody is on it when none has an
    address.
    """
    return EmailMessage(
        subject="Overdue: a proposal is waiting for a decision"
        if is_late
        else "A proposal is waiting for your decision",
        body=render_to_string(
            "suspensions/mail/decide.txt", {"proposal": proposal, "is_late": is_late}
        ),
        from_email=settings.DEFAULT_FROM_EMAIL,
        bcc=sorted({person.email for person in people if person.email}),
    )


def to_alert(
    suspension: Suspension, people: Iterable[User], *, overdue: bool, tells_rest: bool
) -> EmailMessage:
    """Ask these people to confirm. Names no service; nobody is on it when none has an address."""
    return EmailMessage(
        subject="Overdue: a suspension has not been confirmed"
        if overdue
        else "A suspension is waiting for you to confirm",
        body=render_to_string(
            "suspensions/mail/confirm.txt",
            {"suspension": suspension, "overdue": overdue, "tells_rest": tells_rest},
        ),
        from_email=settings.DEFAULT_FROM_EMAIL,
        bcc=sorted({person.email for person in people if person.email}),
    )
