"""Comma-separated files (.csv), also by semicolons, tabs or bars, with or without lines above their
headings.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from documents.spreadsheets.encodings import encoding_of
from documents.spreadsheets.errors import TOO_MANY_CELLS, UnreadableError
from documents.spreadsheets.lines import (
    LONGEST_ROW,
    MOST_COLUMNS,
    MOST_LINES,
    ROW_TOO_LONG,
    ROW_TOO_WIDE,
    SHOWN,
    Fault,
    Line,
    Sheets,
    line_of,
)

SEPARATORS = (",", ";", "\t", "|")
SAMPLE = 200  # lines by which the separator is found
LARGEST_SAMPLE = 100_000  # their letters
# Excel's own way to say it, which it writes and takes as no row.
_SAID = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
MOST_LINES_OF_A_CELL = 1_000
# Of so many cells it is no accident that each line within quotation marks has as many as a row.
WIDE = 5
UNCLOSED = (
    "The quotation marks in this row are not in order (one may never be closed), so we cannot tell"
    " its cells apart."
)
UNCLOSED_CELL = "A quotation mark in this cell is never closed, so we left the cell out."


class CsvSheets(Sheets):
    def __init__(self, path: Path, longest_cell: int) -> None:
        self._size = max(1, path.stat().st_size)
        self._longest_cell = longest_cell
        self._encoding = encoding_of(path)
        self._bytes = path.open("rb")
        self._handle = io.TextIOWrapper(
            self._bytes, encoding=self._encoding, errors="replace", newline=""
        )

    @property
    def progress(self) -> float:
        return min(1.0, self._bytes.tell() / self._size)

    def close(self) -> None:
        self._handle.close()

    def __iter__(self) -> Iterator[Line]:
        lines = _Lines(self._handle)
        separator = lines.separator()
        rows = _Rows(lines, separator, lines.width(separator), self._longest_cell)
        for number, (cells, faults) in enumerate(rows, 1):
            if number > MOST_LINES:
                raise UnreadableError(TOO_MANY_CELLS)
            if len(cells) > MOST_COLUMNS:
                while cells and not cells[-1]:
                    cells.pop()
            if len(cells) > MOST_COLUMNS:
                fault = Fault(None, " ".join(cells)[:SHOWN], ROW_TOO_WIDE)
                yield Line("", number, [], [fault])
            elif faults and faults[0].column is None:
                yield Line("", number, [], faults)
            elif line := line_of("", number, cells, faults, self._longest_cell):
                yield line


class _Lines:
    """The lines of a text file as they stand in it, with their ends, some of them looked at before
    their turn. Of a line without an end no more is held than a row may have.
    """

    def __init__(self, handle: io.TextIOWrapper) -> None:
        self._handle = handle
        self._ahead: list[str] = []  # the next one last
        self._sample: list[str] = []

    def next(self) -> str:
        """The next line; empty at the end of the file."""
        return self._ahead.pop() if self._ahead else self._read()

    def put_back(self, lines: list[str]) -> None:
        """What was looked at and has not been used."""
        self._ahead += reversed(lines)

    def separator(self) -> str:
        """What stands between the cells: what the file says, else what makes the most even
        table.
        """
        letters = 0
        while letters < LARGEST_SAMPLE and len(self._sample) < SAMPLE and (line := self.next()):
            self._sample.append(line)
            letters += len(line)
        if self._sample and (said := _SAID.fullmatch(self._sample[0])):
            self.put_back(self._sample[1:])
            del self._sample[0]
            return said[1]
        self.put_back(self._sample)
        return max(SEPARATORS, key=self._evenness)

    def width(self, separator: str) -> int:
        """How many cells most rows have."""
        return self._widths(separator).most_common(1)[0][0] if self._sample else 1

    def _evenness(self, separator: str) -> int:
        return max(
            (times * (width - 1) for width, times in self._widths(separator).items()), default=0
        )

    def _widths(self, separator: str) -> Counter[int]:
        widths: Counter[int] = Counter()
        for line in self._sample:
            cells = _without_quoted(line).count(separator) + 1
            widths[cells] += 1
        return widths

    def _read(self) -> str:
        line = self._handle.readline(LONGEST_ROW + 2)
        if len(line) >= LONGEST_ROW + 2 and line[-1] not in "\r\n":
            while (rest := self._handle.readline(LONGEST_ROW)) and rest[-1] not in "\r\n":
                pass
        return line.replace("\0", "\ufffd") if "\0" in line else line


_QUOTED = re.compile(r'"[^"\r\n]*"')


def _without_quoted(line: str) -> str:
    return _QUOTED.sub("", line) if '"' in line else line


class _Rows:
    """The rows of the table: cells, and what could not be read of them.

    What is in order, nearly everything, costs one split or one call of the standard reader. The
    standard reader alone would take all that follows a quotation mark without its second for one
    cell, or nothing at all.
    """

    def __init__(self, lines: _Lines, separator: str, width: int, longest_cell: int) -> None:
        self._lines = lines
        self._separator = separator
        self._width = width
        self._longest_cell = longest_cell
        mark = re.escape(separator)
        # A cell within quotation marks, however many stand in it, ends where a separator or the
        # end of the line follows one.
        end = rf" *(?={mark}|$)"
        self._cell = re.compile(rf'"((?:[^"]|"(?!{end}))*+)"{end}|([^{mark}]*)')

    def __iter__(self) -> Iterator[tuple[list[str], list[Fault]]]:
        while line := self._lines.next():
            if len(line) > LONGEST_ROW + 1:
                yield [], [Fault(None, line[:SHOWN], ROW_TOO_LONG)]
            elif '"' not in line:
                yield _ended(line).split(self._separator), []
            else:
                yield self._with_quotes(line)

    def _with_quotes(self, line: str) -> tuple[list[str], list[Fault]]:
        cells, taken = self._read_row(line)
        if f'{self._separator} "' in line and (
            len(cells) != self._width or any(cell.startswith(' "') for cell in cells)
        ):
            # Some programs write a blank behind each separator.
            self._lines.put_back(taken[1:])
            cells, taken = self._read_row(line, is_spaced=True)
            if len(cells) != self._width:
                self._lines.put_back(taken[1:])
                cells, taken = self._read_row(line)
        if cells and not self._swallowed_rows(taken):
            if len(taken) > 1:
                cells = [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in cells]
            return cells, []
        self._lines.put_back(taken[1:])
        return self._alone(_ended(line))

    def _read_row(self, line: str, *, is_spaced: bool = False) -> tuple[list[str], list[str]]:
        """The cells of the row that begins with this line, none if its quotation marks are not in
        order, and the lines that it took.
        """
        taken = [line]
        reader = csv.reader(
            self._following(taken),
            delimiter=self._separator,
            skipinitialspace=is_spaced,
            strict=True,
        )
        try:
            return next(reader), taken
        except (csv.Error, StopIteration):
            return [], taken

    def _following(self, taken: list[str]) -> Iterator[str]:
        """The line, and for as long as a cell of it is not closed the lines after it."""
        letters = len(taken[0])
        yield taken[0]
        while line := self._lines.next():
            taken.append(line)
            letters += len(line)
            # No cell may be so long, so this quotation mark has no second.
            if letters > LONGEST_ROW or len(taken) > MOST_LINES_OF_A_CELL:
                return
            yield line

    def _swallowed_rows(self, taken: list[str]) -> bool:
        """Whether the lines that were taken for one row look like rows themselves."""
        if len(taken) == 1 or self._width < WIDE:
            return False
        return all(
            line.count(self._separator) == self._width - 1 and line[0] != self._separator
            for line in taken
        )

    def _alone(self, line: str) -> tuple[list[str], list[Fault]]:
        """The cells of a line whose quotation marks are not in order, by itself."""
        cells: list[str] = []
        faults: list[Fault] = []
        at = 0
        while at <= len(line):
            match = self._cell.match(line, at)
            assert match is not None, "the second way matches any text, none included"
            inner, bare = match.groups()
            if inner is None and bare.startswith('"'):
                faults.append(Fault(len(cells), bare[:SHOWN], UNCLOSED_CELL))
                bare = ""
            cells.append(bare if inner is None else inner.replace('""', '"'))
            at = match.end() + 1
        if len(cells) != self._width:
            return [], [Fault(None, line[:SHOWN], UNCLOSED)]
        return cells, faults


def _ended(line: str) -> str:
    return line.rstrip("\r\n\x1a")
