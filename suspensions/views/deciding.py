from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from carequality.permits import Request, permit
from carequality.refusals import Refused
from providers.models import Service
from suspensions import actions, rules
from suspensions.forms import (
    CompleteRecordForm,
    ConfirmForm,
    DecideForm,
    ProposeForm,
    ReasonForm,
    SuspendNowForm,
    in_two_weeks,
)
from suspensions.models import Policy, Status, Suspension
from suspensions.views.steps import SEE, find, take_step, who_is_told, who_lives_there


@permit(*SEE, "suspensions.propose_suspension")
def propose_for_service(request: Request, service_id: int) -> HttpResponse:
    service = get_object_or_404(Service.objects.select_related("provider", "lead_officer"), pk=service_id)
    form = ProposeForm(
        request.POST if request.method == "POST" else None,
        service=service,
        initial={"lead_officer": service.lead_officer_id, "contracts": list(service.contracts.all())},
    )
    form.cancel_url = reverse("oversight:view-service", args=[service.pk])
    if request.method == "POST" and form.is_valid():
        try:
            suspension = actions.propose(
                service.pk,
                by=request.user,
                record=form.record(),
                parties=form.to_tell(),
                now=timezone.now(),
                **form.scope(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The suspension has been proposed. Another manager decides it.")
            return redirect("suspensions:view-suspension", suspension.pk)
    return render(
        request, "suspensions/propose_suspension.html", {"form": form, "service": service, **_now(service)}
    )


@permit(*SEE, "suspensions.propose_suspension")
def suspend_service_now(request: Request, service_id: int) -> HttpResponse:
    service = get_object_or_404(Service.objects.select_related("provider", "district"), pk=service_id)
    others = tuple(person for person in rules.managers_who_decide() if person.pk != request.user.pk)
    form = SuspendNowForm(
        request.POST if request.method == "POST" else None,
        service=service,
        others=others,
        initial={"in_force_from": timezone.localdate()},
    )
    form.cancel_url = reverse("oversight:view-service", args=[service.pk])
    if request.method == "POST" and form.is_valid():
        try:
            suspension = actions.suspend_urgently(
                service.pk,
                by=request.user,
                summary=form.cleaned_data["summary"],
                in_force_from=form.cleaned_data["in_force_from"],
                confirmer_id=int(form.cleaned_data["confirmer"] or 0) or None,
                now=timezone.now(),
                **form.scope(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, f"{suspension.scope} is suspended. Another manager has been asked to confirm."
            )
            return redirect("suspensions:view-suspension", suspension.pk)
    parties = actions.usual_parties(service)
    context = {
        "form": form,
        "service": service,
        "at_once": [party for party in parties if party.kind in rules.AT_ONCE],
        "later": [party for party in parties if party.kind not in rules.AT_ONCE],
        "confirm_due_on": rules.confirm_due_on(timezone.now()),
        "others": rules.names_with_cover(others, timezone.localdate()),
        "proposed": service.suspensions.filter(status=Status.PROPOSED).first(),
        **who_lives_there(service),
        **_now(service),
    }
    return render(request, "suspensions/suspend_now.html", context)


def _now(service: Service) -> dict[str, object]:
    """What the service's status is as the person begins."""
    today = timezone.localdate()
    in_force = Suspension.objects.in_force_on(today).filter(service=service)
    return {
        "suspensions": in_force.select_related("service", "unit"),
        "today": today,
        "lifted": rules.lifted_lately(service.pk, today),
        "prompt": rules.prompt_of(service, today, Policy.current()),
    }


@permit(*SEE)
def complete_record(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    form = CompleteRecordForm(
        request.POST if request.method == "POST" else None,
        service=suspension.service,
        initial=CompleteRecordForm.of(suspension),
    )
    return take_step(
        request,
        "suspensions/complete_record.html",
        suspension,
        form,
        lambda: actions.complete(suspension.pk, by=request.user, record=form.record(), now=timezone.now()),
        "The record has been saved.",
        why_not=rules.why_not_complete(suspension, request.user),
        missing=rules.what_is_missing(suspension),
    )


@permit(*SEE, "suspensions.decide_suspension")
def decide_suspension(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    form = DecideForm(
        request.POST if request.method == "POST" else None,
        initial={
            "decided_at": timezone.now(),
            "in_force_from": timezone.localdate(),
            "review_on": in_two_weeks(),
        },
    )

    def deed() -> None:
        given = form.cleaned_data
        same = {"by": request.user, "reason": given["reason"], "decided_at": given["decided_at"]}
        if given["decision"] == "refuse":
            actions.refuse(suspension.pk, now=timezone.now(), **same)
        else:
            actions.decide(
                suspension.pk,
                in_force_from=given["in_force_from"],
                review_on=given["review_on"],
                planned_until=given["planned_until"],
                now=timezone.now(),
                **same,
            )

    return take_step(
        request,
        "suspensions/decide_suspension.html",
        suspension,
        form,
        deed,
        lambda: (
            "The proposal has been refused."
            if form.cleaned_data["decision"] == "refuse"
            else f"{suspension.scope} is suspended. Those who have to be told are being told."
        ),
        why_not=rules.why_not_refuse(suspension, request.user),
        missing=rules.what_is_missing(suspension),
        unfair=rules.unfair(suspension),
    )


@permit(*SEE, "suspensions.propose_suspension")
def withdraw_proposal(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return take_step(
        request,
        "suspensions/withdraw_proposal.html",
        suspension,
        form,
        lambda: actions.withdraw(
            suspension.pk, by=request.user, reason=form.cleaned_data["reason"], now=timezone.now()
        ),
        "The proposal has been withdrawn.",
        why_not=rules.why_not_withdraw(suspension, request.user),
    )


@permit(*SEE, "suspensions.decide_suspension")
def confirm_suspension(request: Request, suspension_id: int) -> HttpResponse:
    suspension = find(suspension_id)
    form = ConfirmForm(
        request.POST if request.method == "POST" else None,
        initial={"decided_at": timezone.now(), "review_on": in_two_weeks()},
    )

    def deed() -> None:
        given = form.cleaned_data
        same = {"by": request.user, "reason": given["reason"], "now": timezone.now()}
        if given["decision"] == "end":
            actions.end_unconfirmed(suspension.pk, decided_at=given["decided_at"], **same)
        else:
            actions.confirm(
                suspension.pk, review_on=given["review_on"], confirmed_at=given["decided_at"], **same
            )

    return take_step(
        request,
        "suspensions/confirm_suspension.html",
        suspension,
        form,
        deed,
        lambda: (
            "The suspension has ended. Those who were told of it are being told."
            if form.cleaned_data["decision"] == "end"
            else "The suspension has been confirmed."
        ),
        why_not=rules.why_not_end_unconfirmed(suspension, request.user),
        missing=rules.what_is_missing(suspension),
        unfair=rules.unfair(suspension),
        overdue=rules.is_overdue(suspension, timezone.localdate()),
        **who_is_told(suspension),
        **who_lives_there(suspension.service),
    )
