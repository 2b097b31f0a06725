"""CQC's files: uploaded, kept while a worker reads them, checked first if so asked, merged, and
removed.

An import is a row that a page shows, and owns a job that reads it: a worker that dies leaves it to
the next. Two at once: the second waits its turn. Source: CQC publishes these files for anyone to
use (Open Government Licence v3.0); which of two sources wins is decision 20 (docs/adr).
"""

import hashlib
import logging
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from core import events
from core.advisory_lock import advisory_lock
from core.dates import day_in_words
from core.jobs import names, queue
from core.jobs.models import Job
from core.models import User
from core.workflow import NotAllowed, requires
from documents.spreadsheets.errors import UnreadableError
from ratings import rules
from ratings.actions import registrations, uploads
from ratings.actions.locations import record_changes_of_services
from ratings.files.headings import FileKind
from ratings.files.merge import BusyError, Snapshot, merge
from ratings.files.reading import NOT_OURS, Problem, Reading
from ratings.files.staging import Staging
from ratings.models import (
    FileChange,
    FileImport,
    FileProblem,
    ImportState,
    Location,
    LocationChange,
    ServiceLocation,
)
from ratings.workflow import FILE_IMPORT

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
LOCK = "ratings.imports"
MOST_PROBLEMS = 100_000
AT_IT = timedelta(minutes=1)  # how long to wait while CQC is read or another file merged
KEPT_FOR = timedelta(days=1)
CHUNK = 1 << 20


@requires(FILE_IMPORT["upload"])
def upload(
    name: str,
    chunks: Iterable[bytes],
    *,
    by: User,
    now: datetime,
    is_dry_run: bool,
    as_at: date | None = None,
) -> FileImport:
    """Keep a file's bytes and promise to import it, or with `is_dry_run` to say what that would
    change.

    Raises `NotAllowed`: `permission-missing`.
    """
    # The bytes first: a row without bytes would be shown and could never be read, while bytes
    # without a row are removed here, or by the sweep.
    stored_as, digest, size = uploads.store(chunks)
    try:
        with transaction.atomic():
            file_import = FileImport(
                name=name[-200:],
                sha256=digest,
                size=size,
                is_dry_run=is_dry_run,
                as_at=as_at,
                asked_at=now,
                asked_by=by,
                stored_as=stored_as,
            )
            FILE_IMPORT.apply(file_import, "upload", by, now)
            file_import.save()
            events.record(
                "file_import.asked",
                by=by,
                about=file_import,
                after={"sha256": digest, "dry_run": is_dry_run},
            )
            _promise(file_import, by, now)
    except BaseException:
        uploads.remove(stored_as)
        raise
    return file_import


@requires(FILE_IMPORT["confirm"])
@transaction.atomic
def confirm_import(import_id: int, *, by: User, now: datetime) -> FileImport:
    """Import a file that was checked.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `bytes-gone`.
    """
    file_import = FileImport.objects.select_for_update().get(pk=import_id)
    FILE_IMPORT.apply(file_import, "confirm", by, now)
    file_import.is_dry_run, file_import.percent_read = False, 0
    file_import.save(update_fields=["state", "is_dry_run", "percent_read"])
    events.record("file_import.confirmed", by=by, about=file_import)
    _promise(file_import, by, now)
    return file_import


@requires(FILE_IMPORT["discard"], automatic=True)
@transaction.atomic
def discard_import(import_id: int, *, by: User | None) -> FileImport:
    """Remove the bytes of a file that was checked; what was found stays on its page.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`.
    """
    file_import = FileImport.objects.select_for_update().get(pk=import_id)
    FILE_IMPORT.apply(file_import, "discard", by)
    stored_as, file_import.stored_as = file_import.stored_as, ""
    file_import.save(update_fields=["stored_as", "state"])
    events.record("file_import.discarded", by=by, about=file_import)
    # Only once it is certain: a transaction that is taken back must still find its bytes.
    transaction.on_commit(lambda: uploads.remove(stored_as))
    return file_import


def _promise(file_import: FileImport, by: User, now: datetime) -> None:
    file_import.job = queue.add(
        names.IMPORT_FILE, file_import.pk, about=file_import, asked_by=by, only_one=True, now=now
    )
    file_import.save(update_fields=["job"])


