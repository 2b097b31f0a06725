"""What the lanes call, and where it is shown that something promised for a visit, or for what
follows from one, was not done. Each may run twice and does its work once.
"""

from datetime import datetime

from django.utils import timezone

from audits.actions import sending
from audits.models import AuditReport
from audits.permissions import READ
from core.jobs import handlers, names
from core.jobs.models import Job


def visit_of_report(report_id: int) -> int:
    """The page of a report is found by its visit."""
    return AuditReport.objects.values_list("visit_id", flat=True).get(pk=report_id)


handlers.promised_for("audits.visit", *READ, page="audits:view-visit")
handlers.promised_for("audits.action", *READ, page="audits:view-action")
handlers.promised_for("audits.reviewmeeting", *READ, page="audits:record-meeting")
handlers.promised_for(
    "audits.auditreport", *READ, page="audits:view-report", address_of=visit_of_report
)
handlers.promised_for("audits.programmeentry", *READ, page="audits:change-programme-entry")


@handlers.job(names.SEND_REPORT)
def send_report(sending_id: int) -> None:
    sending.email_report(sending_id, now=timezone.now())


@handlers.on_given_up(names.SEND_REPORT)
def give_up_report(job: Job, now: datetime) -> None:
    sending.give_up_sending(*job.args, now=now)
