"""The parts of an Excel workbook beside its sheets: which there are, formats, shared texts, merged
areas.
"""

import posixpath
import zipfile
from array import array
from typing import NamedTuple
from urllib.parse import unquote

from documents.spreadsheets.archives import Archive
from documents.spreadsheets.errors import (
    BINARY_EXCEL,
    DAMAGED,
    NOT_A_TABLE,
    TOO_MANY_MERGED,
    TOO_MANY_SHEETS,
    TOO_MANY_TEXTS,
    UnreadableError,
)
from documents.spreadsheets.lines import MOST_SHEETS
from documents.spreadsheets.merged import MOST_MERGED, Area, area_of
from documents.spreadsheets.values import Shown, shown_as, unescaped
from documents.spreadsheets.xmlstream import XmlReader, attribute, local, read

MOST_TEXTS = 4_000_000
LONGEST_TEXTS = 64 * 1024**2  # bytes of all shared texts
MOST_FORMATS = 65_536
# Excel keeps to these names; others link to theirs.
USUAL_WORKBOOK = "xl/workbook.xml"


class Workbook(NamedTuple):
    """What there is in a workbook: its sheets in order, by name; its parts; where its days
    begin.
    """

    sheets: list[tuple[str, zipfile.ZipInfo]]
    texts: zipfile.ZipInfo | None
    formats: zipfile.ZipInfo | None
    has_mac_days: bool


class _Link(NamedTuple):
    id: str
    kind: str
    target: str


def has_workbook(archive: Archive) -> bool:
    """Whether this archive is an Excel workbook."""
    return _workbook_name(archive) is not None


def read_workbook(archive: Archive) -> Workbook:
    """Find the parts of the workbook, by its links where it has them, else by their usual names.

    Raises `UnreadableError`.
    """
    name = _workbook_name(archive)
    member = archive.find(name) if name else None
    if name is None or member is None:
        raise UnreadableError(NOT_A_TABLE)
    if name.endswith(".bin"):
        raise UnreadableError(BINARY_EXCEL)
    listed = _Listed()
    read(archive, member, listed)
    links = _links_of(archive, name)
    by_id = {link.id: link for link in links}
    folder = posixpath.dirname(name)
    sheets = []
    for at, (sheet, link_id) in enumerate(listed.sheets, 1):
        link = by_id.get(link_id)
        # Sheets that hold a chart or a dialogue have no rows.
        if link and link.kind not in ("", "worksheet"):
            continue
        found = archive.find(link.target if link else f"{folder}/worksheets/sheet{at}.xml")
        if found is None:
            raise UnreadableError(DAMAGED)
        sheets.append((sheet, found))
    return Workbook(
        sheets,
        _part(archive, links, "sharedStrings", f"{folder}/sharedStrings.xml"),
        _part(archive, links, "styles", f"{folder}/styles.xml"),
        listed.has_mac_days,
    )


def _workbook_name(archive: Archive) -> str | None:
    targets = [link.target for link in _links_of(archive, "") if link.kind == "officeDocument"]
    for name in (*targets, USUAL_WORKBOOK, "xl/workbook.bin"):
        # A text or a presentation is also an Office document.
        if archive.find(name) and posixpath.basename(name.casefold()).startswith("workbook"):
            return name
    return None


def _part(archive: Archive, links: list[_Link], kind: str, usual: str) -> zipfile.ZipInfo | None:
    for link in links:
        if link.kind == kind and (found := archive.find(link.target)):
            return found
    return archive.find(usual)


def _links_of(archive: Archive, name: str) -> list[_Link]:
    folder, base = posixpath.split(name)
    member = archive.find(posixpath.join(folder, "_rels", f"{base}.rels"))
    if member is None:
        return []
    reader = _Links(folder)
    read(archive, member, reader)
    return reader.found


class _Links(XmlReader):
    def __init__(self, folder: str) -> None:
        super().__init__()
        self.found: list[_Link] = []
        self._folder = folder

    def _start(self, name: str, attributes: list[str]) -> None:
        self.depth += 1
        if local(name) != "Relationship" or len(self.found) >= 4 * MOST_SHEETS:
            return
        target = unquote(attribute(attributes, "Target")).replace("\\", "/")
        if not target.startswith("/"):
            target = posixpath.normpath(posixpath.join(self._folder, target))
        kind = attribute(attributes, "Type").rpartition("/")[2]
        self.found.append(_Link(attribute(attributes, "Id"), kind, target.lstrip("/")))


