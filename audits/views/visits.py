from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from audits import actions, rules
from audits.filters import VISIT_COLUMNS, VisitFilter
from audits.forms import BeginForm, CancelForm, CompleteForm, PlanForm
from audits.models import Procedure, Template, Visit, VisitKind, VisitStatus
from audits.views.work import READ, RECORD, named, the_map
from carequality.govuk.lists import ListPage
from carequality.permits import Request, permit
from carequality.refusals import Refused
from concerns.models import Concern
from providers.models import Service


@permit(*READ)
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


@permit(*RECORD)
def plan_visit(request: Request) -> HttpResponse:
    today = timezone.localdate()
    prompted_by = named(request, Concern, "concern")
    service = prompted_by.service if prompted_by else named(request, Service, "service")
    initial = {"officer": request.user.pk, "planned_for": request.GET.get("planned_for")}
    form = PlanForm(request.POST or None, initial=initial, today=today, service=service)
    form.cancel_url = reverse("audits:list-visits")
    if request.method == "POST" and form.is_valid():
        data = {"service": service, **form.cleaned_data}
        try:
            visit = actions.plan_visit(by=request.user, prompted_by=prompted_by, now=timezone.now(), **data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The visit has been planned.")
            return redirect("audits:view-visit", visit.pk)
    context = {"form": form, "service": service, "prompted_by": prompted_by}
    return render(request, "audits/plan_visit.html", context)


@permit(*READ)
def view_visit(request: Request, visit_id: int) -> HttpResponse:
    visit = get_object_or_404(
        Visit.objects.select_related("service", "template", "officer", "prompted_by", "report", "beside"),
        pk=visit_id,
    )
    sections = the_map(visit)
    result = None
    if visit.outcome and visit.template:
        asked = [each for section in sections for each in section.questions]
        values = {e.question.pk: e.answer.value for e in asked if e.answer and not e.answer.not_applicable}
        result = rules.score(visit.template, [each.question for each in asked], values)
    context = {
        "visit": visit,
        "sections": sections,
        "lacking": sum(section.lacking for section in sections),
        "result": result,
        "scored": _by_section(sections, result) if result else [],
        "rule": rules.scoring_in_words(visit.template) if visit.template else [],
        "findings": visit.findings.select_related("question").prefetch_related("actions__officer"),
        "why_not_cancel": rules.why_not_cancel(visit),
        "today": timezone.localdate(),
        "companions": visit.companions.select_related("template"),
        "beside": _could_stand_beside(visit),
        "so_far": _so_far(visit, sections),
    }
    return render(request, "audits/view_visit.html", context)


def _by_section(
    sections: list[rules.SectionAsked], result: rules.Score
) -> list[tuple[rules.Part, list[rules.Part]]]:
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
    found = Template.objects.current().for_service_type(visit.service.service_type).filter(beside_main=True)
    return list(found.exclude(key__in=begun))


def _so_far(visit: Visit, sections: list[rules.SectionAsked]) -> rules.Score | None:
    """The rating as the answers stand, where the council lets an officer see it before the draft is complete."""
    if visit.template is None or visit.status != VisitStatus.IN_PROGRESS:
        return None
    if not rules.may_see_rating(visit, Procedure.current()):
        return None
    asked = [each for section in sections for each in section.questions]
    values = {e.question.pk: e.answer.value for e in asked if e.answer and not e.answer.not_applicable}
    return rules.score(visit.template, [each.question for each in asked], values)


@permit(*RECORD)
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
    form = PlanForm(request.POST or None, initial=initial, today=timezone.localdate(), service=visit.service)
    form.cancel_url = reverse("audits:view-visit", args=[visit_id])
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_plan(visit_id, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The plan has been changed.")
            return redirect("audits:view-visit", visit_id)
    return render(request, "audits/change_plan.html", {"form": form, "visit": visit})


@permit(*RECORD)
def begin_visit(request: Request, visit_id: int) -> HttpResponse:
    visit = get_object_or_404(Visit.objects.select_related("service"), pk=visit_id)
    today = timezone.localdate()
    form = BeginForm(request.POST or None, initial={"visited_on": today})
    form.cancel_url = reverse("audits:view-visit", args=[visit_id])
    if request.method == "POST" and form.is_valid():
        try:
            actions.begin(visit_id, by=request.user, visited_on=form.cleaned_data["visited_on"], today=today)
        except Refused as refusal:
            form.add_error("visited_on", str(refusal))
        else:
            if visit.template_id:
                return redirect("audits:record-answers", visit_id, 1)
            messages.success(request, "The visit has begun.")
            return redirect("audits:view-visit", visit_id)
    return render(request, "audits/begin_visit.html", {"form": form, "visit": visit})


@permit(*RECORD)
def complete_visit(request: Request, visit_id: int) -> HttpResponse:
    visit = get_object_or_404(Visit.objects.select_related("service", "template"), pk=visit_id)
    form = CompleteForm(request.POST or None, initial={"summary": visit.summary})
    form.cancel_url = reverse("audits:view-visit", args=[visit_id])
    if request.method == "POST" and form.is_valid():
        try:
            done = actions.complete(
                visit_id, by=request.user, summary=form.cleaned_data["summary"], now=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            outcome = f": {done.get_outcome_display()}, {done.score}%" if done.outcome else ""
            messages.success(request, f"The visit is completed{outcome}.")
            return redirect("audits:view-visit", visit_id)
    context = {
        "form": form,
        "visit": visit,
        "sections": [section for section in the_map(visit) if section.lacking],
        "rule": rules.scoring_in_words(visit.template) if visit.template else [],
    }
    return render(request, "audits/complete_visit.html", context)


@permit(*RECORD)
def cancel_visit(request: Request, visit_id: int) -> HttpResponse:
    visit = get_object_or_404(Visit.objects.select_related("service"), pk=visit_id)
    form = CancelForm(request.POST or None)
    form.cancel_url = reverse("audits:view-visit", args=[visit_id])
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel(visit_id, by=request.user, reason=form.cleaned_data["reason"], now=timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The visit is cancelled.")
            return redirect("audits:view-visit", visit_id)
    return render(request, "audits/cancel_visit.html", {"form": form, "visit": visit})


@permit("audits.mark_public", *READ)
def mark_public(request: Request, visit_id: int) -> HttpResponse:
    """Mark the outcome as public or as exempt again: one button, no form to fill."""
    visit = get_object_or_404(Visit.objects.select_related("service"), pk=visit_id)
    if request.method == "POST":
        public = visit.public_at is None
        try:
            actions.mark_public(visit_id, by=request.user, public=public, now=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"The outcome is {'public' if public else 'exempt'} now.")
        return redirect("audits:view-visit", visit_id)
    return render(request, "audits/mark_public.html", {"visit": visit})
