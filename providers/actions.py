"""The only writers of the register. Nothing is deleted: a service closes, a contract ends, and each change is an event."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import IntegrityError, models, transaction

from carequality import events
from carequality.models import District, User
from carequality.refusals import Refused
from providers import rules
from providers.models import Contract, PastClosure, Provider, Service, ServiceUnit

# A person's data: that it changed is enough for the record.
PERSONAL = ("contact_name", "contact_email", "contact_phone")


@transaction.atomic
def add_provider(*, by: User, **values: Any) -> Provider:
    """Add a provider; `values` are its fields. Raises `Refused` when its CQC id is taken."""
    provider = Provider(**values)
    _save(provider, "Another provider has this CQC provider id.")
    events.record("provider.added", by=by, about=provider, after=_printable(values))
    return provider


@transaction.atomic
def change_provider(provider_id: int, *, by: User, **values: Any) -> Provider:
    """Change the fields named in `values`. Raises `Refused` when its CQC id is taken."""
    provider = Provider.objects.select_for_update().get(pk=provider_id)
    _change(provider, "provider.changed", "Another provider has this CQC provider id.", by, values)
    return provider


@transaction.atomic
def add_service(*, by: User, **values: Any) -> Service:
    """Add a service; `values` are its fields. Raises `Refused` when the provider has one of that name and type."""
    service = Service(**values)
    _save(service, "This provider has a service of this name and type already.")
    events.record("service.added", by=by, about=service, after=_printable(values))
    return service


@transaction.atomic
def change_service(service_id: int, *, by: User, **values: Any) -> Service:
    """Change the fields named in `values`. Raises `Refused` when the provider has one of that name and type."""
    service = Service.objects.select_for_update().get(pk=service_id)
    _change(
        service, "service.changed", "This provider has a service of this name and type already.", by, values
    )
    return service


@transaction.atomic
def close_service(service_id: int, *, by: User, closed_on: date, reason: str) -> Service:
    """Close a service from the day `closed_on` on (which may lie ahead). Its contracts are left to be ended by name."""
    service = Service.objects.select_for_update().get(pk=service_id)
    if why_not := rules.why_not_close(service, closed_on):
        raise Refused(why_not)
    service.closed_on, service.closed_reason = closed_on, reason
    service.save(update_fields=["closed_on", "closed_reason"])
    events.record("service.closed", by=by, about=service, after=_printable({"closed_on": closed_on}))
    return service


@transaction.atomic
def reopen_service(service_id: int, *, by: User, reopened_on: date, reason: str, today: date) -> Service:
    """Reopen a service. `reopened_on` equal to the day of closing says that it had not closed at all."""
    service = Service.objects.select_for_update().get(pk=service_id)
    if why_not := rules.why_not_reopen(service, reopened_on, today):
        raise Refused(why_not)
    assert service.closed_on is not None
    PastClosure.objects.create(
        service=service,
        closed_on=service.closed_on,
        closed_reason=service.closed_reason,
        reopened_on=reopened_on,
        reopened_reason=reason,
    )
    before = _printable({"closed_on": service.closed_on})
    service.closed_on, service.closed_reason = None, ""
    service.save(update_fields=["closed_on", "closed_reason"])
    events.record(
        "service.reopened",
        by=by,
        about=service,
        before=before,
        after=_printable({"reopened_on": reopened_on}),
    )
    return service


@transaction.atomic
def add_contract(
    service_id: int, *, by: User, districts: Collection[District], today: date, **values: Any
) -> Contract:
    """Add a contract of a service for `districts`. Raises `Refused` when its reference is taken or the service closed."""
    service = Service.objects.select_for_update().get(pk=service_id)
    if why_not := rules.why_not_add_contract(service, today):
        raise Refused(why_not)
    contract = Contract(service=service, **values)
    _save(contract, "Another contract has this reference.")
    contract.districts.set(districts)
    ids = sorted(district.pk for district in districts)
    events.record("contract.added", by=by, about=contract, after=_printable(values) | {"districts": ids})
    return contract


@transaction.atomic
def change_contract(
    contract_id: int, *, by: User, districts: Collection[District], **values: Any
) -> Contract:
    """Put a contract's record right. Raises `Refused` when its reference is taken."""
    contract = Contract.objects.select_for_update().get(pk=contract_id)
    was = sorted(contract.districts.values_list("pk", flat=True))
    now = sorted(district.pk for district in districts)
    contract.districts.set(districts)
    also = ({}, {}) if was == now else ({"districts": was}, {"districts": now})
    _change(contract, "contract.changed", "Another contract has this reference.", by, values, *also)
    return contract


@transaction.atomic
def end_contract(contract_id: int, *, by: User, ends_on: date, reason: str, today: date) -> Contract:
    """Give a contract its last day, which may lie ahead."""
    contract = Contract.objects.select_for_update().get(pk=contract_id)
    if why_not := rules.why_not_end_contract(contract, ends_on, today):
        raise Refused(why_not)
    before = _printable({"ends_on": contract.ends_on})
    contract.ends_on, contract.ended_reason = ends_on, reason
    contract.save(update_fields=["ends_on", "ended_reason"])
    events.record(
        "contract.ended", by=by, about=contract, before=before, after=_printable({"ends_on": ends_on})
    )
    return contract


@transaction.atomic
def add_unit(service_id: int, *, by: User, name: str, today: date) -> ServiceUnit:
    """Name a part of a service that can be suspended by itself."""
    service = Service.objects.select_for_update().get(pk=service_id)
    if why_not := rules.why_not_add_unit(service, name, today):
        raise Refused(why_not)
    unit = ServiceUnit.objects.create(service=service, name=name)
    events.record("unit.added", by=by, about=unit, after={"name": name})
    return unit


@transaction.atomic
def rename_unit(unit_id: int, *, by: User, name: str) -> ServiceUnit:
    unit = ServiceUnit.objects.select_for_update().get(pk=unit_id)
    if why_not := rules.why_not_rename_unit(unit, name):
        raise Refused(why_not)
    before = {"name": unit.name}
    unit.name = name
    unit.save(update_fields=["name"])
    events.record("unit.renamed", by=by, about=unit, before=before, after={"name": name})
    return unit


@transaction.atomic
def close_unit(unit_id: int, *, by: User, today: date) -> ServiceUnit:
    """Mark a part of a service as no longer in use."""
    unit = ServiceUnit.objects.select_for_update().get(pk=unit_id)
    if why_not := rules.why_not_close_unit(unit):
        raise Refused(why_not)
    unit.closed_on = today
    unit.save(update_fields=["closed_on"])
    events.record("unit.closed", by=by, about=unit, after=_printable({"closed_on": today}))
    return unit


def _save(row: models.Model, if_taken: str) -> None:
    """Save a row; the form has looked for its twin, but another may have come in between."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if error.__cause__ is None or getattr(error.__cause__, "sqlstate", "") != "23505":
            raise
        raise Refused(if_taken) from error


def _change(
    row: models.Model,
    kind: str,
    if_taken: str,
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
    """What the record keeps: ids, days as ISO 8601, plain values, and of a person's data only that it is there."""
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
