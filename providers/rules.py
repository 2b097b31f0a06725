"""What may be done to the register, and what would be left open by it. Nothing here writes."""

from datetime import date

from core.dates import day_in_words
from core.models import User
from core.workflow import NotAllowed
from providers.models import Contract, Funder, Service, ServiceUnit
from providers.open_items import OPEN_ITEMS, OpenItem


def open_items(service: Service, by: User, closed_on: date) -> list[OpenItem]:
    """What is open at the service as far as `by` may know: contracts, and what the apps above
    register.
    """
    found = [
        OpenItem(f"Contract {contract.reference} {_until(contract)}")
        for contract in service.contracts.in_force_on(closed_on)
    ]
    for registered in OPEN_ITEMS:
        found += registered(service, by, closed_on)
    return found


# What is said when another row has what must be unique, and the field that it is about.
CQC_ID_TAKEN = ("Another provider has this CQC provider id.", "cqc_provider_id")
SERVICE_TAKEN = ("This provider has a service of this name and type already.", "name")
REFERENCE_TAKEN = ("Another contract has this reference.", "reference")


def check_close(service: Service, closed_on: date) -> None:
    """Raises `NotAllowed` when the service cannot close that day: `already-closed`,
    `before-opened`, `before-reopened`.
    """
    if service.closed_on is not None:
        raise NotAllowed(
            "already-closed",
            f"{service} was closed already, on {day_in_words(service.closed_on)}.",
            "closed_on",
        )
    if service.opened_on and closed_on < service.opened_on:
        raise NotAllowed(
            "before-opened",
            f"{service} opened on {day_in_words(service.opened_on)}; it cannot close before that"
            " day.",
            "closed_on",
        )
    latest = service.past_closures.order_by("-reopened_on").first()
    if latest and closed_on < latest.reopened_on:
        raise NotAllowed(
            "before-reopened",
            f"{service} reopened on {day_in_words(latest.reopened_on)}; it cannot close before that"
            " day.",
            "closed_on",
        )


def check_reopen(service: Service, reopened_on: date, today: date) -> date:
    """The day on which it closed. Raises `NotAllowed`: `not-closed`, `before-closed`,
    `in-future`.
    """
    if service.closed_on is None:
        raise NotAllowed("not-closed", f"{service} is not closed.", "reopened_on")
    if reopened_on < service.closed_on:
        raise NotAllowed(
            "before-closed",
            f"{service} closed on {day_in_words(service.closed_on)}; it cannot reopen before that"
            " day.",
            "reopened_on",
        )
    # Its own closing day means that the closure did not happen, which may be known ahead.
    if reopened_on > today and reopened_on != service.closed_on:
        raise NotAllowed(
            "in-future", "The day on which it reopened must not lie in the future.", "reopened_on"
        )
    return service.closed_on


def check_add_contract(service: Service, today: date) -> None:
    """Raises `NotAllowed`: `service-closed`."""
    if service.is_closed_on(today):
        raise NotAllowed(
            "service-closed", f"{service} is closed. Reopen it before you add a contract."
        )


def check_end_contract(contract: Contract, ends_on: date, today: date) -> None:
    """Raises `NotAllowed`: `already-ended`, `before-start`."""
    if contract.ends_on is not None and contract.is_over_on(today):
        raise NotAllowed(
            "already-ended",
            f"Contract {contract} ended on {day_in_words(contract.ends_on)}.",
            "ends_on",
        )
    if ends_on < contract.starts_on:
        raise NotAllowed(
            "before-start",
            f"Contract {contract} starts on {day_in_words(contract.starts_on)}; it cannot end"
            " before that day.",
            "ends_on",
        )


def check_add_unit(service: Service, name: str, today: date) -> None:
    """Raises `NotAllowed`: `service-closed`, `taken`."""
    if service.is_closed_on(today):
        raise NotAllowed(
            "service-closed", f"{service} is closed. Reopen it before you add a part of it.", "name"
        )
    if service.units.filter(name__iexact=name).exists():
        raise NotAllowed("taken", f"{service} has a part called {name} already.", "name")


def check_rename_unit(unit: ServiceUnit, name: str) -> None:
    """Raises `NotAllowed`: `taken`."""
    if unit.service.units.filter(name__iexact=name).exclude(pk=unit.pk).exists():
        raise NotAllowed("taken", f"{unit.service} has another part called {name}.", "name")


def check_close_unit(unit: ServiceUnit) -> None:
    """Raises `NotAllowed`: `already-closed`."""
    if unit.closed_on is not None:
        raise NotAllowed(
            "already-closed", f"{unit} was closed already, on {day_in_words(unit.closed_on)}."
        )


def _until(contract: Contract) -> str:
    return f"runs until {day_in_words(contract.ends_on)}" if contract.ends_on else "has no end date"


def check_count(funder: str, name: str, counted_on: date, today: date) -> None:
    """Whether people can have been counted like that.

    Raises `NotAllowed`: `in-future`, `authority-missing`.
    """
    if counted_on > today:
        raise NotAllowed("in-future", "The day must be today or before.", "counted_on")
    if funder == Funder.AUTHORITY and not name.strip():
        raise NotAllowed("authority-missing", "Say which authority.", "name")
