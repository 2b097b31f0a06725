"""What becomes of each location that was fetched: used, noted as unusable, or kept for later."""

import logging
from collections import Counter
from collections.abc import Collection
from datetime import datetime

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from ratings.actions import alarms, registrations
from ratings.actions.first_readings import apply_first_readings
from ratings.actions.locations import apply_location
from ratings.actions.sync.listing import Clock, State
from ratings.api.errors import ErrorKind
from ratings.cqc.client import Fetched
from ratings.cqc.errors import CqcError
from ratings.cqc.parse import parse_location
from ratings.cqc.records import LocationRecord
from ratings.models import Location, RawPayload, SyncRun

logger = logging.getLogger(__name__)

# What a payload of any shape may raise. Anything else, such as a lost connection, ends the run.
UNUSABLE = (
    CqcError,
    DataError,
    IntegrityError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
)


@transaction.atomic
def settle(run: SyncRun, fetched: list[Fetched], clock: Clock) -> None:
    """Write down what became of a handful of locations.

    All of it in one transaction: a death in between leaves them waiting, to be read again.
    """
    ids = [one.location_id for one in fetched]
    held = dict(
        RawPayload.objects.filter(pk__in=ids, unusable_because="").values_list("pk", "sha256")
    )
    known = set(Location.objects.filter(pk__in=ids).values_list("pk", flat=True))
    states: dict[str, tuple[str, str]] = {}
    raws: dict[str, RawPayload] = {}
    payloads: dict[str, dict[str, object]] = {}
    now = clock()
    for one in fetched:
        if one.error is not None:
            state = State.MISSING if one.error.is_absence else State.FAILED
            states[one.location_id] = (state, str(one.error))
        elif one.payload is not None:
            sha256, body = RawPayload.pack(one.payload)
            # The same bytes as last time, and they were usable: there is nothing to apply.
            if held.get(one.location_id) == sha256 and one.location_id in known:
                states[one.location_id] = (State.UNCHANGED, "")
                continue
            payloads[one.location_id] = one.payload
            raws[one.location_id] = RawPayload(
                location_id=one.location_id, fetched_at=now, sha256=sha256, body=body
            )
    states |= _use(run, payloads, known, now)
    # Kept whether it could be used or not, so that a parser mended later can read it again.
    for location_id, raw in raws.items():
        outcome, why = states[location_id]
        raw.unusable_because = why if outcome == State.UNUSABLE else ""
    RawPayload.objects.bulk_create(
        raws.values(),
        update_conflicts=True,
        unique_fields=["location_id"],
        update_fields=["fetched_at", "sha256", "body", "unusable_because"],
    )
    _write_down(run, states, now)


def _write_down(run: SyncRun, states: dict[str, tuple[str, str]], now: datetime) -> None:
    by_outcome: dict[tuple[str, str], list[str]] = {}
    for location_id, outcome in states.items():
        by_outcome.setdefault(outcome, []).append(location_id)
    for (state, note), ids in by_outcome.items():
        run.items.filter(location_id__in=ids).update(state=state, note=note, settled_at=now)
        if state == State.UNCHANGED:
            # Asked about all the same: a file of an earlier day then overwrites nothing.
            Location.objects.filter(pk__in=ids).update(read_at=now)
    run.save(update_fields=["changes_found", "unknown_keys"])


def _use(
    run: SyncRun, payloads: dict[str, dict[str, object]], known: set[str], now: datetime
) -> dict[str, tuple[str, str]]:
    """Parse payloads and apply them; one that cannot be used is noted, and the others go on."""
    states: dict[str, tuple[str, str]] = {}
    records: dict[str, LocationRecord] = {}
    read_alarms: dict[str, tuple[str, ...]] = {}
    unknown = Counter(run.unknown_keys)
    for location_id, payload in payloads.items():
        try:
            records[location_id] = _parsed(payload, location_id)
        except UNUSABLE as error:
            states[location_id] = _unusable(location_id, error)
    read = _at_once(run, {pk: record for pk, record in records.items() if pk not in known}, now)
    for location_id, record in records.items():
        if location_id not in read:
            try:
                run.changes_found += len(apply_location(record, noticed_at=now, run=run))
            except UNUSABLE as error:
                states[location_id] = _unusable(location_id, error)
                continue
        states[location_id] = (State.CHANGED, " ".join(record.problems))
        read_alarms[location_id] = record.alarms
        unknown.update(record.unknown_keys)
    alarms.note(read_alarms, now=now)
    run.unknown_keys = dict(unknown)
    return states


def _at_once(run: SyncRun, records: dict[str, LocationRecord], now: datetime) -> Collection[str]:
    """Apply first readings together, as the first reading of England has nothing else; returns the
    ids of those applied.

    The database refuses them all because of one. Then none is applied, and the caller tries each
    alone, so that one bad payload does not cost the others.
    """
    try:
        run.changes_found += len(
            apply_first_readings(list(records.values()), noticed_at=now, run=run)
        )
    except UNUSABLE:
        return ()
    return records.keys()


def _unusable(location_id: str, error: Exception) -> tuple[str, str]:
    logger.error("CQC's payload for %s cannot be used", location_id, exc_info=error)
    return State.UNUSABLE, f"{type(error).__name__}: {error}"


def _parsed(payload: dict[str, object], location_id: str) -> LocationRecord:
    record = parse_location(payload, location_id)
    if record.location_id != location_id.upper():
        raise CqcError(
            ErrorKind.UNREADABLE,
            f"CQC was asked for {location_id} and answered with {record.location_id}.",
        )
    return record


def reparse(*, clock: Clock = timezone.now) -> Counter[str]:
    """Apply every payload that is kept again, with the parser as it is now; counts what became of
    them.

    One at a time and each in a transaction of its own: England's payloads do not fit in memory, and
    one that still cannot be used must not take back the others.
    """
    outcomes: Counter[str] = Counter()
    for location_id in list(RawPayload.objects.order_by("pk").values_list("pk", flat=True)):
        raw = RawPayload.objects.get(pk=location_id)
        try:
            record = _parsed(raw.payload(), location_id)
            changes = apply_location(record, noticed_at=clock())
            with transaction.atomic():
                alarms.note({location_id: record.alarms}, now=clock())
            outcomes["changed" if changes else "unchanged"] += 1
            raw.unusable_because = ""
        except UNUSABLE as error:
            outcomes["unusable"] += 1
            raw.unusable_because = f"{type(error).__name__}: {error}"
        raw.save(update_fields=["unusable_because"])
    registrations.count_once()
    return outcomes
