"""The only writers of the register. Nothing is deleted: a service closes, a contract ends, and each
change is an event.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from core import events
from core.inputs import columns
from core.locking import lock
from core.models import District, Locality, User
from core.workflow import NotAllowed, requires
from providers import rules
from providers.models import (
    Contract,
    FundedPeople,
    Funder,
    PastClosure,
    Provider,
    Service,
    ServiceUnit,
)

CHANGE_FUNDED_PEOPLE = "providers.change_fundedpeople"
# A person's data: that it changed is enough for the record.
PERSONAL = ("contact_name", "contact_email", "contact_phone")


@dataclass(frozen=True)
class ProviderInput:
    """What the register holds of a provider."""

    name: str
    cqc_provider_id: str | None = None
    companies_house_number: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""


@dataclass(frozen=True)
class ServiceInput:
    """What the register holds of a service, but for its contracts, its parts and its closing."""

    provider: Provider
    name: str
    service_type: str
    client_group: str
    district: District
    beds: int | None = None
    opened_on: date | None = None
    address: str = ""
    postcode: str = ""
    locality: Locality | None = None
    phone: str = ""
    lead_officer: User | None = None


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
class ClosingInput:
    """From which day a service gives no care, and why."""

    closed_on: date
    reason: str


@dataclass(frozen=True)
class ReopeningInput:
    """From which day a service gives care again, and why."""

    reopened_on: date
    reason: str


@dataclass(frozen=True)
class ContractEndInput:
    """The last day of a contract, and why it ends."""

    ends_on: date
    reason: str


@dataclass(frozen=True)
class UnitInput:
    """The name of a part of a service."""

    name: str


@requires("providers.add_provider")
@transaction.atomic
def add_provider(*, by: User, given: ProviderInput) -> Provider:
    """Add a provider.

    Raises `NotAllowed`: `permission-missing`, `taken` (its CQC id).
    """
    provider = Provider(**columns(given))
    _save(provider, rules.CQC_ID_TAKEN)
    events.record("provider.added", by=by, about=provider, after=_printable(columns(given)))
    return provider


@requires("providers.change_provider")
@transaction.atomic
def change_provider(provider_id: int, *, by: User, given: ProviderInput) -> Provider:
    """Change what the register holds of a provider.

    Raises `NotAllowed`: `permission-missing`, `taken` (its CQC id).
    """
    provider = lock(Provider, provider_id)
    _change(provider, "provider.changed", rules.CQC_ID_TAKEN, by, columns(given))
    return provider


@requires("providers.add_service")
@transaction.atomic
def add_service(*, by: User, given: ServiceInput) -> Service:
    """Add a service.

    Raises `NotAllowed`: `permission-missing`, `taken` when the provider has a service of that name
    and type.
    """
    service = Service(**columns(given))
    _save(service, rules.SERVICE_TAKEN)
    events.record("service.added", by=by, about=service, after=_printable(columns(given)))
    return service


@requires("providers.change_service")
@transaction.atomic
def change_service(service_id: int, *, by: User, given: ServiceInput) -> Service:
    """Change what the register holds of a service.

    Raises `NotAllowed`: `permission-missing`, `taken` when the provider has a service of that name
    and type.
    """
    service = lock(Service, service_id)
    _change(service, "service.changed", rules.SERVICE_TAKEN, by, columns(given))
    return service


@requires("providers.close_service")
@transaction.atomic
def close_service(service_id: int, *, by: User, given: ClosingInput) -> Service:
    """Close a service from a day on (which may lie ahead). Its contracts are left to be ended by
    name.

    Raises `NotAllowed`: `permission-missing`, `already-closed`, `before-opened`, `before-reopened`.
    """
    # Held, so that of two people who close it at once the second is told that it is closed.
    service = lock(Service, service_id)
    rules.check_close(service, given.closed_on)
    service.closed_on, service.closed_reason = given.closed_on, given.reason
    service.save(update_fields=["closed_on", "closed_reason"])
    events.record(
        "service.closed", by=by, about=service, after=_printable({"closed_on": given.closed_on})
    )
    return service


@requires("providers.close_service")
@transaction.atomic
def reopen_service(service_id: int, *, by: User, given: ReopeningInput, today: date) -> Service:
    """Reopen a service. A day of reopening equal to that of closing says that it had not closed at
    all.

    Raises `NotAllowed`: `permission-missing`, `not-closed`, `before-closed`, `in-future`.
    """
    service = lock(Service, service_id)
    closed_on = rules.check_reopen(service, given.reopened_on, today)
    # The closure moves to a row of its own before the service forgets it: figures of the days on
    # which the service was closed must still leave it out.
    PastClosure.objects.create(
        service=service,
        closed_on=closed_on,
        closed_reason=service.closed_reason,
        reopened_on=given.reopened_on,
        reopened_reason=given.reason,
    )
    service.closed_on, service.closed_reason = None, ""
    service.save(update_fields=["closed_on", "closed_reason"])
    events.record(
        "service.reopened",
        by=by,
        about=service,
        before=_printable({"closed_on": closed_on}),
        after=_printable({"reopened_on": given.reopened_on}),
    )
    return service


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
    _save(contract, rules.REFERENCE_TAKEN)
    contract.districts.set(given.districts)
    ids = sorted(district.pk for district in given.districts)
    events.record(
        "contract.added", by=by, about=contract, after=_printable(values) | {"districts": ids}
    )
    return contract


@requires("providers.change_service")
@transaction.atomic
def change_contract(contract_id: int, *, by: User, given: ContractInput) -> Contract:
    """Put a contract's record right.

    Raises `NotAllowed`: `permission-missing`, `taken` (its reference).
    """
    contract = lock(Contract, contract_id)
    was = sorted(contract.districts.values_list("pk", flat=True))
    now = sorted(district.pk for district in given.districts)
    contract.districts.set(given.districts)
    # A many-to-many is no column: its change is recorded beside those that `_change` compares.
    also = ({}, {}) if was == now else ({"districts": was}, {"districts": now})
    values = columns(given, but=("districts",))
    _change(contract, "contract.changed", rules.REFERENCE_TAKEN, by, values, *also)
    return contract


@requires("providers.change_service")
@transaction.atomic
def end_contract(contract_id: int, *, by: User, given: ContractEndInput, today: date) -> Contract:
    """Give a contract its last day, which may lie ahead.

    Raises `NotAllowed`: `permission-missing`, `already-ended`, `before-start`.
    """
    contract = lock(Contract, contract_id)
    rules.check_end_contract(contract, given.ends_on, today)
    before = _printable({"ends_on": contract.ends_on})
    contract.ends_on, contract.ended_reason = given.ends_on, given.reason
    contract.save(update_fields=["ends_on", "ended_reason"])
    events.record(
        "contract.ended",
        by=by,
        about=contract,
        before=before,
        after=_printable({"ends_on": given.ends_on}),
    )
    return contract


@requires("providers.change_service")
@transaction.atomic
def add_unit(service_id: int, *, by: User, given: UnitInput, today: date) -> ServiceUnit:
    """Name a part of a service that can be suspended by itself.

    Raises `NotAllowed`: `permission-missing`, `service-closed`, `taken`.
    """
    # The service is held: the rule compares names without their case, which no constraint does.
    service = lock(Service, service_id)
    rules.check_add_unit(service, given.name, today)
    unit = ServiceUnit.objects.create(service=service, **columns(given))
    events.record("unit.added", by=by, about=unit, after={"name": given.name})
    return unit


@requires("providers.change_service")
@transaction.atomic
def rename_unit(unit_id: int, *, by: User, given: UnitInput) -> ServiceUnit:
    """Give a part of a service another name.

    Raises `NotAllowed`: `permission-missing`, `taken`.
    """
    unit = lock(ServiceUnit, unit_id)
    rules.check_rename_unit(unit, given.name)
    before = {"name": unit.name}
    unit.name = given.name
    unit.save(update_fields=["name"])
    events.record("unit.renamed", by=by, about=unit, before=before, after={"name": given.name})
    return unit


@requires("providers.change_service")
@transaction.atomic
def close_unit(unit_id: int, *, by: User, today: date) -> ServiceUnit:
    """Mark a part of a service as no longer in use.

    Raises `NotAllowed`: `permission-missing`, `already-closed`.
    """
    unit = lock(ServiceUnit, unit_id)
    rules.check_close_unit(unit)
    unit.closed_on = today
    unit.save(update_fields=["closed_on"])
    events.record("unit.closed", by=by, about=unit, after=_printable({"closed_on": today}))
    return unit


def _save(row: models.Model, if_taken: tuple[str, str]) -> None:
    """Save a row; the form has looked for its twin, but another may have come in between."""
    try:
        # A savepoint, without which the refused INSERT would spoil the whole transaction.
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        # 23505 is PostgreSQL's unique violation; any other is a fault of ours and is not hidden.
        if error.__cause__ is None or getattr(error.__cause__, "sqlstate", "") != "23505":
            raise
        sentence, field = if_taken
        raise NotAllowed("taken", sentence, field) from error


def _change(
    row: models.Model,
    kind: str,
    if_taken: tuple[str, str],
    by: User,
    values: dict[str, Any],
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Set what differs, save it and record it; a change of nothing leaves no event."""
    was = {name: getattr(row, name) for name in values}
    changed = {name: value for name, value in values.items() if was[name] != value}
    if not changed and not after:
        return
    for name, value in changed.items():
        setattr(row, name, value)
    _save(row, if_taken)
    events.record(
        kind,
        by=by,
        about=row,
        before=_printable({name: was[name] for name in changed}) | (before or {}),
        after=_printable(changed) | (after or {}),
    )


