"""Days as the pages and the papers say them, and the ends of months that figures count at."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone


def day_in_words(day: date | None) -> str:
    """`9 December 2019`; empty for no day."""
    # %-d is glibc's own.
    return f"{day.day} {day:%B %Y}" if day else ""


def time_in_words(at: time) -> str:
    """`2:30pm`, `midday`, `midnight`."""
    if at.minute == 0 and at.hour in (0, 12):
        return "midday" if at.hour else "midnight"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def datetime_in_words(at: datetime) -> str:
    """`9 December 2019 at 2:30pm`, by the clock of England where the time knows its zone."""
    local = timezone.localtime(at) if timezone.is_aware(at) else at
    return f"{day_in_words(local.date())} at {time_in_words(local.time())}"


def month_in_words(day: date) -> str:
    """`December 2019`."""
    return f"{day:%B %Y}"


def years_before(day: date, years: int) -> date:
    """The same day so many years before; 28 February for a leap day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def a_year_before(day: date) -> date:
    return years_before(day, 1)


def month_end(day: date) -> date:
    """The last day of the month in which the day lies."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def month_ends(first: date, last: date) -> Iterator[date]:
    """The last day of each month from the one of `first`, and `last` itself where its month has not
    ended.
    """
    day = month_end(first)
    while day < last:
        yield day
        day = month_end(day + timedelta(days=1))
    yield last


def months_to(last: date, count: int) -> list[tuple[date, date]]:
    """The first and last day of each of `count` months, the oldest first; the last month ends with
    `last`.
    """
    months = []
    first = last.replace(day=1)
    for _ in range(count):
        months.append((first, min(month_end(first), last)))
        first = (first - timedelta(days=1)).replace(day=1)
    return months[::-1]


def age_in_words(since: date, until: date) -> str:
    """Whole years and months between two days; days below a month; today for none."""
    months = (until.year - since.year) * 12 + until.month - since.month - (until.day < since.day)
    years, months = divmod(months, 12)
    if since > until:
        return "not yet"
    parts = [
        f"{number} {word}{'' if number == 1 else 's'}"
        for number, word in ((years, "year"), (months, "month"))
        if number
    ]
    if parts:
        return " ".join(parts)
    days = (until - since).days
    return f"{days} day{'' if days == 1 else 's'}" if days else "today"


def moment_in_words(moment: datetime | None) -> str:
    """`9 December 2019, 14:30`, by the council's clock; empty for none."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{day_in_words(local)}, {local:%H:%M}"
