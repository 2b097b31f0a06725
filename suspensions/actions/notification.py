"""Who is told, when and how: by e-mail through the worker with its outcome, or by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.db import connections, transaction
from django.db.models import Q, QuerySet

from core import checks, events, locking
from core.jobs import names, queue
from core.jobs.queue import JobError
from core.models import User
from core.workflow import NotAllowed, requires
from documents.pdf import PdfError
from notifications.models import How, NotificationKind, RecipientKind
from suspensions import mail
from suspensions.actions.letters import freeze_recipient_letter
from suspensions.actions.record import RecipientInput, list_recipients, lock, usual_recipients
from suspensions.models import EVER_IN_FORCE, Recipient, Suspension, SuspensionStatus
from suspensions.rules import notification as notification_rules
from suspensions.rules import steps
from suspensions.workflow.suspension import SUSPENSION

# What another try would not mend: the server knows no such recipient, the letter cannot be printed,
# or the address or a header is malformed (a UnicodeError is a ValueError).
BY_HAND: tuple[type[Exception], ...] = (SMTPRecipientsRefused, PdfError, ValueError)
NOT_SENT = "Not sent: tell them by hand"


class NotSentError(JobError):
    """A recipient's e-mail was not made or not sent: its job keeps this, and tries again until it
    is given up.
    """


@dataclass(frozen=True)
class NotifiedInput:
    """What is recorded of a recipient by hand: `told`, with when and how; `email`, with the
    address; or `close`, with the reason.
    """

    what: str
    notified_at: datetime | None = None
    how: str = ""
    outcome: str = ""
    email: str = ""
    closed_reason: str = ""


def notified_recipients(suspension: Suspension) -> list[RecipientInput]:
    """Everyone who was told of the suspension, held: an e-mail that is on its way ends first, and
    whom it reaches counts.

    One that was cut off may have arrived, and counts as well.
    """
    held = suspension.recipients.select_for_update(of=("self",)).filter(
        notification=NotificationKind.SUSPENSION
    )
    notified = [
        recipient
        for recipient in held.order_by("pk")
        if recipient.notified_at or recipient.tries > recipient.failures
    ]
    # Who was told by hand then may have an address by now.
    known = {
        (recipient.kind, recipient.name): recipient.email
        for recipient in usual_recipients(suspension.service)
    }
    return [
        RecipientInput(
            recipient.kind,
            recipient.name,
            recipient.email or known.get((recipient.kind, recipient.name), ""),
        )
        for recipient in notified
    ]


def list_recipients_of_lift(suspension: Suspension) -> None:
    """Everyone who was told of the suspension has to be told of its lift."""
    list_recipients(suspension, NotificationKind.LIFT, notified_recipients(suspension))
    # Nobody is told now that it begins: what was still waiting has nothing left to say.
    suspension.recipients.waiting().exclude(notification=NotificationKind.LIFT).update(
        closed_reason="The suspension ended before they were told."
    )


def notify_recipients(
    suspension_id: int, notification: str, kinds: Sequence[str] = (), *, now: datetime
) -> int:
    """Promise an e-mail to each recipient that waits and has an address; returns how many. The rest
    is told by hand.

    `kinds` empty: to every kind of recipient. A letter is written to the provider, and to whoever
    is told by hand.
    """
    with transaction.atomic():
        suspension = lock(suspension_id)
        if suspension.status not in EVER_IN_FORCE:
            return 0
        waiting = _waiting(suspension, notification, kinds)
        by_hand = Q(email="") & ~Q(kind=RecipientKind.OWN_TEAM)
        for recipient in waiting.filter(by_hand | Q(kind=RecipientKind.PROVIDER), letters=None):
            freeze_recipient_letter(recipient, by=None, now=now)
        by_email = waiting.filter(outcome="").exclude(email="")
        for recipient in by_email:
            queue.add(names.NOTIFY_RECIPIENT, recipient.pk, about=suspension)
        return len(by_email)


def notify_recipient(recipient_id: int, *, now: datetime) -> bool:
    """Send one recipient its e-mail and record that it went; says whether it did. A recipient
    already told is left alone.

    Sending and recording cannot be one step: the try is counted in a transaction of its own before
    the e-mail goes, so that after a crash between the two the next try finds it, sends again, and
    says that it may have arrived twice. Raises `NotSentError`, whatever kept the e-mail from being
    made or sent: the job tries again, and the page says meanwhile that it failed. When the job is
    given up, `give_up_recipient` says what is to be done instead.
    """
    tries = _count_try(recipient_id)
    try:
        with transaction.atomic():
            recipient = _lock_recipient(recipient_id)
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
            _record_outcome(recipient, by=None, at=now)
            return True
    except NotSentError as failure:
        # The recipient's lock went with the transaction above; what calls this takes back all that
        # it wrote.
        _count_failure(recipient_id, failure, now if failure.tries_again else None)
        raise


def _send(recipient: Recipient) -> None:
    """Raises `NotSentError`. An e-mail that no recipient is left for counts as not sent, though the
    backend is content.
    """
    try:
        sent = mail.to_recipient(recipient).send()
    except Exception as error:
        again = not isinstance(error, BY_HAND)
        raise NotSentError(
            f"The e-mail failed: {type(error).__name__}", tries_again=again
        ) from error
    if not sent:
        raise NotSentError("The e-mail failed: the server took it for nobody")


def _count_try(recipient_id: int) -> int | None:
    """Count a try, whatever becomes of it; None for a recipient that nothing has committed yet."""
    return _apart(
        "UPDATE suspensions_recipient SET tries = tries + 1 WHERE id = %s AND notified_at IS NULL"
        " AND closed_reason = '' AND email <> '' RETURNING tries",
        [recipient_id],
    )


def _count_failure(recipient_id: int, failure: NotSentError, again_from: datetime | None) -> None:
    """Say on the recipient's row that its e-mail failed; `again_from` None: that it is to be told
    by hand.
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
            cursor.execute("SET lock_timeout = '5s'")
            cursor.execute(statement, values)
            found = cursor.fetchone()
            return found[0] if found else None
    finally:
        apart.close()


