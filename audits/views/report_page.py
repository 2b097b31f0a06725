"""What the page of an audit report shows: what can be done now, what happened, what the provider
says.
"""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from audits.models import (
    AuditReport,
    Finding,
    Procedure,
    ProviderComment,
    ReportReview,
    ReportSending,
)
from audits.rules import reports
from audits.templatetags.monitoring_tags import overdue_tag
from audits.views.work import RECORD
from audits.workflow.report import OPENED_AGAIN, REPORT, open_review
from core.dates import datetime_in_words, day_in_words
from core.jobs import showing
from core.jobs.names import SEND_REPORT
from core.models import User
from core.workflow import NotAllowed, refusal

NOT_YET = "Not yet"
ALONE = "One person alone departed from the moderated outcome, before two were asked for it."
NOT_NEEDED = "Not needed"


def context_of(report: AuditReport, user: User, today: date) -> dict[str, Any]:
    """Everything that the template needs, with why a step cannot be taken where it cannot."""
    findings = list(report.visit.findings.prefetch_related("actions__officer"))
    comments = list(
        report.provider_comments.select_related("question", "answered_by").prefetch_related(
            "corrections__question", "corrections__corrected_by"
        )
    )
    unanswered = sum(not comment.is_answered for comment in comments)
    may_record = user.has_perms(RECORD)
    may_moderate = REPORT.refusal(report, "moderate", user) is None
    may_correct = REPORT.refusal(report, "correct", user) is None
    review = open_review(report)
    why_not_finalise = REPORT.refusal(report, "finalise", user) or refusal(
        reports.check_heard, report, unanswered, today
    )
    why_not_agree_plan = refusal(reports.check_plan_agreed, report, findings, Procedure.current())
    return {
        "report": report,
        "visit": report.visit,
        "caption": f"Audit report, {day_in_words(report.visit.day)}",
        "today": today,
        "history": _history(report, today),
        "findings": findings,
        "add_finding_url": reverse("audits:add-finding", args=[report.visit_id]),
        "points": [
            _point(number, comment, may_record, may_correct, findings)
            for number, comment in enumerate(comments, 1)
        ],
        "sendings": ReportSending.objects.filter(file__report=report).select_related(
            "file", "recorded_by"
        ),
        "reviews": report.reviews.select_related("reviewer", "asked_by"),
        "may_send_again": REPORT.refusal(report, "send-again", user) is None,
        "may_ask_review": REPORT.refusal(report, "ask-review", user) is None,
        "may_change_reviewer": REPORT.refusal(report, "change-reviewer", user) is None,
        "may_decide_review": REPORT.refusal(report, "decide-review", user) is None,
        "not_done": showing.not_done_for(report.visit).filter(kind=SEND_REPORT.name),
        "may_record": may_record,
        "may_moderate": may_moderate,
        "may_finalise": report.is_with_provider and not why_not_finalise,
        "may_agree_plan": report.has_plan_to_agree and may_record and not why_not_agree_plan,
        "waits_for": _waits_for(
            report, may_record, may_moderate, why_not_finalise, why_not_agree_plan, review, user
        ),
        "companions": report.visit.companions.select_related("template"),
    }


def _waits_for(
    report: AuditReport,
    may_record: bool,
    may_moderate: bool,
    why_not_finalise: NotAllowed | None,
    why_not_agree_plan: NotAllowed | None,
    review: ReportReview | None,
    user: User,
) -> list[str]:
    """What the report waits for that this person cannot do now, a sentence each."""
    if report.is_returned:
        return [
            f"A senior officer returned this audit: {report.returned_reason}",
            "Correct the answers and complete the visit again.",
        ]
    if not report.visit.is_completed:
        return [OPENED_AGAIN]
    if report.is_in_moderation:
        who = "The report waits for a senior officer who did not make this audit."
        return [] if may_moderate else [who]
    if report.is_to_send:
        return [] if may_record else ["The report waits for an officer to send the draft."]
    if review is not None:
        if review.reviewer_id == user.pk:
            return [f"The provider disputes this report: {review.disputed}"]
        since = datetime_in_words(review.asked_at)
        return [f"The report has been with {review.reviewer} for review since {since}."]
    if report.is_with_provider:
        if not may_record:
            return ["The draft is with the provider."]
        return [why_not_finalise.message] if why_not_finalise else []
    if not report.has_plan_to_agree:
        return ["The rating is final. There is nothing left to do."]
    if why_not_agree_plan:
        return [f"The action plan cannot be agreed yet. {why_not_agree_plan.message}"]
    return [] if may_record else ["The report waits for an officer to agree the action plan."]


