"""Days between which a figure looks."""

from datetime import date

from core.dates import years_before
from core.workflow import NotAllowed


def span_from(since: date | None, as_at: date, years: int = 1) -> date:
    """The first day of a span: the one given, or so many years before.

    Raises `NotAllowed`, `wrong-way-round`, when it is not before the last.
    """
    first = since or years_before(as_at, years)
    if first >= as_at:
        raise NotAllowed("wrong-way-round", "From must be before As at.", "since")
    return first
