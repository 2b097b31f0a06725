"""What tests of audits make of visits and of the council's steps."""

from dataclasses import fields
from typing import Any

from audits.actions import procedure
from audits.actions.procedure import ProcedureInput
from audits.actions.visits import NewVisitInput
from audits.models import Procedure, Template
from core.models import User
from providers.models import Service


def plan_of(
    service: Service, officer: User, template: Template | None = None, **more: Any
) -> NewVisitInput:
    """What is given to plan a visit."""
    template_id = template.pk if template else None
    return NewVisitInput(
        service_id=service.pk, officer_id=officer.pk, template_id=template_id, **more
    )


def change_steps(by: User, **changed: Any) -> Procedure:
    """Change some of the council's steps and leave the others."""
    stands = Procedure.current()
    values = {field.name: getattr(stands, field.name) for field in fields(ProcedureInput)}
    return procedure.change_procedure(by=by, given=ProcedureInput(**(values | changed)))
