"""How a row of the register is saved and its change recorded, once for all its actions."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connection, models

from core import events
from core.models import User
from core.taken import refused_if_taken

# A person's data: that it changed is enough for the record.
PERSONAL = ("contact_name", "contact_email", "contact_phone")


def save(row: models.Model, if_taken: tuple[str, str]) -> None:
    """Save a row; the form has looked for its twin, but another may have come in between."""
    with refused_if_taken(*if_taken):
        row.save()


def change(
    row: models.Model,
    kind: str,
    if_taken: tuple[str, str],
    changed_by: User,
    values: dict[str, Any],
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Set what differs, save it and record it; a change of nothing leaves no event."""
    was = {name: getattr(row, name) for name in values}
    # Only what differs: the event then says what this person changed, and a form saved unread
    # leaves no trace.
    changed = {name: value for name, value in values.items() if was[name] != value}
    if not changed and not after:
        return
    for name, value in changed.items():
        setattr(row, name, value)
    save(row, if_taken)
    events.record(
        kind,
        by=changed_by,
        about=row,
        before=printable({name: was[name] for name in changed}) | (before or {}),
        after=printable(changed) | (after or {}),
    )


# Names are compared by their letters, which no constraint does: of two who add one at once, the
# second waits and is shown the first one's.
NAMES = "providers.names"


def hold_names() -> None:
    """Let nobody else add or rename until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [NAMES])


def another_than(ids: Collection[int]) -> dict[str, list[int]]:
    """What the record keeps of a name that others have too: that whoever gave it had seen them."""
    return {"another_than": sorted(ids)} if ids else {}


def printable(values: dict[str, Any]) -> dict[str, Any]:
    """What the record keeps: ids, days as ISO 8601, plain values, and of a person's data only that
    it is there.
    """
    return {
        name: "(personal)"
        if name in PERSONAL and value
        else value.pk
        if isinstance(value, models.Model)
        else value.isoformat()
        if isinstance(value, date)
        else value
        for name, value in values.items()
    }
