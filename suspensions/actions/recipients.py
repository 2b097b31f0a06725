"""The recipients of a suspension: who stands on the list, held while one is dealt with."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from core import events, locking
from core.jobs import names, queue
from core.models import User
from core.workflow import requires
from notifications.models import NotificationKind, RecipientKind
from suspensions.actions.letters import freeze_recipient_letter
from suspensions.actions.record import RecipientInput, list_recipients, usual_recipients
from suspensions.models import Recipient, Suspension


def notified_recipients(suspension: Suspension) -> list[RecipientInput]:
    """Everyone who was notified of the suspension, held: an email on its way ends first, and
    whoever it reaches counts.

    One that was cut off may have arrived, and counts as well.
    """
    # The suspension is held before its recipients, here and when emails are given up. The worker
    # that sends holds one recipient and no suspension.
    held = suspension.recipients.select_for_update(of=("self",)).filter(
        notification=NotificationKind.SUSPENSION
    )
    notified = [
        recipient
        for recipient in held.order_by("pk")
        if recipient.notified_at or recipient.tries > recipient.failures
    ]
    # Whoever a person contacted then may have an address by now.
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
    """Everyone who was notified of the suspension has to be notified of its lift."""
    list_recipients_of_end(suspension, NotificationKind.LIFT)


def list_recipients_of_end(suspension: Suspension, notification: NotificationKind) -> None:
    """Everyone who was notified of the suspension has to be notified of its end, in the words of
    that notification.
    """
    list_recipients(suspension, notification, notified_recipients(suspension))
    # Nobody is notified now that it begins: what was still waiting has nothing left to say.
    suspension.recipients.waiting().exclude(notification=notification).update(
        closed_reason="The suspension ended before they were notified."
    )


def notify_provider_again(suspension: Suspension, now: datetime) -> None:
    """The provider that was notified on one manager's word, of a record still bare, is notified
    again with the whole of it: only then can it answer the case against it.
    """
    providers = [
        recipient
        for recipient in notified_recipients(suspension)
        if recipient.kind == RecipientKind.PROVIDER
    ]
    list_recipients(suspension, NotificationKind.CONFIRMED, providers)
    queue.add(
        names.NOTIFY_RECIPIENTS, suspension.pk, NotificationKind.CONFIRMED.value, about=suspension
    )
    # A letter that was written and could not be sent would go as it was.
    for recipient in (
        suspension.recipients.waiting()
        .filter(kind=RecipientKind.PROVIDER, letters__isnull=False)
        .distinct()
    ):
        freeze_recipient_letter(recipient, by=None, now=now)


def waiting_for(
    suspension: Suspension, notification: str, kinds: Sequence[str]
) -> QuerySet[Recipient]:
    """Those of a suspension who still have to be notified of that; `kinds` empty: of every kind."""
    waiting = suspension.recipients.waiting().filter(notification=notification)
    return waiting.filter(kind__in=kinds) if kinds else waiting


def lock_recipient(recipient_id: int) -> Recipient:
    """The recipient, held. Its suspension is read after that: a lift that held the recipient first
    is seen.
    """
    recipient = locking.lock(Recipient, recipient_id)
    suspensions = Suspension.objects.select_related("service__provider", "unit")
    recipient.suspension = suspensions.get(pk=recipient.suspension_id)
    return recipient


@requires(automatic=True)
def record_outcome(recipient: Recipient, *, by: User | None, at: datetime) -> None:
    """Write to the event record how the notification of a recipient went; `by` None: the worker.

    Raises `NotAllowed`: `permission-missing`.
    """
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
