"""Who stands in for whom while they are away, and who can."""

from datetime import date

from core.dates import day_in_words
from core.models import Cover, User
from core.registration import Registry
from core.workflow import NotAllowed

# Permissions for which somebody must stand in: an app registers its own in its module `cover`.
COVERED: Registry[str] = Registry("permissions that are covered")


def register_covered(permission: str, *, order: int) -> None:
    """Say that whoever holds that permission is covered while they are away, by someone who holds
    it too.
    """
    COVERED.add(permission, permission, order=order)


def covers_on(day: date) -> dict[int, Cover]:
    """Who is away that day, by their id, with who stands in."""
    return {
        cover.person_id: cover for cover in Cover.objects.on(day).select_related("person", "deputy")
    }


def names_with_cover(people: tuple[User, ...], day: date) -> list[str]:
    """The people by name, each who is away with who stands in."""
    covers = covers_on(day)
    return [
        (
            f"{person} (away until {day_in_words(covers[person.pk].until_on)}:"
            f" {covers[person.pk].deputy})"
            if person.pk in covers
            else str(person)
        )
        for person in people
    ]


def check_cover(person: User, deputy: User, from_on: date, until_on: date) -> None:
    """Whether this cover can stand: who stands in must be able to decide, and be there.

    Raises `NotAllowed`: `same-person`, `ends-before-start`, `cannot-decide`, `deputy-away`,
    `stands-in`, `already-covered`.
    """
    if person.pk == deputy.pk:
        raise NotAllowed(
            "same-person", "Choose someone other than the person who is away.", "deputy"
        )
    if until_on < from_on:
        raise NotAllowed(
            "ends-before-start",
            "The last day away must be the first day away or later.",
            "until_on",
        )
    if not deputy.has_perms(list(COVERED)):
        raise NotAllowed(
            "cannot-decide",
            f"{deputy} may not decide proposals. Choose a deputy who may.",
            "deputy",
        )
    overlapping = Cover.objects.filter(ended_at=None, from_on__lte=until_on, until_on__gte=from_on)
    if overlapping.filter(person=deputy).exists():
        raise NotAllowed(
            "deputy-away", f"{deputy} is away on those days. Choose another deputy.", "deputy"
        )
    # Otherwise the person whom they stand in for would have nobody on those days.
    if covering := overlapping.filter(deputy=person).select_related("person").first():
        raise NotAllowed(
            "stands-in",
            f"{person} stands in for {covering.person} on those days. First choose someone else to"
            f" stand in for {covering.person}.",
            "person",
        )
    if overlapping.filter(person=person).exists():
        raise NotAllowed("already-covered", f"{person} already has cover on those days.", "person")


def check_not_ended(cover: Cover) -> None:
    """Cover ends once.

    Raises `NotAllowed`: `already-ended`.
    """
    if cover.ended_at:
        raise NotAllowed("already-ended", "This cover has already ended.")
