"""What must work for the product to be ready, as the apps register it: the checks behind `/readyz`."""

from collections.abc import Callable
from typing import TypeVar

from core.registration import Registry

# None when all is well, else one plain sentence.
Check = Callable[[], str | None]
C = TypeVar("C", bound=Check)
CHECKS: Registry[Check] = Registry("readiness checks")


def readiness_check(*, order: int) -> Callable[[C], C]:
    """Register a function of the module `readiness` as a check; `/readyz` names it as the function is named."""

    def register(check: C) -> C:
        CHECKS.add(check.__name__, check, order=order)
        return check

    return register
