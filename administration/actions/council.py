"""The council's profile and its lists: districts, localities, its region, similar councils."""

from typing import Any

from django.db import models, transaction
from django.db.models import ProtectedError

from core import events
from core.models import Comparator, CouncilProfile, District, Locality, RegionAuthority, User
from core.workflow import NotAllowed, requires

CouncilRow = District | Locality | RegionAuthority | Comparator


@requires("core.change_councilprofile")
@transaction.atomic
def save_council(*, by: User, values: dict[str, Any]) -> CouncilProfile:
    """Save the council's profile and record which of its fields changed.

    Raises `NotAllowed`: `permission-missing`.
    """
    # Held, so that the event says what this change replaced. Where there is none yet, two who make
    # it at once cannot both have the key 1.
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
    profile.save()
    after = {name: values[name] for name in before}
    events.record(
        "council.changed", by=by, about=profile, before=_printable(before), after=_printable(after)
    )
    return profile


@requires("core.change_councilprofile")
@transaction.atomic
def save_council_row(row: CouncilRow, *, by: User, values: dict[str, Any]) -> CouncilRow:
    """Add or change a district, a locality, an authority of the region or a similar council.

    Raises `NotAllowed`: `permission-missing`.
    """
    verb = "changed" if row.pk else "added"
    several = {field.name for field in row._meta.many_to_many}
    for name, value in values.items():
        if name not in several:
            setattr(row, name, value)
    # Before the districts of a locality: they need its id.
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

    Raises `NotAllowed`: `permission-missing`, `in-use` when something does.
    """
    # Recorded first, while the row still has its id; a refusal takes the event back with it.
    events.record(
        f"council.{row._meta.model_name}_removed", by=by, about=row, before={"name": str(row)}
    )
    try:
        row.delete()
    # The keys of services to these rows are PROTECT: what was looked up beforehand could be out of
    # date.
    except ProtectedError as error:
        raise NotAllowed("in-use", f"You cannot remove {row} because it is in use.") from error


def _printable(values: dict[str, Any]) -> dict[str, Any]:
    # Who to ask is a person's data; that it changed is enough for the record.
    personal = ("contact_", "signatory_")
    return {
        name: "(personal)" if name.startswith(personal) else str(value or "")
        for name, value in values.items()
    }
