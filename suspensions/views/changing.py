"""Changes of a suspension in force, corrections, welfare checks, meetings and who pays for the people there."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from carequality.govuk.form_page import bind, form_page
from carequality.permits import Request, permit
from providers.models import Service
from suspensions import actions, rules
from suspensions.actions import changing
from suspensions.actions.changing import DecideChangeInput
from suspensions.forms import (
    CorrectionForm,
    DecideChangeForm,
    ExtensionForm,
    MeetingForm,
    PeopleForm,
    ScopeForm,
    TellRestForm,
    WelfareForm,
    WithdrawChangeForm,
)
from suspensions.models import Change
from suspensions.views.steps import SEE, carry_out, find, page_of, take_step
from suspensions.workflow.change import CHANGE
from suspensions.workflow.suspension import SUSPENSION


@permit(*SEE, "suspensions.propose_suspension")
def propose_extension(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    return form_page(
        request,
        bind(request, ExtensionForm),
        lambda given: changing.propose_extension(
            suspension.pk, by=request.user, given=given, now=timezone.now()
        ),
        template="suspensions/propose_extension.html",
        done="The extension has been proposed. Another manager decides it.",
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "extend", request.user),
        suspension=suspension,
    )


@permit(*SEE, "suspensions.propose_suspension")
def propose_scope(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    initial = {"unit": suspension.unit_id, "kind": suspension.kind, "limit": suspension.limit}
    return form_page(
        request,
        bind(request, ScopeForm, suspension=suspension, initial=initial),
        lambda given: changing.propose_scope(suspension.pk, by=request.user, given=given, now=timezone.now()),
        template="suspensions/propose_scope.html",
        done="The change has been proposed. Another manager decides it.",
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "scope", request.user),
        suspension=suspension,
    )


@permit(*SEE, "suspensions.decide_suspension")
def decide_change(request: Request, change_id: int) -> HttpResponse:
    change = get_object_or_404(
        Change.objects.select_related("unit", "before_unit", "proposed_by"), pk=change_id
    )
    suspension = change.suspension = find(change.suspension_id)

    def act(given: DecideChangeInput) -> Change:
        decide = changing.agree_change if given.decision == "agree" else changing.refuse_change
        return decide(change.pk, by=request.user, given=given, now=timezone.now())

    return form_page(
        request,
        bind(request, DecideChangeForm, initial={"decided_at": timezone.now()}),
        act,
        template="suspensions/decide_change.html",
        done="The decision has been recorded.",
        url=page_of(suspension),
        why_not=CHANGE.refusal(change, "refuse", request.user),
        suspension=suspension,
        change=change,
    )


@permit(*SEE, "suspensions.propose_suspension")
def withdraw_change(request: Request, change_id: int) -> HttpResponse:
    change = get_object_or_404(Change.objects.select_related("unit", "proposed_by"), pk=change_id)
    suspension = change.suspension = find(change.suspension_id)
    return form_page(
        request,
        bind(request, WithdrawChangeForm),
        lambda _given: changing.withdraw_change(change.pk, by=request.user, now=timezone.now()),
        template="suspensions/withdraw_change.html",
        done="The proposed change has been withdrawn.",
        url=page_of(suspension),
        why_not=CHANGE.refusal(change, "withdraw", request.user),
        suspension=suspension,
        change=change,
    )


@permit(*SEE, "suspensions.record_progress")
def add_correction(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    return form_page(
        request,
        bind(request, CorrectionForm),
        lambda given: changing.correct(suspension.pk, by=request.user, given=given, now=timezone.now()),
        template="suspensions/add_correction.html",
        done="The correction stands beside the record.",
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "correct", request.user),
        suspension=suspension,
    )


@permit(*SEE, "suspensions.record_progress")
def check_welfare(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    form = WelfareForm(
        request.POST if request.method == "POST" else None, initial={"done_on": timezone.localdate()}
    )
    return take_step(
        request,
        "suspensions/check_welfare.html",
        suspension,
        form,
        lambda: actions.check_welfare(
            suspension.pk, by=request.user, now=timezone.now(), **form.cleaned_data
        ),
        "The welfare check has been added.",
        why_not=rules.why_not_record(suspension, request.user),
    )


@permit(*SEE, "suspensions.record_progress")
def hold_meeting(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    form = MeetingForm(request.POST if request.method == "POST" else None)
    return take_step(
        request,
        "suspensions/hold_meeting.html",
        suspension,
        form,
        lambda: actions.hold_meeting(suspension.pk, by=request.user, now=timezone.now(), **form.cleaned_data),
        "The meeting has been added.",
        why_not=rules.why_not_record(suspension, request.user),
    )


@permit(*SEE, "suspensions.record_progress")
def count_people(request: Request, service_id: int) -> HttpResponse:
    """Who pays for the people at a service: the counts as they stand, and a form to add or renew one."""
    service = get_object_or_404(Service, pk=service_id)
    form = PeopleForm(
        request.POST if request.method == "POST" else None, initial={"counted_on": timezone.localdate()}
    )
    return carry_out(
        request,
        "suspensions/count_people.html",
        form,
        lambda: actions.count_people(service.pk, by=request.user, now=timezone.now(), **form.cleaned_data),
        "The count has been saved.",
        reverse("suspensions:count-people", args=[service.pk]),
        service=service,
        counts=service.funded_people.select_related("by"),
        ladder_url=reverse("suspensions:view-ladder", args=[service.pk]),
    )


@permit(*SEE, "suspensions.record_progress")
def tell_rest(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    form = TellRestForm(request.POST if request.method == "POST" else None)
    return take_step(
        request,
        "suspensions/tell_rest.html",
        suspension,
        form,
        lambda: actions.tell_rest(suspension.pk, by=request.user),
        "They are being told.",
        why_not=rules.why_not_tell_rest(suspension, request.user),
        waiting=suspension.parties.waiting(),
    )
