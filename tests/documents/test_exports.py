"""What goes out as CSV or XLSX is never taken for a formula, and reads back as it was."""

import csv
import io
import unicodedata
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import exports
from documents.spreadsheets.opening import open_sheets

SIGNS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫", "−", "⁺"]
BEFORE = [
    "",
    " ",
    "   ",
    "\n",
    "\r\n",
    "\t",
    "\u00a0",
    "\u3000",
    "\u200b",
    "\ufeff",
    "\x0b",
    " \n ",
]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("before", BEFORE)
def test_what_a_spreadsheet_may_take_for_a_formula_is_quoted(before, sign):
    text = f"{before}{sign}HYPERLINK(1)"
    assert exports.csv_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["\tx", "\rx", "\nx"])
def test_a_cell_that_begins_with_a_line_end_or_tab_is_quoted(text):
    assert exports.csv_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", " ", "Elm House", " Elm", "1-100", "a=b", "’Elm", "(=1)", "“-”", "5 − 3", "é"]
)
def test_any_other_text_stays_as_it_is(text):
    assert exports.csv_cell(text) == text


@pytest.mark.parametrize(("value", "cell"), [(-1, "-1"), (-2.5, "-2.5"), (None, ""), (True, "yes")])
def test_numbers_are_numbers(value, cell):
    assert exports.csv_cell(value) == cell


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
def test_no_cell_shows_a_sign_of_a_formula_first(text):
    cell = exports.csv_cell(text)
    seen = [c for c in cell if unicodedata.category(c)[0] not in "ZC"]
    assert not seen or unicodedata.normalize("NFKC", seen[0])[0] not in "=+-@−"
    assert cell in (text, f"'{text}")


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=12)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5))
def test_a_csv_file_gives_the_cells_back(rows):
    lines = "".join(exports.csv_lines(["Name", "Place", "Note"], rows)).removeprefix("\ufeff")
    found = list(csv.reader(io.StringIO(lines, newline="")))
    assert found[1:] == [[exports.csv_cell(cell) for cell in row] for row in rows]


def test_our_own_files_are_read_at_our_own_door(tmp_path):
    headings, rows = ["Name", "Opened on", "Beds"], [["=Elm\nHouse", date(2019, 12, 9), 40]]
    csv_file, xlsx_file = tmp_path / "a.csv", tmp_path / "a.xlsx"
    with csv_file.open("w", encoding="utf-8", newline="") as handle:
        handle.writelines(exports.csv_lines(headings, rows))
    exports.write_xlsx(xlsx_file, headings, rows)
    for path, name in ((csv_file, "'=Elm\nHouse"), (xlsx_file, "=Elm\nHouse")):
        with open_sheets(path) as sheets:
            assert [list(line.cells) for line in sheets] == [headings, [name, "2019-12-09", "40"]]


@pytest.mark.parametrize("text", ["x" * 40_000, "😀" * 20_000, "é" * 33_000])
def test_a_text_longer_than_a_cell_can_hold_is_cut_and_says_so(text):
    target = io.BytesIO()
    exports.write_xlsx(target, ["Note"], [[text], ["x" * 32_767]])
    cut, whole = (row[0].value for row in openpyxl.load_workbook(target).active["A2:A3"])
    assert cut.endswith(exports.CUT)
    assert text.startswith(cut.removesuffix(exports.CUT))
    assert len(cut.encode("utf-16-le")) // 2 <= 32_767
    assert whole == "x" * 32_767
