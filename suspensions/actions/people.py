"""The people who live there: welfare checks, and the meetings held about them."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from core import events
from core.models import User
from core.workflow import requires
from suspensions.actions.record import lock
from suspensions.models import Meeting, WelfareCheck
from suspensions.rules import people as people_rules
from suspensions.workflow.suspension import SUSPENSION


@dataclass(frozen=True)
class WelfareInput:
    """How many people were there and were seen, and what was found."""

    done_on: date
    living_there: int
    seen: int
    found: str
    done: str = ""
    next_on: date | None = None


@dataclass(frozen=True)
class MeetingInput:
    """Who met, what was said and what was agreed."""

    kind: str
    held_at: datetime
    chair: str
    attended: str
    minutes: str
    place: str = ""
    apologies: str = ""
    agreed: str = ""
    next_on: date | None = None


@requires(SUSPENSION["welfare"])
@transaction.atomic
def check_welfare(
    suspension_id: int, *, by: User, given: WelfareInput, now: datetime
) -> WelfareCheck:
    """Record how the people were found, and how many of them were seen.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `in-future`, `more-seen-than-live`,
    `next-too-early`.
    """
    suspension = lock(suspension_id)
    SUSPENSION.apply(suspension, "welfare", by, now)
    people_rules.check_welfare_check(
        given.done_on, given.living_there, given.seen, given.next_on, timezone.localdate(now)
    )
    check = WelfareCheck.objects.create(
        suspension=suspension, by=by, recorded_at=now, **asdict(given)
    )
    events.record(
        "suspension.welfare_checked",
        by=by,
        about=suspension,
        after={"check": check.pk, "seen": given.seen, "living_there": given.living_there},
    )
    return check


@requires(SUSPENSION["meeting"])
@transaction.atomic
def hold_meeting(suspension_id: int, *, by: User, given: MeetingInput, now: datetime) -> Meeting:
    """Record a meeting: who came, its minutes, what was agreed.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `in-future`, `next-too-early`.
    """
    suspension = lock(suspension_id)
    SUSPENSION.apply(suspension, "meeting", by, now)
    people_rules.check_meeting(given.held_at, given.next_on, now)
    meeting = Meeting.objects.create(suspension=suspension, by=by, recorded_at=now, **asdict(given))
    events.record(
        "suspension.met",
        by=by,
        about=suspension,
        after={"meeting": meeting.pk, "kind": given.kind, "people": len(meeting.people)},
        happened_at=given.held_at,
    )
    return meeting