def give_up_recipient(recipient_id: int, *, now: datetime) -> None:
    """The job that was to tell this recipient is given up: its row says so, and what to do. Safe to
    run twice.
    """
    with transaction.atomic():
        _give_up(_lock_recipient(recipient_id), now)


def give_up_notifications(
    suspension_id: int, notification: str, kinds: Sequence[str] = (), *, now: datetime
) -> None:
    """The job that was to promise their e-mails is given up: each that waits for one is told by
    hand. Safe to run twice.
    """
    with transaction.atomic():
        suspension = lock(suspension_id)
        waiting = _waiting(suspension, notification, kinds).filter(outcome="")
        for recipient_id in waiting.order_by("pk").values_list("pk", flat=True):
            _give_up(_lock_recipient(recipient_id), now)


def _give_up(recipient: Recipient, now: datetime) -> None:
    if not recipient.is_waiting or not recipient.email or recipient.outcome.startswith(NOT_SENT):
        return
    said = [NOT_SENT, recipient.outcome]
    if recipient.tries > recipient.failures:
        said.append("A try was cut off, so it may have arrived")
    recipient.outcome, recipient.next_try_at = ". ".join(each for each in said if each), None
    recipient.save()
    _record_outcome(recipient, by=None, at=now)


@requires(SUSPENSION["notify-rest"])
@transaction.atomic
def notify_rest(suspension_id: int, *, by: User) -> Suspension:
    """Tell those of an urgent suspension who were not told at once, before it is confirmed.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`.
    """
    suspension = lock(suspension_id)
    SUSPENSION.apply(suspension, "notify-rest", by)
    events.record("suspension.rest_notified", by=by, about=suspension)
    queue.add(
        names.NOTIFY_RECIPIENTS, suspension.pk, NotificationKind.SUSPENSION.value, about=suspension
    )
    return suspension


@requires(SUSPENSION["settle-recipient"])
@transaction.atomic
def settle_recipient(
    recipient_id: int, *, by: User, given: NotifiedInput, now: datetime
) -> Recipient:
    """Record what became of a recipient: told by hand, to be sent an e-mail, or not to be told.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `already-notified`, `when-missing`,
    `in-future`.
    """
    if given.what == "email":
        return email_recipient(recipient_id, by=by, email=given.email)
    if given.what == "close":
        return close_recipient(recipient_id, by=by, reason=given.closed_reason)
    if given.notified_at is None:
        raise NotAllowed("when-missing", "Enter when they were told.", "notified_at")
    return record_notified(
        recipient_id,
        by=by,
        notified_at=given.notified_at,
        how=given.how,
        outcome=given.outcome,
        now=now,
    )


