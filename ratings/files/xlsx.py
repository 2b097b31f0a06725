"""Excel workbooks (.xlsx), one row at a time. Shared texts are held, each once; nothing else is."""

import re
import zipfile
from collections.abc import Iterator
from functools import cache
from xml.etree import ElementTree

from ratings.files.errors import DAMAGED, OWN_ENTITIES, TOO_MANY_CELLS, UnreadableError
from ratings.files.sheets import MOST_COLUMNS, MOST_ROWS, Line, Sheets
from ratings.files.xmlstream import feed, parser

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
CELL, ROW, VALUE, TEXT, STRING = MAIN + "c", MAIN + "row", MAIN + "v", MAIN + "t", MAIN + "si"
PHONETIC = MAIN + "rPh"  # how a word sounds: not part of it
SMALL = 4 * 1024 * 1024  # the workbook's own lists


class XlsxSheets(Sheets):
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._read = 0
        self._members = _members_by_sheet(archive)
        self._size = max(1, sum(archive.getinfo(member).file_size for _, member in self._members))

    @property
    def progress(self) -> float:
        return min(1.0, self._read / self._size)

    def close(self) -> None:
        self._archive.close()

    def __iter__(self) -> Iterator[Line]:
        shared = self._shared_texts()
        for sheet, member in self._members:
            rows = _Rows(sheet, shared)
            for size in feed(self._archive, member, rows.parser):
                self._read += size
                yield from rows.take()
            yield from rows.take()

    def _shared_texts(self) -> list[str]:
        if "xl/sharedStrings.xml" not in self._archive.namelist():
            return []
        reader = _SharedTexts()
        for _ in feed(self._archive, "xl/sharedStrings.xml", reader.parser):
            pass
        return reader.found


def _members_by_sheet(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """The sheets in their order: name, and member of the archive."""
    try:
        targets = {
            one.get("Id"): one.get("Target", "")
            for one in _small_tree(archive, "xl/_rels/workbook.xml.rels")
        }
        sheets = _small_tree(archive, "xl/workbook.xml").iterfind(f"{{{MAIN.strip()}}}sheets/*")
        named = [(one.get("name", ""), targets.get(one.get(RELATION), "")) for one in sheets]
        members = [
            (name, target.lstrip("/") if target.startswith("/") else f"xl/{target}")
            for name, target in named
        ]
        held = set(archive.namelist())
        return [(name, member) for name, member in members if member in held]
    except (KeyError, ElementTree.ParseError, zipfile.BadZipFile, OSError) as error:
        raise UnreadableError(DAMAGED) from error


def _small_tree(archive: zipfile.ZipFile, member: str) -> ElementTree.Element:
    if archive.getinfo(member).file_size > SMALL:
        raise UnreadableError(DAMAGED)
    data = archive.read(member)
    if b"<!DOCTYPE" in data:
        raise UnreadableError(OWN_ENTITIES)
    return ElementTree.fromstring(data)  # noqa: S314 - small, and without a document type


class _SharedTexts:
    def __init__(self) -> None:
        self.parser = parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.found: list[str] = []
        self._parts: list[str] = []
        self._sounds = 0

    def _start(self, name: str, attributes: list[str]) -> None:
        if name == STRING:
            self._parts = []
        elif name == PHONETIC:
            self._sounds += 1
        elif name == TEXT and not self._sounds:
            self.parser.CharacterDataHandler = self._parts.append

    def _end(self, name: str) -> None:
        if name == STRING:
            self.found.append("".join(self._parts))
        elif name == PHONETIC:
            self._sounds -= 1
        elif name == TEXT:
            self.parser.CharacterDataHandler = None


class _Rows:
    """What the parser has found of one sheet. Cells and rows that are empty may be left out of the
    file.
    """

    def __init__(self, sheet: str, shared: list[str]) -> None:
        self.parser = parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self._sheet, self._shared = sheet, shared
        self._found: list[Line] = []
        self._number = 0
        self._cells: list[str] = []
        self._kind = ""
        self._column = 0
        self._parts: list[str] = []

    def take(self) -> list[Line]:
        found, self._found = self._found, []
        return found

    def _start(self, name: str, attributes: list[str]) -> None:
        if name == CELL:
            self._kind, self._parts, self._column = "n", [], len(self._cells)
            for at in range(0, len(attributes), 2):
                if attributes[at] == "r":
                    self._column = _column_of(attributes[at + 1])
                elif attributes[at] == "t":
                    self._kind = attributes[at + 1]
        elif name in (VALUE, TEXT):
            self.parser.CharacterDataHandler = self._parts.append
        elif name == ROW:
            self._cells, self._number = [], self._number + 1
            for at in range(0, len(attributes), 2):
                if attributes[at] == "r":
                    self._number = int(attributes[at + 1])

    def _end(self, name: str) -> None:
        if name in (VALUE, TEXT):
            self.parser.CharacterDataHandler = None
        elif name == CELL:
            if text := self._text():
                missing = self._column - len(self._cells)
                if missing > MOST_COLUMNS or self._number > MOST_ROWS:
                    raise UnreadableError(TOO_MANY_CELLS)
                self._cells += [""] * missing
                self._cells.append(text)
        elif name == ROW and self._cells:
            self._found.append(Line(self._sheet, self._number, self._cells))

    def _text(self) -> str:
        text = "".join(self._parts)
        if self._kind == "s":
            try:
                return self._shared[int(text)] if text else ""
            except (IndexError, ValueError) as error:
                raise UnreadableError(DAMAGED) from error
        return {"1": "true", "0": "false"}.get(text, text) if self._kind == "b" else text


@cache
def _column_letters(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _column_of(reference: str) -> int:
    """The column's number, from 0, of a reference such as `AB12`."""
    match = re.match(r"[A-Z]{1,3}", reference)
    if match is None:
        raise UnreadableError(DAMAGED)
    return _column_letters(match[0])
