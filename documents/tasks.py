"""What the lanes and the clock call. Each may run twice and does its work once."""

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from core.jobs import handlers, names
from core.jobs.models import Job
from documents import actions

# Whoever added a file is shown what could not be done with it, and whoever looks after the product.
SEEN_BY = "core.view_event"


@handlers.job(names.CHECK_COPY, SEEN_BY)
def check_copy(file_id: int) -> None:
    actions.check_copy(file_id, now=timezone.now())


@handlers.on_given_up(names.CHECK_COPY)
def give_up_check(job: Job, now: datetime) -> None:
    actions.give_up_check(job.args[0])


@handlers.job(names.SCAN_FILE, SEEN_BY)
def scan_file(file_id: int) -> None:
    actions.scan(file_id, now=timezone.now())


@shared_task
def promise_scans() -> None:
    actions.promise_scans(now=timezone.now())
