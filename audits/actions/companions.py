"""Standards that are begun at an audit, beside its own questions."""

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
    """Begin an extra standard at an audit, on the same day: asked, answered and scored by itself.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `beside-another`, `not-beside` or
    `already-beside`.
    """
    # Locked: two officers who begin the same standard at once make one of it.
    main = Visit.objects.select_for_update(of=("self",)).select_related("service").get(pk=visit_id)
    VISIT.check(main, "add-companion", by, now)
    visits.check_companion(main, template)
    made = Visit(
        service=main.service,
        template=template,
        # Not annual: the programme must not count the year's audit twice.
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
