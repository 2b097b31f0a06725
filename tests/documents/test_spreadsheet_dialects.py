"""Any table, written in any of the dialects in which programs write tables, reads back the same."""

import csv
import re
from datetime import date, datetime, time, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from documents.spreadsheets.opening import open_sheets
from documents.spreadsheets.values import is_error
from tests.documents.dialects import MAIN, STRICT, Csv, Ods, Table, Xlsx, as_read, text_of

# Letters of all kinds, but for those that XML cannot hold; what could not be read in the first
# place (U+FFFD); and marks of the byte order, which a reader takes off.
LETTERS = st.characters(
    exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufffd\ufeff\ufffe\uffff"
)
PIECES = st.sampled_from(
    ["Elm House", "_x000D_", "_x005F_", "12 High Street\nMarshton", '"The Elms"', "a, b", "; | ",
     "  ", "\t", "=1+1", "<b>&amp;", "1-100", "01/06/2025", "-", "0012", "Siân’s Café"]
)  # fmt: skip
TEXTS = (
    st.lists(PIECES | st.text(LETTERS, max_size=6), max_size=3)
    .map("".join)
    .filter(lambda text: not is_error(text))
)
# In CSV a file says nothing of its first letters but by them.
NO_CSV = re.compile(r"\s*(?:PK|%PDF|<|sep=)", re.IGNORECASE)
NUMBERS = st.integers(-(10**14), 10**14) | st.decimals(
    min_value=-(10**9), max_value=10**9, places=2
).map(float)
DAYS = st.dates(date(1904, 1, 2), date(2199, 12, 31))
MOMENTS = st.builds(datetime.combine, DAYS, st.times().map(lambda at: at.replace(microsecond=0)))
CELLS = (
    TEXTS
    | st.none()
    | st.booleans()
    | NUMBERS
    | DAYS
    | MOMENTS.filter(lambda at: (at.hour, at.minute, at.second) != (0, 0, 0))
)


@st.composite
def tables(draw, cells=CELLS, with_merged=True):
    width, height = draw(st.integers(2, 6)), draw(st.integers(1, 8))
    # The first column names the row and is never merged.
    rows = [
        [f"Row {number}", *draw(st.lists(cells, min_size=width - 1, max_size=width - 1))]
        for number in range(height)
    ]
    merged = []
    if with_merged and draw(st.booleans()):
        r1 = draw(st.integers(0, height - 1))
        r2 = draw(st.integers(r1, height - 1))
        c1 = draw(st.integers(1, width - 1))
        c2 = draw(st.integers(c1, width - 1))
        if (r1, c1) != (r2, c2):
            merged.append((r1, r2, c1, c2))
            for row in range(r1, r2 + 1):
                for column in range(c1, c2 + 1):
                    rows[row][column] = rows[r1][c1]
    for at in draw(st.lists(st.integers(0, height - 1), max_size=2)):
        if not merged:
            rows.insert(at, [None] * width)
    return Table(rows, merged)


def read(path):
    with open_sheets(path) as sheets:
        lines = list(sheets)
    assert [fault for line in lines for fault in line.faults] == []
    return [(line.number, _trimmed(line.cells)) for line in lines]


def _trimmed(cells):
    cells = list(cells)
    while cells and not cells[-1]:
        cells.pop()
    return cells


XLSX = st.builds(
    Xlsx,
    references=st.booleans(),
    texts=st.sampled_from(["shared", "inline", "runs", "str"]),
    namespace=st.sampled_from([MAIN, STRICT]),
    prefix=st.sampled_from(["", "x"]),
    mac_days=st.booleans(),
    member=st.sampled_from(["usual", "backslash", "odd case", "elsewhere", "absolute", "no links"]),
    encoding=st.sampled_from(["utf-8", "utf-16"]),
    iso_days=st.booleans(),
    compression=st.sampled_from([0, 8]),
    seed=st.integers(0, 9),
)
ODS = st.builds(
    Ods,
    repeats=st.booleans(),
    pretty=st.booleans(),
    notes=st.booleans(),
    text_as=st.sampled_from(["paragraphs", "value"]),
    member=st.sampled_from(["content.xml", "Content.xml"]),
)


