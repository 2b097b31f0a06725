from datetime import date

from django.db import transaction
from django.utils import timezone

from carequality import events
from carequality.models import User
from carequality.refusals import Refused
from providers.models import Service
from ratings import rules
from ratings.models import Location, ServiceLocation


@transaction.atomic
def confirm_link(service_id: int, location_id: str, *, by: User, since: date) -> ServiceLocation:
    """Say which CQC location a service is from a day on; a link in force until then ends that day.

    Raises `Refused` when the service is closed by then or its last link began later.
    """
    service = Service.objects.select_for_update().get(pk=service_id)
    location = Location.objects.get(pk=location_id)
    if why_not := rules.why_not_confirm_link(service, location, since):
        raise Refused(why_not)
    ServiceLocation.objects.filter(service=service, until=None).update(until=since)
    link = ServiceLocation.objects.create(
        service=service, location=location, since=since, confirmed_by=by, confirmed_at=timezone.now()
    )
    events.record(
        "location_link.confirmed",
        by=by,
        about=link,
        service_id=service.pk,
        after={"location_id": location.pk, "since": since.isoformat()},
    )
    return link


@transaction.atomic
def end_link(link_id: int, *, by: User, until: date, reason: str) -> ServiceLocation:
    """End a link, for instance one confirmed by mistake. Raises `Refused` if it has ended or begins later."""
    link = ServiceLocation.objects.select_for_update().get(pk=link_id)
    if link.until is not None:
        raise Refused(f"This link ended on {link.until:%-d %B %Y}.")
    if until <= link.since:
        raise Refused(f"The link begins on {link.since:%-d %B %Y}: it must end later.")
    link.until = until
    link.save(update_fields=["until"])
    events.record(
        "location_link.ended", by=by, about=link, after={"until": until.isoformat(), "reason": reason[:200]}
    )
    return link
