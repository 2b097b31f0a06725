from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from audits import actions, rules
from audits.filters import ACTION_COLUMNS, ActionFilter
from audits.forms import AgreeForm, CloseActionForm, FindingForm, VerifyForm
from audits.models import Action, Finding, Visit
from audits.views.work import READ, RECORD, named
from carequality.govuk.lists import ListPage
from carequality.permits import Request, permit
from carequality.refusals import Refused
from concerns.models import Concern
from providers.models import Service

CHANGE = ("audits.change_action", *READ)
VERIFY = ("audits.verify_action", *READ)


@permit(*RECORD)
def add_finding(request: Request, visit_id: int) -> HttpResponse:
    visit = get_object_or_404(Visit.objects.select_related("service", "template"), pk=visit_id)
    initial = {"question": request.GET.get("question")}
    form = FindingForm(request.POST or None, initial=initial, template=visit.template)
    place = request.GET.get("place", "")
    back = reverse("audits:view-visit", args=[visit_id])
    if place.isdecimal() and visit.is_waiting:
        back = reverse("audits:record-answers", args=[visit_id, int(place)])
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        try:
            finding = actions.add_finding(visit_id, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The finding has been added. Agree an action that puts it right.")
            return redirect(f"{reverse('audits:agree-action')}?finding={finding.pk}")
    return render(request, "audits/add_finding.html", {"form": form, "visit": visit})


@permit("audits.mark_public", *READ)
def mark_finding_public(request: Request, finding_id: int) -> HttpResponse:
    """Mark a finding as public or as exempt again: one button, no form to fill."""
    finding = get_object_or_404(Finding.objects.select_related("visit__service"), pk=finding_id)
    if request.method == "POST":
        public = finding.public_at is None
        try:
            actions.mark_finding_public(finding_id, by=request.user, public=public, now=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"The finding is {'public' if public else 'exempt'} now.")
        return redirect("audits:view-visit", finding.visit_id)
    return render(request, "audits/mark_finding_public.html", {"finding": finding, "visit": finding.visit})


@permit(*READ)
def list_actions(request: Request) -> HttpResponseBase:
    today = timezone.localdate()
    rows = Action.objects.in_turn().select_related("service", "officer", "verified_by")
    page = ListPage(
        request,
        ActionFilter(request.GET, queryset=rows, today=today),
        ACTION_COLUMNS,
        default_sort="due",
        export_name="actions",
        noun=("action", "actions"),
    )
    return page.export() or render(request, "audits/list_actions.html", {"page": page, "today": today})


@permit(*CHANGE)
def agree_action(request: Request) -> HttpResponse:
    """Agree an action on a finding, a concern, or a service: whichever the address names."""
    finding, concern = named(request, Finding, "finding"), named(request, Concern, "concern")
    service = finding.visit.service if finding else concern.service if concern else None
    service = service or named(request, Service, "service")
    if service is None:
        messages.info(
            request, "An action is agreed on a finding of a visit, or on a concern. Open that first."
        )
        return redirect("audits:list-actions")
    today = timezone.localdate()
    form = AgreeForm(request.POST or None, today=today)
    back = (
        reverse("audits:view-visit", args=[finding.visit_id])
        if finding
        else reverse("concerns:view-concern", args=[concern.pk])
        if concern
        else reverse("audits:list-actions")
    )
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("text", "owner_name", "officer", "due_on")}
        try:
            actions.agree_action(
                by=request.user, service=service, finding=finding, concern=concern, today=today, **data
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The action has been agreed.")
            return redirect(back)
    context = {"form": form, "service": service, "finding": finding, "concern": concern}
    return render(request, "audits/agree_action.html", context)


@permit(*READ)
def view_action(request: Request, action_id: int) -> HttpResponse:
    action = get_object_or_404(
        Action.objects.select_related(
            "service", "officer", "finding__visit", "concern", "closed_by", "verified_by", "agreed_by"
        ),
        pk=action_id,
    )
    context = {
        "action": action,
        "today": timezone.localdate(),
        "why_not_verify": rules.why_not_verify(action, request.user),
    }
    return render(request, "audits/view_action.html", context)


@permit(*CHANGE)
def close_action(request: Request, action_id: int) -> HttpResponse:
    action = get_object_or_404(Action.objects.select_related("service"), pk=action_id)
    today = timezone.localdate()
    form = CloseActionForm(request.POST or None, initial={"closed_on": today, "evidence": action.evidence})
    form.cancel_url = reverse("audits:view-action", args=[action_id])
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_action(action_id, by=request.user, today=today, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("closed_on", str(refusal))
        else:
            messages.success(request, "The action is closed. Somebody else verifies it.")
            return redirect("audits:view-action", action_id)
    return render(request, "audits/close_action.html", {"form": form, "action": action})


@permit(*VERIFY)
def verify_action(request: Request, action_id: int) -> HttpResponse:
    action = get_object_or_404(Action.objects.select_related("service", "closed_by"), pk=action_id)
    form = VerifyForm(request.POST or None)
    form.cancel_url = reverse("audits:view-action", args=[action_id])
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            if data["accepted"]:
                actions.verify_action(action_id, by=request.user, how=data["how"], now=timezone.now())
            else:
                actions.return_action(action_id, by=request.user, reason=data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = "verified" if data["accepted"] else "open again"
            messages.success(request, f"The action is {said}.")
            return redirect("audits:view-action", action_id)
    return render(request, "audits/verify_action.html", {"form": form, "action": action})
