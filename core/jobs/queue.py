"""The one queue: promising a job, and doing it.

PostgreSQL is the truth. `add` writes a row in the transaction of the change that needs it;
inserting it wakes the lane's process when that transaction commits (a trigger, NOTIFY), and a look
every other second finds what no wake-up reached.

How a job is done once although workers die and race:
- `claim` locks one row that is due with SKIP LOCKED, so that two never take the same, counts the
  attempt and gives it a new token, and commits. A worker that dies leaves it `running`; when
  nothing was heard of it for its kind's `stalled_after` it is claimed again, with another token,
  and its attempt counts: a job that kills its worker is given up at last.
- A short job then runs in one transaction with its mark, and holds the row's lock all the while:
  it is not taken for stalled however long it takes, and either its effect and the mark are both
  kept or neither.
- A long one runs outside of a transaction, reports (`report`), and ends by locking the row and
  comparing the token in the transaction that keeps its result (`hold`, `finish`): a worker that
  lost its job changes nothing.
- Whatever locks a job and what it is about, locks the latter first, as the actions do that drop
  jobs.
"""

import logging
import threading
import traceback
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, models, transaction
from django.db.models import Q
from django.utils import timezone

from core.jobs.handlers import GIVEN_UP, HANDLERS
from core.jobs.models import Job, JobState
from core.jobs.names import KINDS, JobKind, Lane
from core.request_id import current_request_id, serving

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]

# Set when this process is asked to end: no further job is begun, and a long one is put back where
# it reports.
stopping = threading.Event()
# The public lane is worked by the public process alone, by its own functions (see `works`).
OURS = tuple(lane for lane in Lane if lane != Lane.PUBLIC)


class JobError(Exception):
    """A job could not be done; the message is a sentence for the person it was promised to, and
    shows nothing exempt.

    `tries_again` False: another try would not mend it, and a person waits to hear so.
    """

    def __init__(self, message: str, *, tries_again: bool = True) -> None:
        super().__init__(message)
        self.tries_again = tries_again


class NotYetError(Exception):
    """Not now: another is at it, or this process ends. It does not count as an attempt."""

    def __init__(self, after: timedelta) -> None:
        super().__init__("Not yet.")
        self.after = after


class LostError(Exception):
    """The job is no longer this worker's: it was dropped, or taken for stalled and claimed by
    another.
    """


def add(
    kind: JobKind,
    *args: Any,
    about: models.Model | None = None,
    asked_by: models.Model | None = None,
    due_at: datetime | None = None,
    only_one: bool = False,
    now: datetime | None = None,
) -> Job:
    """Promise a job with `args` (JSON values), to be done once this transaction has committed, and
    not before `due_at`.

    `about` is what it was promised for: that object's page shows it when it is given up.
    `only_one`: of that kind about that object one is open at a time, and the database refuses
    another.
    """
    now = now or timezone.now()
    return Job.objects.create(
        kind=kind.name,
        lane=kind.lane,
        args=list(args),
        asked_by_id=asked_by.pk if asked_by is not None else None,
        about_label=about._meta.label_lower if about is not None else "",
        about_id=about.pk if about is not None else None,
        only_one=_only_one(kind, about) if only_one else "",
        created_at=now,
        next_try_at=due_at or now,
        request_id=current_request_id(),
    )


def _only_one(kind: JobKind, about: models.Model | None) -> str:
    return f"{kind.name} {about._meta.label_lower} {about.pk}" if about is not None else kind.name


def drop(jobs: models.QuerySet[Job], *, now: datetime) -> int:
    """Drop those of the jobs that are open: without its token, a worker that is at one of them can
    change nothing any more.
    """
    # A short job that is being done holds its row: the update waits for it, finds it ended, and
    # leaves it so.
    return jobs.filter(state__in=[JobState.WAITING, JobState.RUNNING]).update(
        state=JobState.DROPPED, token=None, finished_at=now
    )


def settle(jobs: models.QuerySet[Job], *, now: datetime) -> int:
    """Say of what was given up that it is no longer missed: a person has done it, or it is asked
    for no more. Its page and Today show it no longer; its row stays.
    """
    return jobs.filter(state=JobState.GIVEN_UP).update(
        state=JobState.DROPPED, given_up_at=None, finished_at=now
    )


