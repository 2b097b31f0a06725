"""CQC's files are recognised by their columns and read whole; what cannot be used is reported, the
rest goes in.
"""

import csv
import io
from datetime import date

import pytest

from documents.spreadsheets.errors import UnreadableError
from ratings.files.days import day_of
from ratings.files.headings import FileKind
from ratings.files.reading import Reading
from tests.ratings import file_factories as made
from tests.ratings.payloads import FOLDER

DASHBOARD = FOLDER.parent / "cqc_files" / "dashboard_locations_export_119_rows.csv"
TODAY = date(2026, 11, 22)


def read(path, name=""):
    with Reading(path, name=name or path.name, today=TODAY) as reading:
        batches = list(reading.batches())
    locations = [row for batch in batches for row in batch.locations]
    ratings = [row for batch in batches for row in batch.ratings]
    problems = [row for batch in batches for row in batch.problems]
    return reading, locations, ratings, problems


def as_csv(path, rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8-sig")
    return path


@pytest.mark.parametrize("form", ["ods", "xlsx", "csv"])
def test_latest_ratings_read_alike_in_every_format(tmp_path, form):
    rows = [
        made.RATINGS,
        made.rating(),
        made.rating(question="Safe", word="Requires Improvement"),
        made.rating("1-101", word="Not Rated"),
    ]
    sheets = {
        "README": made.readme("01 July 2026"),
        "Providers": [["Provider ID", "Domain"]],
        "Locations": rows,
    }
    if form == "csv":
        path = as_csv(tmp_path / "r.csv", [["CQC database as at 01 July 2026"], [], *rows])
    else:
        path = getattr(made, form)(tmp_path / f"r.{form}", sheets)
    reading, locations, ratings, problems = read(path)
    assert (reading.kind, reading.stated_on, reading.rows) == (
        FileKind.RATINGS,
        date(2026, 7, 1),
        3,
    )
    assert [row.location_id for row in locations] == ["1-100", "1-101"]
    assert locations[0].address == "1 High Street, Marshton"
    assert [(row.key_question, row.rating, row.published_on) for row in ratings] == [
        ("overall", "good", date(2025, 6, 1)),
        ("safe", "requires_improvement", date(2025, 6, 1)),
    ]
    assert (problems, reading.not_ratings) == ([], 1)


def test_cells_are_read_in_one_line_of_composed_letters(tmp_path):
    odd = made.rating()
    at = made.RATINGS.index("Location Name")
    odd[at] = "Sia\u0302n\u200b\nHouse\x85"
    _, [location], _, problems = read(as_csv(tmp_path / "r.csv", [made.RATINGS, odd]))
    assert (location.name, problems) == ("Siân House", [])


def test_old_headings_are_known(tmp_path):
    old = [heading.replace("Domain", "Key Question") for heading in made.RATINGS]
    gone = {"Location ODS Code", "Inherited Rating (Y/N)"}
    rows = [
        [cell for cell, heading in zip(row, made.RATINGS, strict=True) if heading not in gone]
        for row in (old, made.rating(question="Well-Led"))
    ]
    path = made.ods(tmp_path / "05_August_2019_Latest_ratings.ods", {"Locations": rows})
    reading, _, ratings, _ = read(path)
    assert (reading.kind, reading.stated_on) == (FileKind.RATINGS, date(2019, 8, 5))
    assert [(row.key_question, row.is_inherited) for row in ratings] == [("well_led", False)]


def test_active_locations_give_types_beds_and_the_overall_rating(tmp_path):
    path = made.active_file(
        tmp_path, made.active(), made.active("1-102", **{"Inherited Rating (Y/N)": "Y"})
    )
    reading, [place, _], [first, second], _ = read(path)
    assert reading.kind is FileKind.ACTIVE
    assert (place.service_types, place.primary_type, place.beds) == (
        ("residential_home",),
        "residential_home",
        40,
    )
    assert (place.is_registered, place.directorate) == (True, "Adult social care")
    assert (first.is_inherited, second.is_inherited) == (False, True)


def test_deactivated_locations_give_the_day_of_the_end(tmp_path):
    row = [
        "1-300",
        "Gone House",
        "Inactive",
        "01/10/2010",
        "31/03/2024",
        "Y",
        "22",
        "East",
        "Suffolk",
        "Inadequate",
        "05/01/2024",
        "1-9",
    ]
    _, [place], [rating], _ = read(
        made.ods(tmp_path / "d.ods", {"Sheet1": [made.DEACTIVATED, row]})
    )
    assert (place.is_registered, place.deregistered_on, place.beds) == (
        False,
        date(2024, 3, 31),
        22,
    )
    assert (rating.rating, rating.published_on) == ("inadequate", date(2024, 1, 5))


def test_the_directory_below_its_preamble(tmp_path):
    headings = (FOLDER.parent / "cqc_files" / "directory_headings.csv").read_text().strip()
    [headings] = csv.reader([headings])
    row = [
        "Elm House",
        "",
        "1 High Street, Marshton",
        "ZZ1 1ZZ",
        "01632",
        "",
        "Nursing homes|Homecare agencies",
        "05/10/2019",
        "Dementia|Caring for adults over 65 yrs",
        "A Provider",
        "Exampleshire",
        "East",
        "-",
        "1-500",
        "1-501",
    ]
    path = as_csv(
        tmp_path / "d.csv",
        [
            ["CQC Locations data", "", ""],
            [],
            ["This data was produced on 19 August 2026", ""],
            [],
            headings,
            row,
        ],
    )
    reading, [place], ratings, _ = read(path)
    assert (reading.kind, reading.stated_on, ratings) == (FileKind.DIRECTORY, date(2026, 8, 19), [])
    assert place.service_types == ("nursing_home", "home_care")
    assert (place.specialisms, place.last_inspected_on) == (
        ("Dementia", "Caring for adults over 65 yrs"),
        date(2019, 10, 5),
    )


def test_the_real_dashboard_export_gives_its_locations_and_no_rating_dated_by_registration():
    reading, locations, ratings, problems = read(DASHBOARD)
    assert (reading.kind, reading.rows, len(locations), reading.stated_on) == (
        FileKind.DASHBOARD,
        119,
        119,
        None,
    )
    assert ratings == []
    assert {(one.column, one.is_cell) for one in problems} == {("Publication Date", True)}
    assert len(problems) == 82
    flax = next(place for place in locations if place.name == "1 & 2 Flax Cottages")
    assert (flax.beds, flax.registered_on, flax.region) == (9, date(2013, 6, 4), "North East")
    assert flax.brand_name == "Lifeways Community Care"


def test_a_dashboard_export_with_days_of_publication_gives_its_ratings(tmp_path):
    with DASHBOARD.open(encoding="utf-8-sig", newline="") as handle:
        headings, *rows = list(csv.reader(handle))
    row = rows[3]
    row[headings.index("Publication Date")] = "10/28/2022 12:00:00 AM"
    _, _, ratings, problems = read(as_csv(tmp_path / "d.csv", [headings, row]))
    assert {one.published_on for one in ratings} == {date(2022, 10, 28)}
    assert [one.key_question for one in ratings] == [
        "overall",
        "safe",
        "effective",
        "caring",
        "responsive",
        "well_led",
    ]
    assert problems == []


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (made.rating(""), "Location ID", "we cannot tell which location"),
        (made.rating("not an id"), "Location ID", "is not a CQC location id"),
        (made.rating(question="Use of Resources"), "Domain", "not one of CQC’s key questions"),
        (made.rating(word="Splendid"), "Latest Rating", "not a rating that we know"),
        (made.rating(day="31/02/2025"), "Publication Date", "is not a date"),
        (made.rating(day=""), "Publication Date", "is empty"),
        (made.rating(day="01/01/2030"), "Publication Date", "in the future"),
    ],
)
def test_a_row_that_cannot_be_used_is_told_by_sheet_row_column_and_reason(
    tmp_path, row, column, reason
):
    path = made.ratings_file(tmp_path, made.rating(), row, made.rating("1-102"))
    _, _, ratings, [problem] = read(path)
    assert (problem.sheet, problem.row, problem.column, problem.is_cell) == (
        "Locations",
        3,
        column,
        False,
    )
    assert reason in problem.reason
    assert {one.location_id for one in ratings} == {"1-100", "1-102"}


