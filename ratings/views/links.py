from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page
from ratings import rules
from ratings.actions import links
from ratings.forms import ConfirmLinkForm, EndLinkForm
from ratings.models import Location, ServiceLocation


@require_permission("ratings.view_location")
def list_successors(request: HttpRequest) -> HttpResponseBase:
    """Services whose location CQC has linked to a new one, which nobody has confirmed yet."""
    found = rules.successors_to_confirm(timezone.localdate())
    return render(request, "ratings/list_successors.html", {"found": found, "tab": "links"})


@require_permission("ratings.confirm_link")
def confirm_link(request: Request, location_id: str) -> HttpResponseBase:
    location = get_object_or_404(Location, pk=location_id)
    initial: dict[str, Any] = {
        "service": request.GET.get("service"),
        "since": location.registered_on,
    }
    return form_page(
        request,
        bind(request, ConfirmLinkForm, initial=initial),
        lambda given: links.confirm_link(
            location.pk, by=request.user, given=given, now=timezone.now()
        ),
        template="ratings/confirm_link.html",
        done=lambda link: f"{link.service} is now linked to this location.",
        url=reverse("ratings:view-location", args=[location.pk]),
        location=location,
    )


@require_permission("ratings.confirm_link")
def end_link(request: Request, link_id: int) -> HttpResponseBase:
    link = get_object_or_404(
        ServiceLocation.objects.select_related("service", "location"), pk=link_id
    )
    return form_page(
        request,
        bind(request, EndLinkForm),
        lambda given: links.end_link(link.pk, by=request.user, given=given),
        template="ratings/end_link.html",
        done=f"The link to {link.service} has been ended.",
        url=reverse("ratings:view-location", args=[link.location_id]),
        link=link,
    )
