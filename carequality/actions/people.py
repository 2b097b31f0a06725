"""The people who sign in: added, given groups, closed and opened again; never deleted. Events hold no personal data of theirs."""

from collections.abc import Collection
from typing import Any

from axes.utils import reset
from django.contrib.auth.models import Group
from django.db import transaction

from carequality import events, rules
from carequality.models import User
from carequality.refusals import Refused


@transaction.atomic
def add_person(*, by: User, groups: Collection[str], password: str, **values: Any) -> User:
    """Add a person with a first password, to be changed at the first sign-in. `groups` are names of groups."""
    person = User(**values, password_is_temporary=True)
    person.set_password(password)
    person.save()
    person.groups.set(Group.objects.filter(name__in=groups))
    events.record("person.added", by=by, about=person, after={"groups": sorted(groups)})
    return person


@transaction.atomic
def change_person(person_id: int, *, by: User, **values: Any) -> User:
    """Change a person's name and how to reach them."""
    person = User.objects.select_for_update().get(pk=person_id)
    changed = [name for name, value in values.items() if getattr(person, name) != value]
    if changed:
        for name in changed:
            setattr(person, name, values[name])
        person.save(update_fields=changed)
        events.record("person.changed", by=by, about=person, after=dict.fromkeys(changed, "(personal)"))
    return person


@transaction.atomic
def change_groups(person_id: int, *, by: User, groups: Collection[str]) -> User:
    """Give a person exactly these groups (by name)."""
    person = User.objects.select_for_update().get(pk=person_id)
    if why_not := rules.why_not_change_groups(person, by):
        raise Refused(why_not)
    before = sorted(person.groups.values_list("name", flat=True))
    if before != sorted(groups):
        person.groups.set(Group.objects.filter(name__in=groups))
        events.record(
            "person.groups_changed",
            by=by,
            about=person,
            before={"groups": before},
            after={"groups": sorted(groups)},
        )
    return person


@transaction.atomic
def set_password(person_id: int, *, by: User, password: str) -> User:
    """Set a password that its owner must change at the next sign-in; sessions under the old one end."""
    person = User.objects.select_for_update().get(pk=person_id)
    if why_not := rules.why_not_set_password(person, by):
        raise Refused(why_not)
    person.set_password(password)
    person.password_is_temporary = True
    person.save(update_fields=["password", "password_is_temporary"])
    reset(username=person.username)  # whoever was locked out by wrong passwords may try the new one at once
    events.record("person.password_set", by=by, about=person)
    return person


@transaction.atomic
def own_password_changed(person: User) -> None:
    """Record that a person has chosen a password of their own."""
    person.password_is_temporary = False
    person.save(update_fields=["password_is_temporary"])
    events.record("person.password_changed", by=person, about=person)


@transaction.atomic
def deactivate(person_id: int, *, by: User) -> User:
    """Close an account at once: whoever is signed in with it is signed out by the next request."""
    # Both rows, in one order: of two administrators who close each other at once, the second is refused.
    rows = {
        row.pk: row
        for row in User.objects.select_for_update().filter(pk__in=[person_id, by.pk]).order_by("pk")
    }
    person = rows[person_id]
    if why_not := rules.why_not_deactivate(person, rows[by.pk]):
        raise Refused(why_not)
    person.is_active = False
    person.save(update_fields=["is_active"])
    events.record("person.deactivated", by=by, about=person)
    return person


@transaction.atomic
def reactivate(person_id: int, *, by: User) -> User:
    """Open a closed account again."""
    person = User.objects.select_for_update().get(pk=person_id)
    if why_not := rules.why_not_reactivate(person):
        raise Refused(why_not)
    person.is_active = True
    person.save(update_fields=["is_active"])
    events.record("person.reactivated", by=by, about=person)
    return person
