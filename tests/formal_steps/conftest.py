"""The services and people of the suspensions' tests, since both stand side by side on the pages of
a service.
"""

from tests.suspensions.conftest import (
    make_service,
    manager,
    officer,
    opened,
    other_manager,
    quiet,
    row,
    service,
    unit,
)

__all__ = [
    "make_service",
    "manager",
    "officer",
    "opened",
    "other_manager",
    "quiet",
    "row",
    "service",
    "unit",
]
