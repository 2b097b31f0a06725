"""Changes of a suspension in force, and corrections."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from carequality.permits import Request, permit
from suspensions import actions, rules
from suspensions.forms import (
    CorrectionForm,
    DecideChangeForm,
    ExtensionForm,
    ScopeForm,
    WithdrawChangeForm,
)
from suspensions.models import Change
from suspensions.views.steps import SEE, find, take_step


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
