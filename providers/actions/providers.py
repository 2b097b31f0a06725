"""The writers of providers. Nothing is deleted, and each change is an event."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from core import events
from core.inputs import columns
from core.locking import lock
from core.models import User
from core.workflow import requires
from providers import rules, same_names
from providers.actions import saving
from providers.models import (
    Provider,
)


@dataclass(frozen=True)
class ProviderInput:
    """What the register holds of a provider; `another_than` are the ids of those of the same name
    that are not the same.
    """

    name: str
    cqc_provider_id: str | None = None
    companies_house_number: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    another_than: Collection[int] = ()


@requires("providers.add_provider")
@transaction.atomic
def add_provider(*, by: User, given: ProviderInput) -> Provider:
    """Add a provider.

    Raises `NotAllowed`: `permission-missing`, `taken` (its CQC id, or its name by one that is not
    in `another_than`).
    """
    saving.hold_names()
    rules.check_name(same_names.providers_named(given.name), given.another_than)
    values = columns(given, but=("another_than",))
    provider = Provider(**values)
    saving.save(provider, rules.CQC_ID_TAKEN)
    after = saving.printable(values) | saving.another_than(given.another_than)
    events.record("provider.added", by=by, about=provider, after=after)
    return provider


@requires("providers.change_provider")
@transaction.atomic
def change_provider(provider_id: int, *, by: User, given: ProviderInput) -> Provider:
    """Change what the register holds of a provider.

    Raises `NotAllowed`: `permission-missing`, `taken` (its CQC id, or a new name by one that is
    not in `another_than`).
    """
    saving.hold_names()
    # Held, so that the event says what this change replaced, and not what another was replacing.
    provider = lock(Provider, provider_id)
    if same_names.is_new(given.name, provider.name):
        named = same_names.providers_named(given.name, but=provider.pk)
        rules.check_name(named, given.another_than)
    values = columns(given, but=("another_than",))
    also = saving.another_than(given.another_than)
    saving.change(provider, "provider.changed", rules.CQC_ID_TAKEN, by, values, None, also)
    return provider
