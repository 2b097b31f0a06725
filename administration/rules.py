"""What may be done to the people who sign in. Nothing here writes."""

from django.db.models import Q

from core.models import User
from core.models.keys import TWIN
from core.workflow import NotAllowed
from documents.folding import account_key, address_key


def check_account(*, username: str = "", email: str = "", but: int = 0) -> None:
    """One account for one person: no other has that user name or that email address, in whatever
    spelling.

    What one person proposes another decides, and accounts tell people apart. Raises `NotAllowed`:
    `taken`.
    """
    others = User.objects.exclude(pk=but)
    for field, what, key in (
        ("username", "user name", account_key(username)),
        ("email", "email address", address_key(email)),
    ):
        # A later one of two that were alike before keys existed has its number behind the key.
        alike = Q(**{f"{field}_key": key}) | Q(**{f"{field}_key__startswith": f"{key}{TWIN}"})
        if key and (other := others.filter(alike).first()):
            instead = "" if other.is_active else " Reopen that account instead."
            raise NotAllowed(
                "taken",
                f"{other} has this {what} already, as {getattr(other, field)}.{instead}",
                field,
            )


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
    # Asked of the row that is held: another may have closed this account since the request began.
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


def check_hold(to: User, permission: str, holder_id: int | None) -> None:
    """Whether that person can have a piece of work in hand, which another has now.

    Raises `NotAllowed`: `cannot-hold`, `holds-already`.
    """
    if not to.is_active or not to.has_perm(permission):
        raise NotAllowed(
            "cannot-hold",
            f"{to} does not have the right to do all of this. Choose someone else.",
            "to",
        )
    if to.pk == holder_id:
        raise NotAllowed("holds-already", f"{to} has this already. Choose someone else.", "to")
