"""The list and the page of concerns, and the tasks on one concern."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from concerns import actions, names, rules
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
from concerns.models import Concern, ConcernFile, ContactLogEntry, LogEntry, Targets
from concerns.views import contacts, corrections
from concerns.views.shared import CHANGE, READ, find, nothing_listed, page_of
from concerns.workflow import CONCERN
from core.dates import day_in_words
from core.models import User
from core.permissions import Request, require_permission
from documents.numbers import whole_number
from govuk.form_page import bind, form_page
from govuk.lists import ListPage

# Columns that stand in files only; the page has them inside other cells.
IN_FILES_ONLY = ("answered", "outcome")


@require_permission(*READ)
def list_concerns(request: Request) -> HttpResponseBase:
    now = timezone.now()
    rows = Concern.objects.by_risk().select_related("service", "allocated_to", "merged_into")
    page = ListPage(
        request,
        ConcernFilter(request.GET, queryset=rows, now=now),
        COLUMNS,
        default_sort="-received",
        export_name="concerns",
        noun=("concern", "concerns"),
    )
    columns = " ".join(column.key for column in COLUMNS if column.key not in IN_FILES_ONLY)
    return page.export() or render(
        request,
        "concerns/list_concerns.html",
        {"page": page, "now": now, "columns": columns, "nothing": nothing_listed(page)},
    )


@require_permission("concerns.add_concern", *READ)
def add_concern(request: Request) -> HttpResponse:
    now = timezone.now()
    if other := whole_number(request.POST.get("add_to")):
        return contacts.contact_from_concern(request, get_object_or_404(Concern, pk=other), now)
    initial = {"service": request.GET.get("service"), "received_at": now}
    form = bind(request, ConcernForm, initial=initial, now=now, targets=Targets.current())
    return form_page(
        request,
        form,
        lambda given: actions.record_concern(by=request.user, given=given, now=now),
        template="concerns/add_concern.html",
        heading="Record a concern",
        done=lambda concern: f"{concern.reference} has been recorded.",
        url=page_of,
        cancel_url=reverse("concerns:list-concerns"),
    )


@require_permission(*READ)
def view_concern(request: Request, concern_id: int) -> HttpResponse:
    concerns = Concern.objects.select_related(
        "service",
        "allocated_to",
        "closed_by",
        "recorded_by",
        "section_42_decided_by",
        "merged_into",
    )
    concern, now = get_object_or_404(concerns, pk=concern_id), timezone.now()
    targets = Targets.current()
    # What belongs to a duplicate shows with the concern that holds the matter.
    whole = Q(concern=concern) | Q(concern__merged_into=concern)
    log = list(LogEntry.objects.filter(whole).select_related("by"))
    contacts_of = list(ContactLogEntry.objects.filter(whole).select_related("recorded_by"))
    texts = [concern.summary, concern.done]
    texts += [one.text for one in log] + [one.note for one in contacts_of]
    context = {
        "concern": concern,
        "log": log,
        "contacts": contacts_of,
        "files": ConcernFile.objects.filter(whole).select_related("file", "withdrawn_by"),
        "known": names.known_in(*texts),
        "merged": list(concern.merged.all()),
        "danger": rules.is_danger_out_of_hours(concern, now, targets),
        "targets": targets,
        "now": now,
        "steps": _steps(concern, request.user),
        "visits": _visits(concern),
        "plan_visit_url": f"{reverse('audits:plan-visit')}?concern={concern.pk}",
        "agree_action_url": f"{reverse('audits:agree-action')}?concern={concern.pk}",
        "why_not_close": CONCERN.refusal(concern, "close", request.user, now),
        "guidance": rules.risk_guidance(targets)[concern.risk],
        "entries": corrections.history_of(concern),
        **_what_may_change(request, concern),
    }
    return render(request, "concerns/view_concern.html", context)


def _what_may_change(request: Request, concern: Concern) -> dict[str, Any]:
    """Whether this person may work on the concern, with the addresses of what they may change."""
    # As the steps of the lifecycle ask, so that no link leads to a refusal.
    may_change = concern.is_open and request.user.has_perm("concerns.change_concern")
    pages = {"risk": "change-risk", "allocate": "allocate-concern", "enquiry": "record-enquiry"}
    urls = {
        name: reverse(f"concerns:{page}", args=[concern.pk]) if may_change else ""
        for name, page in pages.items()
    }
    steps = ("correct", "merge", "reopen", "add-to-log", "add-safeguarding", "add-file")
    return {
        "may_change": may_change,
        "may": {
            step.replace("-", "_"): CONCERN.refusal(concern, step, request.user) is None
            for step in (*steps, "withdraw-file")
        },
        "change_urls": urls,
    }


# What a higher app ties to a concern is found by the reverse relation, since this app may not
# import it.


def _steps(concern: Concern, user: User) -> list[dict[str, str]]:
    """The formal steps and suspensions that the concern led to and that the person may see, each
    newest first.
    """
    steps = (
        []
        if not user.has_perm("formal_steps.view_formalstep")
        else [
            _tied(
                "formal_steps:view-formal-step",
                step.pk,
                step.get_step_type_display(),
                step.get_status_display().lower(),
            )
            for step in concern.formal_steps.order_by("-pk")
        ]
    )
    suspensions = (
        []
        if not user.has_perm("suspensions.view_suspension")
        else [
            _tied(
                "suspensions:view-suspension",
                suspension.pk,
                "Suspension",
                suspension.get_status_display().lower(),
            )
            for suspension in concern.suspensions.order_by("-pk")
        ]
    )
    return steps + suspensions


def _visits(concern: Concern) -> list[dict[str, str]]:
    """The visits and the agreed actions about the concern."""
    visits = [
        _tied(
            "audits:view-visit",
            visit.pk,
            f"{visit.get_kind_display()}, {day_in_words(visit.day)}",
            visit.get_status_display().lower(),
        )
        for visit in concern.visits.order_by("-planned_for")
    ]
    actions = [
        _tied(
            "audits:view-action",
            action.pk,
            Truncator(action.text).words(30),
            f"{action.get_status_display().lower()}, due {day_in_words(action.due_on)}",
        )
        for action in concern.actions.select_related("officer")
    ]
    return visits + actions


def _tied(name: str, pk: int, label: str, state: str) -> dict[str, str]:
    return {"url": reverse(name, args=[pk]), "label": label, "state": state}


@require_permission(*CHANGE)
def respond_to_concern(request: Request, concern_id: int) -> HttpResponse:
    concern, now = find(concern_id), timezone.now()
    return form_page(
        request,
        bind(request, RespondForm, initial={"at": now}),
        lambda given: actions.respond(concern_id, by=request.user, given=given, now=now),
        template="concerns/respond_to_concern.html",
        heading="Record the first response",
        done="First response recorded.",
        url=page_of(concern),
        concern=concern,
    )


@require_permission(*CHANGE)
def allocate_concern(request: Request, concern_id: int) -> HttpResponse:
    concern = find(concern_id)
    return form_page(
        request,
        bind(request, AllocateForm),
        lambda given: actions.allocate(concern_id, by=request.user, given=given),
        template="concerns/allocate_concern.html",
        heading="Allocate the concern",
        done=lambda changed: f"Concern allocated to {changed.allocated_to}.",
        url=page_of(concern),
        concern=concern,
    )


@require_permission(*CHANGE)
def change_risk(request: Request, concern_id: int) -> HttpResponse:
    concern, now = find(concern_id), timezone.now()
    return form_page(
        request,
        bind(request, ChangeRiskForm, targets=Targets.current()),
        lambda given: actions.change_risk(concern_id, by=request.user, given=given, now=now),
        template="concerns/change_risk.html",
        heading="Change the risk",
        done="Risk changed.",
        url=page_of(concern),
        concern=concern,
    )


@require_permission(*CHANGE)
def record_enquiry(request: Request, concern_id: int) -> HttpResponse:
    concern = find(concern_id)
    initial = {
        "section_42": concern.section_42,
        "outcome": concern.section_42_outcome,
        "decided_on": concern.section_42_decided_on or timezone.localdate(),
    }
    return form_page(
        request,
        bind(request, EnquiryForm, initial=initial),
        lambda given: actions.record_enquiry(
            concern_id, by=request.user, given=given, now=timezone.now()
        ),
        template="concerns/form_page.html",
        heading="Record the section 42 enquiry",
        done="Section 42 enquiry recorded.",
        url=page_of(concern),
        concern=concern,
    )


@require_permission(*CHANGE)
def close_concern(request: Request, concern_id: int) -> HttpResponse:
    concern, now = find(concern_id), timezone.now()
    return form_page(
        request,
        bind(request, CloseForm),
        lambda given: actions.close(concern_id, by=request.user, given=given, now=now),
        template="concerns/close_concern.html",
        heading="Close the concern",
        done="Concern closed.",
        url=page_of(concern),
        concern=concern,
    )


@require_permission(*CHANGE)
def add_to_log(request: Request, concern_id: int) -> HttpResponse:
    concern, now = find(concern_id), timezone.now()
    return form_page(
        request,
        bind(request, LogForm),
        lambda given: actions.add_to_log(concern_id, by=request.user, given=given, now=now),
        template="concerns/form_page.html",
        heading="Add to the investigation log",
        done="Your entry has been added to the investigation log.",
        url=page_of(concern),
        concern=concern,
    )
