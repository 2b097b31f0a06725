"""Audit reports: moderation, the draft with the provider, the final rating and the action plan; the
council's procedure.
"""

from typing import Any

import django_filters
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from audits import printing
from audits.actions import companions, procedure, reports
from audits.forms.reports import FinaliseForm, ModerateForm, ProcedureForm
from audits.models import AuditReport, Procedure, ReportStatus, Template, Visit
from audits.permissions import READ
from audits.views import report_page
from audits.views.plain_list import PageLink, plain_list
from audits.views.work import RECORD
from audits.workflow.report import REPORT
from core.dates import day_in_words
from core.models import User
from core.permissions import Request, require_permission
from documents.pdf import PdfError
from govuk.form_page import bind, form_page, post_action
from govuk.lists import Column, GovFilterSet
from providers.vocabulary import ServiceType

TASK = "audits/single_form.html"
MODERATE = ("audits.moderate_audit", *READ)


class ReportFilter(GovFilterSet):
    search = "q"
    q = django_filters.CharFilter(
        field_name="visit__service__name_key", lookup_expr="holds", label="Service"
    )
    status = django_filters.ChoiceFilter(choices=ReportStatus.choices, label="Stage")
    unfinished = django_filters.BooleanFilter(method="is_unfinished", label="Not final yet")
    plan_due = django_filters.BooleanFilter(method="has_plan_due", label="Action plan to be agreed")
    service_type = django_filters.ChoiceFilter(
        field_name="visit__service__service_type",
        choices=ServiceType.choices,
        label="Type of service",
    )
    officer = django_filters.ModelChoiceFilter(
        field_name="visit__officer",
        queryset=User.objects.filter(visits__isnull=False).distinct(),
        label="Officer",
    )

    class Meta:
        model = AuditReport
        fields: list[str] = []

    def is_unfinished(self, rows: Any, name: str, value: bool) -> Any:
        return rows.unfinished() if value else rows.filter(status=ReportStatus.FINAL)

    def has_plan_due(self, rows: Any, name: str, value: bool) -> Any:
        return rows.plan_due() if value else rows.exclude(pk__in=AuditReport.objects.plan_due())


COLUMNS = [
    Column("service", "Service", sort=("visit__service__name_key",), value="visit.service.name"),
    Column("visited", "Visited", sort=("visit__visited_on",), value="visit.visited_on"),
    Column("officer", "Officer", sort=("visit__officer__name_key",), value="visit.officer"),
    Column("status", "Stage", sort=("status",), value="get_status_display"),
    Column("outcome", "Outcome", value="visit.get_outcome_display"),
    Column("comments_by", "Comments by", sort=("comments_by",)),
    Column("final", "Final", sort=("final_on",), value="final_on"),
    Column("plan_due", "Plan due", sort=("plan_due_on",), value="plan_due_on"),
    Column("plan_agreed", "Plan agreed", sort=("plan_agreed_on",), value="plan_agreed_on"),
    Column("next_due", "Next audit due", sort=("next_due_on",), value="next_due_on"),
]


@require_permission(*READ)
def list_reports(request: Request) -> HttpResponseBase:
    rows = AuditReport.objects.select_related("visit__service", "visit__officer")
    return plain_list(
        request,
        ReportFilter(request.GET, queryset=rows),
        COLUMNS,
        title="Audit reports",
        default_sort="-visited",
        export_name="audit-reports",
        noun=("report", "reports"),
        link=lambda report: reverse("audits:view-report", args=[report.visit_id]),
        links=[
            PageLink("To be moderated", "?status=moderation"),
            PageLink("With the provider", "?status=with_provider"),
            PageLink("Action plans to be agreed", "?plan_due=true"),
        ],
    )


def _report(visit_id: int) -> AuditReport:
    rows = AuditReport.objects.select_related(
        "visit__service__provider", "visit__template", "visit__officer"
    )
    return get_object_or_404(rows, visit=visit_id)


def _by_id(report_id: int) -> AuditReport:
    return get_object_or_404(
        AuditReport.objects.select_related("visit__service", "visit__template"), pk=report_id
    )


def _page(report: AuditReport) -> str:
    return reverse("audits:view-report", args=[report.visit_id])


@require_permission(*READ)
def view_report(request: Request, visit_id: int) -> HttpResponse:
    shown = report_page.context_of(_report(visit_id), request.user, timezone.localdate())
    return render(request, "audits/view_report.html", shown)


