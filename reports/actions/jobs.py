"""The jobs of the app's own worker, and what follows when any job ends. Safe to run at any time, by any number."""

import logging
import traceback
import uuid
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from carequality import events
from carequality.celery import app
from carequality.models import User
from carequality.pdf import PdfError
from reports import exempt, scan
from reports.actions.writing import settle_narrative
from reports.models import (
    OPEN_STATES,
    FrozenFigures,
    Job,
    JobKind,
    JobState,
    Paper,
    PaperFile,
    PaperStatus,
    ScanHit,
    Side,
)
from reports.papers import composition, rendering
from reports.workflow import PAPER

logger = logging.getLogger(__name__)

OURS = (JobKind.EXEMPT, JobKind.SCAN)
MOST_ATTEMPTS = 3
STALLED_AFTER = timedelta(minutes=5)


def add_job(paper: Paper, kind: JobKind, *, by: User) -> Job:
    """A job, and a nudge on commit for the worker that does its kind."""
    job = Job.objects.create(paper=paper, kind=kind, asked_by=by)
    transaction.on_commit(partial(nudge, kind), robust=True)
    return job


def nudge(kind: str) -> None:
    """Wake the worker. A broker that is away is left to the sweep of the next minute."""
    try:
        app.send_task(
            "reports.tasks.sweep_jobs" if kind in OURS else "reports.tasks.work_public_jobs", retry=False
        )
    except Exception as error:
        logger.warning("The broker is away; the sweep will find the job: %s", error)


def drop_jobs(paper: Paper) -> None:
    """Without its token, a worker that is at one of them can change nothing any more."""
    now = timezone.now()
    paper.jobs.open().update(state=JobState.DROPPED, token=None, finished_at=now, settled_at=now)


def sweep() -> None:
    """Settle what ended, give up what stalled too often, and do the app's own jobs until none waits."""
    while True:
        _give_up_stalled()
        for pk in Job.objects.filter(settled_at=None, finished_at__isnull=False).values_list("pk", flat=True):
            settle(pk)
        job = _claim()
        if job is None:
            return
        _do(job)


@transaction.atomic
def _give_up_stalled() -> None:
    # The public process claims its own again; what it has tried often enough is ended here.
    stalled = Job.objects.select_for_update(skip_locked=True).filter(
        state=JobState.RUNNING, heard_at__lt=timezone.now() - STALLED_AFTER, attempts__gte=MOST_ATTEMPTS
    )
    for job in stalled:
        job.state, job.token, job.finished_at = JobState.FAILED, None, timezone.now()
        job.error = "The worker stopped in the middle of it, three times."
        job.save()


@transaction.atomic
def _claim() -> Job | None:
    job = (
        Job.objects.select_for_update(skip_locked=True)
        .filter(
            Q(state=JobState.WAITING)
            | Q(state=JobState.RUNNING, heard_at__lt=timezone.now() - STALLED_AFTER),
            kind__in=OURS,
            attempts__lt=MOST_ATTEMPTS,
        )
        .order_by("pk")
        .first()
    )
    if job is not None:
        job.state, job.token, job.heard_at = JobState.RUNNING, uuid.uuid4(), timezone.now()
        job.attempts += 1
        job.progress, job.step, job.error = 0, "", ""
        job.save()
    return job


def _do(job: Job) -> None:
    try:
        if job.kind == JobKind.EXEMPT:
            _make_exempt_file(job)
        else:
            _scan_public_file(job)
    except (PdfError, scan.ScanError) as error:
        _fail(job, str(error))
    except Exception as error:
        # Where, not what: the message of an error may quote exempt text, and the log is read by more people.
        frames = "".join(traceback.format_tb(error.__traceback__))
        logger.error("Job %s failed: %s\n%s", job.pk, type(error).__name__, frames)
        _fail(job, f"Something went wrong ({type(error).__name__}). The log has the details.")


def _fail(job: Job, why: str) -> None:
    with transaction.atomic():
        held = _held(job)
        if held is not None:
            held.state, held.error, held.finished_at = JobState.FAILED, why, timezone.now()
            held.save()


def _report(job: Job, percent: int, step: str) -> None:
    Job.objects.filter(pk=job.pk, token=job.token, state=JobState.RUNNING).update(
        progress=min(percent, 99), step=step[:100], heard_at=timezone.now()
    )


def _held(job: Job) -> Job | None:
    """The job again, locked, if it is still ours. The paper is locked first, as every action does."""
    Paper.objects.select_for_update().get(pk=job.paper_id)
    return Job.objects.select_for_update().filter(pk=job.pk, token=job.token, state=JobState.RUNNING).first()


