"""The clock's tasks, which promise jobs, and what the lanes call. Each may run twice and does its
work once.
"""

from datetime import datetime, timedelta
from functools import partial

from celery import shared_task
from django.utils import timezone

from core.jobs import handlers, names, queue
from core.jobs.models import Job
from ratings.actions import alerts, files, food, sync
from ratings.cqc.errors import CqcError

handlers.promised_for("ratings.syncrun", "ratings.run_sync", page="ratings:view-run")
handlers.promised_for("ratings.fileimport", "ratings.run_sync", page="ratings:view-import")

AT_IT = timedelta(minutes=1)  # how long to wait for another who is reading


@shared_task
def nightly_sync() -> None:
    """One run a night, however many beats ask for it; once a week every linked location is read
    besides what changed.
    """
    tonight = timezone.localdate()
    sync.ask_for_run(sync.kind_for_night(tonight), now=timezone.now(), night=tonight)


@handlers.job(names.READ_CQC)
def read_cqc(job: Job, run_id: int) -> None:
    try:
        client = sync.configured_client()
    except CqcError as error:
        raise queue.JobError(str(error)) from error
    with client:
        sync.work_run(run_id, client, on_progress=partial(queue.report, job))


@shared_task
def send_digests() -> None:
    """The morning's emails; asked again every hour, for those whose changes came late. One a night
    for each person.
    """
    alerts.prepare_digests(now=timezone.now(), night=timezone.localdate())


@handlers.job(names.SEND_DIGEST)
def send_digest(digest_id: int) -> None:
    alerts.send_digest(digest_id, now=timezone.now())


@shared_task
def tidy_uploads() -> None:
    files.sweep_uploads(now=timezone.now())


@handlers.job(names.IMPORT_FILE)
def import_file(job: Job, import_id: int) -> None:
    files.work_import(import_id, job=job)


@handlers.on_given_up(names.IMPORT_FILE)
def give_up_import(job: Job, now: datetime) -> None:
    files.give_up_import(job.args[0], why=job.error, now=now)


@shared_task
def ask_for_food_ratings() -> None:
    """Have the food hygiene ratings read if a week has passed; asked every day, so that a missed
    day is made up for.
    """
    food.ask_for_food_ratings(now=timezone.now())


@handlers.job(names.READ_FOOD, "ratings.run_sync")
def read_food(job: Job) -> None:
    client = food.configured_food_client()
    if client is None:
        return
    with client:
        reading = food.read_food_ratings(client, on_progress=partial(queue.report, job))
    if reading is None:
        raise queue.NotYetError(AT_IT)
    if reading.failed_because:
        raise queue.JobError(reading.failed_because)
