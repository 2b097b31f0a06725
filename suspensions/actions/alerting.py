"""An urgent suspension that nobody has confirmed: the managers are asked, then the deputy, then the
director.
"""

from datetime import datetime

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core import events
from core.jobs import names, queue
from formal_steps.models import Policy
from notifications.models import NotificationKind
from suspensions import mail
from suspensions.actions.record import lock
from suspensions.models import Alert, Level, Recipient, Suspension
from suspensions.rules import steps, urgent


def ask_to_confirm(suspension_id: int, *, now: datetime) -> bool:
    """Ask by email that someone confirm an urgent suspension; again, and higher up, until somebody
    decides.

    Once the managers' time is over, everyone who still waits is notified of the suspension: who was
    told does not depend on when somebody confirms.

    Says whether it was still unconfirmed. The email names no service: what is exempt is read after
    signing in. Who it went to, and whether it went, stays in the record.
    """
    with transaction.atomic():
        # Held while the email goes: whoever confirms at this moment waits, and nobody is alerted of
        # what is confirmed already. The next alert is promised in the same transaction, so that the
        # chain does not break; a crash in between sends this one again.
        suspension = lock(suspension_id)
        if not suspension.is_unconfirmed:
            return False
        today = timezone.localdate(now)
        level = urgent.level_at(suspension, now)
        people = urgent.people_to_alert(suspension, level, today, Policy.current())
        # Whoever places people there, and the provider, cannot wait for as long as the managers.
        tells_rest = level != Level.MANAGERS and _rest(suspension).exists()
        if tells_rest:
            queue.add(
                names.NOTIFY_RECIPIENTS,
                suspension.pk,
                NotificationKind.SUSPENSION.value,
                about=suspension,
            )
        message = mail.to_alert(
            suspension,
            people,
            overdue=steps.is_overdue(suspension, today),
            tells_rest=tells_rest,
        )
        Alert.objects.create(
            suspension=suspension,
            level=level,
            people="\n".join(str(person) for person in people),
            sent_at=now,
            outcome=_sent(suspension, message),
        )
        events.record(
            "suspension.alerted",
            by=None,
            about=suspension,
            after={"level": level, "people": [person.pk for person in people]},
        )
        queue.add(
            names.ASK_TO_CONFIRM,
            suspension.pk,
            due_at=urgent.next_alert_at(suspension, now),
            about=suspension,
        )
        return True


def _rest(suspension: Suspension) -> QuerySet[Recipient]:
    """Those who wait and of whom nothing was tried yet."""
    return suspension.recipients.waiting().filter(
        notification=NotificationKind.SUSPENSION, outcome=""
    )


def _sent(suspension: Suspension, message: EmailMessage) -> str:
    """Send it; returns what came of that, in words for the record."""
    if not message.bcc:
        return "Nobody has an email address: telephone them"
    try:
        message.send()
    except Exception as error:
        # Whatever kept it from going: a malformed address fails as surely as a server that is away.
        failure = type(error).__name__
        events.record(
            "suspension.alert_failed", by=None, about=suspension, after={"error": failure}
        )
        return f"The email failed ({failure}): telephone them"
    return "Sent"
