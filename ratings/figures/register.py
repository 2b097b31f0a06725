"""Services of the council's register with the rating that each has at CQC."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from providers.models import Service
from ratings.figures.places import Place, places
from ratings.models import ServiceLocation


@dataclass(frozen=True, slots=True)
class Held:
    """A service on a day, and the location that it was then; None where it was no location registered with CQC."""

    service: Service
    day: date
    place: Place | None

    @property
    def rating(self) -> str | None:
        """Its own type's at that location, else the location's."""
        return self.place.rating_on(self.day, self.service.service_type) if self.place else None

    @property
    def key(self) -> str:
        return str(self.service.pk)


def held_services(services: QuerySet[Service], day: date, known_at: datetime | None) -> list[Held]:
    """These services, as the links that stood on that day join them to CQC's locations."""
    links = dict(
        ServiceLocation.objects.in_force_on(day)
        .filter(service__in=services.values("pk"))
        .values_list("service", "location")
    )
    found: Iterable[Place] = places(day, among=set(links.values()), known_at=known_at)
    by_id = {place.location_id: place for place in found}
    return [
        Held(service, day, by_id.get(links.get(service.pk, "")))
        for service in services.order_by("name", "pk")
    ]
