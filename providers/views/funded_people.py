from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page
from providers.actions import funded_people
from providers.forms import FundedPeopleForm
from providers.models import Service


@require_permission("providers.change_fundedpeople")
def count_people(request: Request, service_id: int) -> HttpResponse:
    """Who pays for the people at a service: the counts as they stand, and a form to add or renew
    one.
    """
    service = get_object_or_404(Service, pk=service_id)
    return form_page(
        request,
        bind(request, FundedPeopleForm, initial={"counted_on": timezone.localdate()}),
        lambda given: funded_people.count_people(
            service.pk, by=request.user, given=given, now=timezone.now()
        ),
        template="providers/count_people.html",
        done="The count has been saved.",
        url=reverse("providers:count-people", args=[service.pk]),
        service=service,
        counts=service.funded_people.select_related("by"),
    )
