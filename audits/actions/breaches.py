"""Breaches of regulations that CQC published, as the council records them.

Source: CQC's reports under the Health and Social Care Act 2008 (Regulated Activities) Regulations
2014.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from audits.models import Breach
from audits.permissions import READ
from audits.rules import breaches
from core import events
from core.locking import lock
from core.models import User
from core.workflow import requires
from providers.models import Service


@dataclass(frozen=True)
class BreachInput:
    """A breach as CQC's report says it."""

    regulation: str
    published_on: date
    what: str


@dataclass(frozen=True)
class BreachMetInput:
    """The day on which CQC published that the regulation is met."""

    met_on: date


@requires("audits.record_visit", *READ)
@transaction.atomic
def record_breach(
    service: Service, *, by: User, given: BreachInput, today: date, now: datetime
) -> Breach:
    """Record a breach of regulations from CQC's report.

    Raises `NotAllowed`: `permission-missing`, `in-future`, `already-recorded`.
    """
    # Two who read the same report at once: the second waits here and is refused.
    lock(Service, service.pk)
    same = Breach.objects.filter(
        service=service, regulation=given.regulation, published_on=given.published_on
    )
    breaches.check_record_breach(given.published_on, today, same.exists())
    breach = Breach.objects.create(
        service=service, recorded_at=now, recorded_by=by, **asdict(given)
    )
    events.record("breach.recorded", by=by, about=breach, after={"regulation": given.regulation})
    return breach


@requires("audits.record_visit", *READ)
@transaction.atomic
def meet_breach(breach_id: int, *, by: User, given: BreachMetInput, today: date) -> Breach:
    """Record that CQC has found the regulation met again.

    Raises `NotAllowed`: `permission-missing`, `already-met`, `in-future`, `before-published`.
    """
    # Held, so that the first day met that is recorded stands.
    breach = lock(Breach, breach_id)
    breaches.check_meet_breach(breach, given.met_on, today)
    breach.met_on, breach.met_by = given.met_on, by
    breach.save()
    events.record("breach.met", by=by, about=breach, after={"met_on": given.met_on.isoformat()})
    return breach
