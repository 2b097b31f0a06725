"""Files that ask for more memory than they are worth, one of each kind. `size` is in bytes of what
they unpack to.
"""

import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.documents.dialects import MAIN, RELATIONS

PIECE = 1 << 20
WORKBOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
    '<sheet name="One" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
SHEET, END = f'<worksheet xmlns="{MAIN}"><sheetData>', "</sheetData></worksheet>"
ODS = (
    "<office:document-content"
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
    '<office:spreadsheet><table:table table:name="One">'
)
ODS_END = "</table:table></office:spreadsheet></office:body></office:document-content>"


def again(text: str, size: int) -> Iterator[bytes]:
    """The text as often as it takes to fill so many bytes."""
    piece = text.encode() * max(1, PIECE // len(text))
    for _ in range(max(1, size // len(piece))):
        yield piece


def numbered(text: str, size: int) -> Iterator[bytes]:
    """The text with another number each time."""
    number = 0
    while size > 0:
        piece = "".join(text.format(number + at) for at in range(20_000)).encode()
        number += 20_000
        size -= len(piece)
        yield piece


def zipped(path: Path, **members: Iterator[bytes] | str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, pieces in members.items():
            with archive.open(NAMES[name], "w", force_zip64=True) as member:
                for piece in [pieces.encode()] if isinstance(pieces, str) else pieces:
                    member.write(piece)
    return path


NAMES = {
    "workbook": "xl/workbook.xml",
    "sheet": "xl/worksheets/sheet1.xml",
    "texts": "xl/sharedStrings.xml",
    "styles": "xl/styles.xml",
    "links": "xl/_rels/workbook.xml.rels",
    "content": "content.xml",
}


def between(before: str, pieces: Iterator[bytes], after: str) -> Iterator[bytes]:
    yield before.encode()
    yield from pieces
    yield after.encode()


def in_sheet(before: str, pieces: Iterator[bytes], after: str) -> Callable[[Path], Path]:
    whole = between(SHEET + before, pieces, after + END)
    return lambda path: zipped(path, workbook=WORKBOOK, sheet=whole)


def in_texts(before: str, pieces: Iterator[bytes], after: str) -> Callable[[Path], Path]:
    whole = between(f'<sst xmlns="{MAIN}">{before}', pieces, f"{after}</sst>")
    return lambda path: zipped(path, workbook=WORKBOOK, sheet=SHEET + END, texts=whole)


def in_content(before: str, pieces: Iterator[bytes], after: str) -> Callable[[Path], Path]:
    whole = between(ODS + before, pieces, after + ODS_END)
    return lambda path: zipped(path, content=whole)


def as_text(pieces: Iterator[bytes]) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        with path.open("wb") as handle:
            handle.writelines(pieces)
        return path

    return write


def attacks(size: int) -> dict[str, Callable[[Path], Path]]:
    """By what each does: what writes it to a path."""
    cell = "<table:table-row><table:table-cell><text:p>"
    ended = "</text:p></table:table-cell></table:table-row>"
    inline = '<row><c t="inlineStr"><is><t>'
    return {
        "a cell without an end in a workbook": in_sheet(
            inline, again("x", size), "</t></is></c></row>"
        ),
        "a cell of many runs": in_sheet(
            '<row><c t="inlineStr"><is>', again("<r><t>word </t></r>", size), "</is></c></row>"
        ),
        "a shared text without an end": in_texts("<si><t>", again("x", size), "</t></si>"),
        "shared texts without an end": in_texts("", numbered("<si><t>text {}</t></si>", size), ""),
        "empty shared texts": in_texts("", again("<si/>", size), ""),
        "a cell without an end in OpenDocument": in_content(cell, again("x", size), ended),
        "a cell of many paragraphs": in_content(cell, again("</text:p><text:p>word", size), ended),
        "an attribute without an end": in_sheet('<row r="', again("1", size), '"/>'),
        "a comment without an end": in_content("<!--", again("x", size), "-->"),
        "elements within each other": in_sheet("", again("<row>", size), ""),
        "elements of ever other names": in_sheet("", numbered("<a{}/>", size), ""),
        "prefixes of ever other names": in_content("", numbered('<b xmlns:p{}="u"/>', size), ""),
        "a row of cells without an end": in_sheet(
            "<row>", again('<c t="inlineStr"><is><t>cell</t></is></c>', size), "</row>"
        ),
        "a row of errors in one place": in_sheet(
            "<row>", again('<c r="A1" t="e"><v>#N/A</v></c>', size), "</row>"
        ),
        "merged areas without an end": in_sheet(
            "</sheetData><mergeCells>",
            numbered('<mergeCell ref="A{0}:B{0}"/>', size // 8),
            "</mergeCells><sheetData>",
        ),
        "areas merged over each other": in_sheet(
            "",
            numbered('<row><c t="inlineStr"><is><t>{}</t></is></c></row>', size // 50),
            "</sheetData><mergeCells>"
            + '<mergeCell ref="A1:AMJ1000000"/>' * 1_000
            + "</mergeCells><sheetData>",
        ),
        "sheets without an end": lambda path: zipped(
            path,
            workbook=between(
                f'<workbook xmlns="{MAIN}">', again('<sheet name="x"/>', size), "</workbook>"
            ),
        ),
        "links without an end": lambda path: zipped(
            path,
            workbook=WORKBOOK,
            sheet=SHEET + END,
            links=between("<a>", again('<Relationship Id="x" Target="y"/>', size), "</a>"),
        ),
        "formats without an end": lambda path: zipped(
            path,
            workbook=WORKBOOK,
            sheet=SHEET + END,
            styles=between(
                f'<styleSheet xmlns="{MAIN}"><cellXfs>',
                again('<xf numFmtId="14"/>', size),
                "</cellXfs></styleSheet>",
            ),
        ),
        "rows that stand for a million of long cells": in_content(
            '<table:table-row table:number-rows-repeated="300000">'
            '<table:table-cell table:number-columns-repeated="1000"><text:p>',
            again("x", 30_000),
            ended,
        ),
        "a list of members without an end": _long_list,
        "a line without an end": as_text(again("x", size)),
        "a quotation mark without its second": as_text(between('a,"b\n', again("c,d\n", size), "")),
        "lines of single quotation marks": as_text(again('a,"b\n', size // 4)),
        "lines of double quotation marks": as_text(between('a,"b\n', again('""\n', size // 8), "")),
        "separators without an end": as_text(again(",", size)),
        "errors without an end": as_text(again("#N/A,#REF!,x\n", size // 8)),
    }


def _long_list(path: Path) -> Path:
    name = b"x" * 20
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, len(name),
                        0, 0, 0, 0, 0, 0) + name  # fmt: skip
    number = 400_000
    listed = entry * number
    start = b"PK\x03\x04" + bytes(26)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0, 0, len(listed), len(start), 0)
    path.write_bytes(start + listed + end)
    return path
