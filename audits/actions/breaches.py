from datetime import date, datetime

from django.db import transaction

from audits import rules
from audits.models import Breach
from carequality import events
from carequality.models import User
from carequality.refusals import Refused
from providers.models import Service


@transaction.atomic
def record_breach(
    service: Service,
    *,
    by: User,
    regulation: str,
    published_on: date,
    what: str,
    today: date,
    now: datetime,
) -> Breach:
    """Record a breach of regulations from CQC's report. Raises `Refused`."""
    # Two who read the same report: the second waits here and is told.
    Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
    known = Breach.objects.filter(service=service, regulation=regulation, published_on=published_on).exists()
    if why_not := rules.why_not_record_breach(published_on, today, known):
        raise Refused(why_not)
    breach = Breach.objects.create(
        service=service,
        regulation=regulation,
        published_on=published_on,
        what=what,
        recorded_at=now,
        recorded_by=by,
    )
    events.record("breach.recorded", by=by, about=breach, after={"regulation": regulation})
    return breach


@transaction.atomic
def meet_breach(breach_id: int, *, by: User, met_on: date, today: date) -> Breach:
    """Record that CQC has found the regulation met again. Raises `Refused`."""
    breach = Breach.objects.select_for_update().get(pk=breach_id)
    if why_not := rules.why_not_meet_breach(breach, met_on, today):
        raise Refused(why_not)
    breach.met_on, breach.met_by = met_on, by
    breach.save()
    events.record("breach.met", by=by, about=breach, after={"met_on": met_on.isoformat()})
    return breach