class _Listed(XmlReader):
    """The workbook's own list of its sheets."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str]] = []
        self.has_mac_days = False

    def _start(self, name: str, attributes: list[str]) -> None:
        self.depth += 1
        match local(name):
            case "workbookPr":
                self.has_mac_days = attribute(attributes, "date1904").lower() in ("1", "true", "on")
            case "sheet":
                if len(self.sheets) >= MOST_SHEETS:
                    raise UnreadableError(TOO_MANY_SHEETS)
                links = dict(zip(attributes[::2], attributes[1::2], strict=True))
                link_id = next((v for k, v in links.items() if k.endswith("relationships id")), "")
                self.sheets.append((links.get("name", ""), link_id))


class Formats(XmlReader):
    """Which of the formats that cells name show a day or a time."""

    def __init__(self) -> None:
        super().__init__()
        self.days: dict[str, Shown] = {}
        self._own: dict[int, str] = {}
        self._number = 0
        self._is_of_cells = False

    def _start(self, name: str, attributes: list[str]) -> None:
        self.depth += 1
        match local(name):
            case "numFmt":
                code = int(attribute(attributes, "numFmtId", "0"))
                if len(self._own) < MOST_FORMATS:
                    self._own[code] = attribute(attributes, "formatCode")[:255]
            case "cellXfs":
                self._is_of_cells = True
            case "xf" if self._is_of_cells and self._number < MOST_FORMATS:
                code = int(attribute(attributes, "numFmtId", "0"))
                shown = shown_as(code, self._own.get(code, ""))
                if shown is not Shown.NUMBER:
                    self.days[str(self._number)] = shown
                self._number += 1

    def _end(self, name: str) -> None:
        self.depth -= 1
        if local(name) == "cellXfs":
            self._is_of_cells = False


class SharedTexts(XmlReader):
    """The texts that cells point to. One string of bytes holds all of them: as many Python strings
    would take three times the memory.
    """

    def __init__(self, longest: int) -> None:
        super().__init__()
        self._bytes = bytearray()
        self._ends = array("I")
        self._longest = longest
        self._parts: list[str] = []
        self._of_this_run = self._sounds = 0

    def __getitem__(self, number: int) -> str:
        """The text of that number. Raises `IndexError`."""
        if number < 0:
            raise IndexError(number)
        begin = self._ends[number - 1] if number else 0
        return self._bytes[begin : self._ends[number]].decode()

    def _start(self, name: str, attributes: list[str]) -> None:
        self.depth += 1
        last = local(name)
        if last == "si":
            self._parts = []
        elif last == "rPh":  # how a word sounds: not part of it
            self._sounds += 1
        elif last == "t" and not self._sounds:
            self._of_this_run = len(self._parts)
            self.parser.CharacterDataHandler = self._parts.append

    def _end(self, name: str) -> None:
        self.depth -= 1
        last = local(name)
        if last == "si":
            text = "".join(self._parts)
            # One letter more says that it is too long.
            self._bytes += text[: self._longest + 1].encode()
            self._parts = []
            if len(self._ends) >= MOST_TEXTS or len(self._bytes) > LONGEST_TEXTS:
                raise UnreadableError(TOO_MANY_TEXTS)
            self._ends.append(len(self._bytes))
        elif last == "rPh":
            self._sounds -= 1
        elif last == "t" and not self._sounds:
            self.parser.CharacterDataHandler = None
            unescape(self._parts, self._of_this_run)

    def check(self) -> None:
        if sum(map(len, self._parts)) > self._longest + 1:
            self._parts[:] = ["".join(self._parts)[: self._longest + 1]]


def unescape(parts: list[str], since: int) -> None:
    """Take the escapes out of the pieces of a text since that one, which are of one run."""
    run = parts[since] if len(parts) == since + 1 else "".join(parts[since:])
    if "_x" in run:
        parts[since:] = [unescaped(run)]


def merged_areas(archive: Archive, member: zipfile.ZipInfo) -> list[Area]:
    """The merged areas of a sheet. They stand behind its rows, so that it is unpacked twice; it is
    parsed twice only where there are any.

    Raises `UnreadableError`.
    """
    if not _may_have_merged(archive, member):
        return []
    reader = _MergedAreas()
    read(archive, member, reader)
    return reader.found


def _may_have_merged(archive: Archive, member: zipfile.ZipInfo) -> bool:
    wanted, before = b"mergeCell", b""
    for piece in archive.pieces(member):
        # In two bytes a letter, which no program writes, the word would look otherwise.
        if (not before and b"\0" in piece[:4]) or wanted in before + piece:
            return True
        before = piece[-len(wanted) :]
    return False


class _MergedAreas(XmlReader):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Area] = []

    def _start(self, name: str, attributes: list[str]) -> None:
        self.depth += 1
        if local(name) == "mergeCell":
            reference = attribute(attributes, "ref")
            if ":" not in reference:
                return
            if len(self.found) >= MOST_MERGED:
                raise UnreadableError(TOO_MANY_MERGED)
            self.found.append(area_of(reference))
