"""What stands at the head of every page about a service: the apps register it in their module
`notices`.
"""

from collections.abc import Callable
from datetime import date

from core.models import User
from core.registration import Registry

# HTML for a person, a service's id and a day, or an empty text. It comes from the app's own
# template, which escapes.
Notice = Callable[[User, int, date], str]
NOTICES: Registry[Notice] = Registry("notices of a service")


def service_notice(*, order: int) -> Callable[[Notice], Notice]:
    """Register a function as a notice of a service's pages."""

    def register(notice: Notice) -> Notice:
        return NOTICES.add(f"{notice.__module__}.{notice.__name__}", notice, order=order)

    return register
