"""What a figure of suspensions may be asked. What is decided may begin on a day to come, so that
day can be asked for too.
"""

from typing import ClassVar

from figures.options import DayOptions, GroupOptions, SpanOptions


class AnyDayOptions(DayOptions):
    """A day, which may be one to come."""

    allows_later: ClassVar[bool] = True


class AnyDayGroupOptions(GroupOptions, AnyDayOptions):
    """Any day, by type of service or by the council's own groups."""


class BetweenOptions(GroupOptions, SpanOptions, AnyDayOptions):
    """Two days, by type of service or by the council's own groups."""

    wrong_way_round: ClassVar[str] = "The first date must be before the second"
    field_order = ["since", "as_at", "groups"]
