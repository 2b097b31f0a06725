"""What the lanes call. Each may run twice and does its work once."""

from datetime import datetime

from django.utils import timezone

from core.jobs import handlers, names
from core.jobs.models import Job
from notifications.actions import letters
from suspensions.actions import alerting, asking, sending
from suspensions.models import SuspensionLetter

SEE = ("suspensions.view_suspension", "core.read_exempt")
handlers.promised_for("suspensions.suspension", *SEE, page="suspensions:view-suspension")


@handlers.job(names.NOTIFY_RECIPIENTS)
def notify_recipients(suspension_id: int, notification: str, kinds: tuple[str, ...] = ()) -> None:
    sending.notify_recipients(suspension_id, notification, kinds, now=timezone.now())


@handlers.job(names.NOTIFY_RECIPIENT)
def notify_recipient(recipient_id: int) -> None:
    sending.notify_recipient(recipient_id, now=timezone.now())


@handlers.job(names.ASK_TO_CONFIRM)
def ask_to_confirm(suspension_id: int) -> None:
    alerting.ask_to_confirm(suspension_id, now=timezone.now())


@handlers.job(names.ASK_TO_DECIDE)
def ask_to_decide(suspension_id: int, what: str, key: str) -> None:
    asking.ask_to_decide(suspension_id, what, key, now=timezone.now())


@handlers.job(names.MAKE_LETTER)
def make_letter(letter_id: int) -> None:
    letters.make(SuspensionLetter, letter_id, now=timezone.now())


@handlers.on_given_up(names.NOTIFY_RECIPIENT)
def give_up_recipient(job: Job, now: datetime) -> None:
    sending.give_up_recipient(*job.args, now=now)


@handlers.on_given_up(names.NOTIFY_RECIPIENTS)
def give_up_notifications(job: Job, now: datetime) -> None:
    sending.give_up_notifications(*job.args, now=now)


@handlers.on_given_up(names.MAKE_LETTER)
def give_up_letter(job: Job, now: datetime) -> None:
    letters.give_up(SuspensionLetter, *job.args)
