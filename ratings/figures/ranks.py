"""Who ranks where, honestly: by the percentages as printed, and with everyone who shares the place.

Two authorities with the same printed percentage share a place, so that no reader sees one rank
above another with the same number beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from documents.folding import name_key
from figures.figure import Share

ORDINALS = (
    "",
    "second ",
    "third ",
    "fourth ",
    "fifth ",
    "sixth ",
    "seventh ",
    "eighth ",
    "ninth ",
    "tenth ",
)


@dataclass(frozen=True)
class Rank:
    """A place among those that have a percentage: from the top and from the bottom, 1 being the end
    itself.
    """

    from_top: int
    from_bottom: int
    of: int
    shared_with: tuple[str, ...]

    @property
    def short(self) -> str:
        """For a narrow cell: `2`, or `2=` when the place is shared."""
        return f"{self.from_top}{'=' if self.shared_with else ''}"

    def __str__(self) -> str:
        return self._in_words("")

    def among(self, whom: str) -> str:
        """The same with how many there are: `the second highest of 10 in the region, with
        Derby`.
        """
        return self._in_words(f" of {self.of} {whom}")

    def _in_words(self, among: str) -> str:
        if self.of == 1:
            return "the only one"
        if len(self.shared_with) == self.of - 1:
            return f"the same as every other{among}"
        location = self.from_top - 1, "highest"
        if self.from_bottom < self.from_top:
            location = self.from_bottom - 1, "lowest"
        counted = ORDINALS[location[0]] if location[0] < len(ORDINALS) else f"{location[0] + 1}th "
        sentence = f"the {counted}{location[1]}{among}"
        return f"{sentence}, with {joined(self.shared_with)}" if self.shared_with else sentence


def rank_of(name: str, shares: Mapping[str, Share]) -> Rank | None:
    """Where `name` stands; None when it has nothing to count. Those with nothing to count have no
    place.
    """
    percents = {each: share.percent for each, share in shares.items() if share.percent is not None}
    own = percents.get(name)
    if own is None:
        return None
    return Rank(
        from_top=1 + sum(percent > own for percent in percents.values()),
        from_bottom=1 + sum(percent < own for percent in percents.values()),
        of=len(percents),
        shared_with=tuple(
            sorted(
                (each for each, p in percents.items() if p == own and each != name), key=name_key
            )
        ),
    )


def joined(names: Sequence[str]) -> str:
    """`Derby, Leicester and Rutland`."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
