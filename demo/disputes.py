"""What providers say of drafts, and what comes of it: points, corrections, a review, a report that
was returned; and actions of which something was changed.
"""

from datetime import timedelta

from audits.actions import action_changes, points, reviewing, sending
from audits.actions import reports as reports_actions
from audits.actions.action_changes import ActionWithdrawalInput, DueInput
from audits.actions.points import (
    FindingCorrectionInput,
    ProviderCommentAnswerInput,
    ProviderCommentInput,
)
from audits.actions.reports import ReturnInput
from audits.actions.reviewing import AskReviewInput
from audits.actions.sending import SendInput
from audits.models import Action, ActionStatus, AuditReport, ProviderComment, ReportStatus
from audits.rules.blocking import is_blocking
from core import versions
from core.events import happening_at
from demo.context import DemoContext
from demo.monitoring_texts import POINTS
from demo.record import at


def load(context: DemoContext) -> None:
    _provider_comments(context)
    _disputed(context)
    _changed_actions(context)
    _withdrawn_action(context)
    _returned(context)


def _provider_comments(context: DemoContext) -> None:
    waiting = (
        AuditReport.objects.filter(status=ReportStatus.WITH_PROVIDER)
        .select_related("visit__officer")
        .order_by("pk")
    )
    for number, report in enumerate(waiting[:6]):
        if report.sent_on is None:
            continue
        day = min(report.sent_on + timedelta(2), context.today - timedelta(1))
        by, now = report.visit.officer, at(day, 14)
        with happening_at(now):
            asked = report.visit.answers.order_by("pk").first() if number == 2 else None
            said = ProviderCommentInput(
                POINTS[number % len(POINTS)],
                received_on=day,
                question_id=asked.question_id if asked else None,
            )
            point = points.record_provider_comment(report.pk, by=by, given=said, now=now)
            if number % 2:
                answer = ProviderCommentAnswerInput(
                    number % 4 == 1, "Read again with the records.", nothing_changes=True
                )
                points.answer_provider_comment(point.pk, by=by, given=answer, now=now)


def _disputed(context: DemoContext) -> None:
    """One draft whose every version is kept, with a finding that an upheld point corrected; one
    that a senior officer who had no part in it reviews.
    """
    waiting = list(
        AuditReport.objects.filter(status=ReportStatus.WITH_PROVIDER)
        .select_related("visit__officer", "moderated_by")
        .order_by("pk")
    )
    point = ProviderComment.objects.filter(
        report__in=waiting, answered_at=None, report__visit__findings__isnull=False
    ).first()
    if point is not None:
        report, now = point.report, at(context.day(1), 15)
        finding = report.visit.findings.order_by("pk")[0]
        by = next(
            one
            for one in context.staff.seniors
            if one.pk not in (report.made_by_id, report.drafted_by_id)
        )
        text = f"{finding.text} This was put right on the day."
        given = FindingCorrectionInput(text, versions.seen_of(finding))
        upheld = ProviderCommentAnswerInput(upheld=True, answer="The records show it. Corrected.")
        sent = SendInput(context.day(1), "Registered manager", "portal")
        with happening_at(now):
            points.correct_finding(point.pk, finding.pk, by=by, given=given, now=now)
            points.answer_provider_comment(point.pk, by=by, given=upheld, now=now)
            sending.send_again(report.pk, by=report.visit.officer, given=sent, now=now)
    disputed = waiting[-1]
    able = reviewing.uninvolved(disputed)
    if able:
        now = at(context.day(1), 16)
        said = "The provider says that the medicines rounds were late because of an outbreak."
        with happening_at(now):
            asked = AskReviewInput(said, able[0].pk)
            reviewing.ask_review(disputed.pk, by=disputed.visit.officer, given=asked, now=now)


def _changed_actions(context: DemoContext) -> None:
    """Two open actions of which something was changed, with the reason."""
    now = at(context.day(0), 0, 1)
    waiting = Action.objects.open().filter(due_on__gte=context.today, agreed_on__lt=context.today)
    for action in waiting.select_related("agreed_by").order_by("pk")[:2]:
        due_on = action.due_on + timedelta(14)
        given = DueInput(due_on, "The training is fully booked until then.")
        with happening_at(now):
            action_changes.change_due(action.pk, by=action.agreed_by, given=given, now=now)


def _withdrawn_action(context: DemoContext) -> None:
    """One action that need not be done any more, at a service where it stands in no lift's way."""
    for action in Action.objects.filter(status=ActionStatus.OPEN).order_by("-due_on", "pk"):
        if is_blocking(action):
            continue
        now = at(context.today - timedelta(1), 15)
        given = ActionWithdrawalInput("The provider has closed the wing, so its bells are gone.")
        with happening_at(now):
            action_changes.withdraw_action(
                action.pk, by=context.staff.seniors[0], given=given, now=now
            )
        return


def _returned(context: DemoContext) -> None:
    """One that a senior officer sent back this morning."""
    waiting = AuditReport.objects.filter(
        status=ReportStatus.MODERATION, visit__service__suspensions=None
    )
    report = waiting.select_related("visit").order_by("drafted_at", "pk")[0]
    senior = next(
        one
        for one in context.staff.seniors
        if one.pk not in (report.drafted_by_id, report.visit.officer_id)
    )
    reason = (
        "The medicines question is rated Good, and its evidence speaks of two rounds that were"
        " missed."
    )
    with happening_at(at(context.today, 0, 1)):
        given = ReturnInput(reason)
        reports_actions.return_to_officer(
            report.pk, by=senior, given=given, now=at(context.today, 0, 1)
        )
