"""What the lanes call. Each may run twice and does its work once."""

from django.utils import timezone

from core.jobs import handlers, names
from core.jobs.models import Job
from reports import public_work
from reports.actions import jobs

handlers.promised_for("reports.paper", "reports.view_paper", page="reports:view-paper")


@handlers.works(names.Lane.PUBLIC)
def work_public_jobs() -> int:
    """In the public process, which sees no job but through the functions of the wall."""
    return public_work.work()


@handlers.job(names.PAPER_EXEMPT)
def make_exempt_file(job: Job, paper_id: int) -> None:
    jobs.make_exempt_file(job, paper_id, now=timezone.now())


@handlers.job(names.PAPER_SCAN)
def scan_public_file(job: Job, paper_id: int) -> None:
    jobs.scan_public_file(job, paper_id, now=timezone.now())


@handlers.job(names.PAPER_SETTLE)
def settle_paper(job_id: int) -> None:
    jobs.settle(job_id, now=timezone.now())
