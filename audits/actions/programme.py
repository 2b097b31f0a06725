"""The programme of a year, portfolios, contract review meetings and officers' calendars.

Source: the council's own policy. The Care Act 2014 (section 5) asks it to promote a market with
high quality services to choose from, and sets no programme of audits.
"""

import hashlib
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from audits.actions.visits import NewVisitInput, book_visit
from audits.audit_states import audits_between, known_of
from audits.models import (
    CalendarFeed,
    Capacity,
    LeadRole,
    ProgrammeEntry,
    ReviewMeeting,
    Template,
    Visit,
    VisitKind,
    year_days,
)
from audits.permissions import READ
from audits.rules import programme
from audits.workflow.programme import PROGRAMME_ENTRY
from core import events
from core.calendar import is_working_day, next_working_day
from core.models import User
from core.taken import refused_if_taken
from core.workflow import NotAllowed, requires
from providers.models import Service

PLAN = (PROGRAMME_ENTRY["draw-up"], *READ)
RECORD = ("audits.record_visit", *READ)


@dataclass(frozen=True)
class ProgrammeEntryInput:
    """A place in the programme; with a reason, the service is left out of the year."""

    due_on: date
    officer_id: int | None
    left_out_reason: str


@dataclass(frozen=True)
class BookInput:
    """The last due day of the places whose visits are planned."""

    until: date


@dataclass(frozen=True)
class PortfolioInput:
    """How many audits an officer can do in a month, and the topics that they lead on."""

    audits_a_month: int
    topics: Sequence[str]


@dataclass(frozen=True)
class MeetingInput:
    """When a contract review meeting was held, and what was agreed."""

    held_on: date
    note: str


@requires(*PLAN)
@transaction.atomic
def draw_up_programme(year: int, service_type: str, *, by: User, today: date, now: datetime) -> int:
    """Give each open service of the type that has no place in the year one; returns how many.
    Places already given stay: a person may have changed them.

    Raises `NotAllowed`: `permission-missing`, `year-over`.
    """
    programme.check_draw_up(year, today)
    first, last = year_days(year)
    # Services that open later in the year get a place when it is drawn up again.
    day = max(first, today)
    placed = ProgrammeEntry.objects.of(year).values("service")
    services = Service.objects.open_on(day).filter(service_type=service_type).exclude(pk__in=placed)
    capacity = dict(
        Capacity.objects.filter(officer__is_active=True).values_list("officer", "audits_a_month")
    )
    taken: Counter[tuple[int, int, int]] = Counter(
        (officer, due.year, due.month)
        for officer, due in ProgrammeEntry.objects.of(year)
        .filter(left_out_reason="")
        .values_list("officer", "due_on")
        if officer
    )
    proposed = programme.draw_up(known_of(services, today), year, today, capacity, taken)
    made = audits_between([one.known.service_id for one in proposed], first, last)
    # Of two who draw up the same programme at once, the second is refused by the constraint of one
    # place a year: no place is given twice.
    entries = []
    for one in proposed:
        visit = made.get(one.known.service_id)
        entry = ProgrammeEntry(
            year=year,
            service_id=one.known.service_id,
            # A visit already planned or made stands, whatever the rule would propose.
            due_on=visit.day if visit else one.due_on,
            officer_id=visit.officer_id if visit else one.officer_id,
            risk=one.risk.points,
            why=list(one.risk.why),
            last_audit_on=one.known.last_audit_on,
            placed_at=now,
            placed_by=by,
        )
        PROGRAMME_ENTRY.check(entry, "draw-up", by=by, now=now)
        entries.append(entry)
    ProgrammeEntry.objects.bulk_create(entries)
    # One event for all that were placed, of no one service: it is the team's record of the year.
    if entries:
        after = {"year": year, "service_type": service_type, "entries": len(entries)}
        events.record("programme.drawn_up", by=by, about=entries[0], after=after, service_id=None)
    return len(entries)


@requires(PROGRAMME_ENTRY["change"], *READ)
@transaction.atomic
def change_programme_entry(
    entry_id: int, *, by: User, given: ProgrammeEntryInput
) -> ProgrammeEntry:
    """Move a place, give it to somebody, or leave the service out of the year with a reason.

    Raises `NotAllowed`: `permission-missing`, `outside-year`, `officer-without-right`.
    """
    entry = ProgrammeEntry.objects.select_for_update().get(pk=entry_id)
    PROGRAMME_ENTRY.check(entry, _step(entry, given), by=by)
    officer = User.objects.get(pk=given.officer_id) if given.officer_id else None
    programme.check_change_programme_entry(entry.year, given.due_on, officer)
    before = {"due_on": entry.due_on.isoformat(), "officer": entry.officer_id}
    entry.due_on, entry.officer, entry.left_out_reason = (
        given.due_on,
        officer,
        given.left_out_reason,
    )
    entry.save()
    after = {
        "due_on": given.due_on.isoformat(),
        "officer": given.officer_id,
        "left_out": bool(given.left_out_reason),
    }
    events.record("programme.entry_changed", by=by, about=entry, before=before, after=after)
    return entry


def _step(entry: ProgrammeEntry, given: ProgrammeEntryInput) -> str:
    """The step of the lifecycle that the answer means: one form has three of them."""
    if bool(given.left_out_reason) == bool(entry.left_out_reason):
        return "change"
    return "leave-out" if given.left_out_reason else "take-back"


