"""What may be done to the people who sign in. Nothing here writes."""

from core.models import User
from core.workflow import NotAllowed


def check_change_groups(person: User, by: User) -> None:
    """Raises `NotAllowed`: `same-person`. Nobody locks themselves out, and nobody gives themselves
    rights.
    """
    if person.pk == by.pk:
        raise NotAllowed("same-person", "Another administrator must change your groups.", "groups")


def check_set_password(person: User, by: User) -> None:
    """Raises `NotAllowed`: `same-person`."""
    if person.pk == by.pk:
        raise NotAllowed(
            "same-person",
            "Use Change your password: it asks for your current one.",
            "password",
        )


def check_unlock(person: User) -> None:
    """Raises `NotAllowed`: `account-closed`."""
    if not person.is_active:
        raise NotAllowed("account-closed", f"Reopen the account of {person} first.")


def check_deactivate(person: User, by: User) -> None:
    """Raises `NotAllowed`: `same-person`, `own-account-closed`, `already-closed`."""
    if person.pk == by.pk:
        raise NotAllowed("same-person", "Another administrator must close your account.")
    if not by.is_active:
        raise NotAllowed(
            "own-account-closed", "Your account has been closed, so you cannot close another."
        )
    if not person.is_active:
        raise NotAllowed("already-closed", f"The account of {person} is already closed.")


def check_reactivate(person: User) -> None:
    """Raises `NotAllowed`: `already-open`."""
    if person.is_active:
        raise NotAllowed("already-open", f"The account of {person} is already open.")
