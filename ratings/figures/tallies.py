"""Columns and cells that several comparisons share: how many are in each rating, and which they
are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from figures.figure import Cell, Column, Share
from ratings.figures.words import NOT_RATED, RATINGS

RATING_COLUMNS = (
    *(Column(key, label, kind="share") for key, label in RATINGS),
    Column("rated", "Rated", kind="count"),
    Column(NOT_RATED, "Not yet rated", kind="share"),
    Column("counted", "All", kind="count"),
)
Behind = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass
class Tally:
    """Ids by rating; `None` is not yet rated."""

    ids: dict[str | None, list[str]] = field(default_factory=dict)

    def add(self, rating: str | None, one: str) -> None:
        """Count one under its rating."""
        self.ids.setdefault(rating, []).append(one)

    def of(self, *ratings: str | None) -> list[str]:
        """The ids under these ratings."""
        return [one for rating in ratings for one in self.ids.get(rating, ())]

    @property
    def rated(self) -> list[str]:
        """The ids of all that have a rating: the denominator of each rating's share."""
        return self.of(*(key for key, _ in RATINGS))

    @property
    def counted(self) -> list[str]:
        """The ids of all: the denominator of those not yet rated."""
        return self.of(*self.ids)

    def share(self, *ratings: str) -> Share:
        """Of the rated."""
        return Share(len(self.of(*ratings)), len(self.rated))

    def cells(self) -> tuple[Cell, ...]:
        """Under `RATING_COLUMNS`."""
        without = Share(len(self.of(None)), len(self.counted))
        return (
            *(self.share(key) for key, _ in RATINGS),
            len(self.rated),
            without,
            len(self.counted),
        )

    def behind(self) -> Behind:
        """For `RATING_COLUMNS`."""
        return (
            *((key, tuple(self.of(key))) for key, _ in RATINGS),
            ("rated", tuple(self.rated)),
            (NOT_RATED, tuple(self.of(None))),
            ("counted", tuple(self.counted)),
        )


def share_of(part: Sequence[str], whole: Sequence[str]) -> Share:
    """The share of the ids of a part in those of the whole."""
    return Share(len(part), len(whole))
