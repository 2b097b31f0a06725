"""Asking for a run: by the clock, by a person, by the command line."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from core.jobs import names, queue
from core.jobs.models import Job, JobState
from core.models import User
from core.workflow import requires
from ratings.models import RunKind, SyncRun

SUNDAY = 6
# From one first Sunday of a month to the next at most.
FULL_WITHIN = timedelta(days=35)


@dataclass(frozen=True)
class RunInput:
    """What a person asks to be read."""

    kind: RunKind


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

    Raises `NotAllowed`: `permission-missing`.
    """
    run = _run_for(kind, now, by, night)
    # Locked, so that of two who ask at once only one gives a run its job.
    for unfinished in (
        SyncRun.objects.unfinished().select_related("job").select_for_update(of=("self",))
    ):
        _promise(unfinished, by, now, first_try_at)
    if by is not None:
        # A job that failed waits longer each time. A person who asks need not wait for that.
        waiting = Job.objects.filter(kind=names.READ_CQC.name, state=JobState.WAITING)
        waiting.filter(next_try_at__gt=now).update(next_try_at=now)
    run.refresh_from_db(fields=["job"])
    return run


def _run_for(kind: RunKind, now: datetime, by: User | None, night: date | None) -> SyncRun:
    if night is not None and (found := SyncRun.objects.filter(night=night).first()):
        return found
    # Once its list is made, what changed since is not on it: whoever asks then needs a new run.
    waiting = SyncRun.objects.unfinished().filter(listed_at=None).select_for_update().first()
    if waiting is None:
        return SyncRun.objects.create(kind=kind, asked_at=now, asked_by=by, night=night)
    # The wider of the two kinds gives both what they asked for.
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
    """All of England on the first Sunday of a month, and on any night when five weeks had none; a
    sweep on the other Sundays, and on any night when a week had none: what was missed is made up
    for.
    """
    is_sunday = night.weekday() == SUNDAY
    full = SyncRun.objects.filter(kind=RunKind.FULL)
    if (is_sunday and night.day <= 7) or not _asked_since(full, night - FULL_WITHIN):
        return RunKind.FULL
    swept = SyncRun.objects.filter(kind__in=[RunKind.SWEEP, RunKind.FULL])
    if is_sunday or not _asked_since(swept, night - timedelta(days=7)):
        return RunKind.SWEEP
    return RunKind.CHANGES


def _asked_since(runs: QuerySet[SyncRun], day: date) -> bool:
    return runs.filter(asked_at__date__gt=day).exists()
