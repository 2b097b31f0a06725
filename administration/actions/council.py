"""The council's profile and its lists: districts, localities, its region, similar councils."""

from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import ProtectedError

from core import events
from core.models import CouncilProfile, User
from core.taken import refused_if_taken
from core.workflow import NotAllowed, requires

# A district, a locality, an authority of the region or a similar council.
R = TypeVar("R", bound=models.Model)


@requires("core.change_councilprofile")
@transaction.atomic
def save_council(*, by: User, values: dict[str, Any]) -> CouncilProfile:
    """Save the council's profile and record which of its fields changed.

    Raises `NotAllowed`: `permission-missing`, `taken` where two make it at once.
    """
    # Held, so that the event says what this change replaced. Where there is none yet, two who make
    # it at once cannot both have the key 1: the second is told so.
    profile = CouncilProfile.objects.select_for_update().filter(pk=1).first() or CouncilProfile(
        pk=1
    )
    before = {
        name: getattr(profile, name)
        for name, value in values.items()
        if getattr(profile, name) != value
    }
    for name in before:
        setattr(profile, name, values[name])
    with refused_if_taken(
        "Somebody else has just saved the council’s profile. Open it again, then make your change."
    ):
        # Without its key it was made here, and must not overwrite one that was made meanwhile.
        profile.save(force_insert=profile._state.adding)
    after = {name: values[name] for name in before}
    events.record(
        "council.changed", by=by, about=profile, before=_printable(before), after=_printable(after)
    )
    return profile


@requires("core.change_councilprofile")
@transaction.atomic
def save_council_row(row: R, *, by: User, values: dict[str, Any]) -> R:
    """Add or change a district, a locality, an authority of the region or a similar council.

    Raises `NotAllowed`: `permission-missing`, `removed`, `taken`.
    """
    verb = "changed" if row.pk else "added"
    if row.pk:
        row = _held(row)
    several = {field.name for field in row._meta.many_to_many}
    for name, value in values.items():
        if name not in several:
            setattr(row, name, value)
    # Before the districts of a locality: they need its id. The form has looked for a twin; another
    # may have come in between.
    with refused_if_taken(f"{values.get('name', row)} is already in this list.", "name"):
        row.save()
    for name in several & values.keys():
        getattr(row, name).set(values[name])
    events.record(
        f"council.{row._meta.model_name}_{verb}", by=by, about=row, after={"name": str(row)}
    )
    return row


@requires("core.change_councilprofile")
@transaction.atomic
def remove_council_row(row: models.Model, *, by: User) -> None:
    """Remove a row of the council's lists that nothing uses.

    Raises `NotAllowed`: `permission-missing`, `removed`, `in-use` when something does.
    """
    # Held, so that a change of it goes first or finds it gone. Whatever begins to use it meanwhile
    # is refused by its key.
    row = _held(row)
    in_use = NotAllowed("in-use", f"You cannot remove {row} because it is in use.")
    # Django deletes the rows that join it to a contract or a locality without a word, whatever
    # PROTECT says of other keys: the contract would lose its district, and a figure would change.
    for relation in row._meta.related_objects:
        if relation.many_to_many and getattr(row, relation.get_accessor_name() or "").exists():
            raise in_use
    # Recorded first, while the row still has its id; a refusal takes the event back with it.
    events.record(
        f"council.{row._meta.model_name}_removed", by=by, about=row, before={"name": str(row)}
    )
    try:
        row.delete()
    # The keys of services to these rows are PROTECT: what was looked up beforehand could be out of
    # date.
    except ProtectedError as error:
        raise in_use from error


def _held(row: R) -> R:
    """The row as it stands now, held: what the page was made of may be out of date.

    Raises `NotAllowed`: `removed`.
    """
    held = type(row)._default_manager.select_for_update().filter(pk=row.pk).first()
    if held is None:
        raise NotAllowed("removed", f"Somebody has just removed {row} from this list.")
    return held


def _printable(values: dict[str, Any]) -> dict[str, Any]:
    # Who to ask is a person's data; that it changed is enough for the record.
    personal = ("contact_", "signatory_")
    return {
        name: "(personal)" if name.startswith(personal) else str(value or "")
        for name, value in values.items()
    }
