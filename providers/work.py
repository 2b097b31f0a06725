"""Who leads on which services."""

from collections.abc import Collection
from datetime import date, datetime
from operator import attrgetter

from django.urls import reverse

from core.models import User
from core.work import HandingOver, Piece, Work, register_work
from providers.actions import services
from providers.models import Service

SERVICES = "services"


def held_by(people: Collection[User], day: date) -> list[Piece]:
    return [
        Piece(
            label=str(service),
            url=reverse("oversight:view-service", args=[service.pk]),
            note=service.get_service_type_display(),
            holder=service.lead_officer,
            work=SERVICES,
            pk=service.pk,
        )
        for service in Service.objects.open_on(day)
        .filter(lead_officer__in=people)
        .select_related("lead_officer")
    ]


def give(pk: int, by: User, to: User, _reason: str, _now: datetime) -> Service:
    return services.change_lead(pk, by=by, lead=to)


register_work(
    Work(
        SERVICES,
        "service led",
        "services led",
        ("providers.view_service",),
        held_by=held_by,
        # As the form of a service offers: whoever makes its visits.
        handing_over=HandingOver(
            Service, attrgetter("lead_officer_id"), "audits.record_visit", give
        ),
    ),
    order=60,
)
