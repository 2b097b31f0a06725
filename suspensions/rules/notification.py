"""Who can be notified, and who can be put on the list of recipients."""

from core.workflow import NotAllowed
from notifications.models import NotificationKind
from suspensions.models import Recipient, Suspension

# The form says this of an empty field, and the action to whoever calls it without one.
WHEN_MISSING = "Enter when they were notified"


def notification_of_end(suspension: Suspension) -> NotificationKind:
    """Of what is notified whoever was told of a suspension that is over: that it was lifted, or
    that its service has closed.
    """
    return NotificationKind.CLOSURE if suspension.is_ended_by_closure else NotificationKind.LIFT


def check_not_notified(recipient: Recipient) -> None:
    """Whether the recipient still has to be notified.

    Raises `NotAllowed`: `already-notified`.
    """
    if recipient.notified_at:
        raise NotAllowed("already-notified", f"{recipient.name} has already been notified.")


def check_not_listed(suspension: Suspension, notification: str, kind: str, name: str) -> None:
    """Whether someone can be added to the list of recipients.

    Raises `NotAllowed`: `already-listed`.
    """
    if suspension.recipients.filter(notification=notification, kind=kind, name=name).exists():
        raise NotAllowed("already-listed", f"{name} is already on the list of recipients.", "name")