def _history(report: AuditReport, today: date) -> list[tuple[str, object]]:
    """Each step with its day, who took it and what came out, or that it is still to come."""
    # A step that the council leaves out is never taken: of a final report that is all there is.
    without = NOT_NEEDED if report.is_final else NOT_YET
    return [
        (
            "Drafted",
            _step(
                f"{datetime_in_words(report.drafted_at)} by {report.drafted_by}",
                report.get_drafted_outcome_display(),
            ),
        ),
        ("Moderated", _moderated(report) or without),
        ("Sent to the provider", _sent(report) or without),
        *([("Above what the answers allow", _override(report))] if report.has_override else []),
        ("Made final", _final(report) or NOT_YET),
        ("Action plan", _plan(report, today)),
        ("Next audit due", day_in_words(report.next_due_on) or "Set when the rating is final"),
    ]


def _step(*lines: str) -> str:
    return "\n".join(filter(None, lines))


def _moderated(report: AuditReport) -> str:
    if report.moderated_at is None:
        return ""
    return _step(
        f"{datetime_in_words(report.moderated_at)} by {report.moderated_by}",
        report.get_moderated_outcome_display(),
        report.moderated_note,
    )


def _sent(report: AuditReport) -> str:
    if report.sent_on is None:
        return ""
    nothing_to_add = ""
    if report.no_comments_on is not None:
        said_on = day_in_words(report.no_comments_on)
        nothing_to_add = f"The provider said on {said_on} that it has nothing to add."
    return _step(
        f"{day_in_words(report.sent_on)} to {report.sent_to}",
        f"The provider can comment until {day_in_words(report.comments_by)}.",
        nothing_to_add,
    )


def _override(report: AuditReport) -> str:
    return _step(f"Decided by {report.override_by}", report.override_reason)


def _final(report: AuditReport) -> str:
    if report.final_on is None:
        return ""
    return _step(
        f"{day_in_words(report.final_on)} by {report.final_by}",
        report.get_final_outcome_display(),
        report.final_reason,
        ALONE if report.decided_alone else "",
    )


def _plan(report: AuditReport, today: date) -> object:
    if report.plan_agreed_on is not None:
        return f"Agreed on {day_in_words(report.plan_agreed_on)} by {report.plan_agreed_by}"
    if report.plan_due_on is None:
        return NOT_NEEDED if report.is_final else NOT_YET
    due = f"To be agreed by {day_in_words(report.plan_due_on)}"
    return format_html("{} {}", due, overdue_tag()) if report.plan_is_late_on(today) else due


def _point(
    number: int,
    comment: ProviderComment,
    may_record: bool,
    may_correct: bool,
    findings: list[Finding],
) -> dict[str, Any]:
    may_answer = (
        may_record and not comment.is_answered and (may_correct or not comment.corrections.all())
    )
    return {
        "corrections": comment.corrections.all(),
        "correct": _what_to_correct(comment, findings)
        if may_correct and not comment.is_answered
        else [],
        "name": f"point {number}",
        "title": f"Point {number}, received on {day_in_words(comment.received_on)}",
        "comment": comment,
        "answer_url": reverse("audits:answer-provider-comment", args=[comment.pk])
        if may_answer
        else "",
    }


def _what_to_correct(comment: ProviderComment, findings: list[Finding]) -> list[tuple[str, str]]:
    """What a point may correct: the words of each link, and where it leads."""
    links = [
        (
            f"Correct finding {number}",
            reverse("audits:correct-finding", args=[comment.pk, finding.pk]),
        )
        for number, finding in enumerate(findings, 1)
    ]
    if comment.question_id:
        url = reverse("audits:correct-answer", args=[comment.pk, comment.question_id])
        links.insert(0, ("Correct the answer to this question", url))
    return [*links, ("Correct the summary", reverse("audits:correct-summary", args=[comment.pk]))]
