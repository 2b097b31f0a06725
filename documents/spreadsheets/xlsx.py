"""Excel workbooks (.xlsx), one row at a time. The texts that cells share are held; nothing else
is.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

from documents.spreadsheets.archives import LARGEST_UNPACKED, Archive
from documents.spreadsheets.errors import DAMAGED, TOO_LARGE, TOO_MANY_CELLS, UnreadableError
from documents.spreadsheets.lines import (
    MOST_COLUMNS,
    MOST_ROWS,
    ROW_TOO_WIDE,
    SHOWN,
    Fault,
    Line,
    Sheets,
    line_of,
)
from documents.spreadsheets.merged import Merged, column_number
from documents.spreadsheets.values import (
    ERROR_VALUE,
    EXCEL_ZERO,
    MAC_ZERO,
    NO_SUCH_TEXT,
    NOT_CALCULATED,
    Shown,
    iso_moment,
    moment,
    number,
    unescaped,
)
from documents.spreadsheets.xlsx_parts import (
    Formats,
    SharedTexts,
    merged_areas,
    read_workbook,
    unescape,
)
from documents.spreadsheets.xmlstream import XmlReader, feed, read


class XlsxSheets(Sheets):
    def __init__(self, archive: Archive, longest_cell: int) -> None:
        self._archive = archive
        self._longest_cell = longest_cell
        self._read = 0
        self._workbook = read_workbook(archive)
        self.day_zero = MAC_ZERO if self._workbook.has_mac_days else EXCEL_ZERO
        self._size = max(1, sum(member.file_size for _, member in self._workbook.sheets))
        if self._size > LARGEST_UNPACKED:
            raise UnreadableError(TOO_LARGE)

    @property
    def progress(self) -> float:
        return min(1.0, self._read / self._size)

    def close(self) -> None:
        self._archive.close()

    def __iter__(self) -> Iterator[Line]:
        formats, texts = Formats(), SharedTexts(self._longest_cell)
        if self._workbook.formats:
            read(self._archive, self._workbook.formats, formats)
        if self._workbook.texts:
            read(self._archive, self._workbook.texts, texts)
        for sheet, member in self._workbook.sheets:
            merged = Merged(merged_areas(self._archive, member))
            rows = _Rows(sheet, texts, formats.days, self.day_zero, merged, self._longest_cell)
            for size in feed(self._archive, member, rows):
                self._read += size
                yield from rows.take()
            yield from rows.take()


class _Rows(XmlReader):
    """What the parser has found of one sheet. Cells and rows that are empty, and where a cell or a
    row stands, may be left out of the file.
    """

    def __init__(
        self,
        sheet: str,
        texts: SharedTexts,
        days: Mapping[str, Shown],
        zero: date,
        merged: Merged,
        longest_cell: int,
    ) -> None:
        super().__init__()
        self.parser.StartElementHandler = self._root
        self._sheet, self._texts, self._days, self._zero = sheet, texts, days, zero
        self._merged, self._longest_cell = merged, longest_cell
        self._found: list[Line] = []
        self._number = 0
        self._cells: list[str] = []
        self._faults: list[Fault] = []
        self._kind = self._format = ""
        self._column = self._next = 0
        self._parts: list[str] = []
        self._of_this_run = self._sounds = 0
        self._has_formula = self._has_value = self._is_too_wide = False

    def take(self) -> list[Line]:
        found, self._found = self._found, []
        return found

    def check(self) -> None:
        # A text without an end: one letter more than allowed says so, the rest need not be held.
        most = max(self._longest_cell, SHOWN) + 1
        if sum(map(len, self._parts)) > most:
            self._parts[:] = ["".join(self._parts)[:most]]

    def _root(self, name: str, attributes: list[str]) -> None:
        # A workbook saved as Strict has another namespace, one of a careless writer none.
        namespace, space, _ = name.rpartition(" ")
        before = namespace + space
        self._c, self._row, self._v, self._t = (before + one for one in ("c", "row", "v", "t"))
        self._f, self._rph = before + "f", before + "rPh"
        self.parser.StartElementHandler = self._start
        self._start(name, attributes)

    def _start(self, name: str, attributes: list[str]) -> None:
        self.depth += 1
        if name == self._c:
            self._kind, self._format, self._parts, self._column = "n", "", [], self._next
            self._has_formula = self._has_value = False
            for at in range(0, len(attributes), 2):
                if attributes[at] == "r":
                    self._column = _column_of(attributes[at + 1])
                elif attributes[at] == "t":
                    self._kind = attributes[at + 1]
                elif attributes[at] == "s":
                    self._format = attributes[at + 1]
            self._next = self._column + 1
        elif name == self._v or (name == self._t and not self._sounds):
            self._has_value = True
            self._of_this_run = len(self._parts)
            self.parser.CharacterDataHandler = self._parts.append
        elif name == self._row:
            self._cells, self._faults, self._next, self._number = [], [], 0, self._number + 1
            self._is_too_wide = False
            for at in range(0, len(attributes), 2):
                if attributes[at] == "r":
                    self._number = int(attributes[at + 1])
        elif name == self._f:
            self._has_formula = True
        elif name == self._rph:  # how a word sounds: not part of it
            self._sounds += 1

    def _end(self, name: str) -> None:
        self.depth -= 1
        if name == self._v:
            self.parser.CharacterDataHandler = None
        elif name == self._t:
            if not self._sounds:
                self.parser.CharacterDataHandler = None
                unescape(self._parts, self._of_this_run)
        elif name == self._c:
            if text := self._text():
                self._put(text)
        elif name == self._row:
            self._end_row()
        elif name == self._rph:
            self._sounds -= 1

    def _put(self, text: str) -> None:
        missing = self._column - len(self._cells)
        if self._column >= MOST_COLUMNS:
            self._is_too_wide = True
        elif missing >= 0:
            if missing:
                self._cells += [""] * missing
            self._cells.append(text)
        else:
            # Cells may come in any order.
            self._cells[self._column] = text

    def _end_row(self) -> None:
        if not 0 < self._number <= MOST_ROWS:
            raise UnreadableError(TOO_MANY_CELLS)
        if self._is_too_wide:
            fault = Fault(None, " ".join(self._cells)[:SHOWN], ROW_TOO_WIDE)
            self._found.append(Line(self._sheet, self._number, [], [fault]))
            return
        cells = self._merged.fill(self._number, self._cells)
        line = line_of(self._sheet, self._number, cells, self._faults, self._longest_cell)
        if line is not None:
            self._found.append(line)

    def _text(self) -> str:
        text = "".join(self._parts)
        kind = self._kind
        if kind == "s":
            return self._shared(text) if text else ""
        if kind == "n":
            if text:
                shown = self._days.get(self._format)
                return moment(text, self._zero, shown is Shown.TIME) if shown else number(text)
            if self._has_formula and not self._has_value:
                self._report("", NOT_CALCULATED)
            return ""
        if kind == "e":
            self._report(text, ERROR_VALUE)
            return ""
        if kind == "b":
            return {"1": "true", "0": "false"}.get(text, text)
        if kind == "d":
            return iso_moment(text)
        return unescaped(text) if "_x" in text and kind == "str" else text

    def _shared(self, text: str) -> str:
        try:
            return self._texts[int(text)]
        except (IndexError, ValueError):
            self._report(text, NO_SUCH_TEXT)
            return ""

    def _report(self, value: str, reason: str) -> None:
        if self._column < MOST_COLUMNS and len(self._faults) < MOST_COLUMNS:
            self._faults.append(Fault(self._column, value[:SHOWN], reason))


@lru_cache(maxsize=20_000)
def _columns(letters: str) -> int:
    return column_number(letters.upper())


_LETTERS = re.compile(r"\$?([A-Za-z]{1,3})")


def _column_of(reference: str) -> int:
    """The column's number, from 0, of a reference such as `AB12`."""
    match = _LETTERS.match(reference)
    if match is None:
        raise UnreadableError(DAMAGED)
    return _columns(match[1])
