"""Whether CQC was read last night, and whether what it said was understood."""

from datetime import datetime, time, timedelta

from django.db import DatabaseError
from django.utils import timezone

from core.dates import moment_in_words
from core.readiness import readiness_check
from ratings.models import RatingAlarm, SyncRun

LATE_AFTER = timedelta(hours=30)
# A night's run begins after four, so what ended before three was of the night before. By six in
# the morning it has ended, or something is wrong.
NIGHT, MORNING = time(3), time(6)


@readiness_check(order=40)
def last_sync(now: datetime | None = None) -> str | None:
    """None when CQC was read last night, or before six in the morning within 30 hours; else one
    plain sentence.
    """
    now = timezone.localtime(now)
    try:
        finished = SyncRun.objects.finished().order_by("-finished_at").first()
        stopped = SyncRun.objects.unfinished().exclude(stopped_because="").last()
    except DatabaseError:
        return "We cannot read the record of CQC updates."
    if finished is None or finished.finished_at is None:
        return "We have not updated from CQC yet."
    tonight = timezone.make_aware(datetime.combine(now.date(), NIGHT))
    is_missing = now.time() >= MORNING and finished.finished_at < tonight
    if not is_missing and now - finished.finished_at <= LATE_AFTER:
        return None
    when = f"We last updated from CQC on {moment_in_words(finished.finished_at)}."
    return f"{when} The latest update stopped: {stopped.stopped_because}" if stopped else when


@readiness_check(order=41)
def ratings_missed() -> str | None:
    """None unless CQC's data says what may be a rating that we did not read; else a sentence."""
    try:
        number = RatingAlarm.objects.open().count()
    except DatabaseError:
        return "We cannot read the alarms about ratings."
    if not number:
        return None
    things = "1 entry" if number == 1 else f"{number} entries"
    return f"CQC’s data holds {things} that may be a rating that we missed."
