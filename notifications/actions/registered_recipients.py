"""The register of recipients: who is notified of every suspension, or of those of one service."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from core import events
from core.models import User
from core.taken import refused_if_taken
from core.workflow import NotAllowed, requires
from notifications import rules
from notifications.models import RegisteredRecipient
from notifications.permissions import CHANGE
from providers.models import Service


@dataclass(frozen=True)
class RegisteredRecipientInput:
    """Someone for the register of recipients, for one service or for every one (`service_id`
    None).
    """

    kind: str
    name: str
    email: str = ""
    phone: str = ""
    address: str = ""
    service_id: int | None = None


@requires(CHANGE)
@transaction.atomic
def add_recipient(
    *, by: User, given: RegisteredRecipientInput, now: datetime
) -> RegisteredRecipient:
    """Put someone on the register of recipients, for one service or for every one.

    Raises `NotAllowed`: `permission-missing`, `on-register`.
    """
    # Asked first for those who spell it otherwise: of two at once, the table's constraint refuses
    # one, with the same sentence.
    taken = f"{given.name} is already on the register."
    service = None if given.service_id is None else Service.objects.get(pk=given.service_id)
    same = RegisteredRecipient.objects.filter(
        service=service, kind=given.kind, name_key__same_as=given.name, closed_at=None
    )
    if same.exists():
        raise NotAllowed("on-register", taken, "name")
    with refused_if_taken(taken, "name", "on-register"):
        recipient = RegisteredRecipient.objects.create(added_by=by, added_at=now, **asdict(given))
    events.record("recipient.added", by=by, about=recipient, after={"kind": given.kind})
    return recipient


@requires(CHANGE)
@transaction.atomic
def close_recipient(recipient_id: int, *, by: User, now: datetime) -> RegisteredRecipient:
    """Remove someone from the register.

    The record of each suspension still shows when they were notified: who knew of an exempt matter
    can always be shown.

    Raises `NotAllowed`: `permission-missing`, `off-register`.
    """
    # Held, so that of two who remove it one is recorded and the other refused.
    recipient = RegisteredRecipient.objects.select_for_update(of=("self",)).get(pk=recipient_id)
    rules.check_on_register(recipient)
    recipient.closed_at, recipient.closed_by = now, by
    recipient.save()
    events.record("recipient.closed", by=by, about=recipient)
    return recipient
