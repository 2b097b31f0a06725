"""Photographs and documents that show what was done about an action."""

from datetime import datetime

from django.db import transaction

from audits.actions.plans import locked_action
from audits.models import ActionFile
from audits.permissions import READ
from audits.workflow.action import ACTION
from core import events
from core.locking import lock
from core.models import User
from core.workflow import requires
from documents import actions as documents
from documents.actions import FileInput, WithdrawInput


@requires(ACTION["add-file"], *READ)
def attach_to_action(action_id: int, *, by: User, given: FileInput, now: datetime) -> ActionFile:
    """Add a photograph or a document that shows what was done.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, or what `documents.actions.prepare`
    raises.
    """
    # Before the action is held: a picture takes a second to draw.
    prepared = documents.prepare(given.data, given.name)
    with transaction.atomic():
        action = locked_action(action_id)
        ACTION.check(action, "add-file", by, now)
        file = documents.store(prepared, by=by, now=now)
        added = ActionFile.objects.create(action=action, file=file, caption=given.caption)
        events.record(
            "action.file_added",
            by=by,
            about=action,
            after={"file": file.pk, "kind": str(file.kind), "sha256": file.sha256},
        )
    return added


@requires(ACTION["withdraw-file"], *READ)
@transaction.atomic
def withdraw_action_file(
    file_id: int, *, by: User, given: WithdrawInput, now: datetime
) -> ActionFile:
    """Destroy what a file of an action holds; that it was there, and why it is not, stays.

    Raises `NotAllowed`: `permission-missing`, or what `documents.actions.withdraw` raises.
    """
    # Locked: of two who withdraw it at once, the second finds it withdrawn.
    withdrawn = lock(ActionFile, file_id, "action")
    ACTION.check(withdrawn.action, "withdraw-file", by, now)
    documents.withdraw(withdrawn, by=by, given=given, now=now)
    events.record(
        "action.file_withdrawn", by=by, about=withdrawn.action, after={"file": withdrawn.file_id}
    )
    return withdrawn
