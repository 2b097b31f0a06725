"""The writers of services: a service is never deleted, it closes and may open again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from core import events
from core.inputs import columns
from core.locking import lock
from core.models import District, Locality, User
from core.workflow import requires
from providers import rules, same_names
from providers.actions import saving
from providers.models import (
    PastClosure,
    Provider,
    Service,
)


@dataclass(frozen=True)
class ServiceInput:
    """What the register holds of a service, but for its contracts, its parts and its closing.

    `another_than` are the ids of those of the same name that are not the same.
    """

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
    another_than: Collection[int] = ()


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


@requires("providers.add_service")
@transaction.atomic
def add_service(*, by: User, given: ServiceInput) -> Service:
    """Add a service.

    Raises `NotAllowed`: `permission-missing`, `taken` when the provider has a service of that name
    and type, or any service of that name is not in `another_than`.
    """
    saving.hold_names()
    rules.check_name(same_names.services_named(given.name), given.another_than)
    values = columns(given, but=("another_than",))
    service = Service(**values)
    saving.save(service, rules.SERVICE_TAKEN)
    after = saving.printable(values) | saving.another_than(given.another_than)
    events.record("service.added", by=by, about=service, after=after)
    return service


@requires("providers.change_service")
@transaction.atomic
def change_service(service_id: int, *, by: User, given: ServiceInput) -> Service:
    """Change what the register holds of a service.

    Raises `NotAllowed`: `permission-missing`, `taken` when the provider has a service of that name
    and type, or any service of a new name is not in `another_than`.
    """
    saving.hold_names()
    service = lock(Service, service_id)
    if same_names.is_new(given.name, service.name):
        named = same_names.services_named(given.name, but=service.pk)
        rules.check_name(named, given.another_than)
    values = columns(given, but=("another_than",))
    also = saving.another_than(given.another_than)
    saving.change(service, "service.changed", rules.SERVICE_TAKEN, by, values, None, also)
    return service


@requires("providers.change_service")
@transaction.atomic
def change_lead(service_id: int, *, by: User, lead: User) -> Service:
    """Make another officer the lead of a service.

    Raises `NotAllowed`: `permission-missing`.
    """
    service = lock(Service, service_id)
    saving.change(service, "service.changed", rules.SERVICE_TAKEN, by, {"lead_officer": lead})
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
        "service.closed",
        by=by,
        about=service,
        after=saving.printable({"closed_on": given.closed_on}),
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
    # Only the present closure stands on the service, so that it can close again.
    service.closed_on, service.closed_reason = None, ""
    service.save(update_fields=["closed_on", "closed_reason"])
    events.record(
        "service.reopened",
        by=by,
        about=service,
        before=saving.printable({"closed_on": closed_on}),
        after=saving.printable({"reopened_on": given.reopened_on}),
    )
    return service
