"""The email that brings a report to the provider. What the report says stands in its file alone: it
is exempt (Local Government Act 1972, Schedule 12A).
"""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from audits.models import ReportSending
from core.models import CouncilProfile


def report(sending: ReportSending) -> EmailMessage:
    """The email to whoever a version is sent to, with its file.

    Raises `ValueError` without a sender, and whatever a malformed address raises.
    """
    # Not every backend refuses an empty sender, and no provider could answer it.
    if not settings.DEFAULT_FROM_EMAIL.strip():
        raise ValueError("There is no sender's address.")
    council, file = CouncilProfile.current(), sending.file
    kind = "Audit report" if file.is_final else "Draft audit report"
    visit = file.report.visit
    message = EmailMessage(
        subject=" ".join(f"{kind}: {visit.service}".split()),
        body=render_to_string(
            "audits/mail/report.txt",
            {
                "sending": sending,
                "file": file,
                "report": file.report,
                "visit": visit,
                "council": council,
            },
        ),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[sending.email],
        reply_to=[council.contact_email] if council else [],
    )
    message.attach(file_name(sending), bytes(file.content), "application/pdf")
    return message


def file_name(sending: ReportSending) -> str:
    """What the file is called where it is saved."""
    kind = "audit-report" if sending.file.is_final else "draft-audit-report"
    return f"{kind}-{sending.file.report.visit_id}-version-{sending.file.number}.pdf"
