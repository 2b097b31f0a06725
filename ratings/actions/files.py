"""CQC's files brought to us: kept while a worker reads them, tried out first if so asked, merged, and removed.

An import is a row: a page shows it, a worker that dies leaves it to the next. Two at once: the second waits its turn.
"""

import hashlib
import logging
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from carequality import events, outbox
from carequality.models import User
from carequality.refusals import Refused
from ratings import rules
from ratings.actions.locations import tell_our_services
from ratings.alone import alone
from ratings.files import FileKind, Problem, Reading, UnreadableError
from ratings.files.merge import BusyError, Snapshot, merge
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

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
LOCK = "ratings.imports"
MOST_PROBLEMS = 100_000
MOST_BEGINNINGS = 3
KEPT_FOR = timedelta(days=1)
CHUNK = 1 << 20


def bring(
    name: str,
    chunks: Iterable[bytes],
    *,
    by: User,
    now: datetime,
    is_dry_run: bool,
    as_at: date | None = None,
) -> FileImport:
    """Keep a file's bytes and promise to import it, or with `is_dry_run` to say what that would change."""
    stored_as, digest, size = _store(chunks)
    try:
        with transaction.atomic():
            brought = FileImport.objects.create(
                name=name[-200:],
                sha256=digest,
                size=size,
                is_dry_run=is_dry_run,
                as_at=as_at,
                asked_at=now,
                asked_by=by,
                stored_as=stored_as,
            )
            events.record(
                "file_import.asked", by=by, about=brought, after={"sha256": digest, "dry_run": is_dry_run}
            )
            outbox.add("ratings.begin_imports")
    except BaseException:
        _remove(stored_as)
        raise
    return brought


@transaction.atomic
def confirm_import(import_id: int, *, by: User) -> FileImport:
    """Import what was tried out. Raises `Refused` when it was not, or its bytes are gone."""
    brought = FileImport.objects.select_for_update().get(pk=import_id)
    if why_not := rules.why_not_confirm_import(brought):
        raise Refused(why_not)
    brought.state, brought.is_dry_run, brought.percent_read = ImportState.ASKED, False, 0
    brought.save(update_fields=["state", "is_dry_run", "percent_read"])
    events.record("file_import.confirmed", by=by, about=brought)
    outbox.add("ratings.begin_imports")
    return brought


@transaction.atomic
def discard_import(import_id: int, *, by: User | None) -> FileImport:
    """Remove the bytes of a file that was tried out; what was found stays on its page. Raises `Refused` when it is past that."""
    brought = FileImport.objects.select_for_update().get(pk=import_id)
    if why_not := rules.why_not_discard_import(brought):
        raise Refused(why_not)
    stored_as, brought.stored_as, brought.state = brought.stored_as, "", ImportState.DISCARDED
    brought.save(update_fields=["stored_as", "state"])
    events.record("file_import.discarded", by=by, about=brought)
    transaction.on_commit(lambda: _remove(stored_as))
    return brought


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
    """Import a file from where it lies, here and now. `again` does so even if the very same file has been imported.

    Raises `BusyError` when CQC is being read or another file merged.
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
    with alone(LOCK) as is_alone:
        if not is_alone:
            raise BusyError("Another file is being imported.")
        begun.save()
        try:
            _work(begun, path, clock, again=again)
        except BusyError:
            begun.delete()
            raise
    return begun


def work_imports(*, clock: Clock = timezone.now) -> list[FileImport] | None:
    """Work through every file that waits, oldest first. None: somebody else is at it."""
    worked = []
    with alone(LOCK) as is_alone:
        if not is_alone:
            return None
        for brought in list(FileImport.objects.at_work().exclude(stored_as="")):
            assert brought.path is not None
            try:
                _work(brought, brought.path, clock)
            except BusyError:
                brought.state, brought.times_begun = ImportState.ASKED, brought.times_begun - 1
                brought.save(update_fields=["state", "times_begun"])
                break
            worked.append(brought)
    return worked


def sweep_uploads(*, now: datetime) -> None:
    """Discard what was tried out and not confirmed within a day, and bytes that no row knows."""
    for forgotten in FileImport.objects.filter(state=ImportState.CHECKED, asked_at__lt=now - KEPT_FOR):
        discard_import(forgotten.pk, by=None)
    root = Path(settings.UPLOAD_ROOT)
    known = set(FileImport.objects.exclude(stored_as="").values_list("stored_as", flat=True))
    for file in root.glob("*.upload") if root.exists() else ():
        if file.name not in known and file.stat().st_mtime < (now - KEPT_FOR).timestamp():
            file.unlink(missing_ok=True)


# One file


def _work(brought: FileImport, path: Path, clock: Clock, *, again: bool = False) -> None:
    if not again and (same := rules.imported_before(brought)):
        _end_as_same(brought, same, clock())
        return
    brought.times_begun += 1
    brought.started_at, brought.finished_at, brought.failed_because = clock(), None, ""
    failed_because = ""
    try:
        if brought.times_begun > MOST_BEGINNINGS:
            raise UnreadableError("Its reading was interrupted three times.")
        with Staging() as staging:
            snapshot = _read(brought, path, staging, clock)
            _merge(brought, snapshot, clock())
    except UnreadableError as error:
        failed_because = str(error)
    except (DataError, IntegrityError) as error:
        logger.exception("%s cannot be merged", brought.name)
        failed_because = f"The database refused it: {error}".splitlines()[0]
    except FileNotFoundError:
        failed_because = "Its bytes are gone: bring it again."
    if failed_because:
        brought.state, brought.failed_because, brought.finished_at = (
            ImportState.FAILED,
            failed_because,
            clock(),
        )
        brought.save()
    if brought.state != ImportState.CHECKED:
        _forget(brought)


def _end_as_same(brought: FileImport, same: FileImport, now: datetime) -> None:
    brought.state, brought.same_as, brought.started_at = ImportState.DONE, same, brought.started_at or now
    brought.kind, brought.snapshot_on, brought.day_is_stated = same.kind, same.snapshot_on, same.day_is_stated
    brought.rows_read, brought.percent_read, brought.finished_at = same.rows_read, 100, now
    brought.save()
    _forget(brought)


def _read(brought: FileImport, path: Path, staging: Staging, clock: Clock) -> Snapshot:
    """Stage the file's rows, a batch at a time, and keep the row up to date for whoever watches."""
    FileProblem.objects.filter(file_import=brought).delete()
    FileChange.objects.filter(file_import=brought).delete()
    brought.state, brought.problems_found = ImportState.READING, 0
    brought.save()
    today = timezone.localdate(clock())
    with Reading(path, name=brought.name, today=today) as reading:
        shown_at = 0.0
        for batch in reading.batches():
            staging.add(batch.locations, batch.ratings)
            _keep_problems(brought, batch.problems)
            brought.kind, brought.rows_read = str(reading.kind or ""), reading.rows
            brought.percent_read = round(100 * reading.progress)
            if time.monotonic() - shown_at > 1:
                brought.save()
                shown_at = time.monotonic()
        assert reading.kind is not None
        stated_on = brought.as_at or reading.stated_on
        if stated_on and stated_on > today:
            raise UnreadableError(f"The file is of a day yet to come, {stated_on:%-d %B %Y}.")
        brought.snapshot_on, brought.day_is_stated = stated_on or today, stated_on is not None
        brought.counts = {"not_ratings": reading.not_ratings}
        return Snapshot(FileKind(reading.kind), brought.snapshot_on, brought.day_is_stated)


