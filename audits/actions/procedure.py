"""The council's own steps from a score to a plan."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction

from audits.models import Procedure
from core import events
from core.models import User
from core.workflow import requires


@dataclass(frozen=True, kw_only=True)
class ProcedureInput:
    """The council's steps from a score to a plan, as `Procedure` keeps them."""

    rating_hidden: bool
    moderated: bool
    factual_accuracy: bool
    factual_accuracy_days: int
    plan_needed: bool
    plan_days: int
    every_finding_has_action: bool
    months_excellent: int
    months_good: int
    months_requires_improvement: int
    months_poor: int
    meeting_types: Sequence[str]
    meeting_weeks: int
    banding: bool
    offline_hours: int = 72
    offline_passphrase: bool = False


@requires("audits.change_procedure")
@transaction.atomic
def change_procedure(*, by: User, given: ProcedureInput) -> Procedure:
    """Set the council's steps. Reports under way go on from where they are.

    Raises `NotAllowed`: `permission-missing`.
    """
    # The row is made first, so that there is one to hold; two who change it come one after another.
    Procedure.objects.get_or_create(pk=1)
    procedure = Procedure.objects.select_for_update().get(pk=1)
    values = asdict(given)
    before = {name: str(getattr(procedure, name)) for name in values}
    for name, value in values.items():
        setattr(procedure, name, value)
    procedure.save()
    after = {name: str(value) for name, value in values.items()}
    events.record("audit_procedure.changed", by=by, about=procedure, before=before, after=after)
    return procedure
