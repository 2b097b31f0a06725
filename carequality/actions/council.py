from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.forms import ModelForm

from carequality import events
from carequality.models import CouncilProfile, User
from carequality.refusals import Refused


@transaction.atomic
def save_council(form: "ModelForm", *, by: User) -> CouncilProfile:
    """Save the council's profile and record which of its fields changed."""
    before = {name: form.initial.get(name) for name in form.changed_data}
    profile = form.save()
    after = {name: form.cleaned_data[name] for name in form.changed_data}
    events.record("council.changed", by=by, about=profile, before=_printable(before), after=_printable(after))
    return profile


@transaction.atomic
def save_council_row(form: ModelForm, *, by: User) -> Any:
    """Add or change a district, a locality, an authority of the region or a similar council."""
    verb = "changed" if form.instance.pk else "added"
    row = form.save()
    events.record(f"council.{row._meta.model_name}_{verb}", by=by, about=row, after={"name": str(row)})
    return row


@transaction.atomic
def remove_council_row(row: Any, *, by: User) -> None:
    """Remove a row of the council's lists that nothing uses. Raises `Refused` when something does."""
    events.record(f"council.{row._meta.model_name}_removed", by=by, about=row, before={"name": str(row)})
    try:
        row.delete()
    except ProtectedError as error:
        raise Refused(f"{row} is in use and cannot be removed.") from error


def _printable(values: dict[str, Any]) -> dict[str, Any]:
    # Who to ask is a person's data; that it changed is enough for the record.
    personal = ("contact_", "signatory_")
    return {
        name: "(personal)" if name.startswith(personal) else str(value or "")
        for name, value in values.items()
    }
