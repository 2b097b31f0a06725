from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from audits.actions import visits
from audits.filters import VISIT_COLUMNS, VisitFilter
from audits.forms.visits import BeginForm, CancelForm, ChangePlanForm, CompleteForm, PlanForm
from audits.models import Procedure, Template, Visit, VisitKind, VisitStatus
from audits.permissions import READ
from audits.rules import map as map_rules
from audits.rules import reports, scoring
from audits.views.work import RECORD, named, the_map
from audits.workflow.visit import VISIT
from concerns.models import Concern
from core.dates import day_in_words
from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page, post_action
from govuk.lists import ListPage
from providers.models import Service


@require_permission(*READ)
def list_visits(request: Request) -> HttpResponseBase:
    rows = Visit.objects.with_day().select_related("service", "officer", "report")
    page = ListPage(
        request,
        VisitFilter(request.GET, queryset=rows),
        VISIT_COLUMNS,
        default_sort="-day",
        export_name="visits",
        noun=("visit", "visits"),
    )
    context = {"page": page, "today": timezone.localdate(), "nothing": _no_visits(request, page)}
    return page.export() or render(request, "audits/list_visits.html", context)


def _no_visits(request: Request, page: ListPage) -> dict[str, str]:
    """What stands in the place of an empty list, and the link that leads on from it."""
    if page.active_filters:
        return {
            "text": "No visits match these filters.",
            "url": request.path,
            "label": "Show all visits",
        }
    text = "No visits have been planned yet."
    if not request.user.has_perm("audits.record_visit"):
        return {"text": text}
    return {"text": text, "url": reverse("audits:plan-visit"), "label": "Plan a visit"}


TASK = "audits/single_form.html"


def _page(visit: Visit) -> str:
    return reverse("audits:view-visit", args=[visit.pk])


@require_permission(*RECORD)
def plan_visit(request: Request) -> HttpResponse:
    prompted_by = named(request, Concern, "concern")
    service = prompted_by.service if prompted_by else named(request, Service, "service")
    initial = {"officer": request.user.pk, "planned_for": request.GET.get("planned_for")}
    return form_page(
        request,
        bind(request, PlanForm, initial=initial, today=timezone.localdate(), service=service),
        lambda given: visits.plan_visit(
            by=request.user,
            given=given,
            now=timezone.now(),
            prompted_by_id=prompted_by.pk if prompted_by else None,
        ),
        template="audits/plan_visit.html",
        done="The visit has been planned.",
        url=_page,
        cancel_url=reverse("audits:list-visits"),
        title="Plan a visit",
        about=service,
        service=service,
        prompted_by=prompted_by,
    )


@require_permission(*READ)
def view_visit(request: Request, visit_id: int) -> HttpResponse:
    visit = get_object_or_404(
        Visit.objects.select_related(
            "service", "template", "officer", "prompted_by", "report", "beside"
        ),
        pk=visit_id,
    )
    sections = the_map(visit)
    files = visit.attachments.select_related("question", "withdrawn_by")
    result = None
    # The parts of a score are not stored: they follow from answers that no longer change.
    if visit.outcome and visit.template:
        asked = [each for section in sections for each in section.questions]
        values = {
            e.question.pk: e.answer.value for e in asked if e.answer and not e.answer.not_applicable
        }
        result = scoring.score(visit.template, [each.question for each in asked], values)
    context = {
        "visit": visit,
        "sections": sections,
        "answered": [
            (section, section.title_with_gaps if visit.is_in_progress else section.section.title)
            for section in sections
        ],
        "complete_label": _complete_label(sections),
        "publish_label": _publish_label(visit),
        "result": result,
        "no_better": scoring.NO_BETTER,
        "scored": _by_section(sections, result) if result else [],
        "rule": scoring.scoring_in_words(visit.template) if visit.template else [],
        "findings": visit.findings.select_related("question").prefetch_related(
            "actions__officer", "corrections"
        ),
        "notes": visit.loose_notes.select_related("question"),
        "files": [file for file in files if not file.is_late],
        "late_files": [file for file in files if file.is_late],
        "late": visit.late_evidence.select_related("sent_by"),
        "today": timezone.localdate(),
        "companions": visit.companions.select_related("template"),
        "beside": _could_stand_beside(visit),
        "so_far": _so_far(visit, sections),
        "may_undo": VISIT.refusal(visit, "undo-begin", request.user) is None,
        "may_stop": VISIT.refusal(visit, "stop", request.user) is None,
        "may_correct_day": VISIT.refusal(visit, "correct-day", request.user) is None,
    }
    return render(request, "audits/view_visit.html", context)


def _complete_label(sections: list[map_rules.SectionAsked]) -> str:
    lacking = sum(section.lacking for section in sections)
    return f"Complete the visit ({lacking} to do)" if lacking else "Complete the visit"


def _publish_label(visit: Visit) -> str:
    return f"Make the outcome {'exempt' if visit.is_public else 'public'}"


def _by_section(
    sections: list[map_rules.SectionAsked], result: scoring.Score
) -> list[tuple[scoring.ScoredPart, list[scoring.ScoredPart]]]:
    """The score of each section with those of its standards."""
    standards = iter(result.standards)
    return [
        (part, [next(standards) for _ in section.standards])
        for section, part in zip(sections, result.sections, strict=True)
    ]


