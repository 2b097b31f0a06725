"""Recording concerns and contacts, and what is done about a concern.

Each action raises `NotAllowed`.
"""

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from concerns import rules
from concerns.models import (
    Concern,
    ContactLogEntry,
    LogEntry,
    ReferenceYear,
    Section42,
    Targets,
)
from concerns.workflow import CONCERN
from core import events, versions
from core.locking import lock
from core.models import User
from core.workflow import requires

# Concerns are exempt matter: whoever acts on one must hold the right to read that too.
READ = ("concerns.view_concern", "core.read_exempt")


# What a correction may change, and what its history keeps.
CORRECTED = ("service_id", "kind", "also_safeguarding", "received_at", "source", "summary")


@dataclass(frozen=True)
class ConcernInput:
    """What is asked when a concern is recorded. Each name is a column's."""

    service_id: int
    kind: str
    summary: str
    risk: str
    source: str
    received_at: datetime
    abuse: str = ""
    abuse_by: str = ""
    section_42: str = ""
    allocated_to_id: int | None = None


@requires(CONCERN["record"], "core.read_exempt")
@transaction.atomic
def record_concern(*, by: User, given: ConcernInput, now: datetime, done: str = "") -> Concern:
    """Record a concern and start its response clock. `done` is what was done at once.

    A safeguarding concern is recorded with where it stands under section 42 of the Care Act 2014.

    Raises `NotAllowed`: `in-future`, `abuse-missing`, `enquiry-concluded`.
    """
    # Asked here too and not by the form alone: a visit records a concern without that form.
    rules.check_record(given.kind, given.abuse, given.section_42, given.received_at, now)
    concern = Concern(**asdict(given), done=done, recorded_at=now, recorded_by=by)
    CONCERN.apply(concern, "record", by=by, now=now)
    if concern.section_42 not in ("", Section42.UNDECIDED):
        concern.section_42_decided_on = timezone.localdate(now)
        concern.section_42_decided_by = by
    # The clock begins with the receipt: who records late has lost the time.
    concern.respond_by = rules.respond_by(given.risk, given.received_at, Targets.current())
    # Late in the action, since it holds the year's row until the end: all who record a concern of
    # that year wait for it. The year is the one in which it came, by the council's clock.
    concern.reference = _next_reference(timezone.localtime(given.received_at).year)
    concern.save()
    versions.keep(concern, said_by(concern), by=by, now=now)
    events.record(
        "concern.recorded",
        by=by,
        about=concern,
        after={"kind": given.kind, "risk": given.risk, "allocated_to": given.allocated_to_id},
        happened_at=given.received_at,
    )
    return concern


@dataclass(frozen=True)
class AllocateInput:
    """Who will answer the concern."""

    to_id: int


@requires(CONCERN["allocate"], *READ)
@transaction.atomic
def allocate(concern_id: int, *, by: User, given: AllocateInput) -> Concern:
    """Allocate a concern to whoever will answer it.

    Raises `NotAllowed`: `wrong-state`, `may-not-answer`.
    """
    concern = locked(concern_id)
    CONCERN.apply(concern, "allocate", by=by)
    # The form offers only people who may answer; they may have lost that right while the page was
    # open.
    rules.check_allocate(User.objects.get(pk=given.to_id))
    before = concern.allocated_to_id
    concern.allocated_to_id = given.to_id
    concern.save()
    events.record(
        "concern.allocated",
        by=by,
        about=concern,
        before={"allocated_to": before},
        after={"allocated_to": given.to_id},
    )
    return concern


@dataclass(frozen=True)
class RespondInput:
    """The first response: when it was given and what was done."""

    at: datetime
    done: str


@requires(CONCERN["respond"], *READ)
@transaction.atomic
def respond(concern_id: int, *, by: User, given: RespondInput, now: datetime) -> Concern:
    """Record the first response, which ends the response clock.

    Raises `NotAllowed`: `wrong-state`, `already-answered`, `before-received`, `in-future`.
    """
    concern = locked(concern_id)
    CONCERN.apply(concern, "respond", by=by, now=now)
    # The concern is held: of two first responses at once the second is refused by the step's guard.
    rules.check_respond(concern, given.at, now)
    concern.first_response_at = given.at
    concern.done = added(concern.done, given.done)
    concern.save()
    events.record(
        "concern.answered",
        by=by,
        about=concern,
        after={"in_time": concern.answered_in_time},
        happened_at=given.at,
    )
    return concern