def _printable(values: dict[str, Any]) -> dict[str, Any]:
    """What the record keeps: ids, days as ISO 8601, plain values, and of a person's data only that
    it is there.
    """
    return {
        name: "(personal)"
        if name in PERSONAL and value
        else value.pk
        if isinstance(value, models.Model)
        else value.isoformat()
        if isinstance(value, date)
        else value
        for name, value in values.items()
    }


@dataclass(frozen=True)
class FundedPeopleInput:
    """How many people one funder pays for, as last counted; `name` says which authority or part of
    the NHS.
    """

    funder: str
    people: int
    counted_on: date
    name: str = ""
    email: str = ""


@requires(CHANGE_FUNDED_PEOPLE)
@transaction.atomic
def count_people(
    service_id: int, *, by: User, given: FundedPeopleInput, now: datetime
) -> FundedPeople:
    """Keep how many people at the service that funder pays for, as last counted. None left is
    counted as 0.

    Raises `NotAllowed`: `permission-missing`, `in-future`, `authority-missing`.
    """
    # The service is held, so that two counts of the same funder become one row and not a clash.
    service = Service.objects.select_for_update(of=("self",)).get(pk=service_id)
    rules.check_count(given.funder, given.name, given.counted_on, timezone.localdate(now))
    counted = asdict(given)
    funder, name = counted.pop("funder"), counted.pop("name").strip()
    found, _new = FundedPeople.objects.update_or_create(
        service=service,
        funder=funder,
        # The council and the people themselves have no other name, whatever was typed.
        name=name if funder in (Funder.AUTHORITY, Funder.NHS) else "",
        defaults={**counted, "by": by},
    )
    events.record(
        "service.people_counted",
        by=by,
        about=service,
        after={"funded": found.pk, "people": given.people},
    )
    return found
