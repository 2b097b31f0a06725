"""The council's own targets for ratings: set, changed, and each change recorded."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from core import events
from core.inputs import columns
from core.models import User
from core.workflow import requires
from ratings.models import Target


@dataclass(frozen=True)
class TargetInput:
    """What the council aims at: which share of which services, in which direction, from and until
    when.
    """

    name: str
    measure: str
    direction: str
    level: int
    since: date
    sector: str = ""
    until: date | None = None


@requires("ratings.change_target")
@transaction.atomic
def save_target(target_id: int | None, *, by: User, given: TargetInput) -> Target:
    """Set a target of the council's (without an id) or change one; the record keeps what it was
    before.

    Source: the council's own plan. Raises `NotAllowed`: `permission-missing`.
    """
    target = Target.objects.select_for_update().get(pk=target_id) if target_id else Target()
    before = _printable(target) if target_id else None
    for name, value in columns(given).items():
        setattr(target, name, value)
    target.save()
    kind = "target.changed" if before else "target.set"
    events.record(kind, by=by, about=target, before=before, after=_printable(target))
    return target


def _printable(target: Target) -> dict[str, str]:
    fields = ("name", "measure", "direction", "level", "sector", "since", "until")
    return {name: str(getattr(target, name) or "") for name in fields}
