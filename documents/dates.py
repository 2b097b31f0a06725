"""The one bound on days and times as they come in: forms, filters, addresses, commands, devices,
files.

Each entrance has the range in which its days plausibly lie. A year that nobody meant (0026, 0202,
9999) is refused where it is typed; and what lies in a range can be written, read back and shown,
whatever the time zone.
"""

import re
from argparse import ArgumentTypeError
from calendar import month_name
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from core.dates import day_in_words, years_before

ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MONTHS = {name.lower(): number for number, name in enumerate(month_name) if name}
# How people shorten them: to three letters, and September to four.
SHORT_MONTHS = {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}


class ImplausibleDay(ValueError):
    """A day outside of the range of its entrance; `str` of it says which days are taken.

    `code` is `in-future` where it is of something that has happened, else `implausible`.
    """

    def __init__(self, said: str, code: str = "implausible") -> None:
        super().__init__(said)
        self.code = code


class NoSuchTime(ValueError):
    """A time that England's clocks left out, when they went forward."""


@dataclass(frozen=True)
class DateRange:
    """The days that an entrance takes, in years before and after today, both ends included.

    Of what has happened, the year to come is let through too: the rules refuse it, in the words of
    what it is.
    """

    years_back: int
    years_ahead: int

    def first(self, today: date) -> date:
        """The earliest day that is taken."""
        return years_before(today, self.years_back)

    def last(self, today: date) -> date:
        """The latest day that is taken."""
        return years_before(today, -max(self.years_ahead, 1))

    def has(self, day: date, today: date) -> bool:
        """Whether the day is taken."""
        return self.first(today) <= day <= self.last(today)

    def check(self, day: date, today: date) -> None:
        """Raises `ImplausibleDay` for a day that is not taken."""
        if self.has(day, today):
            return
        said = "Check the year: the date must be "
        if day < today:
            raise ImplausibleDay(f"{said}on or after {day_in_words(self.first(today))}")
        if self.years_ahead:
            raise ImplausibleDay(f"{said}on or before {day_in_words(self.last(today))}")
        raise ImplausibleDay(f"{said}in the past", "in-future")


# What has happened: a visit, a concern, a decision, a count.
HAPPENED = DateRange(30, 0)
# What is to happen or to end within the work: a review, an answer, an action.
PLANNED = DateRange(10, 5)
# What lasts: when a home was opened, a contract ends, an authority belongs to a region.
LASTING = DateRange(150, 30)
# What a list or a figure may be asked for.
ASKED = DateRange(30, 10)
# What others publish does not move with our clock: some homes were registered in the 1940s, and a
# registration may end in years to come.
PUBLISHED_YEARS = range(1900, 2101)

# How long a device may keep what was written on it without a network.
LONGEST_UNSENT = timedelta(days=366)


def can_be_published(day: date) -> bool:
    """Whether a day that others published can be meant; a slip of the keyboard makes a year of any
    number, and a system without a day writes the first or the last of the calendar.
    """
    return day.year in PUBLISHED_YEARS


def month_of(text: str) -> int | None:
    """The number of a month by its whole name or the usual short form (`Sept`, `dec.`); None for
    any other word.
    """
    word = text.strip().removesuffix(".").lower()
    return MONTHS.get(word) or SHORT_MONTHS.get(word)


def iso_day(text: str) -> date:
    """The day of a text `YYYY-MM-DD`. Raises `ValueError` for any other, as other ISO forms are."""
    if not ISO_DAY.fullmatch(text):
        raise ValueError("A day is written as YYYY-MM-DD.")
    return date.fromisoformat(text)


def plausible_day(text: str, within: DateRange, today: date) -> date:
    """The day of a text `YYYY-MM-DD` that lies in the range.

    Raises `ValueError` for a text that is no day, `ImplausibleDay` for one out of range.
    """
    day = iso_day(text)
    within.check(day, today)
    return day


def local_moment(day: date, at: time) -> datetime:
    """That time of that day by England's clocks; of an hour that came twice, the first.

    Raises `NoSuchTime` for one that was left out when the clocks went forward: it would be shown as
    another than was typed.
    """
    typed = datetime.combine(day, at)
    moment = timezone.make_aware(typed)
    # By way of UTC, as the database keeps it.
    if timezone.make_naive(timezone.make_aware(timezone.make_naive(moment, UTC), UTC)) != typed:
        raise NoSuchTime(
            f"{at:%H:%M} did not happen on {day_in_words(day)}: the clocks went forward"
        )
    return moment


def device_moment(told: datetime, now: datetime) -> datetime:
    """When something was written on a device, as it tells; `now` where its clock must be wrong.

    A device is not asked again: what it kept is taken, at the time at which it came.
    """
    try:
        is_plausible = now - LONGEST_UNSENT <= told.astimezone(now.tzinfo) <= now
    except OverflowError:  # the first and last hours of the calendar, in another time zone
        return now
    return told if is_plausible else now


def argument(within: DateRange) -> Callable[[str], date]:
    """The reader of a command's option that takes a day, for `type=` of argparse."""

    def day(text: str) -> date:
        try:
            return plausible_day(text, within, timezone.localdate())
        except ImplausibleDay as fault:
            raise ArgumentTypeError(f"{text}: {fault}.") from fault
        except ValueError as fault:
            raise ArgumentTypeError(f"Write the day as YYYY-MM-DD, not {text}.") from fault

    return day
