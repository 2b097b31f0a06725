"""What stands on Today: each app registers its cards in its module `today`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Count, Model, QuerySet, Window

from core.models import User
from core.registration import Registry


@dataclass(frozen=True)
class TodayItem:
    """One thing with its link. `mark` is a word that stands beside it in a colour, such as Lowered
    in red; `act_label` and `act_url` a step that is taken from here.
    """

    label: str
    url: str
    note: str = ""
    late: bool = False
    mark: str = ""
    mark_colour: str = "grey"
    act_label: str = ""
    act_url: str = ""


@dataclass(frozen=True)
class TodayCard:
    """A list of things that wait for a person. `count` may exceed the items shown; `empty` is said
    when there are none.
    """

    title: str
    items: tuple[TodayItem, ...]
    count: int
    more_url: str = ""
    empty: str = "Nothing to do."
    urgent: bool = False

    @property
    def more_label(self) -> str:
        """What the link to the whole list is called."""
        return f"See all {self.count}" if self.count > len(self.items) else "See the list"


M = TypeVar("M", bound=Model)


def first_of(rows: QuerySet[M], shown: int) -> tuple[list[M], int]:
    """The first rows of a list and how many there are in all, in one query."""
    # The window counts every row of the list, since the database cuts the list only afterwards.
    found = list(rows.annotate(count_of_all=Window(Count("*")))[:shown])
    return found, found[0].count_of_all if found else 0  # type: ignore[attr-defined]  # annotated


# What makes a card, for a person and a day; None where it is not for them.
Card = Callable[[User, date], TodayCard | None]
CARDS: Registry[Card] = Registry("cards of Today")


def today_card(*, order: int) -> Callable[[Card], Card]:
    """Register a function of the module `today` as a card; the order is its place among all
    cards.
    """

    def register(card: Card) -> Card:
        return CARDS.add(f"{card.__module__}.{card.__name__}", card, order=order)

    return register


def cards(user: User, today: date) -> list[TodayCard]:
    """The cards that `user` has a right to, in their order."""
    offered = (card(user, today) for card in CARDS)
    return [card for card in offered if card is not None]
