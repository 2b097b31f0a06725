"""Today's card of what was promised and could not be done."""

from datetime import date

from django.urls import reverse

from core.dates import moment_in_words
from core.jobs import showing
from core.models import User
from core.today import TodayCard, TodayItem, today_card

MOST = 8


@today_card(order=1)
def not_done(user: User, _today: date) -> TodayCard | None:
    """None when all that was promised to this person is done, or still being tried."""
    jobs = showing.not_done_to_show(user)
    if not jobs:
        return None
    items = tuple(
        TodayItem(
            label=job.words,
            url=showing.page_of(user, job),
            note=f"{job.instead} We stopped trying on {moment_in_words(job.given_up_at)}.",
            act_label="Say that it is done",
            act_url=reverse("settle-job", args=[job.pk]),
            mark="Not done",
            mark_colour="red",
        )
        for job in jobs[:MOST]
    )
    return TodayCard(title="Not done", items=items, count=len(jobs), urgent=True)