def _could_stand_beside(visit: Visit) -> list[Template]:
    """The standards that may still be begun beside this audit."""
    if visit.status != VisitStatus.IN_PROGRESS or visit.kind != VisitKind.ANNUAL or visit.beside_id:
        return []
    begun = visit.companions.values("template__key")
    found = (
        Template.objects.current()
        .for_service_type(visit.service.service_type)
        .filter(beside_main=True)
    )
    return list(found.exclude(key__in=begun))


def _so_far(visit: Visit, sections: list[map_rules.SectionAsked]) -> scoring.Score | None:
    """The rating as the answers stand, where the council lets an officer see it before the draft is
    complete.
    """
    if visit.template is None or visit.status != VisitStatus.IN_PROGRESS:
        return None
    if not reports.may_see_rating(visit, Procedure.current()):
        return None
    asked = [each for section in sections for each in section.questions]
    values = {
        e.question.pk: e.answer.value for e in asked if e.answer and not e.answer.not_applicable
    }
    return scoring.score(visit.template, [each.question for each in asked], values)


@require_permission(*RECORD)
def change_plan(request: Request, visit_id: int) -> HttpResponse:
    visit = get_object_or_404(Visit.objects.select_related("service"), pk=visit_id)
    initial = {
        "kind": visit.kind,
        "who_came": visit.who_came,
        "planned_for": visit.planned_for,
        "officer": visit.officer_id,
        "announced": visit.announced,
        "template": visit.template_id,
    }
    return form_page(
        request,
        bind(
            request,
            ChangePlanForm,
            initial=initial,
            today=timezone.localdate(),
            service=visit.service,
        ),
        lambda given: visits.change_plan(visit_id, by=request.user, given=given),
        template="audits/change_plan.html",
        done="The plan has been changed.",
        url=_page(visit),
        visit=visit,
    )


@require_permission(*RECORD)
def begin_visit(request: Request, visit_id: int) -> HttpResponse:
    visit = get_object_or_404(Visit.objects.select_related("service"), pk=visit_id)
    today = timezone.localdate()
    asks = visit.template_id is not None
    return form_page(
        request,
        bind(request, BeginForm, initial={"visited_on": today}),
        lambda given: visits.begin(visit_id, by=request.user, given=given, today=today),
        template=TASK,
        done="" if asks else "The visit has begun.",
        title="Begin the visit",
        about=visit.service_and_kind,
        intro=[
            _planned_for(visit),
            "The visit is announced." if visit.announced else "The visit is not announced.",
        ],
        url=reverse("audits:record-answers", args=[visit_id, 1]) if asks else _page(visit),
        cancel_url=_page(visit),
        visit=visit,
    )


@require_permission(*RECORD)
def complete_visit(request: Request, visit_id: int) -> HttpResponse:
    visit = get_object_or_404(Visit.objects.select_related("service", "template"), pk=visit_id)
    return form_page(
        request,
        bind(request, CompleteForm, initial={"summary": visit.summary}),
        lambda given: visits.complete(visit_id, by=request.user, given=given, now=timezone.now()),
        template="audits/complete_visit.html",
        done=_completed,
        url=_page(visit),
        title="Complete the visit",
        about=visit.service_and_kind,
        visit=visit,
        still_missing=_still_missing(visit),
        rule=scoring.scoring_in_words(visit.template) if visit.template else [],
    )


def _still_missing(visit: Visit) -> list[tuple[str, map_rules.AskedQuestion]]:
    """The questions that keep a visit from being completed, each with where it is answered."""
    return [
        (
            reverse("audits:record-answers", args=[visit.pk, place])
            + f"#question-{each.question.pk}",
            each,
        )
        for place, section in enumerate(the_map(visit), 1)
        for each in section.questions
        if each.lacks
    ]


def _completed(visit: Visit) -> str:
    if not visit.outcome:
        return "Visit completed."
    return f"Visit completed. The outcome is {visit.get_outcome_display()}, {visit.score}%."


def _planned_for(visit: Visit) -> str:
    return f"The visit is planned for {day_in_words(visit.planned_for)}."


@require_permission(*RECORD)
def cancel_visit(request: Request, visit_id: int) -> HttpResponse:
    visit = get_object_or_404(Visit.objects.select_related("service"), pk=visit_id)
    return form_page(
        request,
        bind(request, CancelForm),
        lambda given: visits.cancel(visit_id, by=request.user, given=given, now=timezone.now()),
        template=TASK,
        done="Visit cancelled.",
        title="Cancel the visit",
        about=visit.service_and_kind,
        intro=[_planned_for(visit), "The cancelled visit and your reason stay on the record."],
        url=_page(visit),
        visit=visit,
    )


@require_permission("audits.mark_public", *READ)
def mark_public(request: Request, visit_id: int) -> HttpResponse:
    """Mark the outcome as public or as exempt again: one button, no form to fill."""
    visit = get_object_or_404(Visit.objects.select_related("service"), pk=visit_id)
    if request.method != "POST":
        context = {"visit": visit, "task": _publish_label(visit), "cancel_url": _page(visit)}
        return render(request, "audits/mark_public.html", context)
    public = not visit.is_public
    return post_action(
        request,
        lambda: visits.mark_public(visit_id, by=request.user, public=public, now=timezone.now()),
        done=f"The outcome is now {'public' if public else 'exempt'}.",
        url=_page(visit),
    )
