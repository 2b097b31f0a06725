"""Which CQC location a service of the register is: a person confirms it and ends it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from core import events
from core.models import User
from core.workflow import requires
from providers.models import Service
from ratings import rules
from ratings.models import Location, ServiceLocation


@dataclass(frozen=True)
class LinkInput:
    """The service that a location is, and from which day."""

    service_id: int
    since: date


@dataclass(frozen=True)
class LinkEndInput:
    """The first day on which a service no longer is the location, and why."""

    until: date
    reason: str


@requires("ratings.confirm_link")
@transaction.atomic
def confirm_link(location_id: str, *, by: User, given: LinkInput, now: datetime) -> ServiceLocation:
    """Say which CQC location a service is from a day on; a link in force until then ends that day.

    Source: the council's own policy. CQC names a successor, and whether it is the same service is
    for the officer who knows it to say.

    Raises `NotAllowed`: `permission-missing`, `service-closed`, `linked-already`,
    `before-last-link`.
    """
    service_id, since = given.service_id, given.since
    # The service is locked, since a new link has no row to lock yet: of two who link it at once,
    # the second is checked against the first one's link.
    service = Service.objects.select_for_update().get(pk=service_id)
    location = Location.objects.get(pk=location_id)
    rules.check_confirm_link(service, location, since)
    # Before the new one: the database refuses two on one day.
    ServiceLocation.objects.filter(service=service, until=None).update(until=since)
    link = ServiceLocation.objects.create(
        service=service, location=location, since=since, confirmed_by=by, confirmed_at=now
    )
    events.record(
        "location_link.confirmed",
        by=by,
        about=link,
        service_id=service.pk,
        after={"location_id": location.pk, "since": since.isoformat()},
    )
    return link


@requires("ratings.confirm_link")
@transaction.atomic
def end_link(link_id: int, *, by: User, given: LinkEndInput) -> ServiceLocation:
    """End a link, for instance one confirmed by mistake. The row stays, as part of the record.

    Raises `NotAllowed`: `permission-missing`, `already-ended`, `before-start`.
    """
    link = ServiceLocation.objects.select_for_update().get(pk=link_id)
    rules.check_end_link(link, given.until)
    link.until = given.until
    link.save(update_fields=["until"])
    events.record(
        "location_link.ended",
        by=by,
        about=link,
        after={"until": given.until.isoformat(), "reason": given.reason[:200]},
    )
    return link
