"""Who plays in a script, and what both halves of it need."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from core import versions
from core.models import User
from demo.context import DemoContext
from demo.record import at
from demo.suspensions.scripts import Script
from notifications.models import How, RecipientKind
from providers.models import Service
from suspensions.actions import notification
from suspensions.models import Suspension


@dataclass
class Roles:
    """One script with its service and its people: `one` proposes, `other` decides."""

    context: DemoContext
    script: Script
    service: Service
    one: User
    other: User
    senior: User
    officer: User
    rng: Random = field(repr=False)


def as_read(suspension: Suspension) -> str:
    """Which version somebody has read who decides on it at once."""
    return versions.seen_of(suspension)


def everyone_notified(roles: Roles, suspension: Suspension, day: date) -> None:
    """Everyone was told on the day or the next; one call is still to be made where the suspension
    is young.
    """
    waiting = list(suspension.recipients.waiting().order_by("pk"))
    if roles.script.ends == "in_force" and roles.script.began < 40:
        waiting = [recipient for recipient in waiting if recipient.kind != RecipientKind.AUTHORITY]
    for recipient in waiting:
        families = recipient.kind == RecipientKind.FAMILIES
        how = How.MEETING if families else How.EMAIL if recipient.email else How.TELEPHONE
        notified_at = at(day + timedelta(1), 14) if families else at(day, 17, 30)
        outcome = "Asked what it means for those who live there; told that nobody has to move."
        notification.record_notified(
            recipient.pk,
            by=roles.officer,
            notified_at=notified_at,
            how=how,
            outcome=outcome if families else "",
            now=notified_at + timedelta(minutes=20),
        )
