from datetime import date

import pytest

from core import dates


def test_days_and_months_in_words():
    assert dates.day_in_words(date(2019, 12, 9)) == "9 December 2019"
    assert dates.month_in_words(date(2019, 12, 9)) == "December 2019"


def test_years_before_a_leap_day_end_on_the_twenty_eighth():
    assert dates.a_year_before(date(2024, 2, 29)) == date(2023, 2, 28)
    assert dates.years_before(date(2024, 2, 29), 4) == date(2020, 2, 29)


def test_ends_of_months_up_to_a_day():
    assert list(dates.month_ends(date(2023, 12, 5), date(2024, 2, 10))) == [
        date(2023, 12, 31),
        date(2024, 1, 31),
        date(2024, 2, 10),
    ]
    assert list(dates.month_ends(date(2024, 2, 1), date(2024, 2, 29))) == [date(2024, 2, 29)]


@pytest.mark.parametrize("count", [1, 12, 36])
def test_so_many_months_to_a_day(count):
    months = dates.months_to(date(2024, 2, 10), count)
    assert len(months) == count
    assert months[-1] == (date(2024, 2, 1), date(2024, 2, 10))
    assert all(
        first.day == 1 and (last == dates.month_end(first) or last == date(2024, 2, 10))
        for first, last in months
    )