def _finish(held: Job) -> None:
    held.state, held.progress, held.step, held.finished_at = JobState.DONE, 100, "", timezone.now()
    held.save()


def _make_exempt_file(job: Job) -> None:
    content = rendering.exempt_pdf(
        composition.exempt_appendix(job.paper_id), on_progress=partial(_report, job)
    )
    with transaction.atomic():
        held = _held(job)
        if held is None:
            return
        now = timezone.now()
        PaperFile.objects.current().filter(paper_id=job.paper_id, side=Side.EXEMPT).update(superseded_at=now)
        PaperFile.objects.create(
            paper_id=job.paper_id,
            job=held,
            side=Side.EXEMPT,
            content=content,
            sha256=composition.sha256(content),
            made_at=now,
        )
        _finish(held)


def _scan_public_file(job: Job) -> None:
    file = PaperFile.objects.current().get(paper_id=job.paper_id, side=Side.PUBLIC)
    _report(job, 10, "Reading the public file")
    try:
        hits = scan.scan(
            bytes(file.content),
            exempt.held_names(job.paper, timezone.localdate()),
            typed=composition.typed_text(job.paper_id),
        )
    except scan.ScanError as error:
        PaperFile.objects.filter(pk=file.pk).update(scan_error=str(error))
        raise
    with transaction.atomic():
        held = _held(job)
        if held is None:
            return
        rendered_by = file.job.asked_by_id
        ScanHit.objects.filter(file=file, released_at=None).delete()
        # A second scan of the same bytes: what was released for this file stays released.
        released = set(ScanHit.objects.filter(file=file).values_list("name", flat=True))
        ScanHit.objects.bulk_create(
            ScanHit(
                file=file,
                name=hit.name[:250],
                where=hit.where[:150],
                context=hit.context,
                author_id=job.paper.started_by_id,
                asked_by_id=rendered_by,
            )
            for hit in hits
            if hit.name[:250] not in released
        )
        PaperFile.objects.filter(pk=file.pk).update(scanned_at=timezone.now(), scan_error="")
        _finish(held)


@transaction.atomic
def settle(job_id: int) -> None:
    """What follows from a job's end: the paper goes on, or stays where it is with the job's error."""
    unlocked = Job.objects.get(pk=job_id)
    paper = Paper.objects.select_for_update().get(pk=unlocked.paper_id)
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.settled_at or job.finished_at is None:
        return
    job.settled_at = timezone.now()
    job.save()
    if job.state == JobState.FAILED:
        events.record("paper.job_failed", by=None, about=paper, after={"job": job.pk, "kind": job.kind})
    elif job.state == JobState.DONE:
        _go_on(paper, job)


def _go_on(paper: Paper, job: Job) -> None:
    if job.kind == JobKind.FIGURES and paper.status == PaperStatus.DRAFT:
        frozen = FrozenFigures.objects.filter(paper=paper).count()
        assert frozen == len(Side.values)
        PAPER.apply(paper, "freeze", by=None)
        paper.save()
        settle_narrative(paper)
        events.record("paper.figures_frozen", by=None, about=paper, after={"as_at": paper.as_at.isoformat()})
    elif job.kind in (JobKind.PUBLIC, JobKind.EXEMPT) and paper.status == PaperStatus.RELEASED:
        files = {file.side: file.sha256 for file in paper.files.current().defer("content")}
        waits = paper.jobs.filter(kind__in=[JobKind.PUBLIC, JobKind.EXEMPT], state__in=OPEN_STATES).exists()
        if len(files) == len(Side.values) and not waits:
            PAPER.apply(paper, "rendered", by=None)
            paper.save()
            events.record("paper.rendered", by=None, about=paper, after=files)
            add_job(paper, JobKind.SCAN, by=job.asked_by)
    elif job.kind == JobKind.SCAN:
        file = paper.files.current().defer("content").get(side=Side.PUBLIC)
        found = file.hits.count()
        events.record("paper.scanned", by=None, about=paper, after={"hits": found, "sha256": file.sha256})
        clear_if_clear(paper)


def clear_if_clear(paper: Paper) -> None:
    """To "scanned and clear" when the current public file is scanned and no found name is outstanding."""
    scanned = paper.files.current().filter(side=Side.PUBLIC, scanned_at__isnull=False)
    held = ScanHit.objects.outstanding().filter(file__in=scanned)
    if paper.status == PaperStatus.RENDERED and scanned.exists() and not held.exists():
        PAPER.apply(paper, "clear", by=None)
        paper.save()
