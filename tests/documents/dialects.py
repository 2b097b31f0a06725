"""One table, written in each of the dialects in which programs write tables."""

import csv
import io
import random
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

Cell = str | int | float | bool | date | datetime | None
Area = tuple[int, int, int, int]  # first and last row, first and last column, from 0


@dataclass
class Table:
    """Rows of cells, and the areas of it that are merged (all cells of one have its value)."""

    rows: Sequence[Sequence[Cell]]
    merged: Sequence[Area] = field(default_factory=list)

    def covered(self, row: int, column: int) -> bool:
        return any(
            r1 <= row <= r2 and c1 <= column <= c2 and (row, column) != (r1, c1)
            for r1, r2, c1, c2 in self.merged
        )


def as_read(table: Table) -> list[tuple[int, list[str]]]:
    """What any reader must give: the number of each row that is not empty, and its cells."""
    found = []
    for number, row in enumerate(table.rows, 1):
        cells = [text_of(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            found.append((number, cells))
    return found


def text_of(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return str(cell)


def column_name(number: int) -> str:
    number += 1
    name = ""
    while number:
        number, letter = divmod(number - 1, 26)
        name = chr(65 + letter) + name
    return name


# .xlsx


@dataclass
class Xlsx:
    """How a workbook is written."""

    references: bool = True
    texts: str = "shared"  # or "inline", "runs" (shared, in runs), "str" (as if of a formula)
    namespace: str = MAIN
    prefix: str = ""
    mac_days: bool = False
    member: str = "usual"  # or "backslash", "odd case", "elsewhere", "absolute", "no links"
    encoding: str = "utf-8"
    iso_days: bool = False
    compression: int = zipfile.ZIP_DEFLATED
    seed: int = 0

    def write(self, path: Path, table: Table, sheet: str = "Table") -> Path:
        shared: dict[str, int] = {}
        rows = self._rows(table, shared)
        merges = "".join(
            f'<{self._p}mergeCell ref="{column_name(c1)}{r1 + 1}:{column_name(c2)}{r2 + 1}"/>'
            for r1, r2, c1, c2 in table.merged
        )
        merges = f"<{self._p}mergeCells>{merges}</{self._p}mergeCells>" if merges else ""
        data = f"<{self._p}sheetData>{rows}</{self._p}sheetData>{merges}"
        folder = "book/parts" if self.member == "elsewhere" else "xl"
        parts = {
            f"{folder}/workbook.xml": self._document(
                "workbook",
                f'<{self._p}workbookPr date1904="{int(self.mac_days)}"/>'
                f'<{self._p}sheets><{self._p}sheet name={quoteattr(sheet)} sheetId="1"'
                f' r:id="rId1"/></{self._p}sheets>',
                f' xmlns:r="{RELATIONS}"',
            ),
            f"{folder}/worksheets/sheet1.xml": self._document("worksheet", data),
            f"{folder}/styles.xml": self._document("styleSheet", self._styles()),
            f"{folder}/sharedStrings.xml": self._document("sst", self._shared(shared)),
            "[Content_Types].xml": "<Types/>",
        }
        if self.member != "no links":
            links = [("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"),
                     ("sharedStrings", "sharedStrings.xml")]  # fmt: skip
            root = f"/{folder}/" if self.member == "absolute" else ""
            links = [(kind, root + target) for kind, target in links]
            parts[f"{folder}/_rels/workbook.xml.rels"] = self._links(links)
            parts["_rels/.rels"] = self._links([("officeDocument", f"{folder}/workbook.xml")])
        with zipfile.ZipFile(path, "w", self.compression) as archive:
            for name, text in parts.items():
                archive.writestr(
                    zipfile.ZipInfo(self._named(name)), text.encode(self.encoding), self.compression
                )
        return path

    @property
    def _p(self) -> str:
        return f"{self.prefix}:" if self.prefix else ""

    def _named(self, name: str) -> str:
        if self.member == "backslash":
            return name.replace("/", "\\")
        if self.member == "odd case":
            return name.title()
        return name

    def _document(self, root: str, inner: str, more: str = "") -> str:
        of = f":{self.prefix}" if self.prefix else ""
        namespace = f" xmlns{of}={quoteattr(self.namespace)}" if self.namespace else ""
        head = f'<?xml version="1.0" encoding="{self.encoding}"?>'
        return f"{head}<{self._p}{root}{namespace}{more}>{inner}</{self._p}{root}>"

    def _links(self, links: list[tuple[str, str]]) -> str:
        targets = "".join(
            f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
            for number, (kind, target) in enumerate(links, 1)
        )
        head = f'<?xml version="1.0" encoding="{self.encoding}"?>'
        return f'{head}<Relationships xmlns="{PACKAGE}">{targets}</Relationships>'

    def _styles(self) -> str:
        p = self._p
        formats = (
            f'<{p}numFmt numFmtId="170" formatCode="dddd\\, d &quot;of&quot; mmmm yyyy"/>'
            f'<{p}numFmt numFmtId="171" formatCode="[$-809]dd/mm/yyyy hh:mm:ss;@"/>'
            f'<{p}numFmt numFmtId="172" formatCode="0.00&quot; days&quot;"/>'
        )
        cells = "".join(f'<{p}xf numFmtId="{code}"/>' for code in (0, 14, 170, 171, 172))
        return (
            f'<{p}numFmts count="3">{formats}</{p}numFmts>'
            f'<{p}cellStyleXfs><{p}xf numFmtId="14"/></{p}cellStyleXfs>'
            f"<{p}cellXfs>{cells}</{p}cellXfs>"
        )

    def _rows(self, table: Table, shared: dict[str, int]) -> str:
        chance = random.Random(self.seed)
        lines = []
        for number, row in enumerate(table.rows):
            cells = []
            for column, cell in enumerate(row):
                hidden = table.covered(number, column)
                cells.append(self._cell(number, column, None if hidden else cell, shared, chance))
            where = f' r="{number + 1}"' if self.references else ""
            lines.append(f"<{self._p}row{where}>{''.join(cells)}</{self._p}row>")
        return "".join(lines)

    def _cell(
        self, row: int, column: int, cell: Cell, shared: dict[str, int], chance: random.Random
    ) -> str:
        p = self._p
        at = f' r="{column_name(column)}{row + 1}"' if self.references else ""
        if cell is None or cell == "":
            return f"<{p}c{at}/>" if not self.references or chance.random() < 0.5 else ""
        if isinstance(cell, bool):
            return f'<{p}c{at} t="b"><{p}v>{int(cell)}</{p}v></{p}c>'
        if isinstance(cell, date):
            if self.iso_days:
                return f'<{p}c{at} t="d" s="1"><{p}v>{cell.isoformat()}</{p}v></{p}c>'
            style = 3 if isinstance(cell, datetime) else chance.choice([1, 2])
            return f'<{p}c{at} s="{style}"><{p}v>{self._serial(cell)}</{p}v></{p}c>'
        if isinstance(cell, int | float):
            style = chance.choice(["", ' s="0"', ' s="4"'])
            return f"<{p}c{at}{style}><{p}v>{cell!r}</{p}v></{p}c>"
        return self._text(at, cell, shared)

    def _text(self, at: str, text: str, shared: dict[str, int]) -> str:
        p = self._p
        if self.texts == "inline":
            return f'<{p}c{at} t="inlineStr"><{p}is>{self._t(text)}</{p}is></{p}c>'
        if self.texts == "str":
            inner = f"<{p}f>A1</{p}f><{p}v>{_escaped(text)}</{p}v>"
            return f'<{p}c{at} t="str">{inner}</{p}c>'
        number = shared.setdefault(text, len(shared))
        return f'<{p}c{at} t="s"><{p}v>{number}</{p}v></{p}c>'

    def _t(self, text: str) -> str:
        return f'<{self._p}t xml:space="preserve">{_escaped(text)}</{self._p}t>'

    def _shared(self, shared: dict[str, int]) -> str:
        p = self._p
        if self.texts != "runs":
            return "".join(f"<{p}si>{self._t(text)}</{p}si>" for text in shared)
        sound = f'<{p}rPh sb="0" eb="1">{self._t("how it sounds")}</{p}rPh>'
        return "".join(
            f"<{p}si><{p}r>{self._t(text[:2])}</{p}r><{p}r>{self._t(text[2:])}</{p}r>{sound}</{p}si>"
            for text in shared
        )

    def _serial(self, cell: date) -> str:
        zero = date(1904, 1, 1) if self.mac_days else date(1899, 12, 30)
        at = cell if isinstance(cell, datetime) else datetime.combine(cell, time())
        away = at - datetime.combine(zero, time())
        return repr(away.days + away.seconds / 86_400) if away.seconds else str(away.days)


def _escaped(text: str) -> str:
    """As Excel writes it: what XML cannot hold, and what looks like an escape, escaped."""
    out, at = [], 0
    while at < len(text):
        letter = text[at]
        rest = text[at : at + 7]
        if len(rest) == 7 and rest[:2] == "_x" and rest[6] == "_":
            out.append("_x005F_")
        elif (ord(letter) < 32 and letter not in "\n\t") or letter == "\r":
            out.append(f"_x{ord(letter):04X}_")
        else:
            out.append(letter)
        at += 1
    return escape("".join(out))


# .ods


@dataclass
class Ods:
    """How an OpenDocument spreadsheet is written."""

    repeats: bool = True  # cells and rows that are alike are written once
    pretty: bool = False
    notes: bool = False
    text_as: str = "paragraphs"  # or "value"
    member: str = "content.xml"

    def write(self, path: Path, table: Table, sheet: str = "Table") -> Path:
        lines: list[list[str]] = []
        for number, row in enumerate(table.rows):
            line = "".join(self._cells(table, number, row))
            if self.repeats and lines and lines[-1][0] == line and not table.merged:
                lines[-1].append(line)
            else:
                lines.append([line])
        rows = "".join(
            f"<table:table-row{_times('rows', len(same))}>{same[0]}</table:table-row>"
            for same in lines
        )
        rest = (
            '<table:table-row table:number-rows-repeated="900000"><table:table-cell'
            ' table:number-columns-repeated="16384"/></table:table-row>'
        )
        content = (
            "<?xml version='1.0' encoding='UTF-8'?><office:document-content"
            ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
            ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
            ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
            ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
            ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
            "<office:body><office:spreadsheet>"
            f"<table:table table:name={quoteattr(sheet)}>{rows}{rest}</table:table>"
            "</office:spreadsheet></office:body></office:document-content>"
        )
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr(self.member, content)
        return path

    def _cells(self, table: Table, number: int, row: Sequence[Cell]) -> list[str]:
        made: list[list[str]] = []
        for column, cell in enumerate(row):
            spans = ""
            for r1, r2, c1, c2 in table.merged:
                if (number, column) == (r1, c1):
                    spans = (
                        f' table:number-rows-spanned="{r2 - r1 + 1}"'
                        f' table:number-columns-spanned="{c2 - c1 + 1}"'
                    )
            if table.covered(number, column):
                one = "<table:covered-table-cell%s/>"
            else:
                one = self._cell(cell, spans)
            if self.repeats and made and made[-1][0] == one and not spans:
                made[-1].append(one)
            else:
                made.append([one])
        return [same[0].replace("%s", _times("columns", len(same)), 1) for same in made]

    def _cell(self, cell: Cell, spans: str) -> str:
        if cell is None or cell == "":
            return f"<table:table-cell%s{spans}/>"
        kind, value, shown = self._value(cell)
        note = (
            "<office:annotation><text:p>A note</text:p></office:annotation>" if self.notes else ""
        )
        shape = (
            "<draw:frame><draw:text-box><text:p>Drawn</text:p></draw:text-box></draw:frame>"
            if self.notes
            else ""
        )
        attributes = f' office:value-type="{kind}" calcext:value-type="{kind}"{value}'
        return f"<table:table-cell%s{spans}{attributes}>{note}{shown}{shape}</table:table-cell>"

    def _value(self, cell: Cell) -> tuple[str, str, str]:
        if isinstance(cell, bool):
            said = "true" if cell else "false"
            return "boolean", f' office:boolean-value="{said}"', f"<text:p>{said.upper()}</text:p>"
        if isinstance(cell, date):
            said = cell.isoformat()
            return "date", f' office:date-value="{said}"', "<text:p>as it is shown</text:p>"
        if isinstance(cell, int | float):
            return "float", f' office:value="{cell!r}"', "<text:p>1,0</text:p>"
        assert isinstance(cell, str)
        if self.text_as == "value" and "\n" not in cell and "\t" not in cell:
            return "string", f" office:string-value={quoteattr(cell)}", ""
        return (
            "string",
            "",
            "".join(f"<text:p>{self._paragraph(part)}</text:p>" for part in cell.split("\n")),
        )

    def _paragraph(self, text: str) -> str:
        if not text:
            return ""
        out = []
        for number, letter in enumerate(text):
            if letter == "\t":
                out.append("<text:tab/>")
            elif letter == " " and (number == 0 or text[number - 1] == " " or text[-1] == " "):
                out.append("<text:s/>")
            else:
                out.append(escape(letter))
        inner = "".join(out)
        # Blanks of the layout of the XML, which count for nothing at both ends.
        return f"\n      {inner}\n    " if self.pretty else inner


def _times(what: str, number: int) -> str:
    return f' table:number-{what}-repeated="{number}"' if number > 1 else ""


# .csv


@dataclass
class Csv:
    """How a text file is written."""

    separator: str = ","
    encoding: str = "utf-8"
    line_end: str = "\r\n"
    quoting: int = csv.QUOTE_MINIMAL
    says_separator: bool = False
    spaced: bool = False  # a blank behind each separator

    def write(self, path: Path, table: Table, sheet: str = "") -> Path:
        text = io.StringIO()
        if self.says_separator:
            text.write(f"sep={self.separator}{self.line_end}")
        writer = csv.writer(
            text,
            delimiter=self.separator,
            lineterminator=self.line_end,
            quoting=csv.QUOTE_ALL if self.spaced else self.quoting,  # type: ignore[arg-type]
        )
        writer.writerows([text_of(cell) for cell in row] for row in table.rows)
        written = text.getvalue()
        if self.spaced:
            written = written.replace(f'"{self.separator}"', f'"{self.separator} "')
        path.write_bytes(written.encode(self.encoding))
        return path
