"""Who can be told, and who can be put on the list of them."""

from core.workflow import NotAllowed
from suspensions.models import Recipient, Suspension


def check_not_notified(recipient: Recipient) -> None:
    """Whether the recipient still waits to be told. Raises `NotAllowed`: `already-notified`."""
    if recipient.notified_at:
        raise NotAllowed("already-notified", f"{recipient.name} was told already.")


def check_not_listed(suspension: Suspension, notification: str, kind: str, name: str) -> None:
    """Whether someone can be added to who has to be told. Raises `NotAllowed`: `already-listed`."""
    if suspension.recipients.filter(notification=notification, kind=kind, name=name).exists():
        raise NotAllowed("already-listed", f"{name} is on the list already.", "name")
