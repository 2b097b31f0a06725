"""Breaches of regulations that CQC published: recorded from its reports, shown in the brief before
a visit.
"""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from audits.actions import breaches
from audits.forms.breaches import BreachForm, BreachMetForm
from audits.models import Breach, Visit
from audits.views.work import RECORD
from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page


@require_permission(*RECORD)
def record_breach(request: Request, visit_id: int) -> HttpResponse:
    visit = get_object_or_404(Visit.objects.select_related("service"), pk=visit_id)
    return form_page(
        request,
        bind(request, BreachForm),
        lambda given: breaches.record_breach(
            visit.service,
            by=request.user,
            given=given,
            today=timezone.localdate(),
            now=timezone.now(),
        ),
        template="audits/single_form.html",
        title="Record a breach that CQC found",
        about=str(visit.service),
        done="Breach recorded.",
        url=reverse("oversight:view-brief", args=[visit_id]),
    )


@require_permission(*RECORD)
def meet_breach(request: Request, visit_id: int, breach_id: int) -> HttpResponse:
    visit = get_object_or_404(Visit.objects.select_related("service"), pk=visit_id)
    breach = get_object_or_404(Breach, pk=breach_id, service=visit.service)
    return form_page(
        request,
        bind(request, BreachMetForm),
        lambda given: breaches.meet_breach(
            breach_id, by=request.user, given=given, today=timezone.localdate()
        ),
        template="audits/single_form.html",
        title="Record a breach as met",
        about=f"{visit.service}: {breach}",
        done="Breach recorded as met.",
        url=reverse("oversight:view-brief", args=[visit_id]),
    )
