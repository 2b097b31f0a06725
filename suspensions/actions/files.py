"""The photographs and documents of a suspension's record."""

from datetime import datetime

from django.db import transaction

from core import events, locking
from core.models import User
from core.workflow import requires
from documents import actions as documents
from documents.actions import FileInput, WithdrawInput
from formal_steps.actions.versions import new_version
from suspensions.actions.record import lock
from suspensions.models import SuspensionFile
from suspensions.rules.record import parts_of
from suspensions.workflow.suspension import SUSPENSION


@requires(SUSPENSION["add-file"])
def add_file(suspension_id: int, *, by: User, given: FileInput, now: datetime) -> SuspensionFile:
    """Add a photograph or a document to the record.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, or what `documents.actions.prepare`
    raises.
    """
    # Before the suspension is held: a picture takes a second to draw.
    prepared = documents.prepare(given.data, given.name)
    with transaction.atomic():
        suspension = lock(suspension_id)
        SUSPENSION.check(suspension, "add-file", by, now)
        file = documents.store(prepared, by=by, now=now)
        with new_version(suspension, parts_of, by=by, now=now):
            added = SuspensionFile.objects.create(
                suspension=suspension, file=file, caption=given.caption
            )
        events.record(
            "suspension.file_added",
            by=by,
            about=suspension,
            after={"file": file.pk, "kind": str(file.kind), "sha256": file.sha256},
        )
    return added


@requires(SUSPENSION["withdraw-file"])
@transaction.atomic
def withdraw_file(file_id: int, *, by: User, given: WithdrawInput, now: datetime) -> SuspensionFile:
    """Destroy what a file of the record holds; that it was there, and why it is not, stays.

    Raises `NotAllowed`: `permission-missing`, or what `documents.actions.withdraw` raises.
    """
    # Locked, its suspension first, as everywhere: of two who withdraw it at once, the second finds
    # it withdrawn.
    suspension = lock(
        SuspensionFile.objects.values_list("suspension_id", flat=True).get(pk=file_id)
    )
    withdrawn = locking.lock(SuspensionFile, file_id, "file")
    SUSPENSION.check(suspension, "withdraw-file", by, now)
    with new_version(suspension, parts_of, by=by, now=now):
        documents.withdraw(withdrawn, by=by, given=given, now=now)
    events.record(
        "suspension.file_withdrawn",
        by=by,
        about=withdrawn.suspension,
        after={"file": withdrawn.file_id},
    )
    return withdrawn
