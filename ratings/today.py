"""What Today shows of ratings."""

from datetime import date, datetime, time, timedelta

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from core.dates import day_in_words
from core.models import User
from core.today import TodayCard, TodayItem, today_card
from ratings import readiness, rules
from ratings.models import (
    AlertChoice,
    Location,
    LocationChange,
    LocationChangeKind,
    RatingAlarm,
    Scope,
    ServiceLocation,
)

SHOWN = 6
# What stands out: a word beside the location, in red or in the colour of good news.
COLOURS = {
    LocationChangeKind.RATING_LOWERED: "red",
    LocationChangeKind.REGISTRATION_ENDED: "red",
    LocationChangeKind.RATING_RAISED: "green",
}


@today_card(order=60)
def changes(user: User, today: date) -> TodayCard | None:
    """What a person wants to know of what changed at CQC since yesterday, one's own portfolio
    first; and whether CQC was read at all.
    """
    if not user.has_perm("ratings.view_location"):
        return None
    since = timezone.make_aware(datetime.combine(today - timedelta(days=1), time.min))
    choice = AlertChoice.of(user)
    found = list(
        choice.changes(since)
        .select_related("location")
        .prefetch_related(
            Prefetch("location__services", ServiceLocation.objects.select_related("service"))
        )
        .order_by("-noticed_at", "pk")
    )
    found.sort(key=lambda change: not _is_of(user, change))
    missed = readiness.last_sync()
    items = [_missed(missed)] if missed else []
    items += [_item(change) for change in found[: SHOWN - len(items)]]
    whose = "your portfolio" if choice.scope == Scope.PORTFOLIO else "our services"
    return TodayCard(
        title="Changes at CQC since yesterday",
        items=tuple(items),
        count=len(found),
        more_url=f"{reverse('ratings:changes')}?whose=ours&since={since:%Y-%m-%d}",
        empty=f"CQC has not changed anything about {whose} that you asked to see.",
        urgent=missed is not None,
    )


def _missed(label: str) -> TodayItem:
    return TodayItem(
        label=label, url=reverse("ratings:list-runs"), mark="Not updated", mark_colour="red"
    )


def _is_of(user: User, change: LocationChange) -> bool:
    return any(
        link.until is None and link.service.lead_officer_id == user.pk
        for link in change.location.services.all()
    )


def _item(change: LocationChange) -> TodayItem:
    words = [rules.rating_label(word) for word in (change.before, change.after) if word]
    what = (
        f"{words[0]} as before" if len(words) == 2 and words[0] == words[1] else " to ".join(words)
    )
    # A location with two services has two ratings of one day.
    parts = [
        what,
        change.service_group,
        day_in_words(change.happened_on) if change.happened_on else "",
    ]
    kind = LocationChangeKind(change.kind)
    return TodayItem(
        label=str(change.location),
        url=reverse("ratings:view-location", args=[change.location_id]),
        note=", ".join(part for part in parts if part),
        mark=kind.label,
        mark_colour=COLOURS.get(kind, "grey"),
    )


@today_card(order=61)
def ratings_missed(user: User, today: date) -> TodayCard | None:
    """For whoever looks after CQC's data, what may be a rating that we did not read; no card while
    there is none.
    """
    if not user.has_perm("ratings.run_sync"):
        return None
    found = RatingAlarm.objects.open()
    shown = list(found[:SHOWN])
    if not shown:
        return None
    names = Location.objects.in_bulk([alarm.location_id for alarm in shown])
    return TodayCard(
        title="Ratings at CQC that we may have missed",
        items=tuple(
            TodayItem(
                label=str(names.get(alarm.location_id, alarm.location_id)),
                url=reverse("ratings:end-alarm", args=[alarm.pk]),
                note=alarm.said,
                mark="Look",
                mark_colour="red",
            )
            for alarm in shown
        ),
        count=found.count(),
        more_url=reverse("ratings:list-alarms"),
        empty="",
        urgent=True,
    )
