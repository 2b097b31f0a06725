from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from carequality.models import User
from carequality.permits import permit
from carequality.refusals import Refused
from ratings import actions, rules
from ratings.forms import ConfirmLinkForm, EndLinkForm
from ratings.models import Location, ServiceLocation


@permit("ratings.view_location")
def list_successors(request: HttpRequest) -> HttpResponseBase:
    """Services whose location CQC has linked to a new one, which nobody has confirmed yet."""
    found = rules.successors_to_confirm(timezone.localdate())
    return render(request, "ratings/list_successors.html", {"found": found, "tab": "links"})


@permit("ratings.confirm_link")
def confirm_link(request: HttpRequest, location_id: str) -> HttpResponseBase:
    location = get_object_or_404(Location, pk=location_id)
    initial: dict[str, Any] = {"service": request.GET.get("service"), "since": location.registered_on}
    form = ConfirmLinkForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        service = form.cleaned_data["service"]
        assert isinstance(request.user, User)
        try:
            actions.confirm_link(service.pk, location.pk, by=request.user, since=form.cleaned_data["since"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{service} is now joined to this location.")
            return redirect("ratings:view-location", location.pk)
    return render(request, "ratings/confirm_link.html", {"form": form, "location": location})


@permit("ratings.confirm_link")
def end_link(request: HttpRequest, link_id: int) -> HttpResponseBase:
    link = get_object_or_404(ServiceLocation.objects.select_related("service", "location"), pk=link_id)
    form = EndLinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)
        try:
            actions.end_link(link.pk, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"The link to {link.service} has been ended.")
            return redirect("ratings:view-location", link.location_id)
    return render(request, "ratings/end_link.html", {"form": form, "link": link})
