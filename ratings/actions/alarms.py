"""Alarms about what may be a rating at CQC: raised by readings, ended by another or a person."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from core import events
from core.dates import day_in_words
from core.locking import lock
from core.models import User
from core.workflow import NotAllowed, requires
from ratings.models import AlarmKind, Location, RatingAlarm, ServiceLocation
from ratings.vocabulary import KeyQuestion

LONGEST = 300
# CQC takes weeks to publish what it found.
PUBLISHED_WITHIN = timedelta(days=60)


@dataclass(frozen=True)
class EndAlarmInput:
    """What somebody found who looked at an alarm."""

    reason: str


def note(found: Mapping[str, Collection[str]], *, now: datetime) -> int:
    """Keep what the latest readings of these locations may have lost: what is new is raised, what
    is said no more ends. Returns how many were raised.

    In the caller's transaction: a reading and its alarms are written together, or neither is.
    """
    wanted = {(pk, said[:LONGEST]) for pk, sentences in found.items() for said in sentences}
    return _settle(AlarmKind.UNREAD, list(found), wanted, now)


@transaction.atomic
def note_unpublished(*, now: datetime) -> int:
    """Raise an alarm for each of our services' locations that CQC inspected more than 60 days ago
    without a rating published since; returns how many were raised.
    """
    today = timezone.localdate(now)
    ours = ServiceLocation.objects.filter(until=None).values("location_id")
    standing = Q(ratings__retracted_at=None, ratings__key_question=KeyQuestion.OVERALL)
    late = (
        Location.objects.filter(pk__in=ours, is_registered=True)
        .filter(last_inspected_on__lt=today - PUBLISHED_WITHIN)
        .annotate(rated_on=Max("ratings__published_on", filter=standing))
        .filter(Q(rated_on=None) | Q(rated_on__lt=F("last_inspected_on")))
    )
    # One that somebody has looked at is not raised again.
    looked_at = RatingAlarm.objects.filter(kind=AlarmKind.UNPUBLISHED).exclude(ended_by=None)
    wanted = {
        (pk, f"CQC inspected or assessed this on {day_in_words(day)}.")
        for pk, day in late.values_list("pk", "last_inspected_on")
    } - set(looked_at.values_list("location_id", "said"))
    return _settle(AlarmKind.UNPUBLISHED, None, wanted, now)


def _settle(
    kind: AlarmKind, of: Collection[str] | None, wanted: set[tuple[str, str]], now: datetime
) -> int:
    # Held in one order, since two readings may meet at the same locations.
    rows = RatingAlarm.objects.open().filter(kind=kind).order_by("pk").select_for_update()
    held = {
        (alarm.location_id, alarm.said): alarm.pk
        for alarm in (rows if of is None else rows.filter(location_id__in=of))
    }
    if gone := [pk for key, pk in held.items() if key not in wanted]:
        RatingAlarm.objects.filter(pk__in=gone).update(ended_at=now)
    if still := [pk for key, pk in held.items() if key in wanted]:
        RatingAlarm.objects.filter(pk__in=still).update(last_noticed_at=now)
    fresh = sorted(wanted - held.keys())
    RatingAlarm.objects.bulk_create(
        [
            RatingAlarm(location_id=pk, kind=kind, said=said, noticed_at=now, last_noticed_at=now)
            for pk, said in fresh
        ],
        # Another reading may have raised it a moment ago.
        ignore_conflicts=True,
    )
    return len(fresh)


@requires("ratings.run_sync")
@transaction.atomic
def end_alarm(alarm_id: int, *, by: User, given: EndAlarmInput, now: datetime) -> RatingAlarm:
    """Say that somebody looked, and what they found.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`.
    """
    alarm = lock(RatingAlarm, alarm_id)
    if alarm.ended_at is not None:
        raise NotAllowed("wrong-state", "This alarm has ended already.")
    alarm.ended_at, alarm.ended_by, alarm.reason = now, by, given.reason
    alarm.save()
    events.record("rating_alarm.ended", by=by, about=alarm, after={"location": alarm.location_id})
    return alarm
