"""WeasyPrint, and what it leaves undone.

WeasyPrint writes one variant at a time and maps grouped table headers wrongly, so a finisher adds
the second claim and lays every tagged table on a grid to say which headers each cell has.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import pydyf
import weasyprint
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

Progress = Callable[[int, str], None]

# Those that every machine of ours has, so that the same paper is the same bytes everywhere.
FONTS = ("Liberation Sans", "Liberation Serif", "Liberation Mono")

# What WeasyPrint announces, as (start of its message, per cent done, what a person reads).
STEPS = (
    ("Step 1", 10, "Reading the paper"),
    ("Step 2", 15, "Reading the style"),
    ("Step 3", 20, "Applying the style"),
    ("Step 4", 35, "Setting the text"),
    ("Step 5", 50, "Laying out pages"),
    ("Step 6", 75, "Drawing pages"),
    ("Step 7", 90, "Writing the file"),
)


class RenderError(Exception):
    """The page cannot be printed. The message is for the officer."""


class Asset(Protocol):
    """A file that a page may use."""

    @property
    def content_type(self) -> str: ...

    @property
    def content(self) -> bytes: ...


class FixedAssets(URLFetcher):
    """Serves the given assets and refuses everything else: no files, no network, no data URLs."""

    def __init__(self, assets: Mapping[str, Asset]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._assets = assets

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        asset = self._assets.get(url)
        if asset is None:
            # Not an Exception: WeasyPrint would swallow one and go on without the file.
            raise FatalURLFetchingError(f"A paper may not fetch {url}")
        return URLFetcherResponse(url, asset.content, {"Content-Type": asset.content_type})


def render(html: str, *, assets: Mapping[str, Asset], on_progress: Progress | None) -> bytes:
    """What `documents.pdf.make` says. Raises `RenderError` for every reason that it names."""
    with _Listener(on_progress) as heard:
        try:
            document = weasyprint.HTML(string=html, url_fetcher=FixedAssets(assets)).render(
                pdf_variant="pdf/a-3a"
            )
            content: bytes = document.write_pdf(finisher=_finish, pdf_variant="pdf/a-3a")
        except FatalURLFetchingError as error:
            raise RenderError(str(error)) from error
        _require_metadata(document)
        _require_fonts(document)
    # WeasyPrint says what it could not do in its log, and goes on without it.
    if heard.errors:
        raise RenderError("The paper could not be set: " + "; ".join(heard.errors))
    return content


def _require_metadata(document: Any) -> None:
    metadata = document.metadata
    for name in ("title", "lang", "created", "modified"):
        if not getattr(metadata, name):
            raise RenderError(f"The paper has no {name}.")


def _require_fonts(document: Any) -> None:
    # Another machine's fallback font would give other bytes, and PDF/A forbids a glyph that is not
    # there.
    for font in document.fonts.values():
        if font.family not in FONTS:
            raise RenderError(
                f"Some of the text needs the font {font.family}. Use plain letters: no emoji and no"
                " symbols."
            )
        if font.missing:
            odd = ", ".join(f"“{chr(code)}”" for code in sorted(font.missing))
            raise RenderError(f"These characters cannot be printed: {odd}.")


class _Listener(logging.Handler):
    """Hears WeasyPrint's log in this thread: its steps become progress, its errors are kept."""

    def __init__(self, on_progress: Progress | None) -> None:
        super().__init__(logging.INFO)
        self.errors: list[str] = []
        self._on_progress = on_progress
        self._thread = threading.get_ident()
        self._logger = logging.getLogger("weasyprint")
        self._steps = logging.getLogger("weasyprint.progress")

    def __enter__(self) -> "_Listener":
        self._before = self._steps.level, self._steps.propagate
        self._steps.setLevel(logging.INFO)
        self._steps.propagate = False  # a step is for the person who waits, not for the log
        self._steps.addHandler(self)
        self._logger.addHandler(self)
        return self

    def __exit__(self, *exc: object) -> None:
        self._logger.removeHandler(self)
        self._steps.removeHandler(self)
        self._steps.setLevel(self._before[0])
        self._steps.propagate = self._before[1]

    def emit(self, record: logging.LogRecord) -> None:
        # The log is of the whole process: another thread's paper may be at work.
        if record.thread != self._thread:
            return
        message = record.getMessage()
        if record.levelno >= logging.ERROR:
            self.errors.append(message)
        elif self._on_progress and record.name == "weasyprint.progress":
            for start, percent, label in STEPS:
                if message.startswith(start):
                    page = message.rpartition("Page ")[2] if "Page " in message else ""
                    self._on_progress(percent, f"{label}: page {page}" if page else label)
                    return


def _finish(document: Any, pdf: pydyf.PDF) -> None:
    _claim_pdf_ua(pdf)
    _map_table_headers(pdf)


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
        raise RenderError("The PDF's metadata could not be completed.")
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
