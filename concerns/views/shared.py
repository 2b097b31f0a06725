"""What every page of concerns asks, and the way to a concern and back."""

from django.shortcuts import get_object_or_404
from django.urls import reverse

from concerns.models import Concern
from govuk.lists import ListPage

# Concerns are exempt matter: every page of them asks for the right to read that too.
READ = ("concerns.view_concern", "core.read_exempt")
CHANGE = ("concerns.change_concern", *READ)


def nothing_listed(page: ListPage) -> dict[str, str]:
    """What an empty list says, with the way back where filters have emptied it."""
    if page.active_filters:
        return {
            "text": f"No {page.noun[1]} match these filters.",
            "url": page.request.path,
            "label": "Clear all filters",
        }
    return {"text": f"No {page.noun[1]} have been recorded yet.", "url": "", "label": ""}


def find(concern_id: int) -> Concern:
    """The concern, or a 404."""
    return get_object_or_404(Concern.objects.select_related("service"), pk=concern_id)


def page_of(concern: Concern) -> str:
    """The address of its page."""
    return reverse("concerns:view-concern", args=[concern.pk])
