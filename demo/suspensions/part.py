"""Who plays in a script, and what both halves of it need."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from core.models import User
from demo.record import at
from demo.stage import Stage
from demo.suspensions.scripts import Script
from providers.models import Service
from suspensions.actions import telling
from suspensions.models import How, PartyKind, Suspension


@dataclass
class Part:
    """One script with its service and its people: `one` proposes, `other` decides."""

    stage: Stage
    script: Script
    service: Service
    one: User
    other: User
    senior: User
    officer: User
    rng: Random = field(repr=False)


def everyone_told(part: Part, suspension: Suspension, day: date) -> None:
    """Everyone was told on the day or the next; one call is still to be made where the suspension is young."""
    waiting = list(suspension.parties.waiting().order_by("pk"))
    if part.script.ends == "in_force" and part.script.began < 40:
        waiting = [party for party in waiting if party.kind != PartyKind.AUTHORITY]
    for party in waiting:
        families = party.kind == PartyKind.FAMILIES
        how = How.MEETING if families else How.EMAIL if party.email else How.TELEPHONE
        told_at = at(day + timedelta(1), 14) if families else at(day, 17, 30)
        outcome = "Asked what it means for those who live there; told that nobody has to move."
        telling.record_told(
            party.pk,
            by=part.officer,
            told_at=told_at,
            how=how,
            outcome=outcome if families else "",
            now=told_at + timedelta(minutes=20),
        )
