"""Taking a file in, making sure of it, and destroying what it holds.

An app prepares a file before it locks anything (a picture takes a second to draw, the scanner as
long), and stores it in the transaction of its own change.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core import events
from core.jobs import names, queue
from core.jobs.models import Job
from core.locking import lock
from core.models import User
from core.workflow import NotAllowed, requires
from documents import file_kinds, pictures, scanner
from documents.models import (
    AbstractAttachment,
    FileContent,
    OriginalState,
    Role,
    ScanState,
    StoredFile,
    StoredKind,
)

logger = logging.getLogger(__name__)

PICTURE_TYPE, PICTURE_SUFFIX = "image/jpeg", ".jpg"
AT_ONCE = 500
NOT_COMPARED = "We could not compare the copy with the original."


@dataclass(frozen=True)
class FileInput:
    """A file as it came, with what is said of it."""

    data: bytes
    name: str
    caption: str = ""


@dataclass(frozen=True)
class WithdrawInput:
    """Why a file is withdrawn."""

    reason: str


@dataclass(frozen=True)
class Prepared:
    """A file that may be stored: recognised, a picture drawn, and scanned where a scanner
    answered.
    """

    kind: StoredKind
    name: str
    content_type: str
    data: bytes
    original: bytes | None
    is_scanned: bool


def prepare(data: bytes, name: str) -> Prepared:
    """Make a file ready to be stored, without a look at the database.

    Raises `NotAllowed`: `virus-found`, or what `file_kinds.recognise` and `pictures.draw` raise.
    """
    found = file_kinds.recognise(data, name)
    drawn = pictures.draw(data) if found.kind.is_picture else None
    is_scanned = _is_scanned(data)
    if drawn is None:
        return Prepared(StoredKind.DOCUMENT, found.name, found.content_type, data, None, is_scanned)
    stem = found.name[: -len(file_kinds.suffix_of(found.name))]
    return Prepared(
        StoredKind.PHOTOGRAPH, stem + PICTURE_SUFFIX, PICTURE_TYPE, drawn, data, is_scanned
    )


def _is_scanned(data: bytes) -> bool:
    """Whether the scanner has seen it; away, it is asked again by a job.

    Raises `NotAllowed`: `virus-found`.
    """
    if not scanner.is_set_up():
        return False
    try:
        verdict = scanner.scan(data)
    except scanner.ScannerError as fault:
        logger.warning("A file is stored before it is scanned: %s", fault)
        return False
    if verdict.found:
        raise NotAllowed(
            "virus-found",
            f"This file holds a virus ({verdict.found}), so we have not kept it. Do not open it."
            " Ask whoever sent it for another copy.",
            "file",
        )
    return True


@requires()
@transaction.atomic
def store(prepared: Prepared, *, by: User, now: datetime) -> StoredFile:
    """Store a file that was prepared. Who may add one is asked by the app whose record it joins.

    Raises `NotAllowed`: `permission-missing`.
    """
    file = StoredFile.objects.create(
        kind=prepared.kind,
        name=prepared.name,
        content_type=prepared.content_type,
        size=len(prepared.data),
        sha256=hashlib.sha256(prepared.data).hexdigest(),
        scan=ScanState.CLEAN if prepared.is_scanned else ScanState.NOT_SCANNED,
        scanned_at=now if prepared.is_scanned else None,
        original=OriginalState.NONE if prepared.original is None else OriginalState.WAITING,
        added_at=now,
        added_by=by,
    )
    FileContent.objects.create(file=file, role=Role.KEPT, data=prepared.data)
    if prepared.original is not None:
        FileContent.objects.create(file=file, role=Role.ORIGINAL, data=prepared.original)
        queue.add(names.CHECK_COPY, file.pk, about=file, asked_by=by, only_one=True, now=now)
    if scanner.is_set_up() and not prepared.is_scanned:
        _promise_scan(file, by, now)
    return file


def _promise_scan(file: StoredFile, by: User | None, now: datetime) -> None:
    queue.add(names.SCAN_FILE, file.pk, about=file, asked_by=by, only_one=True, now=now)


@transaction.atomic
def check_copy(file_id: int, *, now: datetime) -> None:
    """Open the copy of a picture, compare it with the original, and remove the original: it may
    say where and by whom it was taken. Where they differ it stays, and its page says in what.
    """
    file = lock(StoredFile, file_id)
    if file.original != OriginalState.WAITING or file.destroyed_at is not None:
        return
    held = dict(file.contents.values_list("role", "data"))
    file.original_note = _difference(bytes(held[Role.ORIGINAL]), bytes(held[Role.KEPT]))
    if file.original_note:
        file.original = OriginalState.DIFFERS
    else:
        file.original = OriginalState.REMOVED
        file.contents.filter(role=Role.ORIGINAL).delete()
    file.save(update_fields=["original", "original_note"])
    events.record(
        "stored_file.copy_checked", by=None, about=file, after={"original": str(file.original)}
    )


@transaction.atomic
def give_up_check(file_id: int) -> None:
    """The worker died of it, or could not do it: the original stays, and the page says why. Safe to
    run twice.
    """
    file = lock(StoredFile, file_id)
    if file.original == OriginalState.WAITING and file.destroyed_at is None:
        file.original, file.original_note = OriginalState.DIFFERS, NOT_COMPARED
        file.save(update_fields=["original", "original_note"])


def _difference(original: bytes, copy: bytes) -> str:
    try:
        return pictures.seen(original).differs_from(pictures.seen(copy))
    except NotAllowed as refusal:
        # What was drawn once could not be opened again: whatever the reason, the original stays.
        logger.error("The copy of a picture cannot be compared: %s", refusal.code)
        return NOT_COMPARED


@transaction.atomic
def scan(file_id: int, *, now: datetime) -> None:
    """Give a file to the scanner that it has not seen, and destroy it where a virus is found.

    Raises `JobError` as long as the scanner does not answer.
    """
    file = lock(StoredFile, file_id)
    if file.scan != ScanState.NOT_SCANNED or file.destroyed_at or not scanner.is_set_up():
        return
    held = dict(file.contents.values_list("role", "data"))
    try:
        verdict = scanner.scan(bytes(held.get(Role.ORIGINAL) or held[Role.KEPT]))
    except scanner.ScannerError as fault:
        raise queue.JobError(str(fault)) from fault
    file.scanned_at, file.found = now, verdict.found
    file.scan = ScanState.INFECTED if verdict.found else ScanState.CLEAN
    if verdict.found:
        _empty(file, now)
        events.record(
            "stored_file.virus_found", by=None, about=file, after={"found": verdict.found}
        )
    file.save()


@transaction.atomic
def promise_scans(*, now: datetime) -> int:
    """Promise a scan of what no scanner has seen, as after one was set up or was away for days;
    returns how many.
    """
    if not scanner.is_set_up():
        return 0
    promised = Job.objects.open().of_kinds([names.SCAN_FILE.name]).values("about_id")
    waiting = StoredFile.objects.not_scanned().exclude(pk__in=promised).order_by("pk")[:AT_ONCE]
    for file in waiting:
        _promise_scan(file, None, now)
    return len(waiting)


@requires()
@transaction.atomic
def withdraw(
    attachment: AbstractAttachment, *, by: User, given: WithdrawInput, now: datetime
) -> None:
    """Destroy what an attachment holds; that it was there, and why it is not, stays. The app has
    locked it, and asked whether this person may.

    Source: UK GDPR, article 17 (erasure), for a photograph of somebody who did not agree.

    Raises `NotAllowed`: `permission-missing`, `already-withdrawn` or `reason-missing`.
    """
    if attachment.is_withdrawn:
        raise NotAllowed("already-withdrawn", "This file has already been withdrawn.")
    if not given.reason.strip():
        raise NotAllowed("reason-missing", "Enter why the file is withdrawn.", "reason")
    file = lock(StoredFile, attachment.file_id)
    if file.destroyed_at is None:
        _empty(file, now)
        file.save()
    attachment.withdrawn_at, attachment.withdrawn_by = now, by
    attachment.withdrawn_reason = given.reason
    attachment.save()


def _empty(file: StoredFile, now: datetime) -> None:
    file.contents.all().delete()
    file.destroyed_at = now
    file.original, file.original_note = OriginalState.NONE, ""
    # Its open jobs are not dropped here: one at work holds its own row and waits for this file,
    # and each would wait for the other. They find the file empty, and have nothing to do.
