"""What is still open at a service, for whoever is about to close it."""

from datetime import date

from django.urls import reverse

from core.dates import day_in_words
from core.models import User
from oversight.sight import Sight
from providers.matters import OpenMatter, open_matters_of
from providers.models import Service


@open_matters_of(order=10)
def open_matters(service: Service, by: User, day: date) -> list[OpenMatter]:
    """Suspensions, concerns, visits and actions that go on, as far as `by` may see them."""
    sight = Sight.of(by)
    matters = []
    if sight.suspensions:
        going_on = {*service.suspensions.in_force_on(day), *service.suspensions.awaiting_decision()}
        matters += [
            OpenMatter(
                f"{suspension}: {suspension.get_status_display().lower()}",
                reverse("suspensions:view-suspension", args=[suspension.pk]),
            )
            for suspension in sorted(going_on, key=lambda each: each.pk)
        ]
    if sight.concerns:
        matters += [
            OpenMatter(
                f"Concern {concern.reference}, {concern.get_risk_display().lower()} risk",
                reverse("concerns:view-concern", args=[concern.pk]),
            )
            for concern in service.concerns.open()
        ]
    if sight.audits:
        matters += [
            OpenMatter(
                f"{visit.get_kind_display()} planned for {day_in_words(visit.planned_for)}",
                reverse("audits:view-visit", args=[visit.pk]),
            )
            for visit in service.visits.waiting()
        ]
        actions = service.actions.unverified().count()
        if actions:
            what = "1 action is" if actions == 1 else f"{actions} actions are"
            matters.append(OpenMatter(f"{what} not yet verified"))
    return matters
