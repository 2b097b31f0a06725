"""What was measured, as a table. Nothing fails by a figure: machines differ, ratios of one run
much less.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """One line: what, how much, against what, and the limit that it should keep.

    `key` names the line for good, whatever the sizes that `what` tells; `value` is the figure as a
    number, in seconds unless the key says otherwise.
    """

    key: str
    what: str
    figure: str
    value: float
    against: str = ""
    ratio: float | None = None
    limit: float | None = None
    at_least: bool = False  # the ratio should reach the limit, not stay below it
    unit: str = "times"

    @property
    def verdict(self) -> str:
        """Whether the limit is kept; empty where there is none."""
        if self.ratio is None or self.limit is None:
            return ""
        kept = self.ratio >= self.limit if self.at_least else self.ratio <= self.limit
        return "kept" if kept else "MISSED"

    def stored(self) -> dict[str, float]:
        """The figure, and the ratio where there is one, as numbers to keep."""
        return {"value": self.value} | ({} if self.ratio is None else {"ratio": self.ratio})

    @property
    def ratio_in_words(self) -> str:
        return "" if self.ratio is None else f"{self.ratio:,.3g} {self.unit}"

    @property
    def limit_in_words(self) -> str:
        if self.limit is None:
            return ""
        return f"{'at least' if self.at_least else 'at most'} {self.limit:g} {self.unit}"


HEADINGS = ("Measured", "Figure", "Against", "Ratio", "Target", "", "Of the baseline")


def show(rows: list[Measured], of_baseline: Mapping[str, float | None] | None = None) -> None:
    """Print the table; `of_baseline` has by key how many times the baseline a line is."""
    shares = of_baseline or {}
    cells = [
        (
            one.what,
            one.figure,
            one.against,
            one.ratio_in_words,
            one.limit_in_words,
            one.verdict,
            "" if (times := shares.get(one.key)) is None else f"{times:.2f} times",
        )
        for one in rows
    ]
    widths = [max(map(len, column)) for column in zip(HEADINGS, *cells, strict=True)]
    for line in (HEADINGS, tuple("-" * width for width in widths), *cells):
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        )


def seconds(value: float) -> str:
    """A duration for reading."""
    return f"{value * 1000:,.1f} ms" if value < 1 else f"{value:,.1f} s"
