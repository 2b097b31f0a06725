"""What is known of a service before a visit. Higher apps register their parts, so that audits need
not import them.
"""

from collections.abc import Callable
from datetime import date

from audits.models import Visit
from core.models import User
from core.registration import Registry

# (heading, lines), as far as the person may read them.
Parts = list[tuple[str, list[str]]]
Brief = Callable[[Visit, User, date], Parts]
BRIEFS: Registry[Brief] = Registry("parts of a visit's brief")


def register_brief(*, order: int) -> Callable[[Brief], Brief]:
    """Register a function that tells an officer what is known before a visit."""

    def register(brief: Brief) -> Brief:
        return BRIEFS.add(f"{brief.__module__}.{brief.__name__}", brief, order=order)

    return register


def brief_of(visit: Visit, person: User, day: date) -> Parts:
    """All that is registered, in its order."""
    return [part for brief in BRIEFS for part in brief(visit, person, day)]
