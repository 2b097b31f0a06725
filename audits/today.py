from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse

from audits.models import (
    Action,
    AuditReport,
    ReportReview,
    ReportStatus,
    ReviewMeeting,
    Visit,
    VisitStatus,
)
from core.dates import day_in_words
from core.models import User
from core.today import TodayCard, TodayItem, first_of, today_card

SHOWN = 5
DAYS_AHEAD = 14


@today_card(order=30)
def my_visits(user: User, today: date) -> TodayCard | None:
    """The person's visits of the next fortnight, what has slipped, and what is begun and not
    completed.
    """
    if not user.has_perms(["audits.record_visit", "audits.view_visit", "core.read_exempt"]):
        return None
    mine = (
        Visit.objects.waiting()
        .filter(officer=user)
        .filter(
            Q(status=VisitStatus.IN_PROGRESS)
            | Q(planned_for__lte=today + timedelta(days=DAYS_AHEAD))
        )
        .select_related("service")
        .order_by("planned_for", "pk")
    )
    shown, count = first_of(mine, SHOWN)
    items = tuple(
        TodayItem(
            label=f"{visit.service}: {visit.get_kind_display().lower()}",
            url=reverse("audits:view-visit", args=[visit.pk]),
            note=_when(visit, today),
            late=visit.has_slipped_on(today),
        )
        for visit in shown
    )
    return TodayCard(
        title="My visits",
        items=items,
        count=count,
        more_url=f"{reverse('audits:list-visits')}?officer={user.pk}&status=waiting&sort=day",
        empty=f"You have no visits due in the next {DAYS_AHEAD} days.",
        urgent=mine.slipped_on(today).exists(),
    )


def _when(visit: Visit, today: date) -> str:
    if visit.status == VisitStatus.IN_PROGRESS:
        return f"Begun on {day_in_words(visit.day)}, not completed"
    if visit.planned_for == today:
        return "Today"
    return (
        f"{'Was planned for' if visit.planned_for < today else 'Planned for'}"
        f" {day_in_words(visit.planned_for)}"
    )


@today_card(order=45)
def actions_overdue(user: User, today: date) -> TodayCard | None:
    """Overdue actions: all of them for who verifies, those of the person's services and their own
    for an officer.
    """
    if not user.has_perms(["audits.change_action", "audits.view_visit", "core.read_exempt"]):
        return None
    overdue = (
        Action.objects.overdue_on(today)
        .open()
        .select_related("service", "officer")
        .order_by("due_on", "pk")
    )
    sees_all = user.has_perm("audits.verify_action")
    if not sees_all:
        overdue = overdue.filter(Q(officer=user) | Q(service__lead_officer=user))
    shown, count = first_of(overdue, SHOWN)
    items = tuple(
        TodayItem(
            label=(
                f"{action.service}:"
                f" {action.text if len(action.text) <= 80 else action.text[:79] + '…'}"
            ),
            url=reverse("audits:view-action", args=[action.pk]),
            note=f"{action.owner}, due {day_in_words(action.due_on)}",
            late=True,
        )
        for action in shown
    )
    lead = "" if sees_all else f"&lead_officer={user.pk}"
    return TodayCard(
        title="Actions overdue" if sees_all else "Actions overdue in my services",
        items=items,
        count=count,
        more_url=f"{reverse('audits:list-actions')}?overdue=true{lead}",
        empty="No actions are overdue.",
    )


@today_card(order=46)
def withdrawals_to_decide(user: User, today: date) -> TodayCard | None:
    """Actions whose withdrawal somebody else asked for: it needs a second person."""
    if not user.has_perms(["audits.verify_action", "audits.view_visit", "core.read_exempt"]):
        return None
    asked = (
        Action.objects.unverified()
        .exclude(withdrawal_asked_by=None)
        .exclude(withdrawal_asked_by=user)
        .select_related("service", "withdrawal_asked_by")
        .order_by("due_on", "pk")
    )
    shown, count = first_of(asked, SHOWN)
    if not count:
        return None
    items = tuple(
        TodayItem(
            label=f"{action.service}: withdraw an action",
            url=reverse("audits:view-action", args=[action.pk]),
            note=f"{action.withdrawal_asked_by} asks",
        )
        for action in shown
    )
    return TodayCard(title="Withdrawals of actions to decide", items=items, count=count)


@today_card(order=35)
def audit_reports(user: User, today: date) -> TodayCard | None:
    """Audits on their way to a final rating: those to moderate, and the person's own that wait for
    them.
    """
    if not user.has_perms(["audits.record_visit", "audits.view_visit", "core.read_exempt"]):
        return None
    mine = Q(carried_on_by=user) | Q(carried_on_by=None, visit__officer=user)
    theirs = Q(status__in=[ReportStatus.TO_SEND, ReportStatus.RETURNED]) | Q(
        status=ReportStatus.WITH_PROVIDER, comments_by__lt=today
    )
    plans = Q(plan_due_on__lte=today + timedelta(days=DAYS_AHEAD), plan_agreed_on=None)
    asked = mine & (theirs | plans)
    if user.has_perm("audits.moderate_audit"):
        # Nobody moderates an audit of their own, so it does not wait for them.
        asked |= Q(status=ReportStatus.MODERATION) & ~Q(drafted_by=user) & ~Q(visit__officer=user)
        asked |= Q(
            pk__in=ReportReview.objects.filter(
                reviewer=user, decided_at=None, ended_at=None
            ).values("report")
        )
    waiting = (
        AuditReport.objects.filter(asked)
        .select_related("visit__service")
        .order_by("drafted_at", "pk")
    )
    shown, count = first_of(waiting, SHOWN)
    items = tuple(
        TodayItem(
            label=str(report.visit.service),
            url=reverse("audits:view-report", args=[report.visit_id]),
            note=_what_waits(report, today),
            late=report.plan_is_late_on(today),
        )
        for report in shown
    )
    return TodayCard(
        title="Audit reports to act on",
        items=items,
        count=count,
        more_url=f"{reverse('audits:list-reports')}?unfinished=true",
        empty="You have no audit reports to act on.",
        urgent=waiting.filter(plans, plan_due_on__lt=today).exists(),
    )


def _what_waits(report: AuditReport, today: date) -> str:
    if report.status == ReportStatus.MODERATION:
        return "To be moderated"
    if report.status == ReportStatus.REVIEW:
        return "Waits for your review"
    if report.status == ReportStatus.WITH_PROVIDER:
        return "The provider’s time to comment has ended"
    if report.plan_due_on:
        return f"Action plan to be agreed by {day_in_words(report.plan_due_on)}"
    return str(report.get_status_display())


@today_card(order=40)
def review_meetings(user: User, today: date) -> TodayCard | None:
    """The person's contract review meetings of the next fortnight, and those that are overdue."""
    if not user.has_perms(["audits.record_visit", "audits.view_visit", "core.read_exempt"]):
        return None
    waiting = (
        ReviewMeeting.objects.waiting()
        .filter(officer=user, due_on__lte=today + timedelta(days=DAYS_AHEAD))
        .select_related("visit__service")
    )
    shown, count = first_of(waiting, SHOWN)
    if not count:
        return None
    items = tuple(
        TodayItem(
            label=str(meeting.visit.service),
            url=reverse("audits:record-meeting", args=[meeting.pk]),
            note=f"Due {day_in_words(meeting.due_on)}",
            late=meeting.due_on < today,
        )
        for meeting in shown
    )
    return TodayCard(
        title="Contract review meetings",
        items=items,
        count=count,
        more_url=f"{reverse('audits:list-meetings')}?waiting=true&officer={user.pk}",
    )
