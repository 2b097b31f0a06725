"""Changes of a suspension in force, and corrections."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from core.permissions import Request, require_permission
from formal_steps.rules.involved import parts_taken
from govuk.form_page import bind, form_page
from suspensions.actions import changing
from suspensions.actions.changing import DecideChangeInput
from suspensions.forms.changing import (
    CorrectionForm,
    DecideChangeForm,
    ExtensionForm,
    ScopeForm,
    WithdrawChangeForm,
)
from suspensions.models import Change
from suspensions.views.steps import SEE, find, page_of, read_of
from suspensions.views.tasks import HEADINGS
from suspensions.workflow.change import CHANGE
from suspensions.workflow.suspension import SUSPENSION


@require_permission(*SEE, "suspensions.propose_suspension")
def propose_extension(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    return form_page(
        request,
        bind(request, ExtensionForm),
        lambda given: changing.propose_extension(
            suspension.pk, by=request.user, given=given, now=timezone.now()
        ),
        template="suspensions/propose_extension.html",
        done="The extension has been proposed. Another manager must decide it.",
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "extend", request.user),
        heading=HEADINGS["extend"],
        suspension=suspension,
    )


@require_permission(*SEE, "suspensions.propose_suspension")
def propose_scope(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    initial = {"unit": suspension.unit_id, "kind": suspension.kind, "limit": suspension.limit}
    return form_page(
        request,
        bind(request, ScopeForm, suspension=suspension, initial=initial),
        lambda given: changing.propose_scope(
            suspension.pk, by=request.user, given=given, now=timezone.now()
        ),
        template="suspensions/propose_scope.html",
        done="The change has been proposed. Another manager must decide it.",
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "scope", request.user),
        heading=HEADINGS["scope"],
        suspension=suspension,
    )


@require_permission(*SEE, "suspensions.decide_suspension")
def decide_change(request: Request, change_id: int) -> HttpResponse:
    change = get_object_or_404(
        Change.objects.select_related("unit", "before_unit", "proposed_by"), pk=change_id
    )
    suspension = change.suspension = find(change.suspension_id)
    initial = {"decided_at": timezone.now()}

    def act(given: DecideChangeInput) -> Change:
        decide = changing.agree_change if given.decision == "agree" else changing.refuse_change
        return decide(change.pk, by=request.user, given=given, now=timezone.now())

    return form_page(
        request,
        bind(request, DecideChangeForm, of=suspension, initial=initial),
        act,
        template="suspensions/decide_change.html",
        done="The decision has been recorded.",
        url=page_of(suspension),
        why_not=CHANGE.refusal(change, "refuse", request.user),
        heading="Decide this change",
        suspension=suspension,
        took_part=parts_taken(suspension, request.user),
        read=read_of(suspension),
        change=change,
    )


@require_permission(*SEE, "suspensions.propose_suspension")
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
        heading="Withdraw this change",
        suspension=suspension,
        change=change,
    )


@require_permission(*SEE, "suspensions.record_progress")
def add_correction(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    return form_page(
        request,
        bind(request, CorrectionForm),
        lambda given: changing.correct(
            suspension.pk, by=request.user, given=given, now=timezone.now()
        ),
        template="suspensions/add_correction.html",
        done="Your correction has been added beside the record.",
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "correct", request.user),
        heading=HEADINGS["correct"],
        suspension=suspension,
    )
