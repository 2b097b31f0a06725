import logging

from celery import shared_task
from django.utils import timezone

from ratings import actions
from ratings.cqc import CqcError
from ratings.models import FileImport, SyncRun

logger = logging.getLogger(__name__)


@shared_task
def nightly_sync() -> None:
    """One run a night, however many beats ask for it; once a week every service of ours is read besides what
    changed.
    """
    tonight = timezone.localdate()
    actions.ask_for_run(actions.kind_for_night(tonight), now=timezone.now(), night=tonight)
    work_runs()


@shared_task
def work_runs() -> None:
    """Begin what was asked for and take up what stopped; nothing to do, or somebody at it already, is fine."""
    if not SyncRun.objects.unfinished().exists():
        return
    try:
        client = actions.configured_client()
    except CqcError as error:
        logger.warning("CQC cannot be read: %s", error)
        return
    with client:
        actions.work_runs(client)


@shared_task
def send_digests() -> None:
    """The morning's e-mails; asked again every hour, for those whose changes came late. One a night for each person."""
    actions.prepare_digests(now=timezone.now(), night=timezone.localdate())


def send_digest(digest_id: int) -> None:
    """Of the outbox."""
    actions.send_digest(digest_id, now=timezone.now())


@shared_task
def work_imports() -> None:
    """Read the files that were brought and wait; none, or somebody at it already, is fine."""
    actions.sweep_uploads(now=timezone.now())
    if FileImport.objects.at_work().exists():
        actions.work_imports()


def begin_imports() -> None:
    """Of the outbox: wake a worker. The reading itself is too long for a message's transaction."""
    work_imports.apply_async(retry=False)


@shared_task
def read_food_ratings() -> None:
    """Read the food hygiene ratings if a week has passed; asked every day, so that a missed day is made up for."""
    now = timezone.now()
    client = actions.configured_food_client() if actions.is_food_due(now) else None
    if client is not None:
        with client:
            actions.read_food_ratings(client)
