from celery import shared_task

from reports import public_work
from reports.actions import jobs


@shared_task
def work_public_jobs() -> None:
    public_work.work()


@shared_task
def sweep_jobs() -> None:
    jobs.sweep()
