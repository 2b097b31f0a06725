"""Spreadsheets and CSV as they come in: what is read, what of it is reported, and what is
refused.
"""

import contextlib
import random
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.spreadsheets.encodings import encoding_of
from documents.spreadsheets.errors import (
    BINARY_EXCEL,
    DAMAGED,
    NOT_A_TABLE,
    ODD_COMPRESSION,
    OLD_EXCEL,
    PASSWORD,
    PDF,
    WEB_PAGE,
    UnreadableError,
)
from documents.spreadsheets.opening import open_sheets
from documents.spreadsheets.values import (
    EXCEL_ZERO,
    MAC_ZERO,
    is_error,
    moment,
    number,
    shown_as,
    unescaped,
)
from tests.documents.attacks import END, ODS, ODS_END, SHEET, WORKBOOK
from tests.documents.dialects import Csv, Ods, Table, Xlsx

CASES = Path(__file__).resolve().parent.parent / "data" / "spreadsheets"
TABLE = Table([["Location ID", "Name"], ["1-100", "Elm House"], ["1-101", "Oak Lodge"]])


def lines_of(path, **more):
    with open_sheets(path, **more) as sheets:
        return list(sheets)


def cells_of(path):
    return [list(line.cells) for line in lines_of(path)]


def faults_of(path, **more):
    return [
        (line.number, fault.column, fault.value, fault.reason.partition(",")[0])
        for line in lines_of(path, **more)
        for fault in line.faults
    ]


def a_workbook(tmp_path, rows: str, **members: str) -> Path:
    path = tmp_path / "made.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr("xl/worksheets/sheet1.xml", SHEET + rows + END)
        for name, text in members.items():
            archive.writestr(f"xl/{name}.xml", text)
    return path


def an_ods(tmp_path, rows: str) -> Path:
    path = tmp_path / "made.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", ODS + rows + ODS_END)
    return path


def a_text(tmp_path, text: str | bytes) -> Path:
    path = tmp_path / "made.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# Workbooks


def test_cells_without_references_stand_one_after_the_other_empty_ones_included(tmp_path):
    path = a_workbook(
        tmp_path,
        "<row><c><v>1</v></c><c/><c><v>3</v></c></row><row/><row><c/><c><v>5</v></c></row>",
    )
    assert [(line.number, list(line.cells)) for line in lines_of(path)] == [
        (1, ["1", "", "3"]),
        (3, ["", "5"]),
    ]


def test_cells_may_come_in_any_order(tmp_path):
    rows = '<row r="2"><c r="C2"><v>3</v></c><c r="a2"><v>1</v></c><c><v>2</v></c></row>'
    assert cells_of(a_workbook(tmp_path, rows)) == [["1", "2", "3"]]


def test_a_workbook_of_1904_says_so():
    with open_sheets(CASES / "xlsx-1904-dates.xlsx") as sheets:
        assert sheets.day_zero == date(1904, 1, 1)
        assert list(sheets)[1].cells[1] == "38990"


@pytest.mark.parametrize(
    "case", ["xlsx-SharedStrings-case", "xlsx-backslash-members", "xlsx-strict"]
)
def test_workbooks_of_other_writers_read_like_excels(case):
    rows = cells_of(CASES / f"{case}.xlsx")
    assert [row[:6] for row in rows[1:]] == [
        ["1-100", "01/10/2010", "N", "Y", "Ash Court", "40"],
        ["1-101", "01/10/2010", "N", "Y", "Beech House", "40"],
        ["1-102", "01/10/2010", "N", "Y", "Cedar Lodge", ""],
    ]
    assert rows[1][9:16] == ["N", "East Midlands", "Exampleshire", "1 High Street", "Marshton",
                             "ZZ1 1ZZ", "1-200"]  # fmt: skip


def test_escapes_are_undone_once():
    [_, first, *_] = cells_of(CASES / "xlsx-carriage-return-escape.xlsx")
    assert first[12] == "12 High Street\nMarshton"
    assert unescaped("_x005F_x000D_ and _xD83D__xDE00_ and _x0000_") == "_x000D_ and 😀 and "


