"""A spreadsheet as a stream of lines, whatever its format; it is never held in memory."""

import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from ratings.files.errors import UnreadableError

# What a spreadsheet can hold, and more than CQC has ever used: what goes beyond is an attack or an accident.
MOST_ROWS = 1_048_576
MOST_COLUMNS = 1_024
LARGEST_XML = 8 * 1024**3  # bytes; the ratings of all England are one eighth of it
CHUNK = 1 << 18


class Line(NamedTuple):
    """One line that is not empty: the sheet's name, the line's number as a spreadsheet counts it, its cells."""

    sheet: str
    number: int
    cells: list[str]


class Sheets(ABC):
    """An open spreadsheet. Iterate once; `progress` says how far that has come."""

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
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()


def open_sheets(path: Path) -> Sheets:
    """Open an .ods, .xlsx or .csv, told apart by their content and not by their name. Raises `UnreadableError`."""
    from ratings.files.ods import OdsSheets
    from ratings.files.plain import CsvSheets
    from ratings.files.xlsx import XlsxSheets

    with path.open("rb") as handle:
        start = handle.read(8)
    if not start:
        raise UnreadableError("The file is empty.")
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableError(
            "This is an old Excel file (.xls) or one with a password: save it as .xlsx or .csv."
        )
    if not start.startswith(b"PK"):
        return CsvSheets(path)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise UnreadableError("The file is damaged: fetch it again.") from error
    names = set(archive.namelist())
    if "content.xml" in names:
        return OdsSheets(archive)
    if "xl/workbook.xml" in names:
        return XlsxSheets(archive)
    archive.close()
    raise UnreadableError("This is neither a spreadsheet (.ods, .xlsx) nor a .csv file.")
