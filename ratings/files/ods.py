"""OpenDocument spreadsheets (.ods), one row at a time."""

import zipfile
from collections.abc import Iterator

from ratings.files.errors import TOO_MANY_CELLS, UnreadableError
from ratings.files.sheets import MOST_COLUMNS, MOST_ROWS, Line, Sheets
from ratings.files.xmlstream import feed, parser

TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "

CELL, COVERED, ROW, SHEET = (
    TABLE + "table-cell",
    TABLE + "covered-table-cell",
    TABLE + "table-row",
    TABLE + "table",
)
PARAGRAPH, SPACES, LINE_BREAK, TAB = TEXT + "p", TEXT + "s", TEXT + "line-break", TEXT + "tab"
ANNOTATION = OFFICE + "annotation"
COLUMNS_REPEATED, ROWS_REPEATED = TABLE + "number-columns-repeated", TABLE + "number-rows-repeated"
# A cell that is no text says its value here; what it shows is then a matter of its format.
VALUES = {OFFICE + "date-value", OFFICE + "value", OFFICE + "boolean-value"}


class OdsSheets(Sheets):
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._size = max(1, archive.getinfo("content.xml").file_size)
        self._read = 0

    @property
    def progress(self) -> float:
        return min(1.0, self._read / self._size)

    def close(self) -> None:
        self._archive.close()

    def __iter__(self) -> Iterator[Line]:
        rows = _Rows()
        for size in feed(self._archive, "content.xml", rows.parser):
            self._read += size
            yield from rows.take()
        yield from rows.take()


class _Rows:
    """What the parser has found and nobody has taken yet.

    A cell may stand for many ("repeated"), and so may a row: LibreOffice ends a sheet with a
    million of them.
    """

    def __init__(self) -> None:
        self.parser = parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self._found: list[Line] = []
        self._sheet = ""
        self._number = 0
        self._cells: list[str] = []
        self._rows = self._columns = 1
        self._value = ""
        self._paragraphs: list[str] = []
        self._text: list[str] = []
        self._annotations = 0

    def take(self) -> list[Line]:
        found, self._found = self._found, []
        return found

    def _start(self, name: str, attributes: list[str]) -> None:
        if name == PARAGRAPH:
            if not self._annotations:
                self._text = []
                self.parser.CharacterDataHandler = self._text.append
        elif name in (CELL, COVERED):
            self._columns, self._value, self._paragraphs = 1, "", []
            if attributes:
                self._read_cell_attributes(attributes)
        elif name == ROW:
            self._cells, self._rows = [], 1
            for at in range(0, len(attributes), 2):
                if attributes[at] == ROWS_REPEATED:
                    self._rows = int(attributes[at + 1])
        elif name == SPACES:
            count = next((attributes[at + 1] for at in range(0, len(attributes), 2)), "1")
            self._text.append(" " * min(int(count), 100))
        elif name in (LINE_BREAK, TAB):
            self._text.append(" ")
        elif name == ANNOTATION:
            self._annotations += 1
        elif name == SHEET:
            named = dict(zip(attributes[::2], attributes[1::2], strict=True))
            self._sheet, self._number = named.get(TABLE + "name", ""), 0

    def _read_cell_attributes(self, attributes: list[str]) -> None:
        for at in range(0, len(attributes), 2):
            if attributes[at] == COLUMNS_REPEATED:
                self._columns = int(attributes[at + 1])
            elif attributes[at] in VALUES:
                self._value = attributes[at + 1]

    def _end(self, name: str) -> None:
        if name == PARAGRAPH:
            if not self._annotations:
                self.parser.CharacterDataHandler = None
                self._paragraphs.append("".join(self._text))
        elif name in (CELL, COVERED):
            text = self._value or " ".join(self._paragraphs)
            if self._columns == 1:
                self._cells.append(text)
            else:
                # The last, empty cell of a row stands for all that is left of the sheet.
                self._cells += [text] * min(self._columns, MOST_COLUMNS)
        elif name == ROW:
            self._end_row()
        elif name == ANNOTATION:
            self._annotations -= 1

    def _end_row(self) -> None:
        if any(self._cells):
            if self._number + self._rows > MOST_ROWS or len(self._cells) > 64 * MOST_COLUMNS:
                raise UnreadableError(TOO_MANY_CELLS)
            for number in range(self._number + 1, self._number + self._rows + 1):
                self._found.append(Line(self._sheet, number, self._cells))
        self._number += self._rows