@require_permission(*RECORD)
def draft_report_pdf(request: Request, visit_id: int) -> HttpResponse:
    """The report as it would print now; what was sent is handed out by `report_file`."""
    report = _report(visit_id)
    visit = report.visit
    if not visit.outcome or visit.template is None:
        raise Http404
    try:
        content = printing.report_pdf(
            report, timezone.localdate(), Procedure.current(), preview=True
        )
    except PdfError as error:
        return render(
            request,
            "audits/not_printed.html",
            {"why": str(error), "back": _page(report)},
            status=409,
        )
    return _pdf(content, f"audit-report-{visit.pk}-preview.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@require_permission(*MODERATE)
def moderate_report(request: Request, report_id: int) -> HttpResponse:
    report = _by_id(report_id)

    def act(given: reports.ModerateInput | reports.ReturnInput) -> AuditReport:
        now = timezone.now()
        if isinstance(given, reports.ReturnInput):
            return reports.return_to_officer(report_id, by=request.user, given=given, now=now)
        return reports.moderate(report_id, by=request.user, given=given, now=now)

    return form_page(
        request,
        bind(request, ModerateForm, report=report),
        act,
        template=TASK,
        done=lambda done: (
            "Audit returned to the officer." if done.is_returned else "Moderation recorded."
        ),
        url=_page(report),
        title="Moderate the audit",
        about=str(report.visit.service),
        intro=_before_moderation(report),
    )


def _before_moderation(report: AuditReport) -> list[str]:
    said = [f"Draft outcome: {report.get_drafted_outcome_display()}, {report.visit.score}%."]
    if report.cap:
        said.append(
            f"The answers allow no better than {report.get_cap_display()}. The report prints your"
            " reason if you go above that."
        )
    return said


@require_permission(*RECORD)
def finalise_report(request: Request, report_id: int) -> HttpResponse:
    report, today = _by_id(report_id), timezone.localdate()
    may_change = REPORT.refusal(report, "finalise-otherwise", request.user) is None
    return form_page(
        request,
        bind(
            request,
            FinaliseForm,
            report=report,
            initial={"outcome": report.outcome},
            stands=report.standing_outcome,
            may_change=may_change,
        ),
        lambda given: reports.finalise(
            report_id, by=request.user, given=given, today=today, now=timezone.now()
        ),
        template=TASK,
        done=_made_final,
        url=_page(report),
        title="Make the rating final",
        about=str(report.visit.service),
        intro=_before_final(report, may_change),
    )


def _before_final(report: AuditReport, may_change: bool) -> list[str]:
    said = [
        f"Outcome as it stands: {report.get_standing_outcome_display()}, {report.visit.score}%."
    ]
    if not may_change:
        said.append(
            "Only a senior officer who did not make this audit can give another outcome. Ask for a"
            " review if the provider disputes it."
        )
    elif report.cap:
        said.append(
            f"The answers allow no better than {report.get_cap_display()}. The report prints your"
            " reason if you go above that."
        )
    return said


def _made_final(report: AuditReport) -> str:
    if report.plan_due_on is None:
        return "The rating is final."
    return f"The rating is final. Agree the action plan by {day_in_words(report.plan_due_on)}."


@require_permission(*RECORD)
@require_POST
def agree_plan(request: Request, report_id: int) -> HttpResponse:
    report = _by_id(report_id)
    return post_action(
        request,
        lambda: reports.agree_plan(report_id, by=request.user, today=timezone.localdate()),
        done="Action plan agreed.",
        url=_page(report),
    )


@require_permission(*RECORD)
@require_POST
def add_companion(request: Request, visit_id: int, template_id: int) -> HttpResponse:
    """Begin a standard that stands beside the audit, such as that of Experts by Experience."""
    template = get_object_or_404(Template.objects.current(), pk=template_id)
    get_object_or_404(Visit, pk=visit_id)
    return post_action(
        request,
        lambda: companions.add_companion(
            visit_id, by=request.user, template=template, now=timezone.now()
        ),
        done="",
        url=lambda made: reverse("audits:record-answers", args=[made.pk, 1]),
        back=reverse("audits:view-visit", args=[visit_id]),
    )


@require_permission("audits.change_procedure")
def change_procedure(request: Request) -> HttpResponse:
    may_see = request.user.has_perms(READ)
    return form_page(
        request,
        bind(request, ProcedureForm, instance=Procedure.current()),
        lambda given: procedure.change_procedure(by=request.user, given=given),
        template=TASK,
        done="Procedure saved.",
        url=reverse("audits:change-procedure"),
        cancel_url=reverse("audits:list-visits" if may_see else "home"),
        title="Audit procedure",
        intro=[
            "Choose the steps of an audit after the visit.",
            "Reports already under way continue from where they are.",
        ],
    )
