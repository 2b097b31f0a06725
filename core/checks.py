"""Checks that many apps' actions make."""

from datetime import datetime

from core.dates import moment_in_words
from core.workflow import NotAllowed


def check_when(
    decided_at: datetime,
    now: datetime,
    *,
    not_before: datetime | None = None,
    what: str = "decision",
    field: str = "decided_at",
) -> None:
    """Whether a decision can have been made at that time: before it is recorded, and after what it
    decides on.

    Raises `NotAllowed`: `in-future`, `too-early`.
    """
    if decided_at > now:
        raise NotAllowed("in-future", f"The time of the {what} must be in the past.", field)
    # Times are typed to the minute.
    if not_before and decided_at < not_before.replace(second=0, microsecond=0):
        raise NotAllowed(
            "too-early",
            f"The {what} cannot be earlier than what it decides on"
            f" ({moment_in_words(not_before)}).",
            field,
        )
