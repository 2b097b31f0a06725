"""The writers of providers. Nothing is deleted, and each change is an event."""

from dataclasses import dataclass

from django.db import transaction

from core import events
from core.inputs import columns
from core.locking import lock
from core.models import User
from core.workflow import requires
from providers import rules
from providers.actions import saving
from providers.models import (
    Provider,
)


@dataclass(frozen=True)
class ProviderInput:
    """What the register holds of a provider."""

    name: str
    cqc_provider_id: str | None = None
    companies_house_number: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""


@requires("providers.add_provider")
@transaction.atomic
def add_provider(*, by: User, given: ProviderInput) -> Provider:
    """Add a provider.

    Raises `NotAllowed`: `permission-missing`, `taken` (its CQC id).
    """
    provider = Provider(**columns(given))
    saving.save(provider, rules.CQC_ID_TAKEN)
    events.record("provider.added", by=by, about=provider, after=saving.printable(columns(given)))
    return provider


@requires("providers.change_provider")
@transaction.atomic
def change_provider(provider_id: int, *, by: User, given: ProviderInput) -> Provider:
    """Change what the register holds of a provider.

    Raises `NotAllowed`: `permission-missing`, `taken` (its CQC id).
    """
    # Held, so that the event says what this change replaced, and not what another was replacing.
    provider = lock(Provider, provider_id)
    saving.change(provider, "provider.changed", rules.CQC_ID_TAKEN, by, columns(given))
    return provider