@requires(PROGRAMME_ENTRY["plan-visit"], *READ)
@transaction.atomic
def book_audits(
    year: int, service_type: str, *, by: User, given: BookInput, today: date, now: datetime
) -> list[Visit]:
    """Plan the visit of every place that is due by then, has an officer, and has no audit in the
    year yet.

    Raises `NotAllowed`: `permission-missing`, `no-template`, and what `visits.book_visit` raises.
    """
    # Held in one order: of two who press at once the second waits, and then sees the visits that
    # the first has planned. The constraint of one visit for a place holds whatever else plans them.
    entries = list(
        ProgrammeEntry.objects.of(year, service_type)
        .select_for_update(of=("self",))
        .filter(left_out_reason="", officer__isnull=False, due_on__lte=given.until)
        .select_related("service", "officer")
        .in_order()
    )
    made = audits_between([entry.service_id for entry in entries], *year_days(year))
    template = Template.objects.current().main().for_service_type(service_type).by_name().first()
    if template is None:
        raise NotAllowed(
            "no-template",
            "No audit template is in use for this type of service. Bring one into use first.",
        )
    booked = []
    for entry in entries:
        if entry.officer is None or entry.service_id in made or entry.service.is_closed_on(today):
            continue
        PROGRAMME_ENTRY.check(entry, "plan-visit", by=by, now=now)
        plan = NewVisitInput(
            service_id=entry.service_id,
            template_id=template.pk,
            kind=VisitKind.ANNUAL,
            # A due day may be over, or a Sunday: the visit is planned for one that can be kept.
            planned_for=_working_day(max(entry.due_on, today)),
            officer_id=entry.officer.pk,
        )
        booked.append(book_visit(by=by, given=plan, entry=entry, now=now))
    return booked


def _working_day(day: date) -> date:
    return day if is_working_day(day) else next_working_day(day)


@requires(*PLAN)
@transaction.atomic
def change_portfolio(officer: User, *, by: User, given: PortfolioInput, today: date) -> None:
    """Set how many audits an officer can do in a month and what they lead on.

    Raises `NotAllowed`: `permission-missing`.
    """
    set_capacity(officer, by=by, audits_a_month=given.audits_a_month)
    set_lead_roles(officer, by=by, topics=given.topics, today=today)


@requires(*PLAN)
@transaction.atomic
def set_capacity(officer: User, *, by: User, audits_a_month: int) -> Capacity:
    """Set how many audits an officer can do in a month.

    Raises `NotAllowed`: `permission-missing`.
    """
    capacity, _ = Capacity.objects.select_for_update().get_or_create(officer=officer)
    before = {"audits_a_month": capacity.audits_a_month}
    capacity.audits_a_month = audits_a_month
    capacity.save()
    after = {"officer": officer.pk, "audits_a_month": audits_a_month}
    events.record("audit_capacity.set", by=by, about=capacity, before=before, after=after)
    return capacity


@requires(*PLAN)
@transaction.atomic
def set_lead_roles(officer: User, *, by: User, topics: Sequence[str], today: date) -> None:
    """Make these the topics that the officer leads on: new ones from today, others until today.

    Raises `NotAllowed`: `permission-missing`.
    """
    held = list(LeadRole.objects.select_for_update().filter(officer=officer, until_on=None))
    # A role is ended, never deleted: who led on a topic at a time can be looked up.
    for role in held:
        if role.topic not in topics:
            role.until_on = today
            role.save()
            events.record("lead_role.ended", by=by, about=role, after={"topic": role.topic})
    for topic in topics:
        if topic not in {role.topic for role in held}:
            role = LeadRole.objects.create(officer=officer, topic=topic, from_on=today)
            events.record("lead_role.given", by=by, about=role, after={"topic": topic})


@requires(*RECORD)
@transaction.atomic
def record_meeting(meeting_id: int, *, by: User, given: MeetingInput, today: date) -> ReviewMeeting:
    """Record that a contract review meeting was held.

    Raises `NotAllowed`: `permission-missing`, `already-held`, `in-future`.
    """
    meeting = (
        ReviewMeeting.objects.select_for_update(of=("self",))
        .select_related("visit")
        .get(pk=meeting_id)
    )
    programme.check_record_meeting(meeting, given.held_on, today)
    meeting.held_on, meeting.note = given.held_on, given.note
    meeting.save()
    events.record(
        "review_meeting.held", by=by, about=meeting, after={"held_on": given.held_on.isoformat()}
    )
    return meeting


def hash_of(token: str) -> str:
    """What is kept of a calendar's secret: enough to know it again, not enough to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


@requires(*RECORD)
@transaction.atomic
def make_feed(*, by: User, now: datetime) -> str:
    """Give the officer a calendar behind a new secret address, ending the one before; returns the
    secret, which is not kept.

    A plain hash is enough: the secret is random and long, so that nothing can be guessed from it.

    Raises `NotAllowed`: `permission-missing`, `taken` where two are made at once.
    """
    # First the former one ends: the database allows an officer one calendar in force.
    revoke_feed(by=by, now=now)
    token = secrets.token_urlsafe(32)
    # Two tabs at once: the second finds nothing to end, and the constraint refuses it.
    with refused_if_taken("Your calendar has just been given a new address. Reload the page."):
        feed = CalendarFeed.objects.create(officer=by, token_hash=hash_of(token), made_at=now)
    events.record("calendar_feed.made", by=by, about=feed)
    return token


@requires(*RECORD)
@transaction.atomic
def revoke_feed(*, by: User, now: datetime) -> bool:
    """End the officer's calendar; says whether there was one.

    Raises `NotAllowed`: `permission-missing`.
    """
    feed = CalendarFeed.objects.select_for_update().filter(officer=by, revoked_at=None).first()
    if feed is None:
        return False
    feed.revoked_at = now
    feed.save()
    events.record("calendar_feed.revoked", by=by, about=feed)
    return True
