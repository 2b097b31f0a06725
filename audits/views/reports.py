"""From score to plan: moderation, the draft with the provider, the final rating, the action plan,
the council's steps.
"""

from typing import Any

import django_filters
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from audits import printing
from audits.actions import companions, reports
from audits.forms.reports import (
    AnswerProviderCommentForm,
    FinaliseForm,
    ModerateForm,
    ProcedureForm,
    ProviderCommentForm,
    SendDraftForm,
)
from audits.models import AuditReport, Procedure, ProviderComment, ReportStatus, Template, Visit
from audits.permissions import READ
from audits.rules import reports as reports_rules
from audits.rules import scoring
from audits.views.plain_list import PageLink, plain_list
from audits.views.work import RECORD, the_map
from audits.workflow.report import REPORT
from core.models import User
from core.permissions import Request, require_permission
from core.workflow import refusal
from documents.pdf import PdfError
from govuk.form_page import bind, form_page, post_action
from govuk.lists import Column, GovFilterSet
from providers.vocabulary import ServiceType

TASK = "audits/single_form.html"
MODERATE = ("audits.moderate_audit", *READ)
STEPS = (
    ("Drafted", "drafted_at"),
    ("Moderated", "moderated_at"),
    ("Sent to the provider", "sent_on"),
    ("Final", "final_on"),
    ("Action plan agreed", "plan_agreed_on"),
)


class ReportFilter(GovFilterSet):
    search = "q"
    q = django_filters.CharFilter(
        field_name="visit__service__name", lookup_expr="icontains", label="Service"
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
    Column("service", "Service", sort=("visit__service__name",), value="visit.service.name"),
    Column("visited", "Visited", sort=("visit__visited_on",), value="visit.visited_on"),
    Column("officer", "Officer", sort=("visit__officer__first_name",), value="visit.officer"),
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
    report = _report(visit_id)
    today = timezone.localdate()
    findings = list(report.visit.findings.prefetch_related("actions__officer"))
    provider_comments = list(report.provider_comments.select_related("question", "answered_by"))
    unanswered = sum(one.answered_at is None for one in provider_comments)
    context = {
        "report": report,
        "visit": report.visit,
        "steps": [(label, getattr(report, name)) for label, name in STEPS],
        "findings": findings,
        "provider_comments": provider_comments,
        "today": today,
        "plan_late": report.plan_is_late_on(today),
        "why_not_moderate": REPORT.refusal(report, "moderate", request.user),
        "why_not_finalise": (
            REPORT.refusal(report, "finalise", request.user)
            or refusal(reports_rules.check_heard, report, unanswered, today)
        ),
        "why_not_agree_plan": refusal(
            reports_rules.check_plan_agreed, report, findings, Procedure.current()
        ),
        "companions": report.visit.companions.select_related("template"),
    }
    return render(request, "audits/view_report.html", context)


@require_permission(*RECORD)
def draft_report_pdf(request: Request, visit_id: int) -> HttpResponse:
    report = _report(visit_id)
    visit = report.visit
    if not visit.outcome or visit.template is None:
        raise Http404
    sections = the_map(visit)
    asked = [each for section in sections for each in section.questions]
    values = {
        e.question.pk: e.answer.value for e in asked if e.answer and not e.answer.not_applicable
    }
    result = scoring.score(visit.template, [each.question for each in asked], values)
    try:
        content = printing.draft_pdf(
            report, sections, result, timezone.localdate(), Procedure.current()
        )
    except PdfError as error:
        return render(
            request,
            "audits/not_printed.html",
            {"why": str(error), "back": _page(report)},
            status=409,
        )
    return _pdf(content, f"draft-audit-report-{visit.pk}.pdf")


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
        bind(request, ModerateForm),
        act,
        template=TASK,
        done="The moderation has been recorded.",
        url=_page(report),
        title="Moderate the audit",
        about=str(report.visit.service),
        intro=[
            f"The officer’s draft: {report.get_drafted_outcome_display()}, {report.visit.score}%."
        ],
    )


@require_permission(*RECORD)
def send_draft(request: Request, report_id: int) -> HttpResponse:
    report, today = _by_id(report_id), timezone.localdate()
    days = Procedure.current().factual_accuracy_days
    return form_page(
        request,
        bind(request, SendDraftForm, initial={"sent_on": today}),
        lambda given: reports.send_draft(report_id, by=request.user, given=given, today=today),
        template=TASK,
        done="The draft is with the provider.",
        url=_page(report),
        title="Send the draft to the provider",
        about=str(report.visit.service),
        intro=[
            f"The provider then has {days} days to say what is not right in it. The PDF names the"
            " day."
        ],
    )


@require_permission(*RECORD)
@require_POST
def record_no_comments(request: Request, report_id: int) -> HttpResponse:
    report = _by_id(report_id)
    return post_action(
        request,
        lambda: reports.record_no_comments(report_id, by=request.user, today=timezone.localdate()),
        done="Recorded: the provider has nothing to add.",
        url=_page(report),
    )


@require_permission(*RECORD)
def record_provider_comment(request: Request, report_id: int) -> HttpResponse:
    report = _by_id(report_id)
    initial = {"received_on": timezone.localdate()}
    return form_page(
        request,
        bind(request, ProviderCommentForm, template=report.visit.template, initial=initial),
        lambda given: reports.record_provider_comment(
            report_id, by=request.user, given=given, now=timezone.now()
        ),
        template=TASK,
        done="The point has been recorded. Answer it before the rating is final.",
        url=_page(report),
        title="What the provider says",
        about=str(report.visit.service),
    )


@require_permission(*RECORD)
def answer_provider_comment(request: Request, provider_comment_id: int) -> HttpResponse:
    found = get_object_or_404(
        ProviderComment.objects.select_related("report__visit__service"), pk=provider_comment_id
    )
    return form_page(
        request,
        bind(request, AnswerProviderCommentForm),
        lambda given: reports.answer_provider_comment(
            provider_comment_id, by=request.user, given=given, now=timezone.now()
        ),
        template=TASK,
        done="The answer has been saved.",
        url=_page(found.report),
        title="Answer the provider’s point",
        about=str(found.report.visit.service),
        intro=[found.point],
    )


@require_permission(*RECORD)
def finalise_report(request: Request, report_id: int) -> HttpResponse:
    report, today = _by_id(report_id), timezone.localdate()
    return form_page(
        request,
        bind(request, FinaliseForm, initial={"outcome": report.outcome}),
        lambda given: reports.finalise(
            report_id, by=request.user, given=given, today=today, now=timezone.now()
        ),
        template=TASK,
        done="The rating is final.",
        url=_page(report),
        title="Make the rating final",
        about=str(report.visit.service),
        intro=[f"The provider saw: {report.visit.get_outcome_display()}, {report.visit.score}%."],
    )


@require_permission(*RECORD)
@require_POST
def agree_plan(request: Request, report_id: int) -> HttpResponse:
    report = _by_id(report_id)
    return post_action(
        request,
        lambda: reports.agree_plan(report_id, by=request.user, today=timezone.localdate()),
        done="The action plan is agreed.",
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
        lambda given: reports.change_procedure(by=request.user, given=given),
        template=TASK,
        done="The steps have been saved.",
        url=reverse("audits:change-procedure"),
        cancel_url=reverse("audits:list-visits" if may_see else "home"),
        title="From score to plan",
        intro=[
            "Each step of an audit after the visit, as the council wants it. Reports under way go"
            " on from where they are."
        ],
    )
