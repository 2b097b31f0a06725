from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from audits.actions import plans
from audits.filters import ACTION_COLUMNS, ActionFilter
from audits.forms.plans import AgreeForm, CloseActionForm, FindingForm, FindingTextForm, VerifyForm
from audits.models import Action, Finding, Visit
from audits.views.work import READ, RECORD, named
from audits.workflow.action import ACTION
from concerns.models import Concern
from core.permissions import Request, require_permission
from documents.numbers import whole_number
from govuk.form_page import bind, form_page, post_action
from govuk.lists import ListPage
from providers.models import Service

CHANGE = ("audits.change_action", *READ)
VERIFY = ("audits.verify_action", *READ)


@require_permission(*RECORD)
def add_finding(request: Request, visit_id: int) -> HttpResponse:
    visit = get_object_or_404(Visit.objects.select_related("service", "template"), pk=visit_id)
    initial = {"question": request.GET.get("question")}
    place = whole_number(request.GET.get("place"))
    back = reverse("audits:view-visit", args=[visit_id])
    if place is not None and visit.is_waiting:
        back = reverse("audits:record-answers", args=[visit_id, place])
    return form_page(
        request,
        bind(request, FindingForm, initial=initial, template=visit.template),
        lambda given: plans.add_finding(visit_id, by=request.user, given=given, now=timezone.now()),
        template="audits/single_form.html",
        title="Add a finding",
        about=f"{visit.service}, {visit.get_kind_display().lower()}",
        intro=["A finding is exempt from publication unless it is marked public."],
        done="Finding added. Now agree an action to put it right.",
        url=lambda finding: f"{reverse('audits:agree-action')}?finding={finding.pk}",
        cancel_url=back,
        visit=visit,
    )


@require_permission(*RECORD)
def change_finding(request: Request, finding_id: int) -> HttpResponse:
    finding = get_object_or_404(Finding.objects.select_related("visit__service"), pk=finding_id)
    return form_page(
        request,
        bind(request, FindingTextForm, of=finding, initial={"text": finding.text}),
        lambda given: plans.change_finding(
            finding_id, by=request.user, given=given, now=timezone.now()
        ),
        template="audits/single_form.html",
        title="Change the finding",
        about=finding.visit.service_and_kind,
        done="Finding saved. What it said before is kept.",
        url=reverse("audits:view-visit", args=[finding.visit_id]),
    )


@require_permission("audits.mark_public", *READ)
def mark_finding_public(request: Request, finding_id: int) -> HttpResponse:
    """Mark a finding as public or as exempt again: one button, no form to fill."""
    finding = get_object_or_404(Finding.objects.select_related("visit__service"), pk=finding_id)
    if request.method != "POST":
        context = {
            "finding": finding,
            "visit": finding.visit,
            "cancel_url": reverse("audits:view-visit", args=[finding.visit_id]),
            "task": "Make the finding exempt" if finding.public_at else "Make the finding public",
        }
        return render(request, "audits/mark_finding_public.html", context)
    public = finding.public_at is None
    return post_action(
        request,
        lambda: plans.mark_finding_public(
            finding_id, by=request.user, public=public, now=timezone.now()
        ),
        done=f"The finding is {'public' if public else 'exempt'} now.",
        url=reverse("audits:view-visit", args=[finding.visit_id]),
    )


@require_permission(*READ)
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
    context = {"page": page, "today": today, "nothing": _no_actions(page)}
    return page.export() or render(request, "audits/list_actions.html", context)


def _no_actions(page: ListPage) -> dict[str, str]:
    """What stands where the list is empty, and where it leads."""
    if page.active_filters:
        return {
            "text": "No actions match these filters.",
            "url": page.request.path,
            "label": "Show all actions",
        }
    return {
        "text": "No actions have been agreed yet. Agree one on a finding of a visit.",
        "url": reverse("audits:list-visits"),
        "label": "Find a visit",
    }


