"""Lists as files: CSV that no spreadsheet takes for formulas, and XLSX. The same rows give the same
bytes.
"""

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from tempfile import SpooledTemporaryFile
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

# A spreadsheet reads a cell that starts with one of these as a formula, some programs also after
# blanks, line feeds or letters that nobody sees, and in the full width of East Asian writing.
FORMULA_STARTS = frozenset("=+-@\N{MINUS SIGN}")
# What a cell of an Excel workbook can hold. xlsxwriter leaves out in silence what is longer.
LONGEST_CELL = 32_767
CUT = " … (cut: longer than a cell of a spreadsheet can hold)"
CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - fixed, for stable bytes; XLSX has no time zones
# A spreadsheet takes none of these in the name of a sheet.
NOT_IN_SHEET_NAMES = str.maketrans("[]:*?/\\", " " * 7)
CHUNK_ROWS = 500
WIDTH_SAMPLE = 200


class _Echo:
    """A file whose write gives back what it was given."""

    def write(self, text: str) -> str:
        return text


def plain(value: Any) -> Any:
    """A cell's plain value: yes or no for a boolean, an aware time in the council's zone, text for
    the rest.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if isinstance(value, int | float | Decimal | date):
        return value
    return str(value)


def csv_cell(value: Any) -> str:
    """A cell's text, with a quote before it when a spreadsheet would take it for a formula."""
    value = plain(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, str):
        # Text alone: a negative number is a number, and stays one.
        return f"'{value}" if begins_a_formula(value) else value
    return str(value)


def begins_a_formula(text: str) -> bool:
    """Whether a spreadsheet may take a text for a formula, or for blanks before one."""
    if text[:1] in ("\t", "\r", "\n"):
        return True
    for letter in text:
        # Blanks and line ends (Z, Cc), and what is not seen at all (Cf).
        if unicodedata.category(letter)[0] in "ZC":
            continue
        return unicodedata.normalize("NFKC", letter)[0] in FORMULA_STARTS
    return False


def csv_lines(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The text of the file in pieces, beginning with the mark by which Excel knows UTF-8."""
    # Line ends as RFC 4180 has them.
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield "\ufeff"
    cells = ([csv_cell(cell) for cell in row] for row in chain([headings], rows))
    while lines := "".join(writer.writerow(row) for row in islice(cells, CHUNK_ROWS)):
        yield lines


def csv_response(
    filename: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """A CSV file to download, sent while it is made. Dates are ISO 8601."""
    response = StreamingHttpResponse(
        csv_lines(headings, rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = attachment(filename)
    return response


def fitting(text: str) -> str:
    """A text as a cell of a workbook can hold it; one that is longer says that it was cut."""
    # Excel counts in the two bytes of UTF-16.
    if len(text) <= LONGEST_CELL // 2 or len(text.encode("utf-16-le")) // 2 <= LONGEST_CELL:
        return text
    room = LONGEST_CELL - len(CUT)
    return text.encode("utf-16-le")[: room * 2].decode("utf-16-le", "ignore") + CUT


def write_xlsx(
    target: Any, headings: Sequence[str], rows: Iterable[Sequence[Any]], sheet: str = "List"
) -> None:
    """Write one sheet to a path or a binary file: heading row frozen and filtered, dates as dates,
    no formulas.
    """
    book = xlsxwriter.Workbook(
        target,
        {
            # Rows go to the file as they come, however long the list is. What somebody typed stays
            # text: no formula, no link, no number made of a reference.
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"created": CREATED})
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "d mmmm yyyy", "align": "left"})
    moment = book.add_format({"num_format": "d mmmm yyyy hh:mm", "align": "left"})
    # Excel takes 31 characters for the name of a sheet.
    page = book.add_worksheet(sheet.translate(NOT_IN_SHEET_NAMES)[:31])
    iterator = ([plain(cell) for cell in row] for row in rows)
    # The widths come from the first rows, since no row is kept once it is written.
    sample = list(islice(iterator, WIDTH_SAMPLE))
    for number, heading in enumerate(headings):
        widest = max([len(heading), *(_width(row[number]) for row in sample if number < len(row))])
        page.set_column(number, number, min(max(widest + 2, 8), 60))
    page.freeze_panes(1, 0)
    for number, heading in enumerate(headings):
        page.write_string(0, number, heading, bold)
    last = 0
    for last, row in enumerate(chain(sample, iterator), 1):
        for number, value in enumerate(row):
            if isinstance(value, datetime):
                page.write_datetime(last, number, value, moment)
            elif isinstance(value, date):
                page.write_datetime(last, number, value, day)
            elif isinstance(value, str):
                page.write_string(last, number, fitting(value))
            else:
                page.write_number(last, number, value)
    page.autofilter(0, 0, last, max(len(headings) - 1, 0))
    book.close()


def xlsx_response(
    filename: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], sheet: str = "List"
) -> HttpResponseBase:
    """An XLSX file to download."""
    # The response closes the file when it has been sent.
    target = SpooledTemporaryFile(max_size=4_000_000)  # noqa: SIM115 - sent after the return
    write_xlsx(target, headings, rows, sheet)
    target.seek(0)
    response = FileResponse(
        target, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = attachment(filename)
    return response


def _width(value: Any) -> int:
    return 18 if isinstance(value, date) else len(str(value))


def attachment(filename: str) -> str:
    """The header by which a browser saves what is sent under that name."""
    return f"attachment; filename*=UTF-8''{quote(filename)}"
