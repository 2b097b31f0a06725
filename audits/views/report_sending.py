"""A report goes to the provider or to a reviewer; and the versions that were sent."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from audits.actions import reviewing, sending
from audits.forms.reports import (
    AskReviewForm,
    DecideReviewForm,
    ReviewerForm,
    SendReportForm,
)
from audits.models import AuditReport, Procedure, ReportFile
from audits.permissions import READ
from audits.views.points import MODERATE, TASK
from audits.views.work import RECORD
from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page
from notifications.models import How


def _report(report_id: int) -> AuditReport:
    rows = AuditReport.objects.select_related("visit__service__provider", "visit__template")
    return get_object_or_404(rows, pk=report_id)


def _page(report: AuditReport) -> str:
    return reverse("audits:view-report", args=[report.visit_id])


@require_permission(*RECORD)
def send_draft(request: Request, report_id: int) -> HttpResponse:
    days = Procedure.current().factual_accuracy_days
    said = [
        f"The provider has {days} days from then to comment. The report gives the last day.",
        "We keep the version that is sent, and you can download it at any time.",
    ]
    return _send(request, report_id, "Send the draft to the provider", said, again=False)


@require_permission(*RECORD)
def send_report_again(request: Request, report_id: int) -> HttpResponse:
    said = ["We keep each version that is sent, and you can download it at any time."]
    return _send(request, report_id, "Send the report to the provider", said, again=True)


def _send(
    request: Request, report_id: int, title: str, intro: list[str], *, again: bool
) -> HttpResponse:
    report, today = _report(report_id), timezone.localdate()
    provider = report.visit.service.provider
    initial = {
        "sent_on": today,
        "email": provider.contact_email,
        "sent_to": report.sent_to,
        "how": How.EMAIL if provider.contact_email else "",
    }
    act = sending.send_again if again else sending.send_draft
    return form_page(
        request,
        bind(request, SendReportForm, today=today, initial=initial),
        lambda given: act(report_id, by=request.user, given=given, now=timezone.now()),
        template=TASK,
        done=lambda made: (
            "The report is kept. We are emailing it now."
            if made.is_waiting
            else "The report is kept as it was sent. Download it here if it still has to go."
        ),
        url=_page(report),
        title=title,
        about=str(report.visit.service),
        intro=intro,
    )


@require_permission(*READ)
def report_file(request: Request, file_id: int) -> HttpResponse:
    """A version as it was sent, for ever: the bytes and no others."""
    file = get_object_or_404(ReportFile.objects.select_related("report"), pk=file_id)
    response = HttpResponse(bytes(file.content), content_type="application/pdf")
    name = f"audit-report-{file.report.visit_id}-version-{file.number}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_permission(*RECORD)
def ask_review(request: Request, report_id: int) -> HttpResponse:
    report = _report(report_id)
    return form_page(
        request,
        bind(request, AskReviewForm, able=reviewing.uninvolved(report)),
        lambda given: reviewing.ask_review(
            report_id, by=request.user, given=given, now=timezone.now()
        ),
        template=TASK,
        done="The report is with the reviewer.",
        url=_page(report),
        title="Ask for a review of the report",
        about=str(report.visit.service),
        intro=["The reviewer decides which outcome stands. Nobody else can change it after that."],
    )


@require_permission(*RECORD)
def change_reviewer(request: Request, report_id: int) -> HttpResponse:
    report = _report(report_id)
    return form_page(
        request,
        bind(request, ReviewerForm, able=reviewing.uninvolved(report)),
        lambda given: reviewing.change_reviewer(
            report_id, by=request.user, given=given, now=timezone.now()
        ),
        template=TASK,
        done="The report is with the new reviewer.",
        url=_page(report),
        title="Ask another reviewer",
        about=str(report.visit.service),
    )


@require_permission(*MODERATE)
def decide_review(request: Request, report_id: int) -> HttpResponse:
    report = _report(report_id)
    review = report.reviews.first()
    stands = report.get_standing_outcome_display()
    return form_page(
        request,
        bind(
            request, DecideReviewForm, report=report, initial={"outcome": report.standing_outcome}
        ),
        lambda given: reviewing.decide_review(
            report_id, by=request.user, given=given, now=timezone.now()
        ),
        template=TASK,
        done="Decision recorded. An officer can now make the rating final.",
        url=_page(report),
        title="Decide the review",
        about=str(report.visit.service),
        intro=[
            f"Outcome as it stands: {stands}, {report.visit.score}%.",
            f"The provider disputes: {review.disputed if review else ''}",
        ],
    )
