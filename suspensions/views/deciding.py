from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from core import cover
from core.permissions import Request, require_permission
from formal_steps.models import Policy
from formal_steps.rules import representations
from formal_steps.rules.involved import parts_taken
from formal_steps.rules.prompts import prompt_of
from govuk.form_fields import ReasonForm, in_two_weeks
from govuk.form_page import bind, form_page
from providers.models import Service
from suspensions.actions import closing, deciding, record
from suspensions.actions.deciding import ConfirmInput, DecideInput
from suspensions.forms.deciding import ConfirmForm, DecideForm, EndClosedForm
from suspensions.forms.proposing import CompleteRecordForm, ProposeForm, SuspendNowForm
from suspensions.models import AT_ONCE, Suspension, SuspensionStatus
from suspensions.rules import steps, tightening, urgent
from suspensions.views.steps import (
    NOTIFYING,
    SEE,
    find,
    page_of,
    read_of,
    who_is_notified,
    who_lives_there,
)
from suspensions.views.tasks import HEADINGS
from suspensions.workflow.suspension import SUSPENSION


@require_permission(*SEE, "suspensions.propose_suspension")
def propose_for_service(request: Request, service_id: int) -> HttpResponse:
    service = get_object_or_404(
        Service.objects.select_related("provider", "lead_officer"), pk=service_id
    )
    initial = {"lead_officer": service.lead_officer_id, "contracts": list(service.contracts.all())}
    return form_page(
        request,
        bind(request, ProposeForm, service=service, initial=initial),
        lambda given: deciding.propose(
            service.pk, by=request.user, given=given, now=timezone.now()
        ),
        template="suspensions/propose_suspension.html",
        done="The suspension has been proposed. Another manager must decide it.",
        url=page_of,
        cancel_url=reverse("oversight:view-service", args=[service.pk]),
        heading="Propose a suspension",
        service=service,
        **_now(service),
    )


@require_permission(*SEE, "suspensions.propose_suspension")
def suspend_service_now(request: Request, service_id: int) -> HttpResponse:
    service = get_object_or_404(
        Service.objects.select_related("provider", "district"), pk=service_id
    )
    others = tuple(
        person for person in urgent.managers_who_decide() if person.pk != request.user.pk
    )
    today = timezone.localdate()
    recipients = record.usual_recipients(service)
    return form_page(
        request,
        bind(
            request,
            SuspendNowForm,
            service=service,
            others=others,
            initial={"in_force_from": today},
        ),
        lambda given: deciding.suspend_urgently(
            service.pk, by=request.user, given=given, now=timezone.now()
        ),
        template="suspensions/suspend_now.html",
        done=lambda made: f"{made.scope} is suspended. We have asked another manager to confirm.",
        url=page_of,
        cancel_url=reverse("oversight:view-service", args=[service.pk]),
        heading="Suspend now",
        caption=f"{service}, {service.get_service_type_display()}, {service.district}",
        service=service,
        at_once=[recipient for recipient in recipients if recipient.kind in AT_ONCE],
        later=[recipient for recipient in recipients if recipient.kind not in AT_ONCE],
        confirm_due_on=steps.confirm_due_on(timezone.now()),
        others=cover.names_with_cover(others, today),
        proposed=service.suspensions.filter(status=SuspensionStatus.PROPOSED).first(),
        why_not=tightening.why_not_at_all(service, today),
        **who_lives_there(service),
        **_now(service),
    )


def _now(service: Service) -> dict[str, Any]:
    """What the service's status is as the person begins."""
    today, policy = timezone.localdate(), Policy.current()
    in_force = Suspension.objects.in_force_on(today).filter(service=service)
    return {
        "suspensions": in_force.select_related("service", "unit"),
        "today": today,
        "lifted": steps.lifted_lately(service.pk, today, policy),
        "prompt": prompt_of(service, today, policy),
    }


