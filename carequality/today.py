"""What stands on Today: each floor offers cards by a dotted path in `settings.TODAY_CARDS`."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.module_loading import import_string

from carequality.models import User


@dataclass(frozen=True)
class TodayItem:
    """One thing with its link. `mark` is a word that stands beside it in a colour, such as Lowered in red."""

    label: str
    url: str
    note: str = ""
    late: bool = False
    mark: str = ""
    mark_colour: str = "grey"


@dataclass(frozen=True)
class TodayCard:
    """A list of things that wait for a person. `count` may exceed the items shown; `empty` is said when there are none."""

    title: str
    items: tuple[TodayItem, ...]
    count: int
    more_url: str = ""
    empty: str = "Nothing waits here."
    urgent: bool = False


def cards(user: User, today: date) -> list[TodayCard]:
    """The cards that `user` has a right to, in the order of the settings."""
    offered = (import_string(path)(user, today) for path in settings.TODAY_CARDS)
    return [card for card in offered if card is not None]
