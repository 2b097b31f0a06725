"""The photographs and documents of a formal step's record."""

from datetime import datetime

from django.db import transaction

from core import events, locking
from core.models import User
from core.workflow import requires
from documents import actions as documents
from documents.actions import FileInput, WithdrawInput
from formal_steps.actions.versions import new_version
from formal_steps.models import FormalStep, StepFile
from formal_steps.rules.record import parts_of
from formal_steps.workflow import FORMAL_STEP


@requires(FORMAL_STEP["add-file"])
def add_file(step_id: int, *, by: User, given: FileInput, now: datetime) -> StepFile:
    """Add a photograph or a document to the record.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, or what `documents.actions.prepare`
    raises.
    """
    # Before the step is held: a picture takes a second to draw.
    prepared = documents.prepare(given.data, given.name)
    with transaction.atomic():
        step = locking.lock(FormalStep, step_id, "service")
        FORMAL_STEP.check(step, "add-file", by, now)
        file = documents.store(prepared, by=by, now=now)
        with new_version(step, parts_of, by=by, now=now):
            added = StepFile.objects.create(step=step, file=file, caption=given.caption)
        events.record(
            "formal_step.file_added",
            by=by,
            about=step,
            after={"file": file.pk, "kind": str(file.kind), "sha256": file.sha256},
        )
    return added


@requires(FORMAL_STEP["withdraw-file"])
@transaction.atomic
def withdraw_file(file_id: int, *, by: User, given: WithdrawInput, now: datetime) -> StepFile:
    """Destroy what a file of the record holds; that it was there, and why it is not, stays.

    Raises `NotAllowed`: `permission-missing`, or what `documents.actions.withdraw` raises.
    """
    # Locked, its step first, as everywhere: of two who withdraw it at once, the second finds it
    # withdrawn.
    step_id = StepFile.objects.values_list("step_id", flat=True).get(pk=file_id)
    step = locking.lock(FormalStep, step_id, "service")
    withdrawn = locking.lock(StepFile, file_id, "file")
    FORMAL_STEP.check(step, "withdraw-file", by, now)
    with new_version(step, parts_of, by=by, now=now):
        documents.withdraw(withdrawn, by=by, given=given, now=now)
    events.record(
        "formal_step.file_withdrawn",
        by=by,
        about=withdrawn.step,
        after={"file": withdrawn.file_id},
    )
    return withdrawn
