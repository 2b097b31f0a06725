"""The card of Today for papers."""

from datetime import date

from django.urls import reverse

from core.models import User
from core.today import TodayCard, TodayItem, today_card
from reports import desk
from reports.models import Paper
from reports.workflow import PAPER

MOST = 5


@today_card(order=70)
def papers(user: User, today: date) -> TodayCard | None:
    """Papers that are being prepared for a meeting; first those that wait for this person's
    approval.
    """
    if not user.has_perm("reports.view_paper"):
        return None
    waiting = list(
        Paper.objects.unfinished().filter(meeting_on__gte=today).order_by("meeting_on", "pk")
    )
    mine = [paper for paper in waiting if _waits_for(paper, user)]
    ordered = mine + [paper for paper in waiting if paper not in mine]
    items = tuple(
        TodayItem(
            label=str(paper),
            url=reverse("reports:view-paper", args=[paper.pk]),
            note="Waiting for your approval" if paper in mine else _note(paper, today),
            late=desk.agenda_day(paper) < today,
        )
        for paper in ordered[:MOST]
    )
    return TodayCard(
        title="Papers",
        items=items,
        count=len(ordered),
        more_url=reverse("reports:list-papers"),
        empty="No papers are being prepared for a meeting.",
        urgent=bool(mine),
    )


def _waits_for(paper: Paper, user: User) -> bool:
    return PAPER.refusal(paper, "approve", user) is None


def _note(paper: Paper, today: date) -> str:
    left = desk.clear_days_left(paper, today)
    if left < 0:
        return f"{paper.get_status_display()}; the last day to publish with the agenda has passed"
    days = "1 working day" if left == 1 else f"{left} working days"
    return f"{paper.get_status_display()}; {days} left to publish with the agenda"
