"""The outbox: work that must follow a change, kept as a row of the same transaction.

PostgreSQL is the truth and a message only a nudge. `add` writes the row and, on commit, nudges a worker; a lost or doubled
nudge does no harm, since the row is locked while its task runs and done only once, and a sweep every minute
finds what no nudge reached. A message `"suspensions.tell_partners"` runs `suspensions.tasks.tell_partners`, which must be safe to run again.
"""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from carequality.middleware import current_request_id
from carequality.models import OutboxMessage

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 12


def add(task: str, *args: Any, due_at: datetime | None = None) -> OutboxMessage:
    """Promise that `<app>.tasks.<name>` will be called with `args` (JSON values) once this transaction has committed."""
    message = OutboxMessage.objects.create(
        task=task, args=list(args), due_at=due_at or timezone.now(), request_id=current_request_id()
    )
    if due_at is None:
        transaction.on_commit(partial(nudge, message.pk), robust=True)
    return message


def nudge(message_id: int) -> None:
    """Tell a worker that a message waits. A broker that is away is logged and left to the sweep: the page has saved its data."""
    try:
        current_app.send_task("carequality.tasks.deliver_outbox", [message_id], retry=False)
    except Exception as error:
        logger.warning("The broker is away; the sweep will deliver message %s: %s", message_id, error)


def deliver(message_id: int) -> bool:
    """Run one message's task if it still waits and nobody else runs it; say whether it ran and is done."""
    with transaction.atomic():
        message = (
            OutboxMessage.objects.select_for_update(skip_locked=True)
            .filter(pk=message_id, done_at=None, given_up_at=None)
            .first()
        )
        if message is None:
            return False
        app, _, name = message.task.partition(".")
        message.attempts += 1
        try:
            with transaction.atomic():
                import_string(f"{app}.tasks.{name}")(*message.args)
        except Exception as error:
            logger.exception(
                "Outbox message %s (%s) failed, attempt %s", message.pk, message.task, message.attempts
            )
            message.last_error = f"{type(error).__name__}: {error}"
            if message.attempts >= MOST_ATTEMPTS:
                message.given_up_at = timezone.now()
            message.due_at = timezone.now() + timedelta(seconds=min(30 * 2**message.attempts, 6 * 3600))
        else:
            message.done_at = timezone.now()
            message.last_error = ""
        message.save()
        return message.done_at is not None


def sweep(*, limit: int = 200) -> int:
    """Deliver what waits and is due; returns how many messages were done."""
    waiting = OutboxMessage.objects.filter(done_at=None, given_up_at=None, due_at__lte=timezone.now())
    return sum(deliver(pk) for pk in waiting.order_by("due_at").values_list("pk", flat=True)[:limit])