@requires(FILE_IMPORT["upload"], automatic=True)
def import_path(
    path: Path,
    *,
    name: str = "",
    is_dry_run: bool = False,
    as_at: date | None = None,
    again: bool = False,
    by: User | None = None,
    clock: Clock = timezone.now,
) -> FileImport:
    """Import a file from where it lies, here and now. `again` does so even if exactly the same file
    has been imported.

    Raises `BusyError` when CQC is being read or another file merged, and `NotAllowed`:
    `permission-missing`.
    """
    with path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    begun = FileImport(
        name=(name or path.name)[-200:],
        sha256=digest,
        size=path.stat().st_size,
        is_dry_run=is_dry_run,
        as_at=as_at,
    )
    begun.asked_at, begun.asked_by = clock(), by
    FILE_IMPORT.apply(begun, "upload", by, begun.asked_at)
    with advisory_lock(LOCK) as is_alone:
        if not is_alone:
            raise BusyError("Another file is being imported.")
        begun.save()
        try:
            _work(begun, path, clock, again=again)
        except BusyError:
            # Nobody sees an import that never began: whoever ran the command hears of it there.
            begun.delete()
            raise
    return begun


def work_import(import_id: int, *, job: Job, clock: Clock = timezone.now) -> FileImport:
    """Read a file that waits, for its job.

    Raises `NotYetError` when CQC is being read or another file merged.
    """
    with advisory_lock(LOCK) as is_alone:
        if not is_alone:
            raise queue.NotYetError(AT_IT)
        file_import = FileImport.objects.get(pk=import_id)
        # A job may be worked twice: what has ended is not read again.
        if not file_import.is_at_work:
            return file_import
        try:
            _work(file_import, file_import.path, clock, job=job)
        except BusyError as error:
            # Not an attempt: nothing was written, and it begins anew later.
            FILE_IMPORT.apply(file_import, "wait", None)
            file_import.save(update_fields=["state"])
            raise queue.NotYetError(AT_IT) from error
    return file_import


@transaction.atomic
def give_up_import(import_id: int, *, why: str, now: datetime) -> None:
    """Its job is given up: nothing was changed, and the page says so."""
    file_import = FileImport.objects.select_for_update().get(pk=import_id)
    if file_import.is_at_work:
        _fail(file_import, f"We could not read the file. {why}", now)
        uploads.forget(file_import)


def sweep_uploads(*, now: datetime) -> None:
    """Discard what was checked and not imported within a day, and bytes that no row knows.

    Source: the council's own policy; a file is kept no longer than it is needed.
    """
    for forgotten in FileImport.objects.filter(
        state=ImportState.CHECKED, asked_at__lt=now - KEPT_FOR
    ):
        # A person may import or discard it at this moment: theirs stands, and the rest is swept.
        with suppress(NotAllowed):
            discard_import(forgotten.pk, by=None)
    root = Path(settings.UPLOAD_ROOT)
    known = set(FileImport.objects.exclude(stored_as="").values_list("stored_as", flat=True))
    for file in root.glob("*.upload") if root.exists() else ():
        if file.name not in known and file.stat().st_mtime < (now - KEPT_FOR).timestamp():
            file.unlink(missing_ok=True)


# One file


def _work(
    file_import: FileImport,
    path: Path | None,
    clock: Clock,
    *,
    job: Job | None = None,
    again: bool = False,
) -> None:
    if not again and (same := rules.imported_before(file_import)):
        _end_as_same(file_import, same, clock())
        return
    file_import.started_at, file_import.finished_at, file_import.failed_because = clock(), None, ""
    failed_because = ""
    try:
        if path is None:
            raise FileNotFoundError
        with Staging() as staging:
            snapshot = _read(file_import, path, staging, clock, job)
            _merge(file_import, snapshot, clock, job)
    except UnreadableError as error:
        failed_because = str(error)
    except (DataError, IntegrityError) as error:
        logger.exception("%s cannot be merged", file_import.name)
        failed_because = f"The database refused the file: {error}".splitlines()[0]
    except FileNotFoundError:
        failed_because = "We no longer hold the file. Upload the file again."
    if failed_because:
        _fail(file_import, failed_because, clock())
    # What was checked is read again when a person imports it.
    if file_import.state != ImportState.CHECKED:
        uploads.forget(file_import)


def _fail(file_import: FileImport, why: str, now: datetime) -> None:
    # What a transaction that was rolled back had set on the object is not in the row.
    file_import.refresh_from_db(fields=["state"])
    FILE_IMPORT.apply(file_import, "fail", None, now)
    file_import.failed_because, file_import.finished_at = why, now
    file_import.save()


