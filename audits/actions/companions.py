from datetime import datetime

from django.db import transaction

from audits.models import Template, Visit, VisitKind, VisitStatus
from carequality import events
from carequality.models import User
from carequality.refusals import Refused


@transaction.atomic
def add_companion(visit_id: int, *, by: User, template: Template, now: datetime) -> Visit:
    """Begin a standard that stands beside the main audit, at the same visit: asked, answered and scored by itself."""
    main = Visit.objects.select_for_update(of=("self",)).select_related("service").get(pk=visit_id)
    if main.status not in (VisitStatus.IN_PROGRESS, VisitStatus.COMPLETED) or main.beside_id:
        raise Refused("It belongs to an audit that has begun.")
    if not template.beside_main or main.service.service_type not in template.service_types:
        raise Refused(f"{template.name} does not stand beside this audit.")
    if main.companions.filter(template__key=template.key).exists():
        raise Refused(f"{template.name} stands beside this audit already.")
    made = Visit.objects.create(
        service=main.service,
        template=template,
        kind=VisitKind.MONITORING,
        beside=main,
        planned_for=main.day,
        visited_on=main.day,
        officer=main.officer,
        announced=main.announced,
        status=VisitStatus.IN_PROGRESS,
        planned_at=now,
        planned_by=by,
    )
    events.record("visit.companion_begun", by=by, about=made, after={"beside": main.pk})
    return made
