"""Breaches of regulations that CQC published: recorded from its reports, shown in the brief before a visit."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from audits import actions
from audits.forms.breaches import BreachForm, BreachMetForm
from audits.models import Breach, Visit
from audits.views.pieces import one_task
from audits.views.work import RECORD
from carequality.permits import Request, permit


@permit(*RECORD)
def record_breach(request: Request, visit_id: int) -> HttpResponse:
    visit = get_object_or_404(Visit.objects.select_related("service"), pk=visit_id)
    today = timezone.localdate()

    def act(data: dict[str, Any]) -> Breach:
        return actions.record_breach(visit.service, by=request.user, today=today, now=timezone.now(), **data)

    return one_task(
        request,
        BreachForm(request.POST or None),
        act,
        title="Record a breach that CQC found",
        about=str(visit.service),
        said="The breach is recorded.",
        back=reverse("oversight:view-brief", args=[visit_id]),
    )


@permit(*RECORD)
def meet_breach(request: Request, visit_id: int, breach_id: int) -> HttpResponse:
    visit = get_object_or_404(Visit.objects.select_related("service"), pk=visit_id)
    breach = get_object_or_404(Breach, pk=breach_id, service=visit.service)
    today = timezone.localdate()

    def act(data: dict[str, Any]) -> Breach:
        return actions.meet_breach(breach_id, by=request.user, met_on=data["met_on"], today=today)

    return one_task(
        request,
        BreachMetForm(request.POST or None),
        act,
        title="Record a breach as met",
        about=f"{visit.service}: {breach}",
        said="The breach is recorded as met.",
        back=reverse("oversight:view-brief", args=[visit_id]),
    )
