"""Who can be told, and who can be put on the list of them."""

from core.workflow import NotAllowed
from suspensions.models import Party, Suspension


def check_not_told(party: Party) -> None:
    """Whether the party still waits to be told. Raises `NotAllowed`: `already-told`."""
    if party.told_at:
        raise NotAllowed("already-told", f"{party.name} was told already.")


def check_not_listed(suspension: Suspension, telling: str, kind: str, name: str) -> None:
    """Whether someone can be added to who has to be told. Raises `NotAllowed`: `already-listed`."""
    if suspension.parties.filter(telling=telling, kind=kind, name=name).exists():
        raise NotAllowed("already-listed", f"{name} is on the list already.", "name")
