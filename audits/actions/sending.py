"""A report goes to the provider: its bytes are kept as they went, and what became of the email.

The file is made in the transaction that records its sending, so that no other can have gone.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from smtplib import SMTPRecipientsRefused

from django.db import transaction
from django.utils import timezone

from audits import mail, printing
from audits.actions.report_rows import locked, record
from audits.models import AuditReport, Procedure, ReportFile, ReportSending
from audits.permissions import READ
from audits.rules import reports
from audits.workflow.report import REPORT
from core import events
from core.jobs import names, queue
from core.jobs.queue import JobError
from core.locking import lock
from core.models import User
from core.workflow import NotAllowed, requires
from documents.pdf import PdfError
from notifications.models import How

# What another try would not mend: the server knows no such address, or it or a header is malformed.
BY_HAND: tuple[type[Exception], ...] = (SMTPRecipientsRefused, ValueError)
SEND_YOURSELF = "The email was not sent. Send the file yourself, and record it."


@dataclass(frozen=True)
class SendInput:
    """When a report goes to the provider, to which post, and how; an email goes today."""

    sent_on: date
    sent_to: str
    how: str = How.LETTER.value
    email: str = ""


@requires(REPORT["send"], *READ)
@transaction.atomic
def send_draft(report_id: int, *, by: User, given: SendInput, now: datetime) -> ReportSending:
    """Send the draft to the provider, or record how it was sent; its days for factual accuracy run
    from then. What was sent is kept.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `opened-again`, `in-future`,
    `before-drafted`, `no-address`, `not-printed`.
    """
    report = locked(report_id)
    REPORT.apply(report, "send", by, now)
    _promise_days(report, by, _day_of(given, now), now)
    return _sent(report, by, given, now)


@requires(REPORT["send-again"], *READ)
@transaction.atomic
def send_again(report_id: int, *, by: User, given: SendInput, now: datetime) -> ReportSending:
    """Send the report as it stands now: corrected, final, or because an email did not go. Where no
    draft has gone yet, the provider's days begin anew.

    Raises `NotAllowed` as `send_draft` does.
    """
    report = locked(report_id)
    REPORT.check(report, "send-again", by, now)
    drafts = ReportSending.objects.filter(file__report=report, recorded_at__gte=report.drafted_at)
    if report.is_with_provider and drafts.exists() and not drafts.not_failed().exists():
        _promise_days(report, by, _day_of(given, now), now)
    return _sent(report, by, given, now)


def _day_of(given: SendInput, now: datetime) -> date:
    return timezone.localdate(now) if given.how == How.EMAIL else given.sent_on


def _promise_days(report: AuditReport, by: User, sent_on: date, now: datetime) -> None:
    reports.check_sent_on(sent_on, timezone.localdate(report.drafted_at), timezone.localdate(now))
    report.sent_on, report.sent_by = sent_on, by
    # Kept, not worked out later: a change of the council's days does not move what it promised.
    report.comments_by = sent_on + timedelta(days=Procedure.current().factual_accuracy_days)


def _sent(report: AuditReport, by: User, given: SendInput, now: datetime) -> ReportSending:
    by_email = given.how == How.EMAIL
    if by_email and not given.email:
        raise NotAllowed("no-address", "Enter the email address that the report goes to.", "email")
    sent_on = _day_of(given, now)
    reports.check_sent_on(sent_on, timezone.localdate(report.drafted_at), timezone.localdate(now))
    report.sent_to = given.sent_to
    report.save()
    file = _kept(report, by, now)
    sending = ReportSending.objects.create(
        file=file,
        sent_to=given.sent_to,
        how=given.how,
        email=given.email if by_email else "",
        sent_on=sent_on,
        recorded_at=now,
        recorded_by=by,
    )
    if by_email:
        # About the visit: its report's page shows what was not done.
        queue.add(names.SEND_REPORT, sending.pk, about=report, asked_by=by, now=now)
    after = {"file": file.pk, "sha256": file.sha256, "how": given.how}
    if report.comments_by:
        after["comments_by"] = report.comments_by.isoformat()
    record("audit_report.sent", report, by, after=after)
    return sending


def _kept(report: AuditReport, by: User, now: datetime) -> ReportFile:
    """The report's file of now. The same bytes as the last version's are that version."""
    try:
        content = printing.report_pdf(report, timezone.localdate(now), Procedure.current())
    except PdfError as error:
        raise NotAllowed("not-printed", f"The report cannot be printed. {error}") from error
    sha256 = hashlib.sha256(content).hexdigest()
    last = report.files.first()
    if last is not None and last.sha256 == sha256:
        return last
    return ReportFile.objects.create(
        report=report,
        number=1 if last is None else last.number + 1,
        is_final=report.is_final,
        content=content,
        sha256=sha256,
        made_at=now,
        made_by=by,
    )


def email_report(sending_id: int, *, now: datetime) -> bool:
    """Email a version to the provider and record that it went; says whether it did. One that went
    is left alone.

    Raises `JobError`, whatever kept it from being made or sent: the job tries again, and when it is
    given up the page says what to do instead.
    """
    with transaction.atomic():
        sending = lock(ReportSending, sending_id, "file__report__visit__service")
        if not sending.is_waiting:
            return False
        try:
            sent = mail.report(sending).send()
        except Exception as error:
            again = not isinstance(error, BY_HAND)
            raise JobError(
                f"The email failed: {type(error).__name__}", tries_again=again
            ) from error
        if not sent:
            raise JobError("The email failed: the server accepted it for no recipient")
        sending.emailed_at = now
        sending.save()
        report = sending.file.report
        events.record(
            "audit_report.emailed", by=None, about=report, service_id=report.visit.service_id
        )
        return True


def give_up_sending(sending_id: int, *, now: datetime) -> None:
    """The job that was to email a version is given up: the page says so, and what to do. Safe to
    run twice.
    """
    with transaction.atomic():
        sending = lock(ReportSending, sending_id, "file__report__visit")
        if not sending.is_waiting:
            return
        sending.failed = SEND_YOURSELF
        sending.save()
        report = sending.file.report
        events.record(
            "audit_report.email_failed",
            by=None,
            about=report,
            service_id=report.visit.service_id,
            happened_at=now,
        )
