"""What a figure of suspensions may be asked. What is decided may begin on a day to come, so that
day can be asked for too.
"""

from typing import ClassVar

from figures.options import DayOptions, GroupOptions, SpanOptions


class AnyDayOptions(DayOptions):
    allows_later: ClassVar[bool] = True


class AnyDayGroupOptions(GroupOptions, AnyDayOptions):
    pass


class BetweenOptions(GroupOptions, SpanOptions, AnyDayOptions):
    wrong_way_round: ClassVar[str] = "The first day must be before the second"
    field_order = ["since", "as_at", "groups"]
