from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from carequality.permits import Request, permit
from providers.models import Service
from suspensions import actions, rules
from suspensions.forms import LeadForm, NameForm, ProgressForm, ReviewForm, in_two_weeks
from suspensions.models import Suspension
from suspensions.views.steps import SEE, find, take_step


@permit(*SEE, "suspensions.record_progress")
def record_review(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    form = ReviewForm(
        request.POST if request.method == "POST" else None,
        initial={
            "done_on": timezone.localdate(),
            "next_on": in_two_weeks() if suspension.is_now_in_force else None,
        },
    )
    return take_step(
        request,
        "suspensions/record_review.html",
        suspension,
        form,
        lambda: actions.record_review(
            suspension.pk, by=request.user, now=timezone.now(), **form.cleaned_data
        ),
        "The review has been recorded.",
        why_not=rules.why_not_record(suspension, request.user),
    )


@permit(*SEE, "suspensions.record_progress")
def add_progress(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    form = ProgressForm(
        request.POST if request.method == "POST" else None, initial={"happened_on": timezone.localdate()}
    )
    return take_step(
        request,
        "suspensions/add_progress.html",
        suspension,
        form,
        lambda: actions.add_progress(suspension.pk, by=request.user, now=timezone.now(), **form.cleaned_data),
        "It has been added to the record.",
        why_not=rules.why_not_record(suspension, request.user),
    )


@permit(*SEE, "suspensions.propose_suspension")
def hand_over(request: Request, suspension_id: int) -> HttpResponse:
    """Another officer leads."""
    suspension = find(suspension_id)
    form = LeadForm(request.POST if request.method == "POST" else None, leads_now=suspension.lead_officer_id)
    return take_step(
        request,
        "suspensions/hand_over.html",
        suspension,
        form,
        lambda: actions.hand_over(suspension.pk, by=request.user, now=timezone.now(), **form.cleaned_data),
        lambda: f"{form.cleaned_data['lead']} leads from now on.",
        why_not=None if suspension.in_force_from else "This suspension was never in force.",
    )


@permit(*SEE, "suspensions.decide_suspension")
def mark_name(request: Request, suspension_id: int) -> HttpResponse:
    """Mark the name as public with a reason, or take that back."""
    suspension = find(suspension_id)
    back = suspension.is_public_name
    form = NameForm(request.POST if request.method == "POST" else None)
    if back:
        del form.fields["reason"]

    def deed() -> None:
        if back:
            actions.mark_exempt(suspension.pk, by=request.user)
        else:
            actions.mark_public(suspension.pk, by=request.user, reason=form.cleaned_data["reason"])

    return take_step(
        request,
        "suspensions/mark_name.html",
        suspension,
        form,
        deed,
        "The name is exempt again." if back else "The name has been marked as public.",
        why_not=rules.why_not_mark_public(suspension, request.user),
    )


@permit("suspensions.view_placement_status")
def view_placement_status(request: Request, service_id: int) -> HttpResponse:
    """Whether people may be placed there, without the reason. Reading it is recorded."""
    service = get_object_or_404(Service.objects.select_related("district"), pk=service_id)
    today = timezone.localdate()
    in_force = list(
        Suspension.objects.in_force_on(today).filter(service=service).select_related("service", "unit")
    )
    actions.note_placement_read(service, by=request.user, day=today, suspended=bool(in_force))
    return render(
        request,
        "suspensions/view_placement_status.html",
        {
            "service": service,
            "today": today,
            "closed": service.closed_on is not None and service.closed_on <= today,
            "whole": next((s for s in in_force if s.unit_id is None), None),
            "in_force": in_force,
            "coming": Suspension.objects.to_come(today).filter(service=service).select_related("unit"),
        },
    )
