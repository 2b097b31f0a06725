"""What may be done to the register, and what would be left open by it. Nothing here writes."""

from collections.abc import Collection, Iterable
from datetime import date

from core.dates import day_in_words
from core.models import User
from core.workflow import NotAllowed
from providers import same_names
from providers.models import Contract, Funder, Provider, Service, ServiceUnit
from providers.open_items import OPEN_ITEMS, OpenItem


def open_items(service: Service, by: User, closed_on: date) -> list[OpenItem]:
    """What is open at the service as far as `by` may know: contracts, and what the apps above
    register.
    """
    found = [
        OpenItem(f"Contract {contract.reference} {_until(contract)}")
        for contract in service.contracts.in_force_on(closed_on)
    ]
    # Each app is asked with the person: what they may not read is not listed, not even as a number.
    for registered in OPEN_ITEMS:
        found += registered(service, by, closed_on)
    return found


# What is said when another row has what must be unique, and the field that it is about.
CQC_ID_TAKEN = ("Check the CQC provider id: another provider has it.", "cqc_provider_id")
SERVICE_TAKEN = ("This provider already has a service of this name and type.", "name")
REFERENCE_TAKEN = ("Check the reference: another contract has it.", "reference")


AUTHORITY_MISSING = "Enter the name of the authority."


def check_close(service: Service, closed_on: date) -> None:
    """Raises `NotAllowed` when the service cannot close that day: `already-closed`,
    `before-opened`, `before-reopened`.
    """
    if service.closed_on is not None:
        raise NotAllowed(
            "already-closed",
            f"{service} already closed on {day_in_words(service.closed_on)}.",
            "closed_on",
        )
    if service.opened_on and closed_on < service.opened_on:
        raise NotAllowed(
            "before-opened",
            _not_before("closing", service, "opened", service.opened_on),
            "closed_on",
        )
    latest = service.past_closures.order_by("-reopened_on").first()
    # The closures of a service follow one another: each day belongs to one of them at most.
    if latest and closed_on < latest.reopened_on:
        raise NotAllowed(
            "before-reopened",
            _not_before("closing", service, "reopened", latest.reopened_on),
            "closed_on",
        )


def check_reopen(service: Service, reopened_on: date, today: date) -> date:
    """The day on which it closed.

    Raises `NotAllowed`: `not-closed`, `before-closed`, `in-future`.
    """
    if service.closed_on is None:
        raise NotAllowed(
            "not-closed", f"{service} is not closed, so it cannot reopen.", "reopened_on"
        )
    if reopened_on < service.closed_on:
        raise NotAllowed(
            "before-closed",
            _not_before("reopening", service, "closed", service.closed_on),
            "reopened_on",
        )
    # Its own closing day means that the closure did not happen, which may be known ahead.
    if reopened_on > today and reopened_on != service.closed_on:
        raise NotAllowed(
            "in-future", "The day of reopening must be today or earlier.", "reopened_on"
        )
    return service.closed_on


def check_add_contract(service: Service, today: date) -> None:
    """Raises `NotAllowed`: `service-closed`."""
    if service.is_closed_on(today):
        raise NotAllowed(
            "service-closed", f"{service} is closed. Reopen the service before you add a contract."
        )


def check_end_contract(contract: Contract, ends_on: date, today: date) -> None:
    """Raises `NotAllowed`: `already-ended`, `before-start`."""
    # An end that still lies ahead may be moved; one that has passed has been counted by figures.
    if contract.ends_on is not None and contract.is_over_on(today):
        raise NotAllowed(
            "already-ended",
            f"Contract {contract} has already ended, on {day_in_words(contract.ends_on)}.",
            "ends_on",
        )
    if ends_on < contract.starts_on:
        raise NotAllowed(
            "before-start",
            _not_before("the end", f"Contract {contract}", "starts", contract.starts_on),
            "ends_on",
        )


def check_name(
    of_that_name: Iterable[Provider | Service], another_than: Collection[int] = ()
) -> None:
    """A name that the register holds already, in whatever spelling, is given to another only by
    whoever has seen those that have it.

    Raises `NotAllowed`: `taken`.
    """
    for held in of_that_name:
        if held.pk not in another_than:
            raise NotAllowed(
                "taken",
                f"{held} is already on the register. Check whether it is the same one.",
                "name",
            )


def check_add_unit(
    service: Service, name: str, today: date, another_than: Collection[int] = ()
) -> None:
    """Raises `NotAllowed`: `service-closed`, `taken`."""
    if service.is_closed_on(today):
        raise NotAllowed(
            "service-closed",
            f"{service} is closed. Reopen the service before you add a part.",
            "name",
        )
    _check_unit_name(service, name, same_names.units_named(service, name), another_than)


def check_rename_unit(unit: ServiceUnit, name: str, another_than: Collection[int] = ()) -> None:
    """Raises `NotAllowed`: `taken`."""
    held = same_names.units_named(unit.service, name, but=unit.pk)
    if same_names.is_new(name, unit.name):
        _check_unit_name(unit.service, name, held, another_than)
    else:
        # Already confirmed: only one that is spelt alike is in the way.
        _check_unit_name(unit.service, name, held.filter(name=name), ())


def _check_unit_name(
    service: Service, name: str, held: Iterable[ServiceUnit], another_than: Collection[int]
) -> None:
    for unit in held:
        # Spelt alike they could not be told apart, whoever confirms it.
        if unit.name == name or unit.pk not in another_than:
            raise NotAllowed(
                "taken",
                f"{service} already has a part called {unit}. Enter another name.",
                "name",
            )


def check_close_unit(unit: ServiceUnit) -> None:
    """Raises `NotAllowed`: `already-closed`."""
    if unit.closed_on is not None:
        raise NotAllowed(
            "already-closed",
            f"{unit} was already taken out of use on {day_in_words(unit.closed_on)}.",
        )


def _not_before(what: str, about: object, verb: str, day: date) -> str:
    return f"The day of {what} must not be before {day_in_words(day)}, when {about} {verb}."


def _until(contract: Contract) -> str:
    return f"runs until {day_in_words(contract.ends_on)}" if contract.ends_on else "has no end date"


def check_count(funder: str, name: str, counted_on: date, today: date) -> None:
    """Whether people can have been counted like that.

    Raises `NotAllowed`: `in-future`, `authority-missing`.
    """
    if counted_on > today:
        raise NotAllowed(
            "in-future", "The day of the count must be today or earlier.", "counted_on"
        )
    if funder == Funder.AUTHORITY and not name.strip():
        raise NotAllowed("authority-missing", AUTHORITY_MISSING, "name")
