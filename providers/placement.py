"""Whether people may be placed at a service: each app that knows of something against it registers
that in its module `placement`, so that no page has to know which there are.

The answer is the strongest that anything gives. It tells no reason: what is said of it to whoever
places people is exempt from publication as it is (Local Government Act 1972, Schedule 12A).
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from django.db.models import Q

from core.dates import day_in_words
from core.models import User
from core.registration import Registry
from providers.models import Service


class PlacementAnswer(IntEnum):
    """The answers from the lightest to the one that outweighs all others."""

    OPEN = 0
    ASK = 1
    NONE = 2
    CLOSED = 3


ANSWER_WORDS = {
    PlacementAnswer.OPEN: "You can place",
    PlacementAnswer.ASK: "Ask before you place",
    PlacementAnswer.NONE: "Do not place",
    PlacementAnswer.CLOSED: "Closed",
}
ASK_FIRST = "Ask the quality team before you place here."
NOWHERE = "Do not place in the whole service."


@dataclass(frozen=True)
class Restriction:
    """Something that stands against placements at a service, from `from_on` on where that day is
    still to come.

    `words` are for whoever places people, and give no reason. `title`, `note` and `url` say what it
    is to those who hold every permission of `needs`. One with a notice of its own at the head of a
    service's pages (`has_own_notice`) needs no other.
    """

    service_id: int
    answer: PlacementAnswer
    words: str
    title: str
    from_on: date | None = None
    note: str = ""
    url: str = ""
    needs: tuple[str, ...] = ()
    has_own_notice: bool = False

    def is_to_come(self, day: date) -> bool:
        """Whether it begins after that day."""
        return self.from_on is not None and self.from_on > day

    @property
    def words_to_come(self) -> str:
        """What is said of one that is still to come, with its first day."""
        return f"From {day_in_words(self.from_on)}: {self.words}" if self.from_on else self.words


# What stands against placements on a day, or will after it: of these services (by id), or of every
# service where no ids are given. Asked of many at once, since Today asks it of a whole portfolio.
RestrictionsOf = Callable[[date, Collection[int] | None], Iterable[Restriction]]
RESTRICTIONS: Registry[RestrictionsOf] = Registry("what stands against placements")


def stands_against_placements(*, order: int) -> Callable[[RestrictionsOf], RestrictionsOf]:
    """Register a function that tells what stands against placements."""

    def register(found: RestrictionsOf) -> RestrictionsOf:
        return RESTRICTIONS.add(f"{found.__module__}.{found.__name__}", found, order=order)

    return register


@dataclass(frozen=True)
class PlacementStatus:
    """Whether people may be placed at a service on a day, and all that stands against it."""

    day: date
    restrictions: tuple[Restriction, ...] = field(default=())

    @property
    def now(self) -> tuple[Restriction, ...]:
        """What stands against placements that day, the strongest first."""
        found = (each for each in self.restrictions if not each.is_to_come(self.day))
        return tuple(sorted(found, key=lambda each: -each.answer))

    @property
    def to_come(self) -> tuple[Restriction, ...]:
        """What will, in the order of its days."""
        found = (each for each in self.restrictions if each.is_to_come(self.day))
        return tuple(sorted(found, key=lambda each: each.from_on or self.day))

    @property
    def answer(self) -> PlacementAnswer:
        """The strongest of what stands against placements that day."""
        return max((each.answer for each in self.now), default=PlacementAnswer.OPEN)

    @property
    def heading(self) -> str:
        """What whoever places people reads first."""
        return ANSWER_WORDS[self.answer]

    @property
    def words(self) -> tuple[str, ...]:
        """What is said to whoever places people, each sentence once. Of a closed service nothing
        else is said.
        """
        is_closed = self.answer == PlacementAnswer.CLOSED
        said = (each for each in self.now if not is_closed or each.answer == self.answer)
        return tuple(dict.fromkeys(each.words for each in said))

    @property
    def words_to_come(self) -> tuple[str, ...]:
        """What is said of what is still to come, each sentence once; nothing of a closed
        service.
        """
        if self.answer == PlacementAnswer.CLOSED:
            return ()
        return tuple(dict.fromkeys(each.words_to_come for each in self.to_come))


def statuses(day: date, services: Collection[int] | None = None) -> dict[int, PlacementStatus]:
    """The placement status of each of these services (of every one without ids) that anything
    stands against.
    """
    by_service: dict[int, list[Restriction]] = {}
    for source in RESTRICTIONS:
        for restriction in source(day, services):
            by_service.setdefault(restriction.service_id, []).append(restriction)
    return {pk: PlacementStatus(day, tuple(found)) for pk, found in by_service.items()}


def status_of(service_id: int, day: date) -> PlacementStatus:
    """The placement status of one service on a day."""
    return statuses(day, [service_id]).get(service_id, PlacementStatus(day))


def seen_by(user: User, restrictions: Iterable[Restriction]) -> list[Restriction]:
    """Those of which that person may know what they are."""
    return [each for each in restrictions if each.needs and user.has_perms(each.needs)]


@stands_against_placements(order=10)
def closures(day: date, services: Collection[int] | None) -> Iterable[Restriction]:
    """Services that are closed that day or not open yet, and those whose closing lies ahead: who is
    placed there would have to move.
    """
    found = Service.objects.filter(Q(closed_on__isnull=False) | Q(opened_on__gt=day))
    if services is not None:
        found = found.filter(pk__in=services)
    for pk, opened_on, closed_on in found.values_list("pk", "opened_on", "closed_on"):
        if opened_on and opened_on > day:
            words = f"This service opens on {day_in_words(opened_on)}. {ASK_FIRST}"
            yield Restriction(pk, PlacementAnswer.ASK, words, "Not open yet")
        if closed_on is None:
            continue
        on = day_in_words(closed_on)
        if closed_on <= day:
            words = f"This service closed on {on}."
            yield Restriction(pk, PlacementAnswer.CLOSED, words, "Closed")
        else:
            # It says its own day, so that nothing more is said of what is to come.
            words = f"This service closes on {on}. {ASK_FIRST}"
            yield Restriction(pk, PlacementAnswer.ASK, words, "Closing", note=f"Closes on {on}")
