"""Papers that people have begun."""

from collections.abc import Collection
from datetime import date

from django.urls import reverse

from core.dates import day_in_words
from core.models import User
from core.work import Piece, Work, register_work
from reports.models import Paper


def held_by(people: Collection[User], day: date) -> list[Piece]:
    """Unfinished papers that they began, for a meeting to come."""
    papers = Paper.objects.unfinished().filter(started_by__in=people, meeting_on__gte=day)
    return [
        Piece(
            label=str(paper),
            url=reverse("reports:view-paper", args=[paper.pk]),
            note=f"Meeting on {day_in_words(paper.meeting_on)}",
            holder=paper.started_by,
            since=paper.meeting_on,
        )
        for paper in papers.select_related("started_by")
    ]


register_work(
    Work(
        "papers",
        "paper begun",
        "papers begun",
        ("reports.view_paper",),
        held_by=held_by,
        # Who began it may not approve it; that stays true of them.
        instead="Whoever writes papers can go on with it. Nothing needs handing over.",
    ),
    order=70,
)
