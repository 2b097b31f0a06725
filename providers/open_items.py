"""What goes on at a service and its closing would leave behind: the apps above register what they
know of, in `found`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from core.models import User
from core.registration import Registry
from providers.models import Service


@dataclass(frozen=True)
class OpenItem:
    """Something that goes on at a service and that its closing would leave behind."""

    label: str
    url: str = ""


# What is open at a service on a day, as far as the person may know.
# The person is given, since some of what is open is exempt.
OpenItems = Callable[[Service, User, date], Iterable[OpenItem]]
OPEN_ITEMS: Registry[OpenItems] = Registry("open items")


def open_items_of(*, order: int) -> Callable[[OpenItems], OpenItems]:
    """Register a function that tells what is open at a service."""

    def register(found: OpenItems) -> OpenItems:
        return OPEN_ITEMS.add(f"{found.__module__}.{found.__name__}", found, order=order)

    return register
