"""OpenDocument spreadsheets (.ods), one row at a time."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date

from documents.spreadsheets.archives import Archive
from documents.spreadsheets.errors import (
    PASSWORD,
    TOO_MANY_CELLS,
    TOO_MANY_SHEETS,
    UnreadableError,
)
from documents.spreadsheets.lines import (
    MOST_COLUMNS,
    MOST_LINES,
    MOST_ROWS,
    MOST_SHEETS,
    ROW_TOO_WIDE,
    SHOWN,
    Fault,
    Line,
    Sheets,
    line_of,
)
from documents.spreadsheets.merged import Area, Merged
from documents.spreadsheets.values import (
    ERROR_VALUE,
    EXCEL_ZERO,
    NOT_CALCULATED,
    iso_moment,
    number,
)
from documents.spreadsheets.xmlstream import XmlReader, attribute, feed

TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
DRAW = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0 "
CALCEXT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "

CELL, COVERED, ROW, SHEET = (
    TABLE + "table-cell",
    TABLE + "covered-table-cell",
    TABLE + "table-row",
    TABLE + "table",
)
PARAGRAPH, SPACES, LINE_BREAK, TAB = TEXT + "p", TEXT + "s", TEXT + "line-break", TEXT + "tab"
ANNOTATION, NULL_DATE = OFFICE + "annotation", TABLE + "null-date"
# What other files say, kept beside their address; what was changed, as it was before.
NOT_OF_THE_SHEET = {TABLE + "tracked-changes", TABLE + "dde-links", ANNOTATION}
SOURCE = TABLE + "table-source"
COLUMNS_REPEATED, ROWS_REPEATED = TABLE + "number-columns-repeated", TABLE + "number-rows-repeated"
COLUMNS_SPANNED, ROWS_SPANNED = TABLE + "number-columns-spanned", TABLE + "number-rows-spanned"
# A cell that is no text says its value here; what it shows is then a matter of its format.
DAY, TIME = OFFICE + "date-value", OFFICE + "time-value"
NUMBER, BOOLEAN = OFFICE + "value", OFFICE + "boolean-value"
STRING = OFFICE + "string-value"
KIND, ERROR_KIND, FORMULA = OFFICE + "value-type", CALCEXT + "value-type", TABLE + "formula"
# Of a text, what makes more of it than its paragraphs.
MORE_THAN_TEXT = {COLUMNS_REPEATED, COLUMNS_SPANNED, ROWS_SPANNED, FORMULA, STRING}

# Blanks in a text are of the layout of the XML and count once. Those that are meant are elements,
# which stand for these signs until then: XML holds none of them.
_BLANKS = re.compile(r"[ \t\r\n]+")
_MEANT = str.maketrans({"\x01": " ", "\x02": "\t", "\x03": "\n"})


class OdsSheets(Sheets):
    def __init__(self, archive: Archive, content: zipfile.ZipInfo, longest_cell: int) -> None:
        self._archive = archive
        self._content = content
        self._size = max(1, content.file_size)
        self._read = 0
        self._rows = _Rows(longest_cell)
        if _is_encrypted(archive):
            raise UnreadableError(PASSWORD)

    @property
    def day_zero(self) -> date:  # type: ignore[override]  # said by the file before its first row
        return self._rows.day_zero

    @property
    def progress(self) -> float:
        return min(1.0, self._read / self._size)

    def close(self) -> None:
        self._archive.close()

    def __iter__(self) -> Iterator[Line]:
        given = 0
        for size in feed(self._archive, self._content, self._rows):
            self._read += size
            for line in self._rows.take():
                given += 1
                if given > MOST_LINES:
                    raise UnreadableError(TOO_MANY_CELLS)
                yield line
        yield from self._rows.take()


def _is_encrypted(archive: Archive) -> bool:
    """Whether the file was saved with a password: the members are then no XML, and the list of them
    says so.
    """
    if archive.find("encrypted-package"):
        return True
    manifest = archive.find("META-INF/manifest.xml")
    if manifest is None:
        return False
    return b"encryption-data" in next(archive.pieces(manifest), b"")


class _Rows(XmlReader):
    """What the parser has found and nobody has taken yet.

    A cell may stand for many ("repeated"), and so may a row: LibreOffice ends a sheet with a
    million of them.
    """

    def __init__(self, longest_cell: int) -> None:
        super().__init__()
        self.day_zero = EXCEL_ZERO
        self._longest_cell = longest_cell
        self._found: list[tuple[Line, int]] = []
        self._sheet = ""
        self._sheets = 0
        self._is_ours = True
        self._number = 0
        self._merged = Merged()
        self._cells: list[str] = []
        self._faults: list[Fault] = []
        self._rows = self._columns = self._next = 1
        self._is_too_wide = False
        self._said: dict[str, str] = {}
        self._is_plain = True
        self._paragraphs: list[str] = []
        self._text: list[str] = []
        self._depth_apart = 0

    def take(self) -> Iterator[Line]:
        found, self._found = self._found, []
        for line, times in found:
            yield line
            for after in range(1, times):
                yield line._replace(number=line.number + after)

    def check(self) -> None:
        # A text without an end: one letter more than allowed says so, the rest need not be held.
        most = max(self._longest_cell, SHOWN) + 1
        if sum(map(len, self._text)) > most:
            self._text[:] = ["".join(self._text)[:most]]
        if sum(map(len, self._paragraphs)) + len(self._paragraphs) > most:
            self._paragraphs[:] = ["\n".join(self._paragraphs)[:most]]

    def _start(self, name: str, attributes: list[str]) -> None:
        # Ten million cells, so that nothing is called for one. Most are texts, of which nothing is
        # said but their style and kind.
        self.depth += 1
        if name == PARAGRAPH:
            self._text = []
            self.parser.CharacterDataHandler = self._text.append
        elif name in (CELL, COVERED):
            self._paragraphs, self._columns, self._is_plain = [], 1, True
            for at in range(0, len(attributes), 2):
                said = attributes[at]
                if said in (KIND, ERROR_KIND):
                    if attributes[at + 1] != "string":
                        self._is_plain = False
                elif said in MORE_THAN_TEXT:
                    self._is_plain = False
                    if said == COLUMNS_REPEATED:
                        self._columns = _times(attributes[at + 1])
            if not self._is_plain:
                self._said = dict(zip(attributes[::2], attributes[1::2], strict=True))
        elif name == ROW:
            self._cells, self._faults, self._is_too_wide = [], [], False
            self._rows = _times(attribute(attributes, ROWS_REPEATED, "1"))
        else:
            self._start_other(name, attributes)

    def _start_other(self, name: str, attributes: list[str]) -> None:
        if name == SPACES:
            self._text.append("\x01" * min(_times(attribute(attributes, TEXT + "c", "1")), 1_000))
        elif name == LINE_BREAK:
            self._text.append("\x03")
        elif name == TAB:
            self._text.append("\x02")
        elif name == SHEET:
            self._start_sheet(attributes)
        elif name in NOT_OF_THE_SHEET or name.startswith(DRAW):
            self._depth_apart, self._of_before = self.depth, self.parser.CharacterDataHandler
            self.parser.CharacterDataHandler = None
            self.parser.StartElementHandler = self._start_apart
            self.parser.EndElementHandler = self._end_apart
        elif name == NULL_DATE:
            said = attribute(attributes, TABLE + "date-value")
            self.day_zero = date.fromisoformat(said[:10]) if said else EXCEL_ZERO
        elif name == SOURCE:
            self._is_ours = False

    def _start_apart(self, name: str, attributes: list[str]) -> None:
        self.depth += 1

    def _end_apart(self, name: str) -> None:
        if self.depth == self._depth_apart:
            self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
            self.parser.CharacterDataHandler = self._of_before
        self.depth -= 1

    def _start_sheet(self, attributes: list[str]) -> None:
        self._sheets += 1
        if self._sheets > MOST_SHEETS:
            raise UnreadableError(TOO_MANY_SHEETS)
        self._sheet, self._number = attribute(attributes, TABLE + "name"), 0
        self._merged, self._is_ours = Merged(), True

    def _end(self, name: str) -> None:
        self.depth -= 1
        if name == PARAGRAPH:
            self.parser.CharacterDataHandler = None
            text = "".join(self._text)
            if not text.isprintable() or "  " in text:
                text = _BLANKS.sub(" ", text).strip(" ").translate(_MEANT)
            self._paragraphs.append(text)
            self._text = []
        elif name in (CELL, COVERED):
            paragraphs, cells = self._paragraphs, self._cells
            text = paragraphs[0] if len(paragraphs) == 1 else "\n".join(paragraphs)
            if self._is_plain and len(cells) < MOST_COLUMNS:
                cells.append(text)
            else:
                self._end_cell(text)
        elif name == ROW:
            self._end_row()

    def _end_cell(self, text: str) -> None:
        room = MOST_COLUMNS - len(self._cells)
        if not self._is_plain:
            text = self._value(text)
            if ROWS_SPANNED in self._said or COLUMNS_SPANNED in self._said:
                self._span()
        # The last, empty cell of a row stands for all that is left of the sheet.
        if self._columns > room and text:
            self._is_too_wide = True
        self._cells += [text] * min(self._columns, room)

    def _span(self) -> None:
        rows = _times(self._said.get(ROWS_SPANNED, "1"))
        columns = _times(self._said.get(COLUMNS_SPANNED, "1"))
        if rows * columns > 1:
            row, column = self._number + 1, len(self._cells)
            self._merged.add(Area(row, row + rows - 1, column, column + columns - 1))

    def _value(self, text: str) -> str:
        said = self._said
        if said.get(ERROR_KIND) == "error":
            return self._report(text, ERROR_VALUE)
        match said.get(KIND):
            case "string" | None:
                if KIND not in said and FORMULA in said and not text:
                    return self._report("", NOT_CALCULATED)
                return text or said.get(STRING, "")
            case "date":
                return iso_moment(said.get(DAY, text))
            case "time":
                return iso_moment(said.get(TIME, text))
            case "boolean":
                return said.get(BOOLEAN, text)
        return number(said[NUMBER]) if NUMBER in said else text

    def _report(self, value: str, reason: str) -> str:
        last = min(len(self._cells) + self._columns, MOST_COLUMNS)
        self._faults += [
            Fault(column, value[:SHOWN], reason) for column in range(len(self._cells), last)
        ]
        return ""

    def _end_row(self) -> None:
        self._number += 1
        number_of_row, rows = self._number, self._rows
        self._number += rows - 1
        while self._cells and not self._cells[-1]:
            self._cells.pop()
        if not self._is_ours or not (self._cells or self._faults):
            return
        if self._number > MOST_ROWS:
            raise UnreadableError(TOO_MANY_CELLS)
        line: Line | None
        if self._is_too_wide:
            fault = Fault(None, " ".join(self._cells)[:SHOWN], ROW_TOO_WIDE)
            line = Line(self._sheet, number_of_row, [], [fault])
        else:
            cells = self._merged.fill(number_of_row, self._cells)
            line = line_of(self._sheet, number_of_row, cells, self._faults, self._longest_cell)
        if line is not None:
            self._found.append((line, rows))


def _times(said: str) -> int:
    return max(1, int(said))
