"""What WeasyPrint leaves undone in a file.

It writes one variant at a time, so that the second claim is added here. It maps grouped table
headers wrongly, so that every tagged table is laid on a grid to say which headers each cell has.
And it takes what a glyph means from the first place where it stands, so that a letter that stood
under a mark of its own loses its meaning in the whole file: each glyph is given its font's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pydyf
from weasyprint.text.fonts import get_hb_object_data

from documents import glyphs
from documents.errors import PdfError


def finish(document: Any, pdf: pydyf.PDF) -> None:
    """Complete a file before it is written. Raises `PdfError`."""
    _claim_pdf_ua(pdf)
    _map_table_headers(pdf)
    _map_letters(document, pdf)


# PDF/A allows a property that it does not define only if the file describes it.
UA_CLAIM = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Which part of ISO 14289 the file conforms to</pdfaProperty:description>
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


def _claim_pdf_ua(pdf: pydyf.PDF) -> None:
    # There is exactly one; more or none is another WeasyPrint than the one that this was written
    # for.
    [metadata] = [
        found
        for found in pdf.objects
        if isinstance(found, pydyf.Stream) and found.extra.get("Type") == "/Metadata"
    ]
    before, end, after = b"".join(metadata.stream).rpartition(b"</rdf:RDF>")
    if not end:
        raise PdfError("The PDF's metadata could not be completed.")
    metadata.stream = [before + UA_CLAIM + end + after]


@dataclass
class _Cell:
    element: pydyf.Dictionary
    row: int
    column: int
    rows: int
    columns: int
    in_head: bool

    @property
    def is_header(self) -> bool:
        return bool(self.element["S"] == "/TH")

    def shares_columns(self, other: "_Cell") -> bool:
        return (
            self.column < other.column + other.columns and other.column < self.column + self.columns
        )

    def shares_rows(self, other: "_Cell") -> bool:
        return self.row < other.row + other.rows and other.row < self.row + self.rows


def _map_table_headers(pdf: pydyf.PDF) -> None:
    """Give every table cell the headers above it and to its left, whatever they span.

    A header cell inside the table's head speaks for its columns, any other for its row.
    """
    named: list[tuple[str, bytes]] = []
    for table in pdf.objects:
        if not isinstance(table, pydyf.Dictionary) or table.get("S") != "/Table":
            continue
        cells = _grid(pdf, table)
        headers = [cell for cell in cells if cell.is_header]
        for header in headers:
            name = f"th-{table.number}-{header.row}-{header.column}"
            header.element["ID"] = pydyf.String(name)
            header.element["A"]["Scope"] = "/Column" if header.in_head else "/Row"
            named.append((name, header.element.reference))
        for cell in cells:
            heard = [
                header.element["ID"]
                for header in headers
                if header is not cell and _speaks_for(header, cell)
            ]
            if heard:
                cell.element["A"]["Headers"] = pydyf.Array(heard)
            else:
                # WeasyPrint may have named some, and its own map is wrong under grouped headings.
                cell.element["A"].pop("Headers", None)
    if named:
        _index_names(pdf, sorted(named))


def _speaks_for(header: _Cell, cell: _Cell) -> bool:
    if header.in_head:
        return header.shares_columns(cell) and header.row + header.rows <= cell.row
    return header.shares_rows(cell) and header.column + header.columns <= cell.column


def _grid(pdf: pydyf.PDF, table: pydyf.Dictionary) -> list[_Cell]:
    cells: list[_Cell] = []
    taken: set[tuple[int, int]] = set()
    for row, (tr, in_head) in enumerate(_rows(pdf, table, False)):
        column = 0
        for element in _kids(pdf, tr):
            if element["S"] not in ("/TH", "/TD"):
                continue
            while (row, column) in taken:
                column += 1
            spans = element.setdefault("A", pydyf.Dictionary({"O": "/Table"}))
            cell = _Cell(
                element, row, column, spans.get("RowSpan", 1), spans.get("ColSpan", 1), in_head
            )
            taken.update(
                (cell.row + down, cell.column + along)
                for down in range(cell.rows)
                for along in range(cell.columns)
            )
            column += cell.columns
            cells.append(cell)
    return cells


def _rows(
    pdf: pydyf.PDF, element: pydyf.Dictionary, in_head: bool
) -> Iterator[tuple[pydyf.Dictionary, bool]]:
    for kid in _kids(pdf, element):
        if kid["S"] == "/TR":
            yield kid, in_head
        elif kid["S"] in ("/THead", "/TBody", "/TFoot", "/NonStruct", "/Div"):
            yield from _rows(pdf, kid, in_head or kid["S"] == "/THead")


def _kids(pdf: pydyf.PDF, element: pydyf.Dictionary) -> Iterator[pydyf.Dictionary]:
    for kid in element.get("K", ()):
        if isinstance(kid, bytes):
            found = pdf.objects[int(kid.split()[0])]
            if found.get("Type") == "/StructElem":
                yield found


def _index_names(pdf: pydyf.PDF, named: list[tuple[str, bytes]]) -> None:
    # Readers look a header up by its name in this tree.
    [root] = [
        found
        for found in pdf.objects
        if isinstance(found, pydyf.Dictionary) and found.get("Type") == "/StructTreeRoot"
    ]
    # A name tree is in the order of its names, by which a reader searches it.
    names = pydyf.Array()
    for name, reference in named:
        names.extend([pydyf.String(name), reference])
    leaf = pydyf.Dictionary(
        {
            "Names": names,
            "Limits": pydyf.Array([pydyf.String(named[0][0]), pydyf.String(named[-1][0])]),
        }
    )
    pdf.add_object(leaf)
    tree = pydyf.Dictionary({"Kids": pydyf.Array([leaf.reference])})
    pdf.add_object(tree)
    root["IDTree"] = tree.reference


# "<glyph> <text>", as WeasyPrint writes each line of a font's map to letters.
LETTER = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]*)>")


def _map_letters(document: Any, pdf: pydyf.PDF) -> None:
    fonts = {font.name: font for font in document.fonts.values()}
    for found in pdf.objects:
        if isinstance(found, pydyf.Dictionary) and (to_unicode := found.get("ToUnicode")):
            face = glyphs.Face.of(bytes(get_hb_object_data(fonts[found["BaseFont"]].hb_face)))
            lines = pdf.objects[int(to_unicode.split()[0])].stream
            lines[:] = [_right(line, face) for line in lines]


def _right(line: bytes, face: glyphs.Face) -> bytes:
    match = LETTER.fullmatch(line)
    if not match:
        return line
    text = face.text_of(int(match[1], 16), bytes.fromhex(match[2].decode()).decode("utf-16-be"))
    return b"<%s> <%s>" % (match[1], text.encode("utf-16-be").hex().encode())