@require_permission(*CHANGE)
def agree_action(request: Request) -> HttpResponse:
    """Agree an action on a finding, a concern, or a service: whichever the address names."""
    finding, concern = named(request, Finding, "finding"), named(request, Concern, "concern")
    service = finding.visit.service if finding else concern.service if concern else None
    service = service or named(request, Service, "service")
    if service is None:
        messages.info(
            request,
            "To agree an action, first open the finding or the concern that it is about.",
        )
        return redirect("audits:list-actions")
    today = timezone.localdate()
    back = (
        reverse("audits:view-visit", args=[finding.visit_id])
        if finding
        else reverse("concerns:view-concern", args=[concern.pk])
        if concern
        else reverse("audits:list-actions")
    )
    return form_page(
        request,
        bind(request, AgreeForm, today=today),
        lambda given: plans.agree_action(
            by=request.user,
            service=service,
            given=given,
            today=today,
            finding=finding,
            concern=concern,
        ),
        template="audits/agree_action.html",
        done="Action agreed.",
        url=back,
        service=service,
        finding=finding,
        concern=concern,
    )


@require_permission(*READ)
def view_action(request: Request, action_id: int) -> HttpResponse:
    action = get_object_or_404(
        Action.objects.select_related(
            "service",
            "officer",
            "finding__visit",
            "concern",
            "closed_by",
            "verified_by",
            "agreed_by",
            "withdrawn_by",
            "withdrawal_asked_by",
        ),
        pk=action_id,
    )
    context = {
        "action": action,
        "caption": f"{action.service}, action {action.pk}",
        "today": timezone.localdate(),
        "may_close": action.is_open and request.user.has_perms(CHANGE),
        "may_verify": action.is_done and request.user.has_perms(VERIFY),
        "why_not_verify": ACTION.refusal(action, "verify", request.user),
        "may_change": ACTION.refusal(action, "change-due", request.user) is None,
        "may_withdraw": (action.is_open or action.is_done)
        and not action.is_withdrawal_asked
        and request.user.has_perms(CHANGE),
        "may_decide_withdrawal": ACTION.refusal(action, "agree-withdrawal", request.user) is None,
        "withdrawal_waits": action.is_withdrawal_asked,
        "returns": action.returns.select_related("closed_by", "returned_by"),
        "changes": action.changes.select_related("changed_by"),
        "files": action.files.select_related("withdrawn_by"),
        "may_add_file": ACTION.refusal(action, "add-file", request.user) is None,
        "may_withdraw_file": ACTION.refusal(action, "withdraw-file", request.user) is None,
    }
    return render(request, "audits/view_action.html", context)


@require_permission(*CHANGE)
def close_action(request: Request, action_id: int) -> HttpResponse:
    action = get_object_or_404(Action.objects.select_related("service"), pk=action_id)
    today = timezone.localdate()
    return form_page(
        request,
        bind(request, CloseActionForm, initial={"closed_on": today, "evidence": action.evidence}),
        lambda given: plans.close_action(action_id, by=request.user, given=given, today=today),
        template="audits/close_action.html",
        done="Action closed. Someone else must now verify it.",
        url=reverse("audits:view-action", args=[action_id]),
        action=action,
    )


@require_permission(*VERIFY)
def verify_action(request: Request, action_id: int) -> HttpResponse:
    action = get_object_or_404(Action.objects.select_related("service", "closed_by"), pk=action_id)
    return form_page(
        request,
        bind(request, VerifyForm),
        lambda given: plans.verify_action(
            action_id, by=request.user, given=given, now=timezone.now()
        ),
        template="audits/verify_action.html",
        done=lambda now: (
            "Action returned. It is open again." if now.is_open else "Action verified."
        ),
        url=reverse("audits:view-action", args=[action_id]),
        action=action,
        files=action.files.select_related("withdrawn_by"),
    )