def _keep_problems(brought: FileImport, problems: list[Problem]) -> None:
    room = MOST_PROBLEMS - brought.problems_found
    brought.problems_found += len(problems)
    FileProblem.objects.bulk_create(
        FileProblem(file_import=brought, **problem._asdict()) for problem in problems[: max(0, room)]
    )


def _merge(brought: FileImport, snapshot: Snapshot, now: datetime) -> None:
    brought.state = ImportState.MERGING
    brought.save()
    with transaction.atomic():
        counts = merge(snapshot, now=now, import_id=brought.pk, is_dry_run=brought.is_dry_run)
        brought.counts |= counts
        brought.state = ImportState.CHECKED if brought.is_dry_run else ImportState.DONE
        brought.finished_at, brought.percent_read = timezone.now(), 100
        brought.save()
        if not brought.is_dry_run:
            _tell_services(now)
            told = {"kind": brought.kind, "snapshot_on": str(brought.snapshot_on), "counts": brought.counts}
            events.record("file_import.done", by=brought.asked_by, about=brought, after=told)


def _tell_services(noticed_at: datetime) -> None:
    ours = ServiceLocation.objects.filter(until=None).values("location_id")
    changes: dict[Location, list[LocationChange]] = {}
    for change in LocationChange.objects.filter(noticed_at=noticed_at, location_id__in=ours).select_related(
        "location"
    ):
        changes.setdefault(change.location, []).append(change)
    for location, found in changes.items():
        tell_our_services(location, found)


# Bytes


def _store(chunks: Iterable[bytes]) -> tuple[str, str, int]:
    root = Path(settings.UPLOAD_ROOT)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    stored_as = f"{uuid.uuid4()}.upload"
    digest, size = hashlib.sha256(), 0
    try:
        with (root / stored_as).open("xb") as handle:
            (root / stored_as).chmod(0o600)
            for chunk in chunks:
                digest.update(chunk)
                size += handle.write(chunk)
    except BaseException:
        _remove(stored_as)
        raise
    return stored_as, digest.hexdigest(), size


def _forget(brought: FileImport) -> None:
    stored_as, brought.stored_as = brought.stored_as, ""
    if stored_as:
        brought.save(update_fields=["stored_as"])
        transaction.on_commit(lambda: _remove(stored_as))


def _remove(stored_as: str) -> None:
    if stored_as:
        (Path(settings.UPLOAD_ROOT) / stored_as).unlink(missing_ok=True)
