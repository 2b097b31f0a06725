"""Who can be told, and what can be kept beside a suspension at all."""

from core.workflow import NotAllowed
from suspensions.models import EVER_IN_FORCE, Party, Suspension


def check_was_in_force(suspension: Suspension) -> None:
    """Whether it is in force, or was. Raises `NotAllowed`: `never-in-force`."""
    if suspension.status not in EVER_IN_FORCE:
        raise NotAllowed("never-in-force", "This suspension was never in force.")


def check_not_told(party: Party) -> None:
    """Whether the party still waits to be told. Raises `NotAllowed`: `already-told`."""
    if party.told_at:
        raise NotAllowed("already-told", f"{party.name} was told already.")


def check_not_listed(suspension: Suspension, telling: str, kind: str, name: str) -> None:
    """Whether someone can be added to who has to be told. Raises `NotAllowed`: `already-listed`."""
    if suspension.parties.filter(telling=telling, kind=kind, name=name).exists():
        raise NotAllowed("already-listed", f"{name} is on the list already.", "name")
