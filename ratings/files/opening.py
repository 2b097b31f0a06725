"""Opening a file, whatever its format."""

import zipfile
from pathlib import Path

from ratings.files.errors import DAMAGED, NOT_A_TABLE, UnreadableError
from ratings.files.ods import OdsSheets
from ratings.files.plain import CsvSheets
from ratings.files.sheets import Sheets
from ratings.files.xlsx import XlsxSheets


def open_sheets(path: Path) -> Sheets:
    """Open an .ods, .xlsx or .csv, recognised by its content and not by its name.

    Raises `UnreadableError`.
    """
    with path.open("rb") as handle:
        start = handle.read(8)
    if not start:
        raise UnreadableError("The file is empty. Choose another file.")
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableError(
            "This is an old Excel file (.xls), or it has a password. Save it without a password, as"
            " .xlsx or .csv."
        )
    if not start.startswith(b"PK"):
        return CsvSheets(path)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise UnreadableError(DAMAGED) from error
    names = set(archive.namelist())
    if "content.xml" in names:
        return OdsSheets(archive)
    if "xl/workbook.xml" in names:
        return XlsxSheets(archive)
    archive.close()
    raise UnreadableError(NOT_A_TABLE)