def _end_as_same(file_import: FileImport, same: FileImport, now: datetime) -> None:
    FILE_IMPORT.apply(file_import, "end-as-same", None, now)
    file_import.same_as, file_import.started_at = same, file_import.started_at or now
    file_import.kind, file_import.snapshot_on, file_import.day_is_stated = (
        same.kind,
        same.snapshot_on,
        same.day_is_stated,
    )
    file_import.rows_read, file_import.percent_read, file_import.finished_at = (
        same.rows_read,
        100,
        now,
    )
    file_import.save()
    uploads.forget(file_import)


def _read(
    file_import: FileImport, path: Path, staging: Staging, clock: Clock, job: Job | None
) -> Snapshot:
    """Stage the file's rows, a batch at a time, and keep the row up to date for whoever watches."""
    # A worker that died may have left half a list.
    FileProblem.objects.filter(file_import=file_import).delete()
    FileChange.objects.filter(file_import=file_import).delete()
    FILE_IMPORT.apply(file_import, "read", None)
    file_import.problems_found = 0
    file_import.save()
    today = timezone.localdate(clock())
    with Reading(path, name=file_import.name, today=today) as reading:
        shown_at = 0.0
        for batch in reading.batches():
            staging.add(batch.locations, batch.ratings)
            _keep_problems(file_import, batch.problems)
            file_import.kind, file_import.rows_read = str(reading.kind or ""), reading.rows
            file_import.percent_read = round(100 * reading.progress)
            if time.monotonic() - shown_at > 1:
                file_import.save()
                if job is not None:
                    queue.report(
                        job, file_import.percent_read, f"{file_import.rows_read} rows read"
                    )
                shown_at = time.monotonic()
        if reading.kind is None:
            raise UnreadableError(NOT_OURS)
        stated_on = file_import.as_at or reading.stated_on
        # Its facts would win against all that is read until that day.
        if stated_on and stated_on > today:
            raise UnreadableError(
                f"The file says that it is of {day_in_words(stated_on)}, which is in the future."
            )
        file_import.snapshot_on, file_import.day_is_stated = (
            stated_on or today,
            stated_on is not None,
        )
        file_import.counts = {"not_ratings": reading.not_ratings}
        file_import.sheets_not_read = reading.not_read
        return Snapshot(FileKind(reading.kind), file_import.snapshot_on, file_import.day_is_stated)


def _keep_problems(file_import: FileImport, problems: list[Problem]) -> None:
    # Counted all, kept only so many: a file of another kind could fill the table.
    room = MOST_PROBLEMS - file_import.problems_found
    file_import.problems_found += len(problems)
    FileProblem.objects.bulk_create(
        FileProblem(file_import=file_import, **problem._asdict())
        for problem in problems[: max(0, room)]
    )


def _merge(file_import: FileImport, snapshot: Snapshot, clock: Clock, job: Job | None) -> None:
    FILE_IMPORT.apply(file_import, "merge", None)
    file_import.save()
    now = clock()
    with transaction.atomic():
        # Held from here on, so that no other worker takes the job for stalled however long the
        # merging takes, and ended together with it: what is merged once is not merged again.
        held = queue.held_or_lost(job) if job is not None else None
        counts = merge(
            snapshot, now=now, import_id=file_import.pk, is_dry_run=file_import.is_dry_run
        )
        if not file_import.is_dry_run:
            registrations.count_once()
        file_import.counts |= counts
        FILE_IMPORT.apply(file_import, "check" if file_import.is_dry_run else "finish", None)
        file_import.finished_at, file_import.percent_read = clock(), 100
        file_import.save()
        if not file_import.is_dry_run:
            _record_changes_of_services(now)
            event_data = {
                "kind": file_import.kind,
                "snapshot_on": str(file_import.snapshot_on),
                "counts": file_import.counts,
            }
            events.record(
                "file_import.done", by=file_import.asked_by, about=file_import, after=event_data
            )
        if held is not None:
            queue.finish(held, now=clock())


def _record_changes_of_services(noticed_at: datetime) -> None:
    ours = ServiceLocation.objects.filter(until=None).values("location_id")
    changes: dict[Location, list[LocationChange]] = {}
    for change in LocationChange.objects.filter(
        noticed_at=noticed_at, location_id__in=ours
    ).select_related("location"):
        changes.setdefault(change.location, []).append(change)
    for location, found in changes.items():
        record_changes_of_services(location, found)