def test_an_error_is_no_value_and_is_reported():
    assert faults_of(CASES / "xlsx-error-cells.xlsx") == [
        (2, 11, "#REF!", "This is an error of the spreadsheet and no value"),
        (2, 14, "#N/A", "This is an error of the spreadsheet and no value"),
    ]
    [_, row] = cells_of(CASES / "xlsx-error-cells.xlsx")
    assert (row[4], row[11], row[14]) == ("Ash Court", "", "")


@pytest.mark.parametrize("dialect", [Xlsx(), Ods(), Csv()])
def test_errors_that_were_pasted_as_text_are_errors_in_every_format(tmp_path, dialect):
    rows = [["a", "b", "c"], ["#DIV/0!", "Err:502", "######"], ["#1 Court", "Err: none", "##"]]
    path = dialect.write(tmp_path / "t", Table(rows))
    assert [where[:2] for where in faults_of(path)] == [(2, 0), (2, 1), (2, 2)]
    assert cells_of(path)[2] == rows[2]


def test_an_error_of_opendocument_is_reported_whatever_it_shows(tmp_path):
    cell = (
        '<table:table-cell office:value-type="float" office:value="0"'
        ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
        ' calcext:value-type="error"><text:p>0</text:p></table:table-cell>'
    )
    path = an_ods(tmp_path, f"<table:table-row>{cell}</table:table-row>")
    assert [where[:3] for where in faults_of(path)] == [(1, 0, "0")]


def test_a_formula_that_was_never_worked_out_is_reported(tmp_path):
    path = a_workbook(
        tmp_path, '<row><c><f>A2+1</f></c><c t="str"><f>""</f></c><c><f>1</f><v>1</v></c></row>'
    )
    assert faults_of(path) == [(1, 0, "", "This formula has no result in the file")]
    assert cells_of(path) == [["", "", "1"]]
    formula = '<table:table-cell table:formula="of:=1"/>'
    path = an_ods(tmp_path, f"<table:table-row>{formula}</table:table-row>")
    assert faults_of(path) == [(1, 0, "", "This formula has no result in the file")]


def test_a_text_that_is_not_there_costs_its_cell_alone(tmp_path):
    rows = '<row><c t="s"><v>0</v></c><c t="s"><v>7</v></c><c t="s"><v>x</v></c></row>'
    path = a_workbook(tmp_path, rows, sharedStrings="<sst><si><t>Elm</t></si></sst>")
    assert cells_of(path) == [["Elm"]]
    assert [where[1:3] for where in faults_of(path)] == [(1, "7"), (2, "x")]


def test_a_merged_area_has_its_value_in_every_cell():
    rows = cells_of(CASES / "d_merged_authority.xlsx")
    at = rows[1].index("Location Local Authority")
    assert [row[at] for row in rows[2:]] == ["Norfolk", "Norfolk", "Norfolk"]


@pytest.mark.parametrize("dialect", [Xlsx(), Ods()])
def test_a_row_with_nothing_of_its_own_stays_empty_in_a_merged_area(tmp_path, dialect):
    rows = [["1-100", "Norfolk"], [None, "Norfolk"], ["1-102", "Norfolk"]]
    path = dialect.write(tmp_path / "t", Table(rows, [(0, 2, 1, 1)]))
    assert [(line.number, list(line.cells)) for line in lines_of(path)] == [
        (1, ["1-100", "Norfolk"]),
        (3, ["1-102", "Norfolk"]),
    ]


def test_charts_have_no_rows_and_hidden_notes_are_no_text(tmp_path):
    path = Xlsx(texts="runs").write(tmp_path / "t", TABLE)
    assert cells_of(path) == [list(row) for row in TABLE.rows]
    other = tmp_path / "other"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'/worksheet"', b'/chartsheet"'))
    assert cells_of(other) == []


def test_what_other_files_say_is_no_sheet_of_this_one(tmp_path):
    row = "<table:table-row><table:table-cell><text:p>theirs</text:p></table:table-cell>"
    row += "</table:table-row>"
    mine = row.replace("theirs", "mine")
    linked = f'</table:table><table:table table:name="x"><table:table-source/>{row}'
    assert cells_of(an_ods(tmp_path, mine + linked)) == [["mine"]]


