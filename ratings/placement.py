"""What CQC's register says of placements."""

from collections.abc import Collection, Iterable
from datetime import date

from django.urls import reverse

from core.dates import day_in_words
from providers.placement import (
    ASK_FIRST,
    PlacementAnswer,
    Restriction,
    stands_against_placements,
)
from ratings.models import ServiceLocation


@stands_against_placements(order=40)
def deregistered(day: date, services: Collection[int] | None) -> Iterable[Restriction]:
    """Services whose location CQC no longer registers: care that has to be registered may not be
    given there (Health and Social Care Act 2008, section 10), unless it was registered anew.
    """
    links = ServiceLocation.objects.in_force_on(day).filter(location__deregistered_on__lte=day)
    if services is not None:
        links = links.filter(service__in=services)
    for link in links.select_related("location"):
        yield Restriction(
            link.service_id,
            PlacementAnswer.ASK,
            ASK_FIRST,
            "No longer registered with CQC",
            note=f"Since {day_in_words(link.location.deregistered_on)}",
            url=reverse("ratings:view-location", args=[link.location_id]),
            needs=("ratings.view_location",),
        )