def work(
    *lanes: Lane,
    kinds: Iterable[JobKind] | None = None,
    clock: Clock = timezone.now,
    most: int | None = None,
) -> int:
    """Do what is due in these lanes (all of the app's own when none is named), until nothing is;
    returns how much was done.
    """
    done = tried = 0
    give_up_stalled(clock())
    while not stopping.is_set() and (most is None or tried < most):
        job = claim(*(lanes or OURS), kinds=kinds, now=clock())
        if job is None:
            break
        # `most` bounds the tries and not what was done: a row of failures also ends the look.
        tried += 1
        done += run(job, clock=clock)
    return done


def deliver(job_id: int, *, clock: Clock = timezone.now) -> bool:
    """Do one job now if it waits and is due; says whether it is done by that."""
    job = claim(*OURS, pk=job_id, now=clock())
    return job is not None and run(job, clock=clock)


@transaction.atomic
def claim(
    *lanes: Lane, now: datetime, kinds: Iterable[JobKind] | None = None, pk: int | None = None
) -> Job | None:
    """The job that has been due longest, now ours; None when nothing is due."""
    # SKIP LOCKED: what another worker is claiming, or is doing as a short job, is not waited for.
    due = Job.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        _due(now), lane__in=lanes
    )
    if kinds is not None:
        due = due.of_kinds(kind.name for kind in kinds)
    if pk is not None:
        due = due.filter(pk=pk)
    job = due.order_by("next_try_at", "pk").first()
    if job is None:
        return None
    job.state, job.token, job.heard_at = JobState.RUNNING, uuid.uuid4(), now
    job.started_at = job.started_at or now
    job.attempts += 1
    job.progress, job.step, job.error = 0, "", ""
    job.save()
    return job


def _due(now: datetime) -> Q:
    return Q(state=JobState.WAITING, next_try_at__lte=now) | _stalled(now)


def _stalled(now: datetime, *, given_up: bool = False) -> Q:
    """Running, and nothing was heard of it for too long; with `given_up`, for the last time."""
    # Begins with no row, since an empty Q would match every row.
    found = Q(pk__in=[])
    for kind in KINDS.values():
        attempts = {"attempts__gte" if given_up else "attempts__lt": kind.attempts}
        found |= Q(kind=kind.name, heard_at__lt=now - kind.stalled_after, **attempts)
    return Q(state=JobState.RUNNING) & found


def run(job: Job, *, clock: Clock = timezone.now) -> bool:
    """Do a job that is ours; says whether it is done. Nothing that it raises gets out but what ends
    this process.
    """
    with serving(job.request_id):
        try:
            _run(job, clock)
        except LostError:
            logger.warning("Job %s (%s) was taken back while it was done.", job.pk, job.kind)
            return False
        except NotYetError as later:
            _put_back(job, clock() + later.after)
            return False
        except Exception as error:
            _fail(job, error, clock())
            return False
        except BaseException:
            # This process ends: the next one takes it up at once. Where even that fails, it is
            # found as stalled.
            with suppress(DatabaseError):
                _put_back(job, clock())
            raise
    return True


def _run(job: Job, clock: Clock) -> None:
    handler = HANDLERS[job.kind]
    if handler.kind.is_long:
        handler.run(job, *job.args)
        with transaction.atomic():
            # Most finish it themselves, together with their result.
            held = hold(job)
            if held is not None:
                finish(held, now=clock())
        return
    with transaction.atomic():
        # Held to the end: the effect and the mark are kept together, and nobody takes it for
        # stalled meanwhile.
        held = hold(job)
        if held is None:
            raise LostError
        handler.run(*job.args)
        finish(held, now=clock())


def hold(job: Job) -> Job | None:
    """The job again, locked, if it is still ours. What it is about is locked before, as every
    action does.
    """
    return (
        Job.objects.select_for_update()
        .filter(pk=job.pk, token=job.token, state=JobState.RUNNING)
        .first()
    )


def held_or_lost(job: Job) -> Job:
    """The job, locked. Raises `LostError` when it is no longer ours."""
    held = hold(job)
    if held is None:
        raise LostError
    return held


def finish(held: Job, *, now: datetime) -> None:
    """Mark a job that is held as done, in the transaction that keeps its result."""
    held.state, held.token, held.finished_at = JobState.DONE, None, now
    held.progress, held.step, held.error = 100, "", ""
    held.save()
    _follow(held, now)


