"""The files of a concern: letters, messages, photographs."""

from datetime import datetime

from django.db import transaction

from concerns.actions import READ, locked
from concerns.models import ConcernFile
from concerns.workflow import CONCERN
from core import events, locking
from core.models import User
from core.workflow import requires
from documents import actions as documents
from documents.actions import FileInput, WithdrawInput


@requires(CONCERN["add-file"], *READ)
def add_file(concern_id: int, *, by: User, given: FileInput, now: datetime) -> ConcernFile:
    """Add a photograph or a document to a concern.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, or what `documents.actions.prepare`
    raises.
    """
    # Before the concern is held: a picture takes a second to draw.
    prepared = documents.prepare(given.data, given.name)
    with transaction.atomic():
        concern = locked(concern_id)
        CONCERN.check(concern, "add-file", by, now)
        file = documents.store(prepared, by=by, now=now)
        added = ConcernFile.objects.create(concern=concern, file=file, caption=given.caption)
        events.record(
            "concern.file_added",
            by=by,
            about=concern,
            after={"file": file.pk, "kind": str(file.kind), "sha256": file.sha256},
        )
    return added


@requires(CONCERN["withdraw-file"], *READ)
@transaction.atomic
def withdraw_file(file_id: int, *, by: User, given: WithdrawInput, now: datetime) -> ConcernFile:
    """Destroy what a file of a concern holds; that it was there, and why it is not, stays.

    Raises `NotAllowed`: `permission-missing`, or what `documents.actions.withdraw` raises.
    """
    # Locked: of two who withdraw it at once, the second finds it withdrawn.
    withdrawn = locking.lock(ConcernFile, file_id, "concern")
    CONCERN.check(withdrawn.concern, "withdraw-file", by, now)
    documents.withdraw(withdrawn, by=by, given=given, now=now)
    events.record(
        "concern.file_withdrawn",
        by=by,
        about=withdrawn.concern,
        after={"file": withdrawn.file_id},
    )
    return withdrawn
