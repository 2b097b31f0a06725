"""What the register already holds by a name, in whatever spelling, and what differs."""

from typing import Any

from django.db import models

from core.dates import day_in_words
from documents.folding import letters_and_digits
from providers.models import Provider, Service, ServiceUnit

CLOSED = "Open or closed"


def is_new(name: str, before: str) -> bool:
    """Whether a name is more than another spelling of the one before."""
    return letters_and_digits(name) != letters_and_digits(before)


def services_named(name: str, *, but: int = 0) -> models.QuerySet[Service]:
    """The services of that name, closed ones too: one may be the same and open again."""
    named = Service.objects.filter(name_key__same_as=name).exclude(pk=but)
    return named.select_related("provider", "district", "locality", "lead_officer")


def providers_named(name: str, *, but: int = 0) -> models.QuerySet[Provider]:
    """The providers of that name."""
    return Provider.objects.filter(name_key__same_as=name).exclude(pk=but)


def units_named(service: Service, name: str, *, but: int = 0) -> Any:
    """The parts of the service of that name, those out of use too."""
    return service.units.filter(name_key__same_as=name).exclude(pk=but)


def differences(
    held: models.Model, typed: models.Model, labels: dict[str, str]
) -> list[tuple[str, str, str]]:
    """What differs between a row of the register and one that is typed: the label of each column,
    what is held, and what is typed.
    """
    found = [
        (label, _in_words(held, name), _in_words(typed, name)) for name, label in labels.items()
    ]
    if closed_on := getattr(held, "closed_on", None):
        found.append((CLOSED, f"Closed on {day_in_words(closed_on)}", "Open"))
    return [row for row in found if row[1] != row[2]]


def _in_words(row: models.Model, name: str) -> str:
    field: Any = row._meta.get_field(name)
    if field.is_relation and getattr(row, field.attname) is None:
        return ""
    value = getattr(row, f"get_{name}_display", None) or getattr(row, name)
    value = value() if callable(value) else value
    if isinstance(field, models.DateField):
        return day_in_words(value) if value else ""
    return "" if value is None else str(value)


def address_of(held: Provider | Service | ServiceUnit) -> tuple[str, int]:
    """The page that shows it: the name of its address, and the number in it."""
    if isinstance(held, Provider):
        return "providers:view-provider", held.pk
    service = held.service_id if isinstance(held, ServiceUnit) else held.pk
    return "oversight:view-service", service
