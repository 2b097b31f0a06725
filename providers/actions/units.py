"""The writers of a service’s named units."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from core import events
from core.inputs import columns
from core.locking import lock
from core.models import User
from core.workflow import requires
from providers import rules
from providers.actions import saving
from providers.models import (
    Service,
    ServiceUnit,
)


@dataclass(frozen=True)
class UnitInput:
    """The name of a part of a service; `another_than` are the ids of those that have it already,
    in another spelling, and are not the same.
    """

    name: str
    another_than: Collection[int] = ()


@requires("providers.change_service")
@transaction.atomic
def add_unit(service_id: int, *, by: User, given: UnitInput, today: date) -> ServiceUnit:
    """Name a part of a service that can be suspended by itself.

    Raises `NotAllowed`: `permission-missing`, `service-closed`, `taken`.
    """
    # The service is held: the rule compares names by their letters, which no constraint does.
    service = lock(Service, service_id)
    rules.check_add_unit(service, given.name, today, given.another_than)
    unit = ServiceUnit.objects.create(service=service, **columns(given, but=("another_than",)))
    events.record(
        "unit.added",
        by=by,
        about=unit,
        after={"name": given.name} | saving.another_than(given.another_than),
    )
    return unit


@requires("providers.change_service")
@transaction.atomic
def rename_unit(unit_id: int, *, by: User, given: UnitInput) -> ServiceUnit:
    """Give a part of a service another name.

    Raises `NotAllowed`: `permission-missing`, `taken`.
    """
    # The service is held, as for adding, and before its unit, as everywhere.
    lock(Service, ServiceUnit.objects.values_list("service", flat=True).get(pk=unit_id))
    unit = lock(ServiceUnit, unit_id)
    rules.check_rename_unit(unit, given.name, given.another_than)
    before = {"name": unit.name}
    unit.name = given.name
    unit.save(update_fields=["name"])
    after = {"name": given.name} | saving.another_than(given.another_than)
    events.record("unit.renamed", by=by, about=unit, before=before, after=after)
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
    events.record("unit.closed", by=by, about=unit, after=saving.printable({"closed_on": today}))
    return unit