@dataclass(frozen=True)
class ChangeRiskInput:
    """The new risk and why."""

    risk: str
    reason: str


@requires(CONCERN["change-risk"], *READ)
@transaction.atomic
def change_risk(concern_id: int, *, by: User, given: ChangeRiskInput, now: datetime) -> Concern:
    """Change the risk and, until the first response, the clock with it.

    Raises `NotAllowed`: `wrong-state`, `same-risk`.
    """
    concern = locked(concern_id)
    CONCERN.apply(concern, "change-risk", by=by, now=now)
    rules.check_change_risk(concern, given.risk)
    before, was = concern.risk, concern.get_risk_display()
    # Once answered, whether it was in time stays as it was measured.
    if not concern.is_answered:
        concern.respond_by = rules.respond_by_after_change(
            concern, given.risk, now, Targets.current()
        )
    concern.risk = given.risk
    changed = f"Risk changed from {was} to {concern.get_risk_display()}: {given.reason}"
    concern.done = added(concern.done, changed)
    concern.save()
    events.record(
        "concern.risk_changed",
        by=by,
        about=concern,
        before={"risk": before},
        after={"risk": given.risk},
    )
    return concern


@dataclass(frozen=True)
class EnquiryInput:
    """Where the section 42 enquiry stands. `decided_on`: when it was decided whether one is
    required; None keeps the day that stands, or is today.
    """

    section_42: str
    outcome: str = ""
    decided_on: date | None = None


@requires(CONCERN["record-enquiry"], *READ)
@transaction.atomic
def record_enquiry(concern_id: int, *, by: User, given: EnquiryInput, now: datetime) -> Concern:
    """Record where the section 42 enquiry stands (Care Act 2014); `outcome` once it has concluded.

    Raises `NotAllowed`: `wrong-state`, `not-safeguarding`, `outcome-wrong`, `before-received`,
    `in-future`.
    """
    concern = locked(concern_id)
    CONCERN.apply(concern, "record-enquiry", by=by)
    rules.check_record_enquiry(given.section_42, given.outcome)
    rules.check_decided_on(concern, given.decided_on, timezone.localdate(now))
    before = concern.section_42
    concern.section_42, concern.section_42_outcome = given.section_42, given.outcome
    set_decision(concern, before, given.decided_on, decided_by=by, now=now)
    concern.save()
    events.record(
        "concern.enquiry_recorded",
        by=by,
        about=concern,
        before={"section_42": before},
        after={"section_42": given.section_42, "outcome": given.outcome},
    )
    return concern


def set_decision(
    concern: Concern, before: str, decided_on: date | None, *, decided_by: User, now: datetime
) -> None:
    """Give the decision whether an enquiry is required its day and its person. `before` is where
    the enquiry stood.
    """
    if concern.section_42 == Section42.UNDECIDED:
        concern.section_42_decided_on = concern.section_42_decided_by = None
        return
    stood = concern.section_42_decided_on
    # That an enquiry ends is no new decision to make one.
    is_the_same = {before, concern.section_42} <= {Section42.OPEN, Section42.CONCLUDED}
    is_the_same = is_the_same or before == concern.section_42
    if stood is not None and is_the_same and decided_on in (None, stood):
        return
    concern.section_42_decided_on = decided_on or timezone.localdate(now)
    concern.section_42_decided_by = decided_by


@dataclass(frozen=True)
class LogInput:
    """A line of the investigation log."""

    text: str


@requires(CONCERN["add-to-log"], *READ)
@transaction.atomic
def add_to_log(concern_id: int, *, by: User, given: LogInput, now: datetime) -> LogEntry:
    """Add a line to the investigation log.

    Raises `NotAllowed`: `wrong-state`.
    """
    concern = locked(concern_id)
    CONCERN.apply(concern, "add-to-log", by=by, now=now)
    # The record of events says that a line was added and never what it says: an event cannot be
    # changed, and outlives the time for which personal text is kept.
    entry = LogEntry.objects.create(concern=concern, text=given.text, at=now, by=by)
    events.record(
        "concern.logged", by=by, about=concern, after={"entry": entry.pk}, happened_at=now
    )
    return entry


