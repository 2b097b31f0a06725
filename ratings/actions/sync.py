"""Reading CQC: runs, their work lists, and what to do with each payload.

A run is rows (`SyncRun`, `SyncItem`), so that one that stops goes on where it stopped, and owns a
job that begins it and tries again. Two at once: the second steps aside, told by an advisory lock
that PostgreSQL lets go of when its holder's connection ends, however that comes about.
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TypeVar

from django.conf import settings
from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone

from core.advisory_lock import advisory_lock
from core.jobs import names, queue
from core.jobs.models import Job, JobState
from core.models import CouncilProfile, User
from core.workflow import requires
from ratings.actions.first_readings import apply_first_readings
from ratings.actions.locations import apply_location
from ratings.cqc.client import Client, Fetched, Limits
from ratings.cqc.errors import CqcError, ErrorKind
from ratings.cqc.parse import parse_location
from ratings.cqc.records import LocationRecord
from ratings.models import (
    ADULT_SOCIAL_CARE,
    Location,
    RawPayload,
    RunKind,
    RunState,
    ServiceLocation,
    SyncItem,
    SyncRun,
)

logger = logging.getLogger(__name__)

# CQC's list of changes lags: each window reaches back over the one before it.
OVERLAP = timedelta(days=3)
LOCK = "ratings.sync"
AT_ONCE = 50
# So many failures one after the other are an outage and not so many bad payloads.
OUTAGE = 25
AT_IT = timedelta(minutes=1)  # how long to wait for another who is reading

Clock = Callable[[], datetime]
Progress = Callable[[int, str], None]


@dataclass(frozen=True)
class RunInput:
    """What a person asks to be read."""

    kind: RunKind


T = TypeVar("T")
State = SyncItem.State
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


def configured_client() -> Client:
    """The client for the server, key and limits of the settings.

    Raises `CqcError(Kind.KEY)` when there is no key.
    """
    if not settings.CQC_API_KEY:
        raise CqcError(
            ErrorKind.KEY,
            "CQC_API_KEY is not set: ask CQC for a subscription key, or run the demonstration.",
        )
    council = CouncilProfile.current()
    name = council.short_name.encode("ascii", "ignore").decode() if council else "no council yet"
    return Client(
        key=settings.CQC_API_KEY,
        user_agent=f"carequality ({name})",
        base_url=settings.CQC_API_URL,
        limits=Limits(at_a_time=settings.CQC_CONCURRENCY, per_minute=settings.CQC_RATE_PER_MINUTE),
    )


SUNDAY = 6


@requires("ratings.run_sync", automatic=True)
@transaction.atomic
def ask_for_run(
    kind: RunKind,
    *,
    now: datetime,
    by: User | None = None,
    night: date | None = None,
    first_try_at: datetime | None = None,
) -> SyncRun:
    """Promise a run, which its job begins; for a person who waits, a run that stopped goes on now.

    A night has one, and a run that has listed nothing yet serves the next who asks. `first_try_at`:
    who asks reads it themselves, and the job is there in case they die.
    """
    run = _run_for(kind, now, by, night)
    for unfinished in (
        SyncRun.objects.unfinished().select_related("job").select_for_update(of=("self",))
    ):
        _promise(unfinished, by, now, first_try_at)
    if by is not None:
        waiting = Job.objects.filter(kind=names.READ_CQC.name, state=JobState.WAITING)
        waiting.filter(next_try_at__gt=now).update(next_try_at=now)
    run.refresh_from_db(fields=["job"])
    return run


def _run_for(kind: RunKind, now: datetime, by: User | None, night: date | None) -> SyncRun:
    if night is not None and (found := SyncRun.objects.filter(night=night).first()):
        return found
    waiting = SyncRun.objects.unfinished().filter(listed_at=None).select_for_update().first()
    if waiting is None:
        return SyncRun.objects.create(kind=kind, asked_at=now, asked_by=by, night=night)
    order = list(RunKind)
    waiting.kind = max(RunKind(waiting.kind), kind, key=order.index)
    waiting.night = waiting.night or night
    waiting.save(update_fields=["kind", "night"])
    return waiting


def _promise(run: SyncRun, by: User | None, now: datetime, first_try_at: datetime | None) -> None:
    if run.job is None or not run.job.is_open:
        run.job = queue.add(
            names.READ_CQC,
            run.pk,
            about=run,
            asked_by=by,
            due_at=first_try_at,
            only_one=True,
            now=now,
        )
        run.save(update_fields=["job"])


def kind_for_night(night: date) -> RunKind:
    """A sweep on Sundays, and on any night when the last week had none: a Sunday that was missed is
    made up for.
    """
    swept = SyncRun.objects.filter(
        kind__in=[RunKind.SWEEP, RunKind.FULL], asked_at__date__gt=night - timedelta(days=7)
    )
    return RunKind.CHANGES if night.weekday() != SUNDAY and swept.exists() else RunKind.SWEEP


def work_run(
    run_id: int, client: Client, *, on_progress: Progress | None = None, clock: Clock = timezone.now
) -> SyncRun:
    """Read a run to its end, for its job.

    Raises `JobError` when it stopped, to go on later where it stopped, and `NotYetError` when
    somebody else is reading.
    """
    with advisory_lock(LOCK) as is_alone:
        if not is_alone:
            raise queue.NotYetError(AT_IT)
        run = SyncRun.objects.get(pk=run_id)
        if run.state != RunState.FINISHED:
            _work(run, client, clock, on_progress)
    if run.state == RunState.STOPPED:
        raise queue.JobError(run.stopped_because)
    return run


def work_runs(client: Client, *, clock: Clock = timezone.now) -> list[SyncRun] | None:
    """Work through every unfinished run, oldest first, until one stops. None: somebody else is at
    it.
    """
    worked = []
    with advisory_lock(LOCK) as is_alone:
        if not is_alone:
            return None
        for run in list(SyncRun.objects.unfinished()):
            _work(run, client, clock)
            worked.append(run)
            if run.state == RunState.STOPPED:
                break
    return worked


class _StopError(Exception):
    """CQC cannot be read any further now."""


def _work(run: SyncRun, client: Client, clock: Clock, on_progress: Progress | None = None) -> None:
    run.state, run.started_at, run.stopped_because = RunState.RUNNING, run.started_at or clock(), ""
    run.times_begun += 1
    run.save()
    asked_before, run_requests = client.requests, run.requests
    stopped_because = "It was interrupted."
    try:
        if run.listed_at is None:
            _list(run, client, clock, on_progress)
        _read(run, client, clock, on_progress)
        stopped_because = ""
    except (_StopError, CqcError) as error:
        stopped_because = str(error)
        logger.warning("The CQC run %s stopped: %s", run.pk, error)
    finally:
        # Also when a signal ends us: whoever comes next goes on from the rows.
        run.requests = run_requests + client.requests - asked_before
        run.stopped_because = stopped_because
        run.state = RunState.STOPPED if stopped_because else RunState.FINISHED
        run.finished_at = None if stopped_because else clock()
        if connection.is_usable():
            run.save()


# The work list


def _list(run: SyncRun, client: Client, clock: Clock, on_progress: Progress | None) -> None:
    last = SyncRun.objects.finished().exclude(window_until=None).order_by("-window_until").first()
    run.window_until = clock()
    run.window_from = last.window_until - OVERLAP if last and last.window_until else None
    if run.window_from is None:
        # Nobody knows what changed since never: the first run reads everything.
        run.kind = RunKind.FULL
    run.save()
    for ids in _chunked(_ids(run, client, last), 1000):
        SyncItem.objects.bulk_create(
            [SyncItem(run=run, location_id=location_id) for location_id in ids],
            ignore_conflicts=True,
        )
        if on_progress is not None:
            on_progress(0, "Listing locations")
    run.listed_at = clock()
    run.save()


def _ids(run: SyncRun, client: Client, last: SyncRun | None) -> Iterator[str]:
    if run.kind != RunKind.FULL and run.window_from and run.window_until:
        try:
            yield from client.changes(run.window_from, run.window_until)
        except CqcError as error:
            if not error.is_absence:
                raise
            run.fell_back_on_list = True
    if run.kind == RunKind.FULL or run.fell_back_on_list:
        for listing in client.locations(inspectionDirectorate=ADULT_SOCIAL_CARE):
            yield listing.location_id
    if run.kind != RunKind.CHANGES:
        yield from (
            ServiceLocation.objects.filter(until=None)
            .values_list("location_id", flat=True)
            .distinct()
        )
    if last is not None:
        yield from last.items.filter(state__in=[State.FAILED, State.UNUSABLE]).values_list(
            "location_id", flat=True
        )


def _chunked(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk


# The reading


def _read(run: SyncRun, client: Client, clock: Clock, on_progress: Progress | None) -> None:
    waiting = list(
        run.items.filter(state=State.WAITING).order_by("pk").values_list("location_id", flat=True)
    )
    total = run.items.count()
    settled = total - len(waiting)
    in_a_row: list[str] = []
    for fetched in _chunked(client.many(waiting), AT_ONCE):
        _settle(run, fetched, clock)
        settled += len(fetched)
        if on_progress is not None:
            on_progress(100 * settled // max(total, 1), f"{settled} of {total} locations")
        for one in fetched:
            if one.error is None or one.error.is_absence:
                in_a_row = []
                continue
            in_a_row.append(one.location_id)
            if one.error.stops_everything or len(in_a_row) >= OUTAGE:
                run.items.filter(location_id__in=in_a_row).update(
                    state=State.WAITING, settled_at=None
                )
                raise _StopError(str(one.error))


@transaction.atomic
def _settle(run: SyncRun, fetched: list[Fetched], clock: Clock) -> None:
    """Write down what became of a handful of locations. A death in between leaves them waiting, to
    be read again.
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
            if held.get(one.location_id) == sha256 and one.location_id in known:
                states[one.location_id] = (State.UNCHANGED, "")
                continue
            payloads[one.location_id] = one.payload
            raws[one.location_id] = RawPayload(
                location_id=one.location_id, fetched_at=now, sha256=sha256, body=body
            )
    states |= _use(run, payloads, known, now)
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
            Location.objects.filter(pk__in=ids).update(read_at=now)
    run.save(update_fields=["changes_found", "unknown_keys"])


