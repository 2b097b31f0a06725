"""The words of the messages."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core import events
from core.models import User
from core.workflow import requires
from notifications import rules
from notifications.models import MessageTemplate
from notifications.permissions import CHANGE_MESSAGE


@dataclass(frozen=True)
class MessageInput:
    """The words for a notification and a kind of recipient (empty: for everyone without words of
    their own).
    """

    notification: str
    kind: str
    subject: str
    body: str


@requires(CHANGE_MESSAGE)
@transaction.atomic
def set_message(*, by: User, given: MessageInput, now: datetime) -> MessageTemplate:
    """Set the words for that notification and kind of recipient.

    What a message cannot say is decided by the facts that it may name, not by whoever writes it.

    Raises `NotAllowed`: `permission-missing`, `unknown-fact`, `lone-brace`.
    """
    rules.check_words(given.subject, "subject")
    rules.check_words(given.body, "body")
    # It holds the row. Of two who set the same words at once the later stands, and both are in the
    # record of events.
    message, _new = MessageTemplate.objects.update_or_create(
        notification=given.notification,
        kind=given.kind,
        defaults={
            "subject": given.subject,
            "body": given.body,
            "changed_by": by,
            "changed_at": now,
        },
    )
    after = {"notification": given.notification, "kind": given.kind}
    events.record("message.changed", by=by, about=message, after=after)
    return message
