"""What the fictitious council aims at."""

from datetime import date

from core import events
from demo.people import Staff
from demo.record import at
from ratings.actions import targets
from ratings.actions.targets import TargetInput
from ratings.models import Direction, Measure

YEARS = 3
AIMS = (
    ("At least 80% Good or better", Measure.GOOD_OR_BETTER, Direction.AT_LEAST, 80),
    ("At most 20% Requires improvement", Measure.REQUIRES_IMPROVEMENT, Direction.AT_MOST, 20),
)


def load(today: date, staff: Staff) -> None:
    """Set two targets, in force since April three years ago."""
    since = date(today.year - YEARS, 4, 1)
    with events.happening_at(at(since, 9)):
        for name, measure, direction, level in AIMS:
            given = TargetInput(
                name=name, measure=measure, direction=direction, level=level, since=since
            )
            targets.save_target(None, by=staff.managers[0], given=given)
