"""The card of Today for concerns."""

from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from concerns.models import HIGH_RISKS, Concern, day_ends
from core.dates import datetime_in_words
from core.models import User
from core.today import TodayCard, TodayItem, first_of, today_card

SHOWN = 5


@today_card(order=50)
def to_answer(user: User, today: date) -> TodayCard | None:
    """Concerns that wait for a first response: mine, and those that are not allocated."""
    if not user.has_perms(["concerns.change_concern", "concerns.view_concern", "core.read_exempt"]):
        return None
    waiting = (
        Concern.objects.unanswered()
        # What is not allocated stands before everyone who may answer, so that it is not left to
        # each other.
        .filter(Q(allocated_to=user) | Q(allocated_to=None))
        .select_related("service")
        .order_by("respond_by")
    )
    by_tonight = day_ends(today)
    shown, count = first_of(waiting, SHOWN)
    items = []
    for concern in shown:
        due = f"first response due by {datetime_in_words(concern.respond_by)}"
        allocated = "" if concern.allocated_to_id else ", not allocated"
        items.append(
            TodayItem(
                label=(
                    f"{concern.reference}: {concern.kind_in_words.lower()} about {concern.service}"
                ),
                url=reverse("concerns:view-concern", args=[concern.pk]),
                note=f"{concern.get_risk_display()} risk, {due}{allocated}",
                late=concern.is_late_at(timezone.now()),
            )
        )
    return TodayCard(
        title="Concerns to answer",
        items=tuple(items),
        count=count,
        more_url=f"{reverse('concerns:list-concerns')}?status=open&sort=respond_by",
        empty="No concerns are waiting for your first response.",
        # Of all that wait, and not of those shown.
        urgent=waiting.filter(risk__in=HIGH_RISKS, respond_by__lt=by_tonight).exists(),
    )
