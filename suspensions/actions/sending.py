"""Emails to recipients, sent by the worker: each try is counted, and each outcome recorded."""

from collections.abc import Sequence
from datetime import datetime
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.db import connections, transaction
from django.db.models import Q

from core.jobs import names, queue
from core.jobs.queue import JobError
from documents.pdf import PdfError
from notifications.models import How, RecipientKind
from suspensions import mail
from suspensions.actions.letters import freeze_recipient_letter
from suspensions.actions.recipients import lock_recipient, record_outcome, waiting_for
from suspensions.actions.record import lock
from suspensions.models import EVER_IN_FORCE, Recipient

# What another try would not mend: the server knows no such recipient, the letter cannot be printed,
# or the address or a header is malformed (a UnicodeError is a ValueError).
BY_HAND: tuple[type[Exception], ...] = (SMTPRecipientsRefused, PdfError, ValueError)
GIVEN_UP = "Not sent"
NOT_SENT = f"{GIVEN_UP}: contact them"


class NotSentError(JobError):
    """A recipient's email was not made or not sent: its job keeps this, and tries again until it
    is given up.
    """


def notify_recipients(
    suspension_id: int, notification: str, kinds: Sequence[str] = (), *, now: datetime
) -> int:
    """Promise an email to each recipient that waits and has an address; returns how many. A person
    contacts the rest.

    `kinds` empty: to every kind of recipient. A letter is written to the provider, and to whoever
    has no address.
    """
    with transaction.atomic():
        suspension = lock(suspension_id)
        # A recipient can be added to a proposal, which promises this job too: nobody is notified of
        # a proposal.
        if suspension.status not in EVER_IN_FORCE:
            return 0
        waiting = waiting_for(suspension, notification, kinds)
        by_hand = Q(email="") & ~Q(kind=RecipientKind.OWN_TEAM)
        for recipient in waiting.filter(by_hand | Q(kind=RecipientKind.PROVIDER), letters=None):
            freeze_recipient_letter(recipient, by=None, now=now)
        # One with an outcome has failed before: its own job tries again, or a person is asked to
        # contact them.
        by_email = waiting.filter(outcome="").exclude(email="")
        for recipient in by_email:
            queue.add(names.NOTIFY_RECIPIENT, recipient.pk, about=suspension)
        return len(by_email)


def notify_recipient(recipient_id: int, *, now: datetime) -> bool:
    """Send one recipient its email and record that it went; says whether it did. A recipient who
    has been notified is left alone.

    Sending and recording cannot be one step: the try is counted in a transaction of its own before
    the email goes, so that after a crash between the two the next try finds it, sends again, and
    says that it may have arrived twice.

    Raises `NotSentError`, whatever kept the email from being made or sent: the job tries again, and
    the page says meanwhile that it failed. When the job is given up, `give_up_recipient` says what
    is to be done instead.
    """
    # Before the lock is taken: on its own connection it would wait for that lock.
    tries = _count_try(recipient_id)
    try:
        with transaction.atomic():
            recipient = lock_recipient(recipient_id)
            if not recipient.is_waiting or not recipient.email:
                return False
            # Every try that was counted before has either failed in the record or was cut off.
            cut_off = tries is not None and tries > recipient.failures + 1
            _send(recipient)
            recipient.notified_at, recipient.how, recipient.next_try_at = now, How.EMAIL, None
            recipient.outcome = f"Sent to {recipient.email}"
            if cut_off:
                recipient.outcome += ". An earlier try was cut off, so it may have arrived twice"
            recipient.save()
            record_outcome(recipient, by=None, at=now)
            return True
    except NotSentError as failure:
        # The recipient's lock went with the transaction above; what calls this takes back all that
        # it wrote.
        _count_failure(recipient_id, failure, now if failure.tries_again else None)
        raise


def _send(recipient: Recipient) -> None:
    """Send the email. One that no recipient is left for counts as not sent, though the backend is
    content.

    Raises `NotSentError`.
    """
    try:
        sent = mail.to_recipient(recipient).send()
    except Exception as error:
        again = not isinstance(error, BY_HAND)
        raise NotSentError(
            f"The email failed: {type(error).__name__}", tries_again=again
        ) from error
    if not sent:
        raise NotSentError("The email failed: the server accepted it for no recipient")


def _count_try(recipient_id: int) -> int | None:
    """Count a try, whatever becomes of it; None for a recipient that nothing has committed yet."""
    return _apart(
        "UPDATE suspensions_recipient SET tries = tries + 1 WHERE id = %s AND notified_at IS NULL"
        " AND closed_reason = '' AND email <> '' RETURNING tries",
        [recipient_id],
    )


def _count_failure(recipient_id: int, failure: NotSentError, again_from: datetime | None) -> None:
    """Say on the recipient's row that its email failed; `again_from` None: that a person contacts
    them.
    """
    _apart(
        "UPDATE suspensions_recipient SET failures = failures + 1, outcome = %s, next_try_at = %s"
        " WHERE id = %s AND notified_at IS NULL AND closed_reason = '' RETURNING failures",
        [str(failure), again_from, recipient_id],
    )


def _apart(statement: str, values: list[Any]) -> int | None:
    """One statement, committed at once on a connection of its own; what it returns, or None when it
    found no row.
    """
    apart = connections.create_connection("default")
    try:
        with apart.cursor() as cursor:
            # The row may be held by whoever records something: fail rather than wait.
            cursor.execute("SET lock_timeout = '5s'")
            cursor.execute(statement, values)
            found = cursor.fetchone()
            return found[0] if found else None
    finally:
        apart.close()


def give_up_recipient(recipient_id: int, *, now: datetime) -> None:
    """The job that was to notify this recipient is given up: its row says so, and what to do. Safe
    to run twice.
    """
    with transaction.atomic():
        _give_up(lock_recipient(recipient_id), now)


def give_up_notifications(
    suspension_id: int, notification: str, kinds: Sequence[str] = (), *, now: datetime
) -> None:
    """The job that was to promise their emails is given up: a person contacts each that waits for
    one. Safe to run twice.
    """
    with transaction.atomic():
        suspension = lock(suspension_id)
        waiting = waiting_for(suspension, notification, kinds).filter(outcome="")
        for recipient_id in waiting.order_by("pk").values_list("pk", flat=True):
            _give_up(lock_recipient(recipient_id), now)


def _give_up(recipient: Recipient, now: datetime) -> None:
    if not recipient.is_waiting or not recipient.email or recipient.outcome.startswith(GIVEN_UP):
        return
    said = [NOT_SENT, recipient.outcome]
    if recipient.tries > recipient.failures:
        said.append("A try was cut off, so it may have arrived")
    recipient.outcome, recipient.next_try_at = ". ".join(each for each in said if each), None
    recipient.save()
    record_outcome(recipient, by=None, at=now)
