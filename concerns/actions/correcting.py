"""Putting right what a concern says, what it is, and that it was recorded twice or closed too soon.

Each action raises `NotAllowed`.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from concerns import rules
from concerns.actions import CORRECTED, READ, added, locked, said_by, set_decision
from concerns.models import Concern, ConcernRisk, LogEntry, Reopening, Targets
from concerns.rules import correcting
from concerns.workflow import CONCERN
from core import events, versions
from core.dates import datetime_in_words, day_in_words
from core.models import User
from core.workflow import requires


@dataclass(frozen=True)
class CorrectInput:
    """What the concern should have said, and the version that was seen. Each name is a column's."""

    service_id: int
    kind: str
    received_at: datetime
    source: str
    summary: str
    seen: str


@requires(CONCERN["correct"], *READ)
@transaction.atomic
def correct(concern_id: int, *, by: User, given: CorrectInput, now: datetime) -> Concern:
    """Correct what was recorded; what it said before stays in its history.

    A safeguarding concern stays one: given another kind, it is of both. The clock follows the
    receipt, as if it had been recorded rightly.

    Raises `NotAllowed`: `wrong-state`, `stale-version`, `in-future`, `after-response`,
    `after-closing`, `after-decision`, `safeguarding-incomplete`, `tied-to-service`.
    """
    concern = locked(concern_id)
    CONCERN.apply(concern, "correct", by=by, now=now)
    versions.check_seen(concern, given.seen)
    correcting.check_correct(concern, given.kind, given.service_id, given.received_at, now)
    if not versions.history(concern):
        # One that was recorded before versions were kept: as it stood is the first of them.
        versions.keep(concern, said_by(concern), by=concern.recorded_by, now=concern.recorded_at)
    before = {name: getattr(concern, name) for name in CORRECTED}
    was_safeguarding = concern.is_safeguarding
    concern.respond_by = correcting.respond_by_after_correction(
        concern, given.received_at, Targets.current()
    )
    for name in ("service_id", "kind", "received_at", "source", "summary"):
        setattr(concern, name, getattr(given, name))
    concern.also_safeguarding = was_safeguarding and given.kind != "safeguarding"
    concern.save()
    versions.keep(concern, said_by(concern), by=by, now=now)
    changed = [name for name in CORRECTED if getattr(concern, name) != before[name]]
    # Which fields, and never what they say: an event outlives the words.
    events.record("concern.corrected", by=by, about=concern, after={"fields": changed})
    return concern


@dataclass(frozen=True)
class SafeguardingInput:
    """What makes a concern a safeguarding concern too. Each name is a column's, but `decided_on`,
    the day of the decision whether an enquiry is required.
    """

    abuse: str
    abuse_by: str
    section_42: str
    decided_on: date | None = None


@requires(CONCERN["add-safeguarding"], *READ)
@transaction.atomic
def add_safeguarding(
    concern_id: int, *, by: User, given: SafeguardingInput, now: datetime
) -> Concern:
    """Record that a concern is about safeguarding too. It stays of its kind, with its clock.

    Raises `NotAllowed`: `wrong-state`, `is-safeguarding`, `abuse-missing`, `enquiry-concluded`,
    `before-received`, `in-future`.
    """
    concern = locked(concern_id)
    CONCERN.apply(concern, "add-safeguarding", by=by, now=now)
    rules.check_record("safeguarding", given.abuse, given.section_42, concern.received_at, now)
    rules.check_decided_on(concern, given.decided_on, rules.day_of(now))
    if not versions.history(concern):
        versions.keep(concern, said_by(concern), by=concern.recorded_by, now=concern.recorded_at)
    concern.also_safeguarding = True
    concern.abuse, concern.abuse_by = given.abuse, given.abuse_by
    before, concern.section_42 = concern.section_42, given.section_42
    set_decision(concern, before, given.decided_on, decided_by=by, now=now)
    concern.save()
    versions.keep(concern, said_by(concern), by=by, now=now)
    events.record(
        "concern.safeguarding_added",
        by=by,
        about=concern,
        after={"section_42": given.section_42},
    )
    return concern


@dataclass(frozen=True)
class MergeInput:
    """The concern that holds the matter from now on."""

    into_id: int


@requires(CONCERN["merge"], *READ)
@transaction.atomic
def merge(concern_id: int, *, by: User, given: MergeInput, now: datetime) -> Concern:
    """Merge a duplicate into the concern about the same matter, which is returned.

    The words of both stay; the one that is kept takes the greater risk and the earlier clock, so
    that no merging gives more time. The duplicate's log, contacts and files show with it, and what
    was merged into the duplicate before goes along.

    Raises `NotAllowed`: `wrong-state`, `same-concern`, `other-service`, `not-open`,
    `safeguarding-lost`, `enquiry-lost`.
    """
    # In the order of their keys, as everyone who holds two: two who merge crosswise wait and never
    # block each other.
    held = {pk: locked(pk) for pk in sorted({concern_id, given.into_id})}
    duplicate, kept = held[concern_id], held[given.into_id]
    CONCERN.check(duplicate, "merge", by, now)
    correcting.check_merge(duplicate, kept)
    if not kept.is_answered:
        kept.respond_by = min(kept.respond_by, duplicate.respond_by)
    kept.risk = max(ConcernRisk(kept.risk), ConcernRisk(duplicate.risk), key=rules.RISK_ORDER.index)
    LogEntry.objects.create(concern=kept, text=correcting.words_of_merged(duplicate), at=now, by=by)
    kept.save()
    CONCERN.apply(duplicate, "merge", by=by, now=now)
    duplicate.merged_into = kept
    duplicate.closed_at, duplicate.closed_by = now, by
    duplicate.save()
    # A duplicate leads straight to what holds the matter, never from one duplicate to the next.
    Concern.objects.filter(merged_into=duplicate).update(merged_into=kept)
    events.record(
        "concern.merged", by=by, about=duplicate, after={"into": kept.pk}, happened_at=now
    )
    return kept


@dataclass(frozen=True)
class ReopenInput:
    """Why the concern is opened again."""

    reason: str


@requires(CONCERN["reopen"], *READ)
@transaction.atomic
def reopen(concern_id: int, *, by: User, given: ReopenInput, now: datetime) -> Concern:
    """Open a concern that was closed or merged. How it was closed stays on its record.

    Raises `NotAllowed`: `wrong-state`.
    """
    concern = locked(concern_id)
    stood = concern.status_in_words
    CONCERN.apply(concern, "reopen", by=by, now=now)
    if concern.closed_at is None or concern.closed_by is None:
        raise AssertionError("Held by concern_closed_whole.")
    Reopening.objects.create(
        concern=concern,
        outcome=concern.outcome,
        closed_at=concern.closed_at,
        closed_by=concern.closed_by,
        at=now,
        by=by,
        reason=given.reason,
    )
    said = (
        f"Opened again on {datetime_in_words(now)}: {given.reason}\n"
        f"Before: {stood}, {day_in_words(rules.day_of(concern.closed_at))}."
    )
    concern.done = added(concern.done, said)
    concern.outcome, concern.merged_into = "", None
    concern.closed_at = concern.closed_by = None
    concern.save()
    events.record("concern.reopened", by=by, about=concern, happened_at=now)
    return concern
