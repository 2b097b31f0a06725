"""The bound on days: what no person meant is refused, and what is taken can be written, read back
and shown.
"""

from argparse import ArgumentTypeError
from calendar import month_name
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from django.db import connection
from django.utils import timezone as clock
from hypothesis import example, given
from hypothesis import strategies as st

from core.dates import day_in_words
from documents import dates
from documents.dates import ASKED, HAPPENED, LASTING, PLANNED

TODAY = date(2026, 11, 28)
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
RANGES = st.sampled_from([HAPPENED, PLANNED, LASTING, ASKED])


@given(RANGES, st.sampled_from(["0001", "0026", "0202", "1026", "2202", "3026", "9999"]))
def test_a_year_that_nobody_meant_is_refused_everywhere(within: dates.DateRange, year: str):
    with pytest.raises(dates.ImplausibleDay):
        dates.plausible_day(f"{year}-06-30", within, TODAY)


@given(RANGES, st.dates())
def test_a_day_is_taken_exactly_between_the_two_that_the_refusal_names(
    within: dates.DateRange, day: date
):
    first, last = within.first(TODAY), within.last(TODAY)
    assert within.has(day, TODAY) == (first <= day <= last)
    if within.has(day, TODAY):
        within.check(day, TODAY)
    else:
        bound = first if day < first else last if within.years_ahead else "in the past"
        named = bound if isinstance(bound, str) else day_in_words(bound)
        with pytest.raises(dates.ImplausibleDay, match=f"{named}$"):
            within.check(day, TODAY)


@given(RANGES, st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31)))
@example(LASTING, date(2024, 2, 29))
def test_today_is_always_taken(within: dates.DateRange, today: date):
    assert within.has(today, today)


@pytest.mark.django_db
@given(st.data())
def test_what_is_taken_comes_back_from_the_database_and_reads_with_its_whole_year(
    data: st.DataObject,
):
    day = data.draw(st.dates(min_value=LASTING.first(TODAY), max_value=LASTING.last(TODAY)))
    with connection.cursor() as cursor:
        moment = clock.make_aware(datetime.combine(day, time(12)))
        cursor.execute("SELECT %s::date, %s::timestamptz", [day, moment])
        assert cursor.fetchone() == (day, moment)
    assert day_in_words(day).endswith(f" {day.year:04}")


@pytest.mark.parametrize(
    "text",
    ["", "20261128", "2026-W48-6", "2026-1-2", "２０２６-11-28", "2026-02-30", "2026-11-28T00:00"],
)
def test_a_day_is_written_in_one_way(text: str):
    with pytest.raises(ValueError, match="day"):
        dates.iso_day(text)


@pytest.mark.parametrize("number", range(1, 13))
def test_months_by_their_whole_names_and_usual_short_forms(number: int):
    name = month_name[number]
    for written in (name, name.upper(), f" {name.lower()} ", name[:3], f"{name[:3]}."):
        assert dates.month_of(written) == number
    assert dates.month_of("Sept") == dates.month_of("sept.") == 9


@given(st.text(alphabet="abcdefghijklmnoprstuvy.", min_size=0, max_size=10))
@example("marzipan")
@example("mayor")
@example("decade")
@example("ja")
@example("septem")
def test_other_words_are_no_month(word: str):
    known = {*dates.MONTHS, *dates.SHORT_MONTHS}
    assert (dates.month_of(word) is not None) == (word.removesuffix(".") in known)


@pytest.mark.parametrize("at", [time(1), time(1, 30), time(1, 59)])
def test_an_hour_that_the_clocks_left_out_is_refused(at: time):
    with pytest.raises(dates.NoSuchTime, match="29 March 2026"):
        dates.local_moment(date(2026, 3, 29), at)


def test_an_hour_that_came_twice_is_the_first():
    moment = dates.local_moment(date(2026, 10, 25), time(1, 30))
    assert moment.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(
    st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 1, 1)),  # noqa: DTZ001 - as typed
)
def test_a_moment_is_shown_as_it_was_typed_or_refused(typed: datetime):
    typed = typed.replace(microsecond=0, fold=0)
    try:
        moment = dates.local_moment(typed.date(), typed.time())
    except dates.NoSuchTime:
        return
    kept = moment.astimezone(UTC)  # as the database does
    assert clock.localtime(kept).replace(tzinfo=None, fold=0) == typed


ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(timezones=ZONES))
@example(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))))
@example(datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-14))))
@example(datetime(1970, 1, 1, tzinfo=UTC))
def test_the_time_of_a_device_lies_between_a_year_ago_and_now(told: datetime):
    kept = dates.device_moment(told, NOW)
    assert NOW - dates.LONGEST_UNSENT <= kept <= NOW
    clock.localtime(kept)


def test_the_time_of_a_device_whose_clock_is_right_is_kept():
    told = NOW - timedelta(days=3, minutes=7)
    assert dates.device_moment(told, NOW) == told


@pytest.mark.parametrize("text", ["0026-02-01", "9999-12-31", "yesterday", "1.2.2026", ""])
def test_a_command_refuses_such_a_day_in_words(text: str):
    with pytest.raises(ArgumentTypeError, match=r"Check the year|YYYY-MM-DD"):
        dates.argument(ASKED)(text)
