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
from concerns.models import Concern
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
    context = {"page": page, "today": timezone.localdate()}
    return page.export() or render(request, "audits/list_visits.html", context)


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
    result = None
    if visit.outcome and visit.template:
        asked = [each for section in sections for each in section.questions]
        values = {
            e.question.pk: e.answer.value for e in asked if e.answer and not e.answer.not_applicable
        }
        result = scoring.score(visit.template, [each.question for each in asked], values)
    context = {
        "visit": visit,
        "sections": sections,
        "lacking": sum(section.lacking for section in sections),
        "result": result,
        "scored": _by_section(sections, result) if result else [],
        "rule": scoring.scoring_in_words(visit.template) if visit.template else [],
        "findings": visit.findings.select_related("question").prefetch_related("actions__officer"),
        "today": timezone.localdate(),
        "companions": visit.companions.select_related("template"),
        "beside": _could_stand_beside(visit),
        "so_far": _so_far(visit, sections),
    }
    return render(request, "audits/view_visit.html", context)


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
        template="audits/begin_visit.html",
        done="" if asks else "The visit has begun.",
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
        visit=visit,
        sections=[section for section in the_map(visit) if section.lacking],
        rule=scoring.scoring_in_words(visit.template) if visit.template else [],
    )


def _completed(visit: Visit) -> str:
    outcome = f": {visit.get_outcome_display()}, {visit.score}%" if visit.outcome else ""
    return f"The visit is completed{outcome}."


@require_permission(*RECORD)
def cancel_visit(request: Request, visit_id: int) -> HttpResponse:
    visit = get_object_or_404(Visit.objects.select_related("service"), pk=visit_id)
    return form_page(
        request,
        bind(request, CancelForm),
        lambda given: visits.cancel(visit_id, by=request.user, given=given, now=timezone.now()),
        template="audits/cancel_visit.html",
        done="The visit is cancelled.",
        url=_page(visit),
        visit=visit,
    )


@require_permission("audits.mark_public", *READ)
def mark_public(request: Request, visit_id: int) -> HttpResponse:
    """Mark the outcome as public or as exempt again: one button, no form to fill."""
    visit = get_object_or_404(Visit.objects.select_related("service"), pk=visit_id)
    if request.method != "POST":
        return render(request, "audits/mark_public.html", {"visit": visit})
    public = visit.public_at is None
    return post_action(
        request,
        lambda: visits.mark_public(visit_id, by=request.user, public=public, now=timezone.now()),
        done=f"The outcome is {'public' if public else 'exempt'} now.",
        url=_page(visit),
    )
