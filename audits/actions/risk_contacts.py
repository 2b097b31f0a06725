"""Who officers call about an immediate risk at a visit."""

from dataclasses import asdict, dataclass

from django.db import transaction

from audits.models import RiskContact
from core import events
from core.models import User
from core.workflow import requires


@dataclass(frozen=True)
class RiskContactInput:
    """A contact as typed; contacts are shown by `order`, then by age."""

    name: str
    phone: str
    when: str
    order: int


@requires("audits.edit_template")
@transaction.atomic
def save_risk_contact(contact_id: int | None, *, by: User, given: RiskContactInput) -> RiskContact:
    """Add (without an id) or change a contact for immediate risks.

    Raises `NotAllowed`: `permission-missing`.
    """
    known = RiskContact.objects.select_for_update()
    contact = RiskContact() if contact_id is None else known.get(pk=contact_id)
    for name, value in asdict(given).items():
        setattr(contact, name, value)
    contact.save()
    events.record("risk_contact.saved", by=by, about=contact)
    return contact


@requires("audits.edit_template")
@transaction.atomic
def remove_risk_contact(contact_id: int, *, by: User) -> None:
    """Delete a contact for immediate risks.

    Raises `NotAllowed`: `permission-missing`.
    """
    contact = RiskContact.objects.select_for_update().get(pk=contact_id)
    # Before the row is gone: the event names it.
    events.record("risk_contact.removed", by=by, about=contact)
    contact.delete()
