from datetime import datetime

from django.db import transaction

from audits.models import Template, Visit, VisitKind
from audits.permissions import READ
from audits.rules import visits
from audits.workflow.visit import VISIT
from core import events
from core.models import User
from core.workflow import requires


@requires(VISIT["add-companion"], *READ)
@transaction.atomic
def add_companion(visit_id: int, *, by: User, template: Template, now: datetime) -> Visit:
    """Begin a standard that stands beside the main audit, at the same visit: asked, answered and
    scored by itself.

    Raises `NotAllowed`: `wrong-state`, `beside-another`, `not-beside` or `already-beside`.
    """
    main = Visit.objects.select_for_update(of=("self",)).select_related("service").get(pk=visit_id)
    VISIT.check(main, "add-companion", by, now)
    visits.check_companion(main, template)
    made = Visit(
        service=main.service,
        template=template,
        kind=VisitKind.MONITORING,
        beside=main,
        planned_for=main.day,
        visited_on=main.day,
        officer=main.officer,
        announced=main.announced,
        planned_at=now,
        planned_by=by,
    )
    VISIT.apply(made, "begin-beside", by, now)
    made.save()
    events.record("visit.companion_begun", by=by, about=made, after={"beside": main.pk})
    return made
