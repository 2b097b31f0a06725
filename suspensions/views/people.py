"""The people who live there: who pays for them, welfare checks, and the meetings held about them."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from core.permissions import Request, permit
from govuk.form_page import bind, form_page
from providers.models import Service
from suspensions.actions import people
from suspensions.forms.people import MeetingForm, PeopleForm, WelfareForm
from suspensions.views.steps import SEE, find, page_of
from suspensions.workflow.suspension import SUSPENSION


@permit(*SEE, "suspensions.record_progress")
def check_welfare(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    form = bind(request, WelfareForm, initial={"done_on": timezone.localdate()})
    return form_page(
        request,
        form,
        lambda given: people.check_welfare(suspension.pk, by=request.user, given=given, now=timezone.now()),
        template="suspensions/check_welfare.html",
        done="The welfare check has been added.",
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "welfare", request.user),
        suspension=suspension,
    )


@permit(*SEE, "suspensions.record_progress")
def hold_meeting(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    return form_page(
        request,
        bind(request, MeetingForm),
        lambda given: people.hold_meeting(suspension.pk, by=request.user, given=given, now=timezone.now()),
        template="suspensions/hold_meeting.html",
        done="The meeting has been added.",
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "meeting", request.user),
        suspension=suspension,
    )


@permit(*SEE, "suspensions.record_progress")
def count_people(request: Request, service_id: int) -> HttpResponse:
    """Who pays for the people at a service: the counts as they stand, and a form to add or renew one."""
    service = get_object_or_404(Service, pk=service_id)
    return form_page(
        request,
        bind(request, PeopleForm, initial={"counted_on": timezone.localdate()}),
        lambda given: people.count_people(service.pk, by=request.user, given=given, now=timezone.now()),
        template="suspensions/count_people.html",
        done="The count has been saved.",
        url=reverse("suspensions:count-people", args=[service.pk]),
        service=service,
        counts=service.funded_people.select_related("by"),
        ladder_url=reverse("suspensions:view-ladder", args=[service.pk]),
    )
