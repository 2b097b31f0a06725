"""Merged cells: each has the value that its area shows."""

import re
from typing import NamedTuple

from documents.spreadsheets.errors import DAMAGED, TOO_MANY_MERGED, UnreadableError
from documents.spreadsheets.lines import MOST_COLUMNS

MOST_MERGED = 50_000  # areas of a sheet
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})")


class Area(NamedTuple):
    """A merged area: its rows from 1, its columns from 0, all of them included."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


class Merged:
    """The merged areas of a sheet whose rows come one by one, in order."""

    def __init__(self, areas: list[Area] | None = None) -> None:
        self._coming = sorted(areas or [], reverse=True)
        # By column, so that areas which overlap (no program writes them) cost no more than others.
        self._open: dict[int, tuple[int, str]] = {}

    def add(self, area: Area) -> None:
        """An area that begins in the row that is being read."""
        if len(self._coming) >= MOST_MERGED:
            raise UnreadableError(TOO_MANY_MERGED)
        self._coming.append(area)

    def fill(self, number: int, cells: list[str]) -> list[str]:
        """The cells of a row with what the areas show in them. A row with nothing of its own stays
        empty.
        """
        if not self._coming and not self._open:
            return cells
        filled = list(cells)
        for column in [c for c, (last_row, _) in self._open.items() if last_row < number]:
            del self._open[column]
        for column, (_, value) in self._open.items():
            _put(filled, column, value)
        while self._coming and self._coming[-1].first_row <= number:
            area = self._coming.pop()
            begins_here = area.first_row == number and area.first_column < len(filled)
            value = filled[area.first_column] if begins_here else ""
            for column in range(area.first_column, min(area.last_column + 1, MOST_COLUMNS)):
                _put(filled, column, value)
                if area.last_row > number:
                    self._open[column] = (area.last_row, value)
        return filled if any(cells) else cells


def area_of(reference: str) -> Area:
    """The area of a reference such as `S2:S4`.

    Raises `UnreadableError`.
    """
    match = _AREA.fullmatch(reference.upper())
    if match is None:
        raise UnreadableError(DAMAGED)
    return Area(int(match[2]), int(match[4]), column_number(match[1]), column_number(match[3]))


def column_number(letters: str) -> int:
    """The number, from 0, of a column that a spreadsheet names by letters."""
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - 64
    return found - 1


def _put(cells: list[str], column: int, value: str) -> None:
    if column < len(cells):
        cells[column] = value
    elif value:
        cells += [""] * (column - len(cells))
        cells.append(value)
