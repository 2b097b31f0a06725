"""What the lanes call. Each may run twice and does its work once."""

from datetime import datetime

from django.utils import timezone

from audits.actions import sending
from audits.permissions import READ
from core.jobs import handlers, names
from core.jobs.models import Job

handlers.promised_for("audits.visit", *READ, page="audits:view-report")


@handlers.job(names.SEND_REPORT)
def send_report(sending_id: int) -> None:
    sending.email_report(sending_id, now=timezone.now())


@handlers.on_given_up(names.SEND_REPORT)
def give_up_report(job: Job, now: datetime) -> None:
    sending.give_up_sending(*job.args, now=now)
