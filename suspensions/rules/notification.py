"""Who can be notified, and who can be put on the list of recipients."""

from collections.abc import Iterable

from core.keys import fold
from core.workflow import NotAllowed
from notifications.models import NotificationKind, RecipientKind
from providers.models import FundedPeople, Funder
from suspensions.models import Recipient, Suspension

# The form says this of an empty field, and the action to whoever calls it without one.
WHEN_MISSING = "Enter when they were notified"


def notification_of_end(suspension: Suspension) -> NotificationKind:
    """Of what is notified whoever was told of a suspension that is over: that it was lifted, or
    that its service has closed.
    """
    return NotificationKind.CLOSURE if suspension.is_ended_by_closure else NotificationKind.LIFT


def check_not_notified(recipient: Recipient) -> None:
    """Whether the recipient still has to be notified.

    Raises `NotAllowed`: `already-notified`.
    """
    if recipient.notified_at:
        raise NotAllowed("already-notified", f"{recipient.name} has already been notified.")


def check_not_listed(suspension: Suspension, notification: str, kind: str, name: str) -> None:
    """Whether someone can be added to the list of recipients.

    Raises `NotAllowed`: `already-listed`.
    """
    if suspension.recipients.filter(notification=notification, kind=kind, name=name).exists():
        raise NotAllowed("already-listed", f"{name} is already on the list of recipients.", "name")


def not_listed(suspensions: Iterable[Suspension]) -> dict[int, list[FundedPeople]]:
    """By suspension, the authorities that pay for people there and are not on its list of
    recipients: they were counted after it was made.
    """
    rows = {suspension.pk: suspension for suspension in suspensions}
    funded: dict[int, list[FundedPeople]] = {}
    for each in FundedPeople.objects.filter(
        service__in={suspension.service_id for suspension in rows.values()},
        funder=Funder.AUTHORITY,
        people__gt=0,
    ):
        funded.setdefault(each.service_id, []).append(each)
    # By the key of the name: an authority is the same however it is spelt.
    listed = {
        (pk, fold("name_key", name))
        for pk, name in Recipient.objects.filter(
            suspension__in=rows,
            kind=RecipientKind.AUTHORITY,
            notification=NotificationKind.SUSPENSION,
        ).values_list("suspension", "name")
    }
    return {
        pk: missing
        for pk, suspension in rows.items()
        if (
            missing := [
                each
                for each in funded.get(suspension.service_id, ())
                if (pk, each.name_key) not in listed
            ]
        )
    }