def test_days_of_a_format_are_days_and_lengths_of_time_are_numbers():
    texts = {
        "dd/mm/yyyy": "day", "d mmmm yyyy;@": "day", "[$-809]dddd": "day", "mmm-yy": "day",
        "h:mm AM/PM": "time", "mm:ss": "time", '0.00" days"': "number", "[h]:mm": "number",
        "General": "number", "#,##0.00": "number", "[Red]0": "number", "0\\d": "number",
    }  # fmt: skip
    assert {text: shown_as(0, text).value for text in texts} == texts
    assert [shown_as(code).value for code in (0, 14, 21, 22, 46)] == [
        "number", "day", "time", "day", "number",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("serial", "zero", "day"),
    [
        ("43808", EXCEL_ZERO, "2019-12-09"),
        ("42346", MAC_ZERO, "2019-12-09"),
        ("43808.5", EXCEL_ZERO, "2019-12-09T12:00:00"),
        ("43808.999999999", EXCEL_ZERO, "2019-12-10"),
        ("1", EXCEL_ZERO, "1900-01-01"),
        ("61", EXCEL_ZERO, "1900-03-01"),
        ("0.75", EXCEL_ZERO, "18:00:00"),
        ("-1", EXCEL_ZERO, "-1"),
        ("3000000", EXCEL_ZERO, "3000000"),
        ("soon", EXCEL_ZERO, "soon"),
    ],
)
def test_serial_numbers(serial, zero, day):
    assert moment(serial, zero) == day


def test_numbers_as_people_write_them():
    written = ["12", "40.0", "1E+3", "52.950000000000003", "-0.10000000000000001", "1.5E-05", "x"]
    assert [number(one) for one in written] == [
        "12", "40", "1000", "52.95", "-0.1", "0.000015", "x",
    ]  # fmt: skip


# What is too much


@pytest.mark.parametrize("dialect", [Xlsx(), Xlsx(texts="inline"), Ods(), Csv()])
def test_a_cell_that_is_too_long_costs_its_cell_alone(tmp_path, dialect):
    path = dialect.write(tmp_path / "t", Table([["a", "b"], ["x" * 2_001, "kept"], ["y", "z"]]))
    assert [list(line.cells) for line in lines_of(path, longest_cell=2_000)] == [
        ["a", "b"], ["", "kept"], ["y", "z"],
    ]  # fmt: skip
    [(row, column, shown, reason)] = faults_of(path, longest_cell=2_000)
    assert (row, column, shown) == (2, 0, "x" * 100)
    assert reason.startswith("This cell has more than 2")


@pytest.mark.parametrize("dialect", [Xlsx(), Xlsx(references=False), Ods(), Csv()])
def test_a_row_that_is_too_wide_costs_its_row_alone(tmp_path, dialect):
    rows = [["a", "b"], ["x"] * 1_025, ["y", "z"]]
    path = dialect.write(tmp_path / "t", Table(rows))
    assert cells_of(path) == [["a", "b"], [], ["y", "z"]]
    assert faults_of(path)[0][:2] == (2, None)


def test_a_row_that_is_too_long_costs_its_row_alone(tmp_path):
    rows = [["a", "b"], ["x" * 30_000] * 40, ["y", "z"]]
    for number_of_it, dialect in enumerate((Xlsx(), Ods(), Csv())):
        path = dialect.write(tmp_path / str(number_of_it), Table(rows))
        assert cells_of(path) == [["a", "b"], [], ["y", "z"]]
        assert faults_of(path)[0][:2] == (2, None)


# Text files


@pytest.mark.parametrize("case", ["csv-semicolon", "csv-utf16-tab"])
def test_other_separators_and_letters(case):
    rows = cells_of(CASES / f"{case}.csv")
    assert [(row[0], row[4], row[11]) for row in rows[1:]] == [
        ("1-100", "Siân’s Café House", "Exampleshire"),
        ("1-101", "Llŷn House", "Exampleshire"),
        ("1-102", "Cedar Lodge", "Exampleshire"),
    ]


def test_bars_within_cells_are_no_separators(tmp_path):
    text = "".join(f"Home {n},Nursing homes|Homecare,Dementia; autism\r\n" for n in range(9))
    assert cells_of(a_text(tmp_path, text))[0] == [
        "Home 0",
        "Nursing homes|Homecare",
        "Dementia; autism",
    ]


