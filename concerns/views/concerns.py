from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from concerns import actions, rules
from concerns.filters import COLUMNS, ConcernFilter
from concerns.forms import (
    AllocateForm,
    ChangeRiskForm,
    CloseForm,
    ConcernForm,
    EnquiryForm,
    LogForm,
    RespondForm,
)
from concerns.models import Concern, Targets
from concerns.workflow import CONCERN
from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page
from govuk.lists import ListPage

# Concerns are exempt matter: every page of them asks for the right to read that too.
READ = ("concerns.view_concern", "core.read_exempt")
CHANGE = ("concerns.change_concern", *READ)


@require_permission(*READ)
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
    return page.export() or render(
        request, "concerns/list_concerns.html", {"page": page, "now": now}
    )


@require_permission("concerns.add_concern", *READ)
def add_concern(request: Request) -> HttpResponse:
    now = timezone.now()
    initial = {"service": request.GET.get("service"), "received_at": now}
    form = bind(request, ConcernForm, initial=initial, now=now, targets=Targets.current())
    return form_page(
        request,
        form,
        lambda given: actions.record_concern(by=request.user, given=given, now=now),
        template="concerns/add_concern.html",
        done=lambda concern: f"{concern.reference} has been recorded.",
        url=_page_of,
        cancel_url=reverse("concerns:list-concerns"),
    )


@require_permission(*READ)
def view_concern(request: Request, concern_id: int) -> HttpResponse:
    concerns = Concern.objects.select_related("service", "allocated_to", "closed_by", "recorded_by")
    concern, now = get_object_or_404(concerns, pk=concern_id), timezone.now()
    context = {
        "concern": concern,
        "log": concern.log.select_related("by"),
        "contacts": concern.contacts.select_related("recorded_by"),
        # What a higher app ties to a concern is shown by the reverse relation.
        "visits": concern.visits.order_by("-planned_for"),
        "suspensions": concern.suspensions.order_by("-pk"),
        "formal_steps": concern.formal_steps.order_by("-pk"),
        "agreed": concern.actions.select_related("officer"),
        "late": concern.first_response_at is None and concern.is_open and concern.respond_by < now,
        "why_not_close": CONCERN.refusal(concern, "close", request.user, now),
        "guidance": rules.risk_guidance(Targets.current())[concern.risk],
    }
    return render(request, "concerns/view_concern.html", context)


@require_permission(*CHANGE)
def respond_to_concern(request: Request, concern_id: int) -> HttpResponse:
    concern, now = _concern(concern_id), timezone.now()
    return form_page(
        request,
        bind(request, RespondForm, initial={"at": now}),
        lambda given: actions.respond(concern_id, by=request.user, given=given, now=now),
        template="concerns/respond_to_concern.html",
        done="The first response is recorded.",
        url=_page_of(concern),
        concern=concern,
    )


@require_permission(*CHANGE)
def allocate_concern(request: Request, concern_id: int) -> HttpResponse:
    concern = _concern(concern_id)
    return form_page(
        request,
        bind(request, AllocateForm),
        lambda given: actions.allocate(concern_id, by=request.user, given=given),
        template="concerns/allocate_concern.html",
        done="The concern has been given on.",
        url=_page_of(concern),
        concern=concern,
    )


@require_permission(*CHANGE)
def change_risk(request: Request, concern_id: int) -> HttpResponse:
    concern, now = _concern(concern_id), timezone.now()
    return form_page(
        request,
        bind(request, ChangeRiskForm, targets=Targets.current()),
        lambda given: actions.change_risk(concern_id, by=request.user, given=given, now=now),
        template="concerns/change_risk.html",
        done="The risk has been changed.",
        url=_page_of(concern),
        concern=concern,
    )


@require_permission(*CHANGE)
def record_enquiry(request: Request, concern_id: int) -> HttpResponse:
    concern = _concern(concern_id)
    initial = {"section_42": concern.section_42, "outcome": concern.section_42_outcome}
    return form_page(
        request,
        bind(request, EnquiryForm, initial=initial),
        lambda given: actions.record_enquiry(concern_id, by=request.user, given=given),
        template="concerns/record_enquiry.html",
        done="The enquiry has been recorded.",
        url=_page_of(concern),
        concern=concern,
    )


@require_permission(*CHANGE)
def close_concern(request: Request, concern_id: int) -> HttpResponse:
    concern, now = _concern(concern_id), timezone.now()
    return form_page(
        request,
        bind(request, CloseForm),
        lambda given: actions.close(concern_id, by=request.user, given=given, now=now),
        template="concerns/close_concern.html",
        done="The concern is closed.",
        url=_page_of(concern),
        concern=concern,
    )


@require_permission(*CHANGE)
def add_to_log(request: Request, concern_id: int) -> HttpResponse:
    concern, now = _concern(concern_id), timezone.now()
    return form_page(
        request,
        bind(request, LogForm),
        lambda given: actions.add_to_log(concern_id, by=request.user, given=given, now=now),
        template="concerns/add_to_log.html",
        done="Added to the investigation log.",
        url=_page_of(concern),
        concern=concern,
    )


def _concern(concern_id: int) -> Concern:
    return get_object_or_404(Concern.objects.select_related("service"), pk=concern_id)


def _page_of(concern: Concern) -> str:
    return reverse("concerns:view-concern", args=[concern.pk])
