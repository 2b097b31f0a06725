"""A spreadsheet as a stream of lines, whatever its format; it is never held in memory."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from datetime import date
from types import TracebackType
from typing import NamedTuple, Self

from documents.spreadsheets.values import ERROR_VALUE, EXCEL_ZERO, is_error

# What a spreadsheet can hold, or several times what anybody has sent us: what goes beyond is an
# attack or an accident.
MOST_ROWS = 1_048_576  # of a sheet
MOST_COLUMNS = 1_024
MOST_SHEETS = 1_000
MOST_LINES = 3_000_000  # of a file: a row of OpenDocument may say that it stands for a million
LONGEST_CELL = 32_767  # letters; Excel's own limit
LONGEST_ROW = 1_000_000  # letters
SHOWN = 100  # letters of a cell that cannot be used

TOO_LONG = "This cell has more than {:,} characters, so we left it out."
NOT_TEXT = "A character of this cell cannot be read, so we left the cell out."
ROW_TOO_LONG = f"This row has more than {LONGEST_ROW:,} characters."
ROW_TOO_WIDE = f"This row has more than {MOST_COLUMNS:,} cells."


class Fault(NamedTuple):
    """What could not be read of a line: the cell of that column (from 0), or the whole line where
    it is None. `value` is the beginning of what stands there.
    """

    column: int | None
    value: str
    reason: str


class Line(NamedTuple):
    """One line that is not empty: the sheet's name, the line's number as a spreadsheet counts it,
    its cells, what of it could not be read (such a cell is empty), and how many letters it has.

    A text keeps its line breaks. A number has no exponent and at most 15 digits, a day is ISO 8601
    where the file says that it is one, yes and no are `true` and `false`. A cell of a merged area
    has the value of the area.
    """

    sheet: str
    number: int
    cells: Sequence[str]
    faults: Sequence[Fault] = ()
    letters: int = 0


class Sheets(ABC):
    """An open spreadsheet. Iterate once; `progress` says how far that has come.

    `day_zero` is the day that the serial number 0 stands for, where a number without a date's
    format is one. Raises `UnreadableError` when the file cannot be read to its end.
    """

    day_zero: date = EXCEL_ZERO

    @abstractmethod
    def __iter__(self) -> Iterator[Line]: ...

    @property
    @abstractmethod
    def progress(self) -> float:
        """The share that has been read, from 0 to 1."""

    @abstractmethod
    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()


def line_of(
    sheet: str, number: int, cells: list[str], faults: Sequence[Fault], longest_cell: int
) -> Line | None:
    """The line of these cells, less what cannot be used of them; None if nothing stands in it."""
    # Half a million lines: what is in order is found so without a look at each cell.
    together = "\0".join(cells)
    letters = len(together) - max(0, len(cells) - 1)
    if letters > LONGEST_ROW:
        return Line(sheet, number, [], [Fault(None, together[:SHOWN], ROW_TOO_LONG)])
    if letters > longest_cell or "#" in together or "Err:" in together or "\ufffd" in together:
        cells, faults = list(cells), list(faults)
        for column, cell in enumerate(cells):
            if reason := _why_not(cell, longest_cell):
                faults.append(Fault(column, cell[:SHOWN], reason))
                cells[column] = ""
    if not letters and not faults:
        return None
    return Line(sheet, number, cells, faults, letters)


def _why_not(cell: str, longest: int) -> str:
    if len(cell) > longest:
        return TOO_LONG.format(longest)
    if is_error(cell):
        return ERROR_VALUE
    return NOT_TEXT if "\ufffd" in cell else ""