def test_lines_above_the_headings_do_not_hide_the_separator(tmp_path):
    text = "CQC database as at 1 July 2026, all sectors\r\n\r\n"
    text += "ID;Name;Beds\r\n1;Elm;4\r\n2;Oak, old;5\r\n"
    assert cells_of(a_text(tmp_path, text))[1:] == [
        ["ID", "Name", "Beds"],
        ["1", "Elm", "4"],
        ["2", "Oak, old", "5"],
    ]


def test_an_odd_byte_costs_its_cell_alone(tmp_path):
    path = a_text(tmp_path, "1-1,Siân,Y\n1-2,Caf\udce9,Y\n".encode("utf-8", "surrogateescape"))
    assert cells_of(path) == [["1-1", "Siân", "Y"], ["1-2", "", "Y"]]
    assert faults_of(path) == [(2, 1, "Caf�", "A character of this cell cannot be read")]
    path = a_text(tmp_path, b"1-1,Caf\xe9,Y\n1-2,Odd\x81,Y\n1-3,Nul\x00l,Y\n")
    assert cells_of(path) == [["1-1", "Café", "Y"], ["1-2", "", "Y"], ["1-3", "", "Y"]]
    assert [where[:2] for where in faults_of(path)] == [(2, 1), (3, 1)]


def test_a_quotation_mark_that_is_never_closed_costs_no_other_row(tmp_path):
    path = a_text(tmp_path, '1-1,Elm,Y\n1-2,"Oak,Y\n1-3,Ash,Y\n1-4,"Fir, old",Y\n')
    assert cells_of(path) == [
        ["1-1", "Elm", "Y"],
        ["1-2", "", "Y"],
        ["1-3", "Ash", "Y"],
        ["1-4", "Fir, old", "Y"],
    ]
    assert faults_of(path) == [(2, 1, '"Oak', "A quotation mark in this cell is never closed")]


def test_a_row_whose_cells_cannot_be_told_apart_is_left_out(tmp_path):
    path = a_text(tmp_path, '1-1,Elm,Y\n1-2,"Oak, old,Y\n1-3,Ash,Y\n')
    assert cells_of(path) == [["1-1", "Elm", "Y"], [], ["1-3", "Ash", "Y"]]
    assert faults_of(path)[0][:3] == (2, None, '1-2,"Oak, old,Y')


def test_two_unclosed_marks_do_not_swallow_the_rows_between_them(tmp_path):
    rows = ["1-1,Elm,East,Y,4", '1-2,"Oak,East,Y,4', "1-3,Ash,East,Y,4", '1-4,Fir",East,Y,4']
    path = a_text(tmp_path, "\n".join(rows))
    assert [row[0] for row in cells_of(path)] == ["1-1", "1-2", "1-3", "1-4"]
    assert cells_of(path)[3][1] == 'Fir"'


def test_marks_within_a_cell_are_kept(tmp_path):
    path = a_text(tmp_path, '1-1,The "Elms" House,Y\n1-2,"The "Oaks" of old",Y\n1-3,"5"" pipe",Y\n')
    assert cells_of(path) == [
        ["1-1", 'The "Elms" House', "Y"],
        ["1-2", 'The "Oaks" of old', "Y"],
        ["1-3", '5" pipe', "Y"],
    ]
    assert faults_of(path) == []


ROWS = st.lists(st.tuples(st.integers(1, 9), st.booleans(), st.booleans()), min_size=3, max_size=12)


@given(ROWS, st.sampled_from([",", ";", "\t"]))
def test_of_rows_with_any_marks_those_in_order_are_all_read(tmp_path_factory, rows, separator):
    """Every row is told of, by its cells or by a fault; none is lost in another's cell."""
    made = []
    for at, (beds, is_open, is_quoted) in enumerate(rows):
        name = f'"Home {at}' if is_open else f'"Home, {at}; old"' if is_quoted else f"Home {at}"
        made.append(separator.join([f"1-{at}", name, str(beds), "East", "Norfolk", "Y"]))
    path = tmp_path_factory.mktemp("q") / "made.csv"
    path.write_text("\n".join(made))
    with open_sheets(path) as sheets:
        lines = list(sheets)
    for at, (beds, is_open, is_quoted) in enumerate(rows):
        [line] = [line for line in lines if line.number == at + 1]
        if is_open:
            assert line.faults
        else:
            wanted = f"Home, {at}; old" if is_quoted else f"Home {at}"
            assert list(line.cells) == [f"1-{at}", wanted, str(beds), "East", "Norfolk", "Y"]


