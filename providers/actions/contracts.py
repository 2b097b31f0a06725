"""The writers of contracts: a contract is never deleted, it ends."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from core import events
from core.inputs import columns
from core.locking import lock
from core.models import District, User
from core.workflow import requires
from providers import rules
from providers.actions import saving
from providers.models import (
    Contract,
    Service,
)


@dataclass(frozen=True)
class ContractInput:
    """What a contract is for, and from when to when."""

    reference: str
    starts_on: date
    framework: str = ""
    tier: str = ""
    zone: str = ""
    districts: Collection[District] = ()
    ends_on: date | None = None


@dataclass(frozen=True)
class ContractEndInput:
    """The last day of a contract, and why it ends."""

    ends_on: date
    reason: str


@requires("providers.change_service")
@transaction.atomic
def add_contract(service_id: int, *, by: User, given: ContractInput, today: date) -> Contract:
    """Add a contract of a service.

    Raises `NotAllowed`: `permission-missing`, `taken` (its reference), `service-closed`.
    """
    # The service is held, so that nobody closes it between the rule and the contract.
    service = lock(Service, service_id)
    rules.check_add_contract(service, today)
    values = columns(given, but=("districts",))
    contract = Contract(service=service, **values)
    saving.save(contract, rules.REFERENCE_TAKEN)
    # After the contract is saved: a many-to-many needs its id.
    contract.districts.set(given.districts)
    ids = sorted(district.pk for district in given.districts)
    events.record(
        "contract.added", by=by, about=contract, after=saving.printable(values) | {"districts": ids}
    )
    return contract


@requires("providers.change_service")
@transaction.atomic
def change_contract(contract_id: int, *, by: User, given: ContractInput) -> Contract:
    """Put a contract's record right.

    Raises `NotAllowed`: `permission-missing`, `taken` (its reference).
    """
    contract = lock(Contract, contract_id)
    # Read before they are set, while the contract is held.
    was = sorted(contract.districts.values_list("pk", flat=True))
    now = sorted(district.pk for district in given.districts)
    contract.districts.set(given.districts)
    # A many-to-many is no column: its change is recorded beside those that `_change` compares.
    also = ({}, {}) if was == now else ({"districts": was}, {"districts": now})
    values = columns(given, but=("districts",))
    saving.change(contract, "contract.changed", rules.REFERENCE_TAKEN, by, values, *also)
    return contract


@requires("providers.change_service")
@transaction.atomic
def end_contract(contract_id: int, *, by: User, given: ContractEndInput, today: date) -> Contract:
    """Give a contract its last day, which may lie ahead.

    Raises `NotAllowed`: `permission-missing`, `already-ended`, `before-start`.
    """
    contract = lock(Contract, contract_id)
    rules.check_end_contract(contract, given.ends_on, today)
    before = saving.printable({"ends_on": contract.ends_on})
    contract.ends_on, contract.ended_reason = given.ends_on, given.reason
    # These columns alone, so that what else the row holds is not written back.
    contract.save(update_fields=["ends_on", "ended_reason"])
    events.record(
        "contract.ended",
        by=by,
        about=contract,
        before=before,
        after=saving.printable({"ends_on": given.ends_on}),
    )
    return contract
