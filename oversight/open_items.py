"""What is still open at a service, for whoever is about to close it."""

from datetime import date

from django.urls import reverse

from core.dates import day_in_words
from core.models import User
from oversight.visible_sections import VisibleSections
from providers.models import Service
from providers.open_items import OpenItem, open_items_of


@open_items_of(order=10)
def open_items(service: Service, by: User, day: date) -> list[OpenItem]:
    """Suspensions, concerns, visits and actions that go on, as far as `by` may see them."""
    sections = VisibleSections.of(by)
    items = []
    if sections.suspensions:
        going_on = {*service.suspensions.in_force_on(day), *service.suspensions.awaiting_decision()}
        items += [
            OpenItem(
                f"{suspension}: {suspension.status_in_words.lower()}",
                reverse("suspensions:view-suspension", args=[suspension.pk]),
            )
            for suspension in sorted(going_on, key=lambda each: each.pk)
        ]
    if sections.concerns:
        items += [
            OpenItem(
                f"Concern {concern.reference}, {concern.get_risk_display().lower()} risk",
                reverse("concerns:view-concern", args=[concern.pk]),
            )
            for concern in service.concerns.open()
        ]
    if sections.audits:
        items += [
            OpenItem(
                f"{visit.get_kind_display()} planned for {day_in_words(visit.planned_for)}",
                reverse("audits:view-visit", args=[visit.pk]),
            )
            for visit in service.visits.waiting()
        ]
        # Also those done and not verified: nobody has seen yet that they were.
        actions = service.actions.unverified().count()
        if actions:
            what = "1 action is" if actions == 1 else f"{actions} actions are"
            items.append(OpenItem(f"{what} not yet verified"))
    return items
