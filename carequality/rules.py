"""What may be done to the people who sign in. Nothing here writes."""

from carequality.models import User


def why_not_change_groups(person: User, by: User) -> str | None:
    # Nobody locks themselves out, and nobody gives themselves rights.
    if person.pk == by.pk:
        return "Another administrator must change your own groups."
    return None


def why_not_set_password(person: User, by: User) -> str | None:
    if person.pk == by.pk:
        return "Change your own password on your own page, with your present one."
    return None


def why_not_deactivate(person: User, by: User) -> str | None:
    if person.pk == by.pk:
        return "Another administrator must close your own account."
    if not by.is_active:
        return "Your own account has been closed."
    if not person.is_active:
        return f"The account of {person} is closed already."
    return None


def why_not_reactivate(person: User) -> str | None:
    if person.is_active:
        return f"The account of {person} is open."
    return None
