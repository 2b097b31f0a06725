"""What goes on at a service and its closing would leave behind: the apps above register what they know of, in `matters`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from core.models import User
from core.registration import Registry
from providers.models import Service


@dataclass(frozen=True)
class OpenMatter:
    """Something that goes on at a service and that its closing would leave behind."""

    label: str
    url: str = ""


# What is open at a service on a day, as far as the person may know.
Matters = Callable[[Service, User, date], Iterable[OpenMatter]]
MATTERS: Registry[Matters] = Registry("open matters")


def open_matters_of(*, order: int) -> Callable[[Matters], Matters]:
    """Register a function that tells what is open at a service."""

    def register(matters: Matters) -> Matters:
        return MATTERS.add(f"{matters.__module__}.{matters.__name__}", matters, order=order)

    return register