@given(table=tables(), dialect=XLSX)
def test_a_workbook_reads_back_the_same(tmp_path_factory, table, dialect):
    path = dialect.write(tmp_path_factory.mktemp("x") / "table.xlsx", table)
    assert read(path) == as_read(table)


@given(table=tables(), dialect=ODS)
def test_an_opendocument_spreadsheet_reads_back_the_same(tmp_path_factory, table, dialect):
    path = dialect.write(tmp_path_factory.mktemp("o") / "table.ods", table)
    assert read(path) == as_read(table)


@given(
    table=tables(with_merged=False),
    separator=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    line_end=st.sampled_from(["\r\n", "\n", "\r"]),
    says_separator=st.booleans(),
)
def test_a_quoted_text_file_reads_back_the_same(
    tmp_path_factory, table, separator, encoding, line_end, says_separator
):
    dialect = Csv(separator, encoding, line_end, csv.QUOTE_ALL, says_separator)
    _read_as_csv(tmp_path_factory, table, dialect)


PLAIN = st.text(st.characters(categories=["L", "Nd"], include_characters=" .’&-"), max_size=8)


@given(
    table=tables(PLAIN | NUMBERS | DAYS | st.just('say "so"') | st.just("two\nlines"), False),
    separator=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    line_end=st.sampled_from(["\r\n", "\n"]),
)
def test_a_text_file_with_the_fewest_marks_reads_back_the_same(
    tmp_path_factory, table, separator, encoding, line_end
):
    dialect = Csv(separator, encoding, line_end)
    _read_as_csv(tmp_path_factory, table, dialect)


@given(table=tables(PLAIN | st.just("a, b") | DAYS, False))
def test_a_text_file_with_a_blank_behind_each_separator_reads_back_the_same(
    tmp_path_factory, table
):
    _read_as_csv(tmp_path_factory, table, Csv(spaced=True))


ASCII = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=9)


@given(table=tables(ASCII.filter(lambda text: not is_error(text)), False))
def test_two_bytes_a_letter_are_known_without_their_mark(tmp_path_factory, table):
    for encoding in ("utf-16-le", "utf-16-be"):
        _read_as_csv(tmp_path_factory, table, Csv("\t", encoding, quoting=csv.QUOTE_ALL))


def _read_as_csv(tmp_path_factory, table, dialect):
    texts = [text_of(cell) for row in table.rows for cell in row]
    assume(not NO_CSV.match("".join(texts)))
    if dialect.encoding == "cp1252":
        written = "".join(texts).encode("cp1252", "replace")
        assume(written.decode("cp1252", "replace") == "".join(texts))
        # What happens to be UTF-8 as well is taken for that.
        assume(written.isascii() or not _is_utf8(written))
    # A row of empty cells alone is none.
    path = dialect.write(tmp_path_factory.mktemp("c") / "table.csv", table)
    assert read(path) == as_read(table)


def _is_utf8(written: bytes) -> bool:
    return bool(re.search(rb"[\xc2-\xf4][\x80-\xbf]", written))


def test_a_table_of_everything_reads_alike_in_all_of_them(tmp_path):
    day = date(2025, 6, 1)
    rows = [
        ["Location ID", "Name", "Beds", "Since", "Read at", "Active"],
        ["1-100", "Siân’s “Café”, & more", 40, day, datetime.combine(day, time(14, 30)), True],
        [None] * 6,
        ["1-101", "12 High Street\nMarshton", 2.5, day + timedelta(days=1), None, False],
        ["1-102", " two  blanks ", -0.1, None, datetime.combine(day, time(0, 0, 1)), None],
    ]
    table = Table(rows)
    for number, dialect in enumerate(
        [Xlsx(), Xlsx(references=False, mac_days=True), Ods(), Ods(pretty=True, notes=True), Csv(),
         Csv(";", "cp1252"), Csv("\t", "utf-16")]
    ):  # fmt: skip
        assert read(dialect.write(tmp_path / str(number), table)) == as_read(table), dialect
