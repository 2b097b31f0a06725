from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from carequality.govuk.lists import ListPage
from carequality.permits import Request, permit
from carequality.refusals import Refused
from concerns import actions, rules
from concerns.filters import COLUMNS, ConcernFilter
from concerns.forms import (
    AllocateForm,
    CloseForm,
    ConcernForm,
    EnquiryForm,
    LogForm,
    RespondForm,
    RiskForm,
)
from concerns.models import Concern, Targets

# Concerns are exempt matter: every page of them asks for the right to read that too.
READ = ("concerns.view_concern", "carequality.read_exempt")
CHANGE = ("concerns.change_concern", *READ)


@permit(*READ)
def list_concerns(request: Request) -> HttpResponseBase:
    now = timezone.now()
    rows = Concern.objects.by_risk().select_related("service", "allocated_to")
    page = ListPage(
        request,
        ConcernFilter(request.GET, queryset=rows, now=now),
        COLUMNS,
        default_sort="-received",
        export_name="concerns",
        noun=("concern", "concerns"),
    )
    return page.export() or render(request, "concerns/list_concerns.html", {"page": page, "now": now})


@permit("concerns.add_concern", *READ)
def add_concern(request: Request) -> HttpResponse:
    now = timezone.now()
    initial = {"service": request.GET.get("service"), "received_at": now}
    form = ConcernForm(request.POST or None, initial=initial, now=now)
    form.cancel_url = reverse("concerns:list-concerns")
    if request.method == "POST" and form.is_valid():
        try:
            concern = actions.record_concern(by=request.user, now=now, **form.recorded())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{concern.reference} has been recorded.")
            return redirect("concerns:view-concern", concern.pk)
    return render(request, "concerns/add_concern.html", {"form": form})


@permit(*READ)
def view_concern(request: Request, concern_id: int) -> HttpResponse:
    concerns = Concern.objects.select_related("service", "allocated_to", "closed_by", "recorded_by")
    concern = get_object_or_404(concerns, pk=concern_id)
    context = {
        "concern": concern,
        "log": concern.log.select_related("by"),
        "contacts": concern.contacts.select_related("recorded_by"),
        # What the floor above ties to a concern is shown by the reverse relation.
        "visits": concern.visits.order_by("-planned_for"),
        "suspensions": concern.suspensions.order_by("-pk"),
        "formal_steps": concern.formal_steps.order_by("-pk"),
        "agreed": concern.actions.select_related("officer"),
        "late": concern.first_response_at is None and concern.is_open and concern.respond_by < timezone.now(),
        "why_not_close": rules.why_not_close(concern),
        "guidance": rules.risk_guidance(Targets.current())[concern.risk],
    }
    return render(request, "concerns/view_concern.html", context)


@permit(*CHANGE)
def respond_to_concern(request: Request, concern_id: int) -> HttpResponse:
    now = timezone.now()

    def respond(data: dict[str, Any]) -> Concern:
        return actions.respond(concern_id, by=request.user, at=data["at"], done=data["done"], now=now)

    form = RespondForm(request.POST or None, initial={"at": now})
    return _one_task(
        request, concern_id, "respond_to_concern", form, respond, "The first response is recorded.", "at"
    )


@permit(*CHANGE)
def allocate_concern(request: Request, concern_id: int) -> HttpResponse:
    def allocate(data: dict[str, Any]) -> Concern:
        return actions.allocate(concern_id, by=request.user, to=data["to"])

    form = AllocateForm(request.POST or None)
    return _one_task(
        request, concern_id, "allocate_concern", form, allocate, "The concern has been given on.", "to"
    )


@permit(*CHANGE)
def change_risk(request: Request, concern_id: int) -> HttpResponse:
    now = timezone.now()

    def change(data: dict[str, Any]) -> Concern:
        return actions.change_risk(
            concern_id, by=request.user, risk=data["risk"], reason=data["reason"], now=now
        )

    form = RiskForm(request.POST or None)
    return _one_task(request, concern_id, "change_risk", form, change, "The risk has been changed.", "risk")


@permit(*CHANGE)
def record_enquiry(request: Request, concern_id: int) -> HttpResponse:
    concern = get_object_or_404(Concern, pk=concern_id)

    def record(data: dict[str, Any]) -> Concern:
        return actions.record_enquiry(
            concern_id, by=request.user, section_42=data["section_42"], outcome=data["outcome"]
        )

    initial = {"section_42": concern.section_42, "outcome": concern.section_42_outcome}
    form = EnquiryForm(request.POST or None, initial=initial)
    return _one_task(request, concern_id, "record_enquiry", form, record, "The enquiry has been recorded.")


@permit(*CHANGE)
def close_concern(request: Request, concern_id: int) -> HttpResponse:
    now = timezone.now()

    def close(data: dict[str, Any]) -> Concern:
        return actions.close(concern_id, by=request.user, outcome=data["outcome"], done=data["done"], now=now)

    form = CloseForm(request.POST or None)
    return _one_task(request, concern_id, "close_concern", form, close, "The concern is closed.")


@permit(*CHANGE)
def add_to_log(request: Request, concern_id: int) -> HttpResponse:
    now = timezone.now()

    def add(data: dict[str, Any]) -> Concern:
        return actions.add_to_log(concern_id, by=request.user, text=data["text"], now=now).concern

    form = LogForm(request.POST or None)
    return _one_task(request, concern_id, "add_to_log", form, add, "Added to the investigation log.")


def _one_task(
    request: Request,
    concern_id: int,
    page: str,
    form: forms.Form,
    act: Callable[[dict[str, Any]], Concern],
    said: str,
    at_field: str = "",
) -> HttpResponse:
    """A page of one form about one concern: act on it, or show why not, by `at_field` where a rule speaks of that."""
    concern = get_object_or_404(Concern.objects.select_related("service"), pk=concern_id)
    url = reverse("concerns:view-concern", args=[concern_id])
    form.cancel_url = url  # type: ignore[attr-defined]  # of GovFormMixin
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except Refused as refusal:
            # A closed concern refuses the whole page, whatever was typed.
            form.add_error(at_field if at_field and concern.is_open else None, str(refusal))
        else:
            messages.success(request, said)
            return redirect(url)
    return render(request, f"concerns/{page}.html", {"form": form, "concern": concern})