@requires(SUSPENSION["settle-recipient"])
@transaction.atomic
def record_notified(
    recipient_id: int,
    *,
    by: User,
    notified_at: datetime,
    how: str,
    now: datetime,
    outcome: str = "",
) -> Recipient:
    """Record that a recipient was told by hand.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `already-notified`, `in-future`.
    """
    recipient = _lock_open_recipient(recipient_id, by)
    checks.check_when(notified_at, now, what="message", field="notified_at")
    recipient.notified_at, recipient.how, recipient.notified_by = notified_at, how, by
    recipient.outcome, recipient.closed_reason, recipient.next_try_at = outcome, "", None
    recipient.save()
    if (
        recipient.notification == NotificationKind.SUSPENSION
        and recipient.suspension.status == SuspensionStatus.LIFTED
    ):
        list_recipients(
            recipient.suspension,
            NotificationKind.LIFT,
            [RecipientInput(recipient.kind, recipient.name, recipient.email)],
        )
    _record_outcome(recipient, by=by, at=notified_at)
    return recipient


@requires(SUSPENSION["settle-recipient"])
@transaction.atomic
def email_recipient(recipient_id: int, *, by: User, email: str) -> Recipient:
    """Send the e-mail to this address, also where an earlier one failed; its outcome is recorded
    when it has gone.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `already-notified`.
    """
    recipient = _lock_open_recipient(recipient_id, by)
    recipient.email, recipient.outcome, recipient.closed_reason = email, "", ""
    recipient.tries = recipient.failures = 0
    recipient.next_try_at = None
    recipient.save()
    events.record(
        "suspension.recipient_emailed",
        by=by,
        about=recipient.suspension,
        after={"recipient": recipient.pk},
    )
    queue.add(names.NOTIFY_RECIPIENT, recipient.pk, about=recipient.suspension)
    return recipient


@requires(SUSPENSION["settle-recipient"])
@transaction.atomic
def close_recipient(recipient_id: int, *, by: User, reason: str) -> Recipient:
    """Record why a recipient need not be told.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `already-notified`.
    """
    recipient = _lock_open_recipient(recipient_id, by)
    recipient.closed_reason = reason
    recipient.save()
    events.record(
        "suspension.recipient_closed",
        by=by,
        about=recipient.suspension,
        after={"recipient": recipient.pk},
    )
    return recipient


@requires((steps.RECORD, steps.PROPOSE))
@transaction.atomic
def add_recipient(suspension_id: int, *, by: User, given: RecipientInput) -> Recipient:
    """Add someone who has to be told of the suspension, or of its lift once it is lifted; to a
    proposal, who proposes.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `already-listed`.
    """
    suspension = lock(suspension_id)
    if not (suspension.status == SuspensionStatus.PROPOSED and by.has_perm(steps.PROPOSE)):
        SUSPENSION.apply(suspension, "add-recipient", by)
    notification = (
        NotificationKind.LIFT
        if suspension.status == SuspensionStatus.LIFTED
        else NotificationKind.SUSPENSION
    )
    notification_rules.check_not_listed(suspension, notification, given.kind, given.name)
    added = Recipient.objects.create(
        suspension=suspension,
        notification=notification,
        kind=given.kind,
        name=given.name,
        email=given.email,
    )
    events.record(
        "suspension.recipient_added", by=by, about=suspension, after={"recipient": added.pk}
    )
    queue.add(names.NOTIFY_RECIPIENTS, suspension.pk, notification.value, about=suspension)
    return added


def _waiting(
    suspension: Suspension, notification: str, kinds: Sequence[str]
) -> QuerySet[Recipient]:
    waiting = suspension.recipients.waiting().filter(notification=notification)
    return waiting.filter(kind__in=kinds) if kinds else waiting


def _lock_open_recipient(recipient_id: int, by: User) -> Recipient:
    """The recipient, held, of which something can be recorded by hand.

    Raises `NotAllowed`: `wrong-state`, `already-notified`.
    """
    recipient = _lock_recipient(recipient_id)
    SUSPENSION.check(recipient.suspension, "settle-recipient", by)
    notification_rules.check_not_notified(recipient)
    return recipient


def _lock_recipient(recipient_id: int) -> Recipient:
    """The recipient, held. Its suspension is read after that: a lift that held the recipient first
    is seen.
    """
    recipient = locking.lock(Recipient, recipient_id)
    suspensions = Suspension.objects.select_related("service__provider", "unit")
    recipient.suspension = suspensions.get(pk=recipient.suspension_id)
    return recipient


def _record_outcome(recipient: Recipient, *, by: User | None, at: datetime) -> None:
    events.record(
        (
            "suspension.recipient_notified"
            if recipient.notified_at
            else "suspension.notification_failed"
        ),
        by=by,
        about=recipient.suspension,
        after={
            "recipient": recipient.pk,
            "kind": recipient.kind,
            "notification": recipient.notification,
            "how": recipient.how,
        },
        happened_at=at,
    )
