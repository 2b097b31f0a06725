"""What the provider says of a draft: its points, their answers, and what they correct."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from audits.actions import points
from audits.forms.reports import (
    AnswerCorrectionForm,
    AnswerProviderCommentForm,
    FindingCorrectionForm,
    ProviderCommentForm,
    SummaryCorrectionForm,
)
from audits.models import Answer, AuditReport, Finding, ProviderComment, Question
from audits.permissions import READ
from audits.views.work import RECORD
from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page, post_action

TASK = "audits/single_form.html"
MODERATE = ("audits.moderate_audit", *READ)
CORRECTED = "Corrected. What it said before stays with the point. Now answer the point."


def _report(report_id: int) -> AuditReport:
    rows = AuditReport.objects.select_related("visit__service", "visit__template")
    return get_object_or_404(rows, pk=report_id)


def _point(provider_comment_id: int) -> ProviderComment:
    rows = ProviderComment.objects.select_related("report__visit__service", "question")
    return get_object_or_404(rows, pk=provider_comment_id)


def _page(report: AuditReport) -> str:
    return reverse("audits:view-report", args=[report.visit_id])


@require_permission(*RECORD)
@require_POST
def record_no_comments(request: Request, report_id: int) -> HttpResponse:
    report = _report(report_id)
    return post_action(
        request,
        lambda: points.record_no_comments(report_id, by=request.user, today=timezone.localdate()),
        done="Recorded that the provider has nothing to add.",
        url=_page(report),
    )


@require_permission(*RECORD)
def record_provider_comment(request: Request, report_id: int) -> HttpResponse:
    report = _report(report_id)
    initial = {"received_on": timezone.localdate()}
    return form_page(
        request,
        bind(request, ProviderCommentForm, template=report.visit.template, initial=initial),
        lambda given: points.record_provider_comment(
            report_id, by=request.user, given=given, now=timezone.now()
        ),
        template=TASK,
        done="Point recorded. Answer it before you make the rating final.",
        url=_page(report),
        title="Record what the provider says",
        about=str(report.visit.service),
    )


@require_permission(*RECORD)
def answer_provider_comment(request: Request, provider_comment_id: int) -> HttpResponse:
    found = _point(provider_comment_id)
    return form_page(
        request,
        bind(request, AnswerProviderCommentForm),
        lambda given: points.answer_provider_comment(
            provider_comment_id, by=request.user, given=given, now=timezone.now()
        ),
        template=TASK,
        done="Answer saved.",
        url=_page(found.report),
        title="Answer the provider’s point",
        about=str(found.report.visit.service),
        intro=[found.point],
    )


@require_permission(*MODERATE)
def correct_finding(request: Request, provider_comment_id: int, finding_id: int) -> HttpResponse:
    found = _point(provider_comment_id)
    finding = get_object_or_404(Finding, pk=finding_id, visit=found.report.visit_id)
    return form_page(
        request,
        bind(request, FindingCorrectionForm, of=finding, initial={"text": finding.text}),
        lambda given: points.correct_finding(
            provider_comment_id, finding_id, by=request.user, given=given, now=timezone.now()
        ),
        template=TASK,
        done=CORRECTED,
        url=_page(found.report),
        title="Correct a finding",
        about=str(found.report.visit.service),
        intro=[f"The provider says: {found.point}"],
    )


@require_permission(*MODERATE)
def correct_summary(request: Request, provider_comment_id: int) -> HttpResponse:
    found = _point(provider_comment_id)
    return form_page(
        request,
        bind(
            request,
            SummaryCorrectionForm,
            of=found.report,
            initial={"summary": found.report.visit.summary},
        ),
        lambda given: points.correct_summary(
            provider_comment_id, by=request.user, given=given, now=timezone.now()
        ),
        template=TASK,
        done=CORRECTED,
        url=_page(found.report),
        title="Correct the summary",
        about=str(found.report.visit.service),
        intro=[f"The provider says: {found.point}"],
    )


@require_permission(*MODERATE)
def correct_answer(request: Request, provider_comment_id: int, question_id: int) -> HttpResponse:
    found = _point(provider_comment_id)
    visit = found.report.visit
    if visit.template_id is None:
        raise Http404
    question = get_object_or_404(
        Question, pk=question_id, standard__section__template=visit.template_id
    )
    answer = Answer.objects.filter(visit=visit, question=question).first()
    initial = {
        "value": answer.value if answer else "",
        "not_applicable": answer.not_applicable if answer else False,
        "evidence": answer.evidence if answer else "",
    }
    return form_page(
        request,
        bind(request, AnswerCorrectionForm, question=question, initial=initial),
        lambda given: points.correct_answer(
            provider_comment_id, question_id, by=request.user, given=given, now=timezone.now()
        ),
        template=TASK,
        done=CORRECTED,
        url=_page(found.report),
        title="Correct an answer",
        about=str(visit.service),
        intro=[f"The provider says: {found.point}", question.text],
    )
