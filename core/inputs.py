"""What an action takes from a form: a frozen dataclass whose fields carry the names of the columns
that they fill.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any


def columns(given: Any, *, but: Collection[str] = ()) -> dict[str, Any]:
    """The answers by the name of their column, without those named in `but`, which lie in tables of
    their own.
    """
    return {
        field.name: getattr(given, field.name) for field in fields(given) if field.name not in but
    }


@dataclass(frozen=True)
class ReasonInput:
    """A step that needs its reason alone."""

    reason: str


@dataclass(frozen=True)
class DecisionInput:
    """A decision, its reason, and when it was made; None where it is made as it is recorded.

    `seen` names the version that was read before it was decided.
    """

    reason: str
    # Decisions are made by telephone, and recorded when there is time.
    decided_at: datetime | None = None
    seen: str = ""
