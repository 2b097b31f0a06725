"""Days between which a figure looks."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from carequality.refusals import Refused


def years_before(day: date, years: int) -> date:
    """The same day so many years before; 28 February for a leap day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def span_from(since: date | None, as_at: date, years: int = 1) -> date:
    """The first day of a span, so many years before unless given. Raises `Refused` when it is not before the last."""
    first = since or years_before(as_at, years)
    if first >= as_at:
        raise Refused("The first day must be before the last.")
    return first


def month_ends(since: date, as_at: date) -> Iterator[date]:
    """The last day of each month from the one of `since`, and `as_at` itself where its month has not ended."""
    day = since.replace(day=monthrange(since.year, since.month)[1])
    while day < as_at:
        yield day
        following = day + timedelta(days=1)
        day = following.replace(day=monthrange(following.year, following.month)[1])
    yield as_at