def test_the_old_end_of_a_file_is_no_row(tmp_path):
    assert cells_of(a_text(tmp_path, "a,b\r\n1,2\r\n\x1a")) == [["a", "b"], ["1", "2"]]


def test_the_letters_of_a_file_are_known_by_what_most_of_it_is(tmp_path):
    known = {
        "Siân Café Llŷn".encode(): "utf-8",
        "Siân Café".encode("cp1252"): "cp1252",
        b"\xef\xbb\xbfa": "utf-8-sig",
        "Siân, Café, Ash\n".encode("utf-16-le"): "utf-16-le",
    }
    assert {data: encoding_of(a_text(tmp_path, data)) for data in known} == known


def test_a_text_may_begin_as_an_archive_does(tmp_path):
    assert cells_of(a_text(tmp_path, "PK,Name\n1,Elm\n")) == [["PK", "Name"], ["1", "Elm"]]


# What is refused, in words


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), OLD_EXCEL),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), PASSWORD),
        (b"PK\x03\x04 broken", DAMAGED),
        (b"PK nonsense", DAMAGED),
        (b"%PDF-1.7 ...", PDF),
        (b"\xef\xbb\xbf <html><table>", WEB_PAGE),
        (b'<?xml version="1.0"?><Workbook/>', WEB_PAGE),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, NOT_A_TABLE),
    ],
)
def test_bytes_that_are_no_table_are_refused(tmp_path, content, said):
    with pytest.raises(UnreadableError) as raised:
        lines_of(a_text(tmp_path, content))
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"xl/workbook.bin": "x"}, BINARY_EXCEL),
        ({"word/document.xml": "<x/>"}, NOT_A_TABLE),
        ({"encrypted-package": "x"}, PASSWORD),
        ({"content.xml": "x", "META-INF/manifest.xml": "<m:encryption-data/>"}, PASSWORD),
        ({"xl/workbook.xml": WORKBOOK}, DAMAGED),
        ({"content.xml": ODS}, DAMAGED),
    ],
)
def test_archives_that_are_no_table_are_refused(tmp_path, members, said):
    path = tmp_path / "file"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    with pytest.raises(UnreadableError) as raised:
        lines_of(path)
    assert str(raised.value) == said


def test_a_password_is_named():
    with pytest.raises(UnreadableError) as raised:
        lines_of(CASES / "n_zipencrypted.xlsx")
    assert str(raised.value) == PASSWORD


def test_a_compression_that_may_ask_for_any_memory_is_refused(tmp_path):
    path = tmp_path / "file"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("content.xml", ODS + ODS_END)
    with pytest.raises(UnreadableError) as raised:
        lines_of(path)
    assert str(raised.value) == ODD_COMPRESSION


WHOLE = [Xlsx(), Xlsx(texts="inline", compression=0), Ods(), Csv()]


@given(
    st.sampled_from(WHOLE), st.integers(0, 2**32), st.integers(1, 8), st.booleans(), st.integers(0)
)
def test_a_file_with_any_bytes_changed_is_read_or_refused_in_words(
    tmp_path_factory, dialect, seed, changes, is_cut, length
):
    path = dialect.write(tmp_path_factory.mktemp("f") / "file", TABLE)
    data = bytearray(path.read_bytes())
    chance = random.Random(seed)
    for _ in range(changes):
        data[chance.randrange(len(data))] = chance.randrange(256)
    path.write_bytes(data[: length % len(data) + 1] if is_cut else data)
    with contextlib.suppress(UnreadableError):
        lines_of(path)


def test_what_is_an_error():
    assert all(map(is_error, ["#N/A", " #ref! ", "Err:522", "###", "#SPILL!"]))
    assert not any(map(is_error, ["", "#", "##", "N/A", "# 1", "Err:", "#1"]))
