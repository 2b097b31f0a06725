"""The people who sign in: added, given groups, closed and opened again; never deleted. Events hold
no personal data of theirs.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import Group
from django.db import connection, transaction

from administration import rules
from core import events
from core.guessing import counting
from core.inputs import columns
from core.jobs import names, queue
from core.models import User
from core.workflow import requires

CHANGE = "core.change_user"


@dataclass(frozen=True)
class PersonInput:
    """A person's name and how to reach them."""

    first_name: str
    last_name: str
    email: str
    job_title: str = ""
    phone: str = ""


@dataclass(frozen=True)
class NewPersonInput(PersonInput):
    """A person who is added: what they type to sign in, their first password, and the names of
    their groups.
    """

    username: str = ""
    password: str = ""
    groups: Collection[str] = ()


@dataclass(frozen=True)
class GroupsInput:
    """The names of all groups that a person is to be in."""

    groups: Collection[str]


@dataclass(frozen=True)
class PasswordInput:
    """A first password."""

    password: str


@requires(CHANGE)
@transaction.atomic
def add_person(*, by: User, given: NewPersonInput) -> User:
    """Add a person with a first password, to be changed at the first sign-in.

    Raises `NotAllowed`: `permission-missing`, `taken`.
    """
    _hold_accounts()
    rules.check_account(username=given.username, email=given.email)
    person = User(**columns(given, but=("groups", "password")), password_is_temporary=True)
    person.set_password(given.password)
    person.save()
    person.groups.set(Group.objects.filter(name__in=given.groups))
    # Groups are no personal data: what a person may do must be answerable for any day.
    events.record("person.added", by=by, about=person, after={"groups": sorted(given.groups)})
    return person


@requires(CHANGE)
@transaction.atomic
def change_person(person_id: int, *, by: User, given: PersonInput) -> User:
    """Change a person's name and how to reach them.

    Raises `NotAllowed`: `permission-missing`, `taken`.
    """
    values = columns(given)
    _hold_accounts()
    person = User.objects.select_for_update().get(pk=person_id)
    changed = [name for name, value in values.items() if getattr(person, name) != value]
    if "email" in changed:
        rules.check_account(email=given.email, but=person.pk)
    if changed:
        for name in changed:
            setattr(person, name, values[name])
        person.save(update_fields=changed)
        events.record(
            "person.changed", by=by, about=person, after=dict.fromkeys(changed, "(personal)")
        )
    return person


def _hold_accounts() -> None:
    # The constraints refuse the second of two alike; who adds it is to be told whose the first is.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('administration.accounts'))")


@requires(CHANGE)
@transaction.atomic
def change_groups(person_id: int, *, by: User, given: GroupsInput) -> User:
    """Give a person exactly these groups.

    Raises `NotAllowed`: `permission-missing`, `same-person`.
    """
    person = User.objects.select_for_update().get(pk=person_id)
    # Nobody gives themselves rights, so a second administrator is needed for that.
    rules.check_change_groups(person, by)
    before = sorted(person.groups.values_list("name", flat=True))
    if before != sorted(given.groups):
        # Held above: of two who change the groups at once, the event of each says what it replaced.
        person.groups.set(Group.objects.filter(name__in=given.groups))
        events.record(
            "person.groups_changed",
            by=by,
            about=person,
            before={"groups": before},
            after={"groups": sorted(given.groups)},
        )
    return person


@requires(CHANGE)
@transaction.atomic
def set_password(person_id: int, *, by: User, given: PasswordInput, now: datetime) -> User:
    """Set a password that its owner must change at the next sign-in; sessions under the old one
    end.

    Raises `NotAllowed`: `permission-missing`, `same-person`.
    """
    person = _held(person_id)
    rules.check_set_password(person, by)
    person.set_password(given.password)
    # Until its owner has changed it, the administrator knows it too.
    person.password_is_temporary = True
    person.save(update_fields=["password", "password_is_temporary"])
    # Whoever had to wait because of wrong passwords may try the new one at once.
    counting.let_in(person, now=now)
    events.record("person.password_set", by=by, about=person)
    return person


@requires(CHANGE, automatic=True)
@transaction.atomic
def unlock(person_id: int, *, by: User | None, now: datetime) -> User:
    """Let a person sign in without waiting, whatever wrong passwords came before; they are told by
    email and on the next page that they see. `by` is None for a command of the server's.

    Raises `NotAllowed`: `permission-missing`, `account-closed`.
    """
    person = _held(person_id)
    rules.check_unlock(person)
    counting.let_in(person, now=now)
    person.unlocked_at = now
    person.save(update_fields=["unlocked_at"])
    queue.add(names.TELL_OWNER, person.pk, "unlocked", about=person, asked_by=by, now=now)
    events.record("person.unlocked", by=by, about=person, happened_at=now)
    return person


@requires()
@transaction.atomic
def read_account_news(*, by: User, wrong_passwords: int) -> None:
    """Take note that a person has read what happened to their account, up to so many wrong
    passwords; what has come since is shown again.
    """
    person = _held(by.pk)
    if person.wrong_passwords > wrong_passwords:
        return
    person.wrong_passwords, person.wrong_passwords_at, person.unlocked_at = 0, None, None
    person.save(update_fields=["wrong_passwords", "wrong_passwords_at", "unlocked_at"])
    events.record("person.account_news_read", by=by, about=person)


@requires()
@transaction.atomic
def own_password_changed(*, by: User) -> None:
    """Record that a person has chosen a password of their own."""
    # Django's form has saved the password in the same transaction.
    by.password_is_temporary = False
    by.save(update_fields=["password_is_temporary"])
    events.record("person.password_changed", by=by, about=by)


@requires(CHANGE)
@transaction.atomic
def deactivate(person_id: int, *, by: User) -> User:
    """Close an account at once: whoever is signed in with it is signed out by the next request.

    Raises `NotAllowed`: `permission-missing`, `same-person`, `already-closed`,
    `own-account-closed`.
    """
    # Both rows, in one order: of two administrators who close each other at once, the second is
    # refused.
    rows = {
        row.pk: row
        for row in User.objects.select_for_update().filter(pk__in=[person_id, by.pk]).order_by("pk")
    }
    person = rows[person_id]
    rules.check_deactivate(person, rows[by.pk])
    # Closed and not deleted, so that past decisions keep their names. Sessions need not be looked
    # for: each request asks whether the account is open.
    person.is_active = False
    # Or what was open when the account was closed would be open again with the account.
    person.session_stamp = secrets.token_hex(16)
    person.save(update_fields=["is_active", "session_stamp"])
    events.record("person.deactivated", by=by, about=person)
    return person


@requires(CHANGE)
@transaction.atomic
def reactivate(person_id: int, *, by: User) -> User:
    """Open a closed account again.

    Raises `NotAllowed`: `permission-missing`, `already-open`.
    """
    person = User.objects.select_for_update().get(pk=person_id)
    rules.check_reactivate(person)
    person.is_active = True
    person.save(update_fields=["is_active"])
    events.record("person.reactivated", by=by, about=person)
    return person


def _held(person_id: int) -> User:
    # Its key is left alone, so that a wrong password can be counted for it meanwhile.
    return User.objects.select_for_update(no_key=True).get(pk=person_id)
