"""What a person does about recipients: adds one, records how one was notified, or why not.

What the worker sends is in `sending`.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core import checks, events
from core.jobs import names, queue
from core.models import User
from core.workflow import NotAllowed, requires
from notifications.models import NotificationKind, RecipientKind
from suspensions.actions.letters import freeze_recipient_letter
from suspensions.actions.recipients import lock_recipient, record_outcome
from suspensions.actions.record import RecipientInput, list_recipients, lock
from suspensions.models import AT_ONCE, EVER_IN_FORCE, Recipient, Suspension, SuspensionStatus
from suspensions.rules import notification as notification_rules
from suspensions.rules import steps
from suspensions.workflow.suspension import SUSPENSION


@dataclass(frozen=True)
class NotifiedInput:
    """What a person records of a recipient: `told`, with when and how; `email`, with the
    address; or `close`, with the reason.
    """

    what: str
    notified_at: datetime | None = None
    how: str = ""
    outcome: str = ""
    email: str = ""
    closed_reason: str = ""


@requires(SUSPENSION["notify-rest"])
@transaction.atomic
def notify_rest(suspension_id: int, *, by: User) -> Suspension:
    """Notify those of an urgent suspension who were not notified at once, before it is confirmed.

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
    """Record what became of a recipient: notified, to be sent an email, or not to be notified.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `already-notified`, `when-missing`,
    `in-future`.
    """
    if given.what == "email":
        return email_recipient(recipient_id, by=by, email=given.email)
    if given.what == "close":
        return close_recipient(recipient_id, by=by, reason=given.closed_reason)
    if given.notified_at is None:
        raise NotAllowed("when-missing", f"{notification_rules.WHEN_MISSING}.", "notified_at")
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
    """Record that a person notified a recipient.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `already-notified`, `in-future`.
    """
    recipient = _lock_open_recipient(recipient_id, by)
    checks.check_when(notified_at, now, what="message", field="notified_at")
    recipient.notified_at, recipient.how, recipient.notified_by = notified_at, how, by
    # One that was closed may be notified after all.
    recipient.outcome, recipient.closed_reason, recipient.next_try_at = outcome, "", None
    recipient.save()
    # Whoever hears of the suspension only after its lift has to hear of the lift as well.
    if (
        recipient.notification == NotificationKind.SUSPENSION
        and recipient.suspension.status == SuspensionStatus.LIFTED
    ):
        list_recipients(
            recipient.suspension,
            notification_rules.notification_of_end(recipient.suspension),
            [RecipientInput(recipient.kind, recipient.name, recipient.email)],
        )
    record_outcome(recipient, by=by, at=notified_at)
    return recipient


@requires(SUSPENSION["settle-recipient"])
@transaction.atomic
def email_recipient(recipient_id: int, *, by: User, email: str) -> Recipient:
    """Send the email to this address, also where an earlier one failed; its outcome is recorded
    when it has gone.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `already-notified`.
    """
    recipient = _lock_open_recipient(recipient_id, by)
    recipient.email, recipient.outcome, recipient.closed_reason = email, "", ""
    # Another address: a try that was cut off says nothing of whether this one was reached.
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
    """Record why a recipient need not be notified.

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
def add_recipient(
    suspension_id: int, *, by: User, given: RecipientInput, now: datetime
) -> Recipient:
    """Add someone who has to be notified of the suspension, or of its lift once it is lifted; to a
    proposal, whoever proposes can. It is sent an email at once where it has an address; of an
    urgent suspension that nobody has confirmed, the others go on waiting.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `already-listed`.
    """
    suspension = lock(suspension_id)
    # While it is proposed its list belongs to the proposal, so the table of steps is not asked.
    if not (suspension.status == SuspensionStatus.PROPOSED and by.has_perm(steps.PROPOSE)):
        SUSPENSION.apply(suspension, "add-recipient", by)
    notification = (
        notification_rules.notification_of_end(suspension)
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
    _notify_added(added, now)
    return added


def _notify_added(added: Recipient, now: datetime) -> None:
    suspension = added.suspension
    # Nobody is notified of a proposal: its decision notifies all of them.
    if suspension.status not in EVER_IN_FORCE:
        return
    if not suspension.is_unconfirmed:
        queue.add(names.NOTIFY_RECIPIENTS, suspension.pk, added.notification, about=suspension)
    elif added.email and added.kind in AT_ONCE:
        # This one alone: the others wait on purpose, until somebody says so or confirms.
        if added.kind == RecipientKind.PROVIDER:
            freeze_recipient_letter(added, by=None, now=now)
        queue.add(names.NOTIFY_RECIPIENT, added.pk, about=suspension)


def _lock_open_recipient(recipient_id: int, by: User) -> Recipient:
    """The recipient, held, of which a person can record something.

    Raises `NotAllowed`: `wrong-state`, `already-notified`.
    """
    recipient = lock_recipient(recipient_id)
    SUSPENSION.check(recipient.suspension, "settle-recipient", by)
    notification_rules.check_not_notified(recipient)
    return recipient
