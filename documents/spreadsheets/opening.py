"""Opening a spreadsheet, whatever its format."""

from pathlib import Path

from documents.spreadsheets.archives import Archive
from documents.spreadsheets.delimited import CsvSheets
from documents.spreadsheets.errors import (
    EMPTY,
    NOT_A_TABLE,
    OLD_EXCEL,
    PASSWORD,
    PDF,
    WEB_PAGE,
    UnreadableError,
)
from documents.spreadsheets.lines import LONGEST_CELL, Sheets
from documents.spreadsheets.ods import OdsSheets
from documents.spreadsheets.xlsx import XlsxSheets
from documents.spreadsheets.xlsx_parts import has_workbook

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# In an old Office file, the name of the part that holds an encrypted new one.
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<workbook")
ZIPPED = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
PIECE = 1 << 20


def open_sheets(path: Path, *, longest_cell: int = LONGEST_CELL) -> Sheets:
    """Open an .ods, .xlsx or .csv, recognised by its content and not by its name. A cell of more
    letters than `longest_cell` is left out and reported.

    Raises `UnreadableError`.
    """
    with path.open("rb") as handle:
        start = handle.read(64)
    if not start:
        raise UnreadableError(EMPTY)
    if start.startswith(OLD_OFFICE[:4]):
        raise UnreadableError(PASSWORD if _holds(path, ENCRYPTED) else OLD_EXCEL)
    if start.startswith(b"%PDF"):
        raise UnreadableError(PDF)
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(MARKUP):
        raise UnreadableError(WEB_PAGE)
    if not _is_archive(start):
        return CsvSheets(path, longest_cell)
    archive = Archive(path)
    try:
        if content := archive.find("content.xml"):
            return OdsSheets(archive, content, longest_cell)
        if archive.find("encrypted-package"):
            raise UnreadableError(PASSWORD)
        if has_workbook(archive):
            return XlsxSheets(archive, longest_cell)
    except BaseException:
        archive.close()
        raise
    archive.close()
    raise UnreadableError(NOT_A_TABLE)


def _is_archive(start: bytes) -> bool:
    if start.startswith(ZIPPED):
        return True
    # A text may begin with the same two letters; as a table it goes on after its first cell.
    return start.startswith(b"PK") and not any(sign in start for sign in b",;\t|\r\n")


def _holds(path: Path, word: bytes) -> bool:
    before = b""
    with path.open("rb") as handle:
        while piece := handle.read(PIECE):
            if word in before + piece:
                return True
            before = piece[-len(word) :]
    return False