def test_a_bad_cell_is_left_out_and_its_row_goes_in(tmp_path):
    bad = {"Care homes beds": "many", "Location HSCA start date": "soon"}
    _, [place], [_], problems = read(made.active_file(tmp_path, made.active(**bad)))
    assert (place.beds, place.registered_on) == (None, None)
    assert [(one.column, one.value, one.is_cell) for one in problems] == [
        ("Location HSCA start date", "soon", True),
        ("Care homes beds", "many", True),
    ]


def test_a_location_told_twice_is_taken_once(tmp_path):
    _, locations, _, [problem] = read(made.active_file(tmp_path, made.active(), made.active()))
    assert len(locations) == 1
    assert problem.reason == "Row 2 is about the same location."


def test_cells_repeated_covered_annotated_or_dated_are_read_as_they_show(tmp_path):
    note = (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>a'
        " note</text:p></office:annotation><text:p>Elm<text:s"
        ' text:c="2"/><text:span>House</text:span></text:p><text:p>East</text:p></table:table-cell>'
    )
    dated = (
        '<table:table-cell office:value-type="date" office:date-value="2010-10-01"><text:p>1'
        " Oct</text:p></table:table-cell>"
    )
    counted = (
        '<table:table-cell office:value-type="float"'
        ' office:value="12"><text:p>12,0</text:p></table:table-cell>'
    )
    row = made.active(
        **{"Location Name": note, "Location HSCA start date": dated, "Care homes beds": counted}
    )
    row[-3:] = [
        '<table:table-cell table:number-columns-repeated="2"'
        ' office:value-type="string"><text:p>Y</text:p></table:table-cell>'
    ]
    _, [place], _, _ = read(made.active_file(tmp_path, row))
    assert (place.name, place.registered_on, place.beds) == (
        "Elm  House East",
        date(2010, 10, 1),
        12,
    )
    assert place.service_types == ("nursing_home", "residential_home")


