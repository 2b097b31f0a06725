"""Changes of a suspension in force, corrections, welfare checks, meetings and who pays for the people there."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from carequality.permits import Request, permit
from providers.models import Service
from suspensions import actions, rules
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
from suspensions.views.steps import SEE, carry_out, find, take_step


@permit(*SEE, "suspensions.propose_suspension")
def propose_extension(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    form = ExtensionForm(request.POST if request.method == "POST" else None)
    return take_step(
        request,
        "suspensions/propose_extension.html",
        suspension,
        form,
        lambda: actions.propose_extension(
            suspension.pk, by=request.user, now=timezone.now(), **form.cleaned_data
        ),
        "The extension has been proposed. Another manager decides it.",
        why_not=rules.why_not_propose_change(suspension, request.user),
    )


@permit(*SEE, "suspensions.propose_suspension")
def propose_scope(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    initial = {"unit": suspension.unit_id, "kind": suspension.kind, "limit": suspension.limit}
    form = ScopeForm(
        request.POST if request.method == "POST" else None, suspension=suspension, initial=initial
    )
    return take_step(
        request,
        "suspensions/propose_scope.html",
        suspension,
        form,
        lambda: actions.propose_scope(
            suspension.pk,
            by=request.user,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
            **form.scope(),
        ),
        "The change has been proposed. Another manager decides it.",
        why_not=rules.why_not_propose_change(suspension, request.user),
    )


@permit(*SEE, "suspensions.decide_suspension")
def decide_change(request: Request, change_id: int) -> HttpResponse:
    change = get_object_or_404(
        Change.objects.select_related("unit", "before_unit", "proposed_by"), pk=change_id
    )
    suspension = change.suspension = find(change.suspension_id)
    form = DecideChangeForm(
        request.POST if request.method == "POST" else None, initial={"decided_at": timezone.now()}
    )

    def deed() -> None:
        given = form.cleaned_data
        do = actions.agree_change if given["decision"] == "agree" else actions.refuse_change
        do(
            change.pk,
            by=request.user,
            reason=given["reason"],
            decided_at=given["decided_at"],
            now=timezone.now(),
        )

    return take_step(
        request,
        "suspensions/decide_change.html",
        suspension,
        form,
        deed,
        "The decision has been recorded.",
        why_not=rules.why_not_change("refuse", change, request.user),
        change=change,
    )


@permit(*SEE, "suspensions.propose_suspension")
def withdraw_change(request: Request, change_id: int) -> HttpResponse:
    change = get_object_or_404(Change.objects.select_related("unit", "proposed_by"), pk=change_id)
    suspension = change.suspension = find(change.suspension_id)
    form = WithdrawChangeForm(request.POST if request.method == "POST" else None)
    return take_step(
        request,
        "suspensions/withdraw_change.html",
        suspension,
        form,
        lambda: actions.withdraw_change(change.pk, by=request.user, now=timezone.now()),
        "The proposed change has been withdrawn.",
        why_not=rules.why_not_change("withdraw", change, request.user),
        change=change,
    )


@permit(*SEE, "suspensions.record_progress")
def add_correction(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    return take_step(
        request,
        "suspensions/add_correction.html",
        suspension,
        form,
        lambda: actions.correct(suspension.pk, by=request.user, now=timezone.now(), **form.cleaned_data),
        "The correction stands beside the record.",
        why_not=rules.why_not_correct(suspension, "summary", request.user),
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
