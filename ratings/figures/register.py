"""Services of the council's register with the rating that each has at CQC."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q

from providers.models import Service
from ratings.figures.rated_locations import RatedLocation, rated_locations
from ratings.models import ServiceLocation


@dataclass(frozen=True, slots=True)
class ServiceAtLocation:
    """A service on a day, and the location that it was then; None where it was no location
    registered with CQC.
    """

    service: Service
    day: date
    location: RatedLocation | None

    @property
    def rating(self) -> str | None:
        """Its own type's at that location, else the location's."""
        return (
            self.location.rating_on(self.day, self.service.service_type) if self.location else None
        )

    @property
    def key(self) -> str:
        """The service's id, as it stands behind numbers."""
        return str(self.service.pk)


class DatedLink(NamedTuple):
    """That a service was a location, from a day and until a day."""

    location_id: str
    since: date
    until: date | None

    def stood_on(self, day: date) -> bool:
        """Whether the link held on that day."""
        return self.since <= day and (self.until is None or self.until > day)


def held_services(
    services: Iterable[Service], day: date, known_at: datetime | None
) -> list[ServiceAtLocation]:
    """These services, as the links that stood on that day join them to CQC's locations."""
    return held_on({day: list(services)}, known_at)[day]


def held_on(
    services: Mapping[date, Sequence[Service]], known_at: datetime | None
) -> dict[date, list[ServiceAtLocation]]:
    """The same for the services of several days, each as of its day. Three queries, however many
    the days.
    """
    first, last = min(services), max(services)
    links: dict[int, list[DatedLink]] = {}
    for service_id, location_id, since, until in (
        ServiceLocation.objects.filter(
            service__in={one.pk for held in services.values() for one in held}
        )
        .filter(Q(until=None) | Q(until__gt=first), since__lte=last)
        .values_list("service", "location", "since", "until")
    ):
        links.setdefault(service_id, []).append(DatedLink(location_id, since, until))
    among = {link.location_id for found in links.values() for link in found}
    by_id = {
        location.location_id: location
        for location in rated_locations(first, last, among=among, known_at=known_at)
    }
    return {
        day: [
            ServiceAtLocation(one, day, _location_on(day, links.get(one.pk, ()), by_id))
            for one in held
        ]
        for day, held in services.items()
    }


def _location_on(
    day: date, links: Iterable[DatedLink], by_id: Mapping[str, RatedLocation]
) -> RatedLocation | None:
    """The location of the link that stood on the day, if it was registered with CQC then."""
    for link in links:
        if link.stood_on(day):
            location = by_id.get(link.location_id)
            return location if location is not None and location.is_counted_on(day) else None
    return None