def report(job: Job, percent: int, step: str = "", *, now: datetime | None = None) -> None:
    """Say how far a long job is, and that it is alive.

    Raises `LostError` when it is no longer ours, and `NotYetError` when this process is asked to
    end: it goes on in the next.
    """
    # One UPDATE that names the token, and no lock that outlasts it: a worker that lost its job
    # matches no row, and a person can drop the job between two reports.
    ours = Job.objects.filter(pk=job.pk, token=job.token, state=JobState.RUNNING)
    if not ours.update(
        progress=min(max(percent, 0), 99), step=step[:100], heard_at=now or timezone.now()
    ):
        raise LostError
    if stopping.is_set():
        raise NotYetError(timedelta(0))


@transaction.atomic
def _put_back(job: Job, next_try_at: datetime) -> None:
    held = hold(job)
    if held is not None:
        held.state, held.token, held.next_try_at = JobState.WAITING, None, next_try_at
        # The attempt was counted when the job was claimed, and has not been one.
        held.attempts -= 1
        held.save()


@transaction.atomic
def _fail(job: Job, error: Exception, now: datetime) -> None:
    """Keep what went wrong, and try again later or give up."""
    kind = KINDS.get(job.kind)
    why = _why_in_words(job, kind, error)
    held = hold(job)
    if held is None:
        return
    held.error = why
    tries_again = not isinstance(error, JobError) or error.tries_again
    if kind is None or not (kind.tries_again and tries_again) or held.attempts >= kind.attempts:
        _give_up(held, now)
        return
    held.state, held.token, held.next_try_at = (
        JobState.WAITING,
        None,
        now + kind.wait_after(held.attempts),
    )
    held.save()


def _why_in_words(job: Job, kind: JobKind | None, error: Exception) -> str:
    if isinstance(error, JobError):
        logger.warning("Job %s (%s) failed, attempt %s: %s", job.pk, job.kind, job.attempts, error)
        return str(error)
    if kind is not None and kind.is_exempt:
        # Where, not what: the message of an error may quote exempt text, and the log is read by
        # more people.
        frames = "".join(traceback.format_tb(error.__traceback__))
        logger.error(
            "Job %s (%s) failed, attempt %s: %s\n%s",
            job.pk,
            job.kind,
            job.attempts,
            type(error).__name__,
            frames,
        )
        return f"Something went wrong ({type(error).__name__}). The log has the details."
    logger.error("Job %s (%s) failed, attempt %s", job.pk, job.kind, job.attempts, exc_info=error)
    return f"{type(error).__name__}: {error}"


@transaction.atomic
def give_up_stalled(now: datetime) -> int:
    """Give up what killed its worker as often as it was tried; returns how many. Of every lane: the
    public one may not.
    """
    stalled = list(
        Job.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            _stalled(now, given_up=True)
        )
    )
    for held in stalled:
        times = {1: "once", 2: "twice", 3: "three times"}.get(
            held.attempts, f"{held.attempts} times"
        )
        held.error = f"The worker stopped in the middle of it, {times}."
        _give_up(held, now)
    return len(stalled)


def _give_up(held: Job, now: datetime) -> None:
    held.state, held.token = JobState.GIVEN_UP, None
    held.given_up_at = held.finished_at = now
    held.save()
    _follow(held, now)
    if held.kind in GIVEN_UP:
        try:
            with transaction.atomic():
                GIVEN_UP[held.kind](held, now)
        except Exception:
            # What was given up stays so, and is shown, whatever else was to follow.
            logger.exception(
                "What follows from job %s (%s) being given up failed", held.pk, held.kind
            )


def _follow(held: Job, now: datetime) -> None:
    """What follows the end of a job is a job: it may lock what this one is about, which is locked
    before any job of it.
    """
    kind = KINDS.get(held.kind)
    if kind is not None and kind.then:
        follower = KINDS[kind.then]
        Job.objects.create(
            kind=follower.name,
            lane=follower.lane,
            args=[held.pk],
            asked_by_id=held.asked_by_id,
            about_label=held.about_label,
            about_id=held.about_id,
            created_at=now,
            next_try_at=now,
            request_id=held.request_id,
        )
