from datetime import date

import pytest

from core.calendar import add_working_days, clear_days_before, is_working_day, next_working_day


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),
        (date(2026, 12, 28), False),  # Boxing Day falls on a Saturday: its substitute
        (date(2023, 5, 8), False),  # the coronation
        (date(2022, 9, 19), False),  # the late Queen's funeral
        (date(2020, 5, 8), False),  # the early May holiday, moved to VE Day
        (date(2020, 5, 4), True),
        (date(2026, 11, 30), True),  # St Andrew's Day is Scotland's
    ],
)
def test_bank_holidays_of_england(day, working):
    assert is_working_day(day) is working


def test_next_working_day_after_a_friday_before_a_bank_holiday():
    assert next_working_day(date(2026, 5, 1)) == date(2026, 5, 5)


def test_working_days_count_from_the_day_after():
    assert add_working_days(date(2026, 12, 23), 2) == date(2026, 12, 29)


def test_five_clear_days_before_a_monday_meeting():
    """Neither the day of publication nor that of the meeting counts: Monday's papers stand by the
    Friday ten days before.
    """
    assert clear_days_before(date(2019, 12, 9), 5) == date(2019, 11, 29)