def _use(
    run: SyncRun, payloads: dict[str, dict[str, object]], known: set[str], now: datetime
) -> dict[str, tuple[str, str]]:
    """Parse payloads and apply them; one that cannot be used is noted, and the others go on."""
    states: dict[str, tuple[str, str]] = {}
    records: dict[str, LocationRecord] = {}
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
        unknown.update(record.unknown_keys)
    run.unknown_keys = dict(unknown)
    return states


def _at_once(run: SyncRun, records: dict[str, LocationRecord], now: datetime) -> Collection[str]:
    """Apply first readings together, as the first reading of England has nothing else; returns the
    ids of those applied.

    The database refuses them all for one: then none is, and each is to be tried alone.
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
    """
    outcomes: Counter[str] = Counter()
    for location_id in list(RawPayload.objects.order_by("pk").values_list("pk", flat=True)):
        raw = RawPayload.objects.get(pk=location_id)
        try:
            changes = apply_location(_parsed(raw.payload(), location_id), noticed_at=clock())
            outcomes["changed" if changes else "unchanged"] += 1
            raw.unusable_because = ""
        except UNUSABLE as error:
            outcomes["unusable"] += 1
            raw.unusable_because = f"{type(error).__name__}: {error}"
        raw.save(update_fields=["unusable_because"])
    return outcomes
