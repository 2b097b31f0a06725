"""What may be done to the register, and what would be left open by it. Nothing here writes."""

from datetime import date

from carequality.models import User
from providers.matters import MATTERS, OpenMatter
from providers.models import Contract, Service, ServiceUnit


def open_matters(service: Service, by: User, closed_on: date) -> list[OpenMatter]:
    """What is open at the service as far as `by` may know: contracts, and what the apps above register."""
    matters = [
        OpenMatter(f"Contract {contract.reference} {_until(contract)}")
        for contract in service.contracts.in_force_on(closed_on)
    ]
    for registered in MATTERS:
        matters += registered(service, by, closed_on)
    return matters


def why_not_close(service: Service, closed_on: date) -> str | None:
    if service.closed_on is not None:
        return f"{service} was closed already, on {in_words(service.closed_on)}."
    if service.opened_on and closed_on < service.opened_on:
        return f"{service} opened on {in_words(service.opened_on)}; it cannot close before that day."
    latest = service.past_closures.order_by("-reopened_on").first()
    if latest and closed_on < latest.reopened_on:
        return f"{service} reopened on {in_words(latest.reopened_on)}; it cannot close before that day."
    return None


def why_not_reopen(service: Service, reopened_on: date, today: date) -> str | None:
    if service.closed_on is None:
        return f"{service} is not closed."
    if reopened_on < service.closed_on:
        return f"{service} closed on {in_words(service.closed_on)}; it cannot reopen before that day."
    # Its own closing day means that the closure did not happen, which may be known ahead.
    if reopened_on > today and reopened_on != service.closed_on:
        return "The day on which it reopened must not lie in the future."
    return None


def why_not_add_contract(service: Service, today: date) -> str | None:
    if service.is_closed_on(today):
        return f"{service} is closed. Reopen it before you add a contract."
    return None


def why_not_end_contract(contract: Contract, ends_on: date, today: date) -> str | None:
    if contract.is_over_on(today):
        assert contract.ends_on
        return f"Contract {contract} ended on {in_words(contract.ends_on)}."
    if ends_on < contract.starts_on:
        return f"Contract {contract} starts on {in_words(contract.starts_on)}; it cannot end before that day."
    return None


def why_not_add_unit(service: Service, name: str, today: date) -> str | None:
    if service.is_closed_on(today):
        return f"{service} is closed. Reopen it before you add a part of it."
    if service.units.filter(name__iexact=name).exists():
        return f"{service} has a part called {name} already."
    return None


def why_not_rename_unit(unit: ServiceUnit, name: str) -> str | None:
    if unit.service.units.filter(name__iexact=name).exclude(pk=unit.pk).exists():
        return f"{unit.service} has another part called {name}."
    return None


def why_not_close_unit(unit: ServiceUnit) -> str | None:
    if unit.closed_on is not None:
        return f"{unit} was closed already, on {in_words(unit.closed_on)}."
    return None


def in_words(day: date) -> str:
    """9 December 2019."""
    return f"{day.day} {day:%B %Y}"


def _until(contract: Contract) -> str:
    return f"runs until {in_words(contract.ends_on)}" if contract.ends_on else "has no end date"
