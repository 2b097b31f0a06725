"""Working through a run: its list, then each location of it."""

import logging
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from core.advisory_lock import advisory_lock
from core.jobs import queue
from ratings.actions import alarms, registrations
from ratings.actions.sync.listing import Clock, Progress, State, chunked, list_locations
from ratings.actions.sync.settling import settle
from ratings.cqc.client import Client
from ratings.cqc.errors import CqcError
from ratings.models import RunState, SyncRun

logger = logging.getLogger(__name__)

# `ratings.files.merge` asks for the same lock: files and CQC are not read at once.
LOCK = "ratings.sync"
# So many are settled in one transaction: after a death at most these are read again.
AT_ONCE = 50
# So many failures one after the other are an outage and not so many bad payloads.
OUTAGE = 25
AT_IT = timedelta(minutes=1)  # how long to wait for another who is reading


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
    # Outside of the lock, so that nobody waits for it while the job is put back.
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
    stopped_because = "The update was interrupted."
    try:
        if run.listed_at is None:
            list_locations(run, client, clock, on_progress)
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
            registrations.count_once()
            alarms.note_unpublished(now=clock())


def _read(run: SyncRun, client: Client, clock: Clock, on_progress: Progress | None) -> None:
    waiting = list(
        run.items.filter(state=State.WAITING).order_by("pk").values_list("location_id", flat=True)
    )
    total = run.items.count()
    settled = total - len(waiting)
    in_a_row: list[str] = []
    for fetched in chunked(client.many(waiting), AT_ONCE):
        settle(run, fetched, clock)
        settled += len(fetched)
        if on_progress is not None:
            on_progress(100 * settled // max(total, 1), f"{settled} of {total} locations")
        for one in fetched:
            # An id that is not there is an answer, and no sign of an outage.
            if one.error is None or one.error.is_absence:
                in_a_row = []
                continue
            in_a_row.append(one.location_id)
            if one.error.stops_everything or len(in_a_row) >= OUTAGE:
                # They failed with CQC and not by themselves: they wait for when the run goes on.
                run.items.filter(location_id__in=in_a_row).update(
                    state=State.WAITING, settled_at=None
                )
                raise _StopError(str(one.error))
