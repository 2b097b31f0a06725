"""The jobs of a paper: what asks for them, what the app's own worker does, and what follows.

What follows is a job of its own, since the public process ends jobs too and may do no more: whoever
ends one inserts the next (`names.Kind.then`). Whatever locks a job of a paper locks the paper
first, as every action does.
"""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from core import events
from core.jobs import names, queue
from core.jobs.models import Job, JobState
from core.locking import lock
from core.models import User
from core.workflow import requires
from documents.pdf import PdfError
from reports import exempt
from reports.actions.writing import settle_narrative
from reports.models import (
    FrozenFigures,
    Paper,
    PaperFile,
    PaperJobKind,
    PaperStatus,
    ScanHit,
    Side,
)
from reports.papers import composition, rendering
from reports.workflow import PAPER


@requires(automatic=True)
def add_job(paper: Paper, kind: PaperJobKind, *, by: User | None, now: datetime) -> Job:
    """Queue a job of the paper; of each kind one is open at a time. Raises nothing."""
    return queue.add(names.KINDS[kind], paper.pk, about=paper, asked_by=by, only_one=True, now=now)


def drop_jobs(paper: Paper, *, now: datetime) -> None:
    """Drop the paper's open jobs: without its token, a worker can change nothing any more.

    What follows from a job that has ended is still done: it looks where the paper is.
    """
    queue.drop(paper.jobs.of_kinds(PaperJobKind.values), now=now)


def sweep() -> None:
    """Do the app's own jobs of papers until none waits, as the lanes do.

    For commands and the demonstration.
    """
    queue.work(kinds=(names.PAPER_SETTLE, names.PAPER_EXEMPT, names.PAPER_SCAN))


def make_exempt_file(job: Job, paper_id: int, *, now: datetime) -> None:
    """Render the Exempt Appendix.

    Raises `JobError` when it cannot be set, `LostError` when the job is no longer ours.
    """
    try:
        content = rendering.exempt_pdf(
            composition.exempt_appendix(paper_id), on_progress=partial(queue.report, job)
        )
    except PdfError as error:
        raise queue.JobError(str(error)) from error
    with transaction.atomic():
        lock(Paper, paper_id)
        # Only now, under the lock: the paper may have been changed while the file was made.
        held = queue.held_or_lost(job)
        PaperFile.objects.current().filter(paper_id=paper_id, side=Side.EXEMPT).update(
            superseded_at=now
        )
        PaperFile.objects.create(
            paper_id=paper_id,
            job=held,
            side=Side.EXEMPT,
            content=content,
            sha256=composition.sha256(content),
            made_at=now,
        )
        queue.finish(held, now=now)


def scan_public_file(job: Job, paper_id: int, *, now: datetime) -> None:
    """Look for exempt names in the public file.

    Raises `JobError` when it cannot be read, `LostError` as above.
    """
    # Not at the top: what reads PDFs takes 30 MB, and most of the processes that know of this
    # module scan nothing.
    from reports import scan

    paper = Paper.objects.get(pk=paper_id)
    file = PaperFile.objects.current().select_related("job").get(paper=paper, side=Side.PUBLIC)
    queue.report(job, 10, "Reading the public file")
    try:
        # Outside of a transaction: it takes long, and the paper is held only to keep what came of
        # it.
        hits = scan.scan(
            bytes(file.content),
            exempt.held_names(paper, timezone.localdate(now)),
            typed=composition.typed_text(paper_id),
        )
    except scan.ScanError as error:
        # Kept at once, since what the job raises takes nothing of this back.
        PaperFile.objects.filter(pk=file.pk).update(scan_error=str(error))
        raise queue.JobError(str(error)) from error
    with transaction.atomic():
        lock(Paper, paper_id)
        held = queue.held_or_lost(job)
        rendered_by = file.made_for_id
        ScanHit.objects.filter(file=file, released_at=None).delete()
        # A second scan of the same bytes: what was released for this file stays released.
        released = set(ScanHit.objects.filter(file=file).values_list("name", flat=True))
        ScanHit.objects.bulk_create(
            ScanHit(
                file=file,
                name=hit.name[:250],
                where=hit.where[:150],
                context=hit.context,
                author_id=paper.started_by_id,
                asked_by_id=rendered_by,
            )
            for hit in hits
            if hit.name[:250] not in released
        )
        PaperFile.objects.filter(pk=file.pk).update(scanned_at=now, scan_error="")
        queue.finish(held, now=now)


@transaction.atomic
def settle(job_id: int, *, now: datetime) -> None:
    """What follows from a job's end: the paper goes on, or stays where it is with the job's error.

    Safe to run again. Raises `JobError` when frozen figures are missing.
    """
    job = Job.objects.get(pk=job_id)
    paper = lock(Paper, job.args[0])
    if job.state == JobState.GIVEN_UP:
        events.record(
            "paper.job_failed",
            by=None,
            about=paper,
            after={"job": job.pk, "kind": PaperJobKind(job.kind).name.lower()},
        )
    elif job.state == JobState.DONE:
        _go_on(paper, job, now)


def _go_on(paper: Paper, job: Job, now: datetime) -> None:
    if job.kind == PaperJobKind.FIGURES and paper.status == PaperStatus.DRAFT:
        # The exempt ones were kept when they were asked for, the public ones by the job that has
        # ended.
        frozen = FrozenFigures.objects.filter(paper=paper).count()
        if frozen != len(Side.values):
            raise queue.JobError("Some figures are missing. Freeze the figures again.")
        PAPER.apply(paper, "freeze", by=None)
        paper.save()
        # Every section may have been released while the paper was a draft.
        settle_narrative(paper)
        events.record(
            "paper.figures_frozen", by=None, about=paper, after={"as_at": paper.as_at.isoformat()}
        )
    elif (
        job.kind in (PaperJobKind.PUBLIC, PaperJobKind.EXEMPT)
        and paper.status == PaperStatus.RELEASED
    ):
        files = {file.side: file.sha256 for file in paper.files.current().defer("content")}
        # Two lanes make the two files: whichever ends last takes the paper on.
        waits = paper.jobs.open().of_kinds([PaperJobKind.PUBLIC, PaperJobKind.EXEMPT]).exists()
        if len(files) == len(Side.values) and not waits:
            PAPER.apply(paper, "rendered", by=None)
            paper.save()
            events.record("paper.rendered", by=None, about=paper, after=files)
            add_job(paper, PaperJobKind.SCAN, by=job.asked_by, now=now)
    elif job.kind == PaperJobKind.SCAN:
        file = paper.files.current().defer("content").filter(side=Side.PUBLIC).first()
        if file is None:
            return  # withdrawn since
        found = file.hits.count()
        events.record(
            "paper.scanned", by=None, about=paper, after={"hits": found, "sha256": file.sha256}
        )
        clear_if_clear(paper)


def clear_if_clear(paper: Paper) -> None:
    """Clear the paper when its public file is scanned and every found name is released."""
    scanned = paper.files.current().filter(side=Side.PUBLIC, scanned_at__isnull=False)
    held = ScanHit.objects.outstanding().filter(file__in=scanned)
    if paper.status == PaperStatus.RENDERED and scanned.exists() and not held.exists():
        PAPER.apply(paper, "clear", by=None)
        paper.save()
