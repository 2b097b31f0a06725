from datetime import date, datetime, time

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from concerns import rules
from concerns.models import Targets
from core.calendar import is_working_day


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("risk", "received", "due"),
    [
        ("very_high", "2026-03-02T10:00", "2026-03-02T14:00"),  # a Monday
        ("very_high", "2026-03-02T15:30", "2026-03-03T11:30"),  # the working day ends meanwhile
        ("very_high", "2026-03-02T13:00", "2026-03-02T17:00"),  # to the last minute
        ("very_high", "2026-03-02T17:00", "2026-03-03T13:00"),  # the working day is over
        ("very_high", "2026-03-07T10:00", "2026-03-09T13:00"),  # a Saturday
        ("high", "2026-03-02T08:00", "2026-03-02T17:00"),
        ("high", "2026-03-06T16:59", "2026-03-09T16:59"),  # Friday to Monday
        ("high", "2026-03-06T20:00", "2026-03-09T17:00"),
        ("medium", "2026-03-02T10:00", "2026-03-05T10:00"),
        ("low", "2026-03-02T10:00", "2026-03-16T10:00"),
        (
            "high",
            "2026-04-02T10:00",
            "2026-04-07T10:00",
        ),  # Good Friday and Easter Monday lie between
        (
            "very_high",
            "2026-12-25T10:00",
            "2026-12-29T13:00",
        ),  # Boxing Day's substitute is the 28th
        ("high", "2026-03-27T12:00", "2026-03-30T12:00"),  # the clocks go forward on the 29th
    ],
)
def test_response_is_due_by_working_hours_of_the_risk(risk: str, received: str, due: str) -> None:
    assert rules.respond_by(risk, at(received), Targets()) == at(due)


DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
MOMENTS = st.builds(datetime.combine, DAYS, st.times())


@given(MOMENTS, MOMENTS, st.integers(1, 100), st.integers(0, 20))
def test_the_clock_never_runs_backwards_and_ends_in_working_hours(
    one: datetime, other: datetime, hours: int, more: int
) -> None:
    targets = Targets()
    first, second = sorted(timezone.make_aware(moment) for moment in (one, other))
    due = rules.add_working_hours(first, hours, targets)
    assert due <= rules.add_working_hours(second, hours, targets)
    assert due <= rules.add_working_hours(first, hours + more, targets)
    local = timezone.localtime(due)
    assert is_working_day(local.date())
    assert targets.day_starts < local.time() <= targets.day_ends


def test_the_council_sets_hours_and_the_working_day() -> None:
    targets = Targets(hours_high=2, day_starts=time(8), day_ends=time(18))
    assert rules.respond_by("high", at("2026-03-02T07:00"), targets) == at("2026-03-02T10:00")
    assert "Answer within 2 working hours." in rules.risk_guidance(targets)["high"]