@dataclass(frozen=True)
class CloseInput:
    """The outcome, and what was done in the end."""

    outcome: str
    done: str


@requires(CONCERN["close"], *READ)
@transaction.atomic
def close(concern_id: int, *, by: User, given: CloseInput, now: datetime) -> Concern:
    """Close a concern with its outcome.

    Raises `NotAllowed`: `wrong-state`, `not-answered`, `enquiry-open`.
    """
    concern = locked(concern_id)
    CONCERN.apply(concern, "close", by=by, now=now)
    concern.outcome = given.outcome
    concern.done = added(concern.done, given.done)
    concern.closed_at, concern.closed_by = now, by
    concern.save()
    events.record(
        "concern.closed", by=by, about=concern, after={"outcome": given.outcome}, happened_at=now
    )
    return concern


@dataclass(frozen=True)
class LogContactInput:
    """What is asked about a contact. Each name is a column's."""

    service_id: int
    kind: str
    with_whom: str
    note: str
    happened_at: datetime
    concern_id: int | None = None


@requires("concerns.change_concern", *READ)
@transaction.atomic
def log_contact(*, by: User, given: LogContactInput, now: datetime) -> ContactLogEntry:
    """Log a call, email or meeting about a service, and about one of its concerns if it was.

    Raises `NotAllowed`: `in-future`, `other-service`.
    """
    rules.check_log_contact(given.happened_at, now)
    if given.concern_id is not None:
        # Held, since a correction may give the concern another service. No state is asked: a
        # contact changes nothing of a concern, and may come after it was closed.
        rules.check_contact_service(locked(given.concern_id), given.service_id)
    contact = ContactLogEntry.objects.create(**asdict(given), recorded_by=by, recorded_at=now)
    events.record(
        "contact.logged",
        by=by,
        about=contact,
        after={"kind": given.kind, "concern": given.concern_id},
        happened_at=given.happened_at,
    )
    return contact


@dataclass(frozen=True)
class TargetsInput:
    """How quickly concerns are answered. Each name is a column's."""

    hours_very_high: int
    hours_high: int
    hours_medium: int
    hours_low: int
    day_starts: time
    day_ends: time
    in_time_percent: int
    out_of_hours_team: str = ""
    out_of_hours_phone: str = ""


@requires("concerns.change_targets")
@transaction.atomic
def change_targets(*, by: User, given: TargetsInput) -> Targets:
    """Set how quickly concerns are answered, by the council's own policy.

    Clocks that are already running stay as they are. Raises nothing.
    """
    # The row is made first, since a row that does not exist cannot be locked.
    Targets.objects.get_or_create(pk=1)
    # Held, so that what the event says stood before is what this change replaced.
    targets = Targets.objects.select_for_update().get(pk=1)
    values = asdict(given)
    before = {name: str(getattr(targets, name)) for name in values}
    for name, value in values.items():
        setattr(targets, name, value)
    targets.save()
    after = {name: str(value) for name, value in values.items()}
    events.record("concern_targets.changed", by=by, about=targets, before=before, after=after)
    return targets


def said_by(concern: Concern) -> dict[str, Any]:
    """What the history keeps of a concern, by name."""
    # In one time zone, so that a moment that was typed equals the same one read back.
    values = {name: getattr(concern, name) for name in CORRECTED}
    return values | {"received_at": concern.received_at.astimezone(UTC)}


def locked(concern_id: int) -> Concern:
    """The concern, held until the end."""
    return lock(Concern, concern_id)


def _next_reference(year: int) -> str:
    # The year's row stays locked until the concern is kept, so that no number is given twice.
    # Of two who begin a year at once one makes the row, and the other waits for it and finds it.
    ReferenceYear.objects.get_or_create(year=year)
    count = ReferenceYear.objects.select_for_update().get(year=year)
    count.last_number += 1
    count.save()
    return str(count)


def added(text: str, more: str) -> str:
    """The text with more behind it."""
    return f"{text}\n\n{more}".strip() if more else text
