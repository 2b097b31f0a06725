"""The work that people have in hand: each app registers its own in its module `work`, so that what
is late is seen by whoever leads the team, and what a leaver had is handed over.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models

from core.models import User
from core.registration import Registry


@dataclass(frozen=True)
class Piece:
    """One piece of work: who has it (None: nobody), and since when it waits or is late.

    `work` and `pk` say what is handed over (empty: it cannot be, or is nobody's in particular).
    """

    label: str
    url: str
    note: str = ""
    holder: User | None = None
    since: date | None = None
    work: str = ""
    pk: int = 0


# Gives a piece to a person, for a reason: `by` gives it `to`.
HandsOver = Callable[[int, User, User, str, datetime], object]


@dataclass(frozen=True)
class HandingOver:
    """How one row of a model goes to another person, and the permission that they must hold.
    `holder` gives the id of whoever has a row in hand, or None.
    """

    model: type[models.Model]
    holder: Callable[[Any], int | None]
    may_hold: str
    give: HandsOver


@dataclass(frozen=True)
class Work:
    """A kind of work.

    `held_by` are the pieces that these people have in hand on a day; `late` those of the whole team
    that are late on it, under `late_title`. `one` and `several` name a piece and more. Without
    `handing_over`, `instead` says what becomes of it when somebody leaves.
    """

    name: str
    one: str
    several: str
    permissions: tuple[str, ...]
    held_by: Callable[[Collection[User], date], Sequence[Piece]] | None = None
    late: Callable[[date], Sequence[Piece]] | None = None
    late_title: str = ""
    handing_over: HandingOver | None = None
    instead: str = ""

    def count_in_words(self, count: int) -> str:
        """`3 concerns`."""
        return f"{count} {self.one if count == 1 else self.several}"

    @property
    def title(self) -> str:
        """Its name as a heading."""
        return f"{self.several[:1].upper()}{self.several[1:]}"


@dataclass(frozen=True)
class Pieces:
    """The pieces of one kind, in the order of the day since which they wait."""

    work: Work
    pieces: tuple[Piece, ...]

    @property
    def in_words(self) -> str:
        return self.work.count_in_words(len(self.pieces))


WORK: Registry[Work] = Registry("kinds of work")


def register_work(work: Work, *, order: int) -> Work:
    """Say what people have in hand of that kind."""
    return WORK.add(work.name, work, order=order)


def held_by(person: User, day: date) -> list[Pieces]:
    """All that a person has in hand, by its kind; kinds without any are left out."""
    return _with_pieces(
        (work, work.held_by([person], day)) for work in WORK if work.held_by is not None
    )


def held_by_each(people: Collection[User], day: date) -> dict[int, list[Pieces]]:
    """What each of these people has in hand that can be handed over, by their id; one question for
    each kind, however many people there are.
    """
    found: dict[int, list[Pieces]] = {}
    if not people:
        return found
    for work in WORK:
        if work.held_by is None or work.handing_over is None:
            continue
        theirs: dict[int, list[Piece]] = {}
        for piece in work.held_by(people, day):
            if piece.holder is not None:
                theirs.setdefault(piece.holder.pk, []).append(piece)
        for pk, pieces in theirs.items():
            found.setdefault(pk, []).extend(_with_pieces([(work, pieces)]))
    return found


def late_on(day: date, seen_by: User) -> list[Pieces]:
    """What is late of the whole team's work, as far as that person may see it."""
    return _with_pieces(
        (work, work.late(day))
        for work in WORK
        if work.late is not None and seen_by.has_perms(work.permissions)
    )


def _with_pieces(found: Iterable[tuple[Work, Sequence[Piece]]]) -> list[Pieces]:
    return [
        Pieces(work, tuple(sorted(pieces, key=lambda piece: piece.since or date.max)))
        for work, pieces in found
        if pieces
    ]
