from django.http import HttpResponse
from django.urls import reverse

from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page
from ratings.actions import alerts
from ratings.forms import AlertChoiceForm
from ratings.models import AlertChoice


@require_permission("ratings.view_location")
def choose_alerts(request: Request) -> HttpResponse:
    """What a person wants to know of the night's changes; each chooses for themselves."""
    return form_page(
        request,
        bind(request, AlertChoiceForm, instance=AlertChoice.of(request.user)),
        lambda given: alerts.choose_alerts(by=request.user, given=given),
        template="ratings/choose_alerts.html",
        done="Your alerts have been saved.",
        url=reverse("ratings:choose-alerts"),
        cancel_url=reverse("ratings:changes"),
        tab="alerts",
    )
