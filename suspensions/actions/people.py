"""The people who live there: who pays for them, welfare checks, and the meetings held about them."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from carequality import events
from carequality.models import User
from providers.models import Service
from suspensions import rules
from suspensions.actions.record import lock, refuse_if
from suspensions.models import FundedPeople, Funder, Meeting, WelfareCheck


@transaction.atomic
def count_people(
    service_id: int,
    *,
    by: User,
    funder: str,
    people: int,
    counted_on: date,
    now: datetime,
    name: str = "",
    email: str = "",
) -> FundedPeople:
    """Keep how many people at the service that funder pays for, as last counted. None left is counted as 0."""
    service = Service.objects.select_for_update(of=("self",)).get(pk=service_id)
    refuse_if(
        None
        if by.has_perm(rules.RECORD)
        else "You do not have the right to write to the record of a suspension.",
        "The day must be today or before." if counted_on > timezone.localdate(now) else None,
        "Say which authority." if funder == Funder.AUTHORITY and not name.strip() else None,
    )
    found, _new = FundedPeople.objects.update_or_create(
        service=service,
        funder=funder,
        name=name.strip() if funder in (Funder.AUTHORITY, Funder.NHS) else "",
        defaults={"people": people, "counted_on": counted_on, "email": email, "by": by},
    )
    events.record(
        "service.people_counted", by=by, about=service, after={"funded": found.pk, "people": people}
    )
    return found


@transaction.atomic
def check_welfare(
    suspension_id: int,
    *,
    by: User,
    done_on: date,
    living_there: int,
    seen: int,
    found: str,
    now: datetime,
    done: str = "",
    next_on: date | None = None,
) -> WelfareCheck:
    """Record how the people were found, and how many of them were seen."""
    suspension = lock(suspension_id)
    refuse_if(
        rules.why_not_record(suspension, by),
        "The day must be today or before." if done_on > timezone.localdate(now) else None,
        "More people were seen than live there." if seen > living_there else None,
        "The next check must be after this one." if next_on and next_on <= done_on else None,
    )
    check = WelfareCheck.objects.create(
        suspension=suspension,
        done_on=done_on,
        by=by,
        living_there=living_there,
        seen=seen,
        found=found,
        done=done,
        next_on=next_on,
        recorded_at=now,
    )
    events.record(
        "suspension.welfare_checked",
        by=by,
        about=suspension,
        after={"check": check.pk, "seen": seen, "living_there": living_there},
    )
    return check


@transaction.atomic
def hold_meeting(
    suspension_id: int,
    *,
    by: User,
    kind: str,
    held_at: datetime,
    chair: str,
    attended: str,
    minutes: str,
    now: datetime,
    place: str = "",
    apologies: str = "",
    agreed: str = "",
    next_on: date | None = None,
) -> Meeting:
    """Record a meeting: who came, its minutes, what was agreed."""
    suspension = lock(suspension_id)
    refuse_if(
        rules.why_not_record(suspension, by),
        "The meeting must be in the past." if held_at > now else None,
        "The next meeting must be after this one."
        if next_on and next_on <= timezone.localdate(held_at)
        else None,
    )
    meeting = Meeting.objects.create(
        suspension=suspension,
        kind=kind,
        held_at=held_at,
        place=place,
        chair=chair,
        attended=attended,
        apologies=apologies,
        minutes=minutes,
        agreed=agreed,
        next_on=next_on,
        by=by,
        recorded_at=now,
    )
    events.record(
        "suspension.met",
        by=by,
        about=suspension,
        after={"meeting": meeting.pk, "kind": kind, "people": len(meeting.people)},
        happened_at=held_at,
    )
    return meeting
