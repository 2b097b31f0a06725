from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from carequality.permits import Request, permit
from ratings import actions
from ratings.forms import AlertChoiceForm
from ratings.models import AlertChoice


@permit("ratings.view_location")
def choose_alerts(request: Request) -> HttpResponse:
    """What one wants to know of the night's changes; each person chooses for themselves."""
    choice = AlertChoice.of(request.user)
    form = AlertChoiceForm(request.POST if request.method == "POST" else None, instance=choice)
    form.cancel_url = reverse("ratings:changes")
    if request.method == "POST" and form.is_valid():
        actions.choose_alerts(request.user, **form.cleaned_data)
        messages.success(request, "Your alerts have been saved.")
        return redirect("ratings:choose-alerts")
    return render(request, "ratings/choose_alerts.html", {"form": form, "tab": "alerts"})