def test_a_file_that_is_not_ours_is_refused_with_a_reason(tmp_path):
    with pytest.raises(UnreadableError, match="not a file that we can use"):
        read(made.ods(tmp_path / "x.ods", {"Sheet1": [["a", "b"], ["1", "2"]]}))
    missing = [heading for heading in made.RATINGS if heading != "Publication Date"]
    with pytest.raises(UnreadableError, match="these columns are missing: Publication Date"):
        read(made.ods(tmp_path / "x.ods", {"Locations": [missing]}))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0 old", "old Excel"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"\x00\x01\x02\x03", "must be a spreadsheet"),
    ],
)
def test_bytes_that_are_no_spreadsheet_are_refused(tmp_path, content, said):
    path = tmp_path / "x.ods"
    path.write_bytes(content)
    with pytest.raises(UnreadableError, match=said):
        read(path)


def test_a_file_cut_short_is_refused(tmp_path):
    whole = made.ratings_file(
        tmp_path, *[made.rating(f"1-{number}") for number in range(1000, 3000)]
    )
    for end in (len(whole.read_bytes()) // 2, len(whole.read_bytes()) - 30):
        short = tmp_path / "short.ods"
        short.write_bytes(whole.read_bytes()[:end])
        with pytest.raises(UnreadableError, match="damaged"):
            read(short)


def test_entities_are_refused(tmp_path):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
    with pytest.raises(UnreadableError, match="entities"):
        read(made.zipped(tmp_path / "x.ods", {"content.xml": bomb}))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("09/12/2019", date(2019, 12, 9)),
        ("2019-12-09", date(2019, 12, 9)),
        ("2019-12-09 14:00:00", date(2019, 12, 9)),
        ("12/9/2019 12:00:00 AM", date(2019, 12, 9)),
        ("43808", date(2019, 12, 9)),
        ("9 December 2019", date(2019, 12, 9)),
        ("31/02/2019", None),
        ("soon", None),
        ("09/12/0019", None),
    ],
)
def test_every_kind_of_day(text, day):
    assert day_of(text) == day
