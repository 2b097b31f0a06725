"""Comma-separated files (.csv), with or without lines above their headings."""

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path

from ratings.files.errors import NOT_A_TABLE, UnreadableError
from ratings.files.sheets import CHUNK, Line, Sheets


class CsvSheets(Sheets):
    def __init__(self, path: Path) -> None:
        self._size = max(1, path.stat().st_size)
        self._encoding = _encoding_of(path)
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
        try:
            # Not strict: CQC's own files carry the odd quotation mark in the middle of a cell.
            for number, cells in enumerate(csv.reader(self._handle), 1):
                if any(cells):
                    yield Line("", number, cells)
        except csv.Error as error:
            raise UnreadableError(f"We cannot read this .csv file: {error}.") from error


def _encoding_of(path: Path) -> str:
    """UTF-8 if the whole file is that, else what Windows writes."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    with path.open("rb") as handle:
        try:
            while chunk := handle.read(CHUNK):
                if b"\x00" in chunk:
                    raise UnreadableError(NOT_A_TABLE)
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"