@require_permission(*SEE)
def complete_record(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    form = bind(
        request,
        CompleteRecordForm,
        of=suspension,
        service=suspension.service,
        initial=CompleteRecordForm.standing(suspension),
    )
    return form_page(
        request,
        form,
        lambda given: record.complete(
            suspension.pk,
            by=request.user,
            given=given,
            seen=form.cleaned_data["seen"],
            now=timezone.now(),
        ),
        template="suspensions/complete_record.html",
        done="The record has been saved.",
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "complete", request.user),
        heading=HEADINGS["complete"],
        suspension=suspension,
        missing=steps.what_is_missing(suspension),
        could_decide=request.user.has_perm(steps.DECIDE)
        and request.user.pk not in (suspension.proposed_by_id, *suspension.reasons_by),
    )


@require_permission(*SEE, "suspensions.decide_suspension")
def decide_suspension(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    initial = {
        "decided_at": timezone.now(),
        "in_force_from": timezone.localdate(),
        "review_on": in_two_weeks(),
    }

    def act(given: DecideInput) -> Suspension:
        now = timezone.now()
        if given.decision == "refuse":
            return deciding.refuse(suspension.pk, by=request.user, given=given, now=now)
        return deciding.decide(suspension.pk, by=request.user, given=given, now=now)

    return form_page(
        request,
        bind(request, DecideForm, of=suspension, initial=initial),
        act,
        template="suspensions/decide_suspension.html",
        done=lambda decided: (
            "The proposal has been refused."
            if decided.status == SuspensionStatus.REFUSED
            else f"{decided.scope} is suspended. {NOTIFYING}"
        ),
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "refuse", request.user),
        heading=HEADINGS["refuse"],
        suspension=suspension,
        took_part=parts_taken(suspension, request.user),
        read=read_of(suspension),
        missing=steps.what_is_missing(suspension),
        unfair=representations.unfair(suspension),
    )


@require_permission(*SEE, "suspensions.propose_suspension")
def withdraw_proposal(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    return form_page(
        request,
        bind(request, ReasonForm),
        lambda given: deciding.withdraw(
            suspension.pk, by=request.user, given=given, now=timezone.now()
        ),
        template="suspensions/withdraw_proposal.html",
        done="The proposal has been withdrawn.",
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "withdraw", request.user),
        heading=HEADINGS["withdraw"],
        suspension=suspension,
    )


@require_permission(*SEE, "suspensions.decide_suspension")
def confirm_suspension(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    initial = {
        "decided_at": timezone.now(),
        "review_on": in_two_weeks(),
    }

    def act(given: ConfirmInput) -> Suspension:
        now = timezone.now()
        if given.decision == "end":
            return deciding.end_unconfirmed(suspension.pk, by=request.user, given=given, now=now)
        return deciding.confirm(suspension.pk, by=request.user, given=given, now=now)

    return form_page(
        request,
        bind(request, ConfirmForm, of=suspension, initial=initial),
        act,
        template="suspensions/confirm_suspension.html",
        done=lambda decided: (
            f"The suspension has ended. {NOTIFYING}"
            if decided.status == SuspensionStatus.LIFTED
            else "The suspension has been confirmed."
        ),
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "end-unconfirmed", request.user),
        heading=HEADINGS["end-unconfirmed"],
        suspension=suspension,
        took_part=parts_taken(suspension, request.user),
        read=read_of(suspension),
        missing=steps.what_is_missing(suspension),
        unfair=representations.unfair(suspension),
        overdue=steps.is_overdue(suspension, timezone.localdate()),
        **who_is_notified(suspension),
        **who_lives_there(suspension.service),
    )


@require_permission(*SEE, "suspensions.decide_suspension")
def end_closed_service(request: Request, suspension_id: int) -> HttpResponse:
    """End a suspension because its service has closed."""
    suspension = find(suspension_id)
    return form_page(
        request,
        bind(request, EndClosedForm, of=suspension, initial={"decided_at": timezone.now()}),
        lambda given: closing.end_closed(
            suspension.pk, by=request.user, given=given, now=timezone.now()
        ),
        template="suspensions/end_closed_service.html",
        done=f"The suspension has ended. {NOTIFYING}",
        url=page_of(suspension),
        why_not=SUSPENSION.refusal(suspension, "end-closed", request.user),
        heading=HEADINGS["end-closed"],
        suspension=suspension,
        **who_lives_there(suspension.service),
    )
