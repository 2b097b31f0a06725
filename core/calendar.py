"""Working days: Monday to Friday without England's bank holidays (Banking and Financial Dealings
Act 1971 and royal proclamations).
"""

from datetime import date, timedelta
from functools import lru_cache

import holidays


@lru_cache
def bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays in `year`, substitute days included."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in bank_holidays(day.year)


def next_working_day(day: date) -> date:
    """The first working day after `day`."""
    return add_working_days(day, 1)


def add_working_days(day: date, count: int) -> date:
    """The working day that lies `count` working days after `day` (`count` 1 or more)."""
    while count > 0:
        day += timedelta(days=1)
        if is_working_day(day):
            count -= 1
    return day


def clear_days_before(day: date, count: int) -> date:
    """The last day on which something may happen so that `count` clear working days lie between it
    and `day`.

    Five clear days before a meeting is the law's notice for its papers (Local Government Act 1972,
    section 100B).
    """
    # One day more than `count`: neither the day found nor `day` itself is a clear day.
    while count >= 0:
        day -= timedelta(days=1)
        if is_working_day(day):
            count -= 1
    return day
