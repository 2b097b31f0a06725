"""Odd files of CQC's: what they say is read right, or told with its sheet, row, column and reason;
what is of no use is refused with what was expected and what was found.
"""

from datetime import date

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from documents.spreadsheets.errors import PASSWORD, UnreadableError
from ratings.actions import files
from ratings.files.seen import MOST_LOCATIONS, Seen
from ratings.models import ImportState, Location, Rating
from tests.documents.dialects import Csv, Ods, Table, Xlsx
from tests.documents.test_spreadsheets import CASES
from tests.ratings import file_factories as made
from tests.ratings.test_files_readers import as_csv, read

THREE = ["1-100", "1-101", "1-102"]
PLACES = {
    "xlsx-1904-dates.xlsx",
    "xlsx-SharedStrings-case.xlsx",
    "xlsx-backslash-members.xlsx",
    "xlsx-carriage-return-escape.xlsx",
    "xlsx-strict.xlsx",
    "csv-semicolon.csv",
    "csv-utf16-tab.csv",
}


@pytest.mark.parametrize("case", sorted(PLACES))
def test_what_other_programs_write_says_the_same(case):
    reading, locations, ratings, problems = read(CASES / case)
    assert (reading.rows, problems) == (3, [])
    assert [one.location_id for one in locations] == THREE
    assert {(one.registered_on, one.postcode, one.local_authority) for one in locations} == {
        (date(2010, 10, 1), "ZZ1 1ZZ", "Exampleshire")
    }
    assert {(one.rating, one.published_on) for one in ratings} == {("good", date(2025, 6, 1))}
    assert [one.beds for one in locations] == [40, 40, None]


def test_a_line_end_in_a_cell_is_a_blank():
    _, [first, *_], _, _ = read(CASES / "xlsx-carriage-return-escape.xlsx")
    assert first.address == "12 High Street Marshton, Marshton"


def test_an_error_is_no_postcode_and_no_authority():
    _, [place], [rating], problems = read(CASES / "xlsx-error-cells.xlsx")
    assert (place.name, place.postcode, place.local_authority) == ("Ash Court", None, None)
    assert rating.rating == "good"
    assert [(one.sheet, one.row, one.column, one.value, one.is_cell) for one in problems] == [
        ("HSCA_Active_Locations", 2, "Location Local Authority", "#REF!", True),
        ("HSCA_Active_Locations", 2, "Location Postal Code", "#N/A", True),
    ]


def test_an_error_in_a_column_that_we_do_not_read_is_nobodys_business(tmp_path):
    headings = [*made.ACTIVE, "Location Web Address"]
    path = made.xlsx(tmp_path / "a.xlsx", {"Locations": [headings, [*made.active(), "#N/A"]]})
    assert read(path)[3] == []


def test_a_merged_authority_is_that_of_every_row():
    _, locations, _, problems = read(CASES / "d_merged_authority.xlsx")
    assert [one.local_authority for one in locations] == ["Norfolk"] * 3
    assert problems == []


def test_both_registrations_of_a_home_are_read_and_their_list_is_told_as_not_read():
    reading, locations, ratings, problems = read(CASES / "z_dual.xlsx")
    assert [(one.location_id, one.cqc_provider_id) for one in locations] == [
        ("1-770000901", "1-66"),
        ("1-770000902", "1-67"),
    ]
    assert (len(ratings), problems) == (2, [])
    assert reading.not_read == {"README": 1, "Dual_Registration_Locations": 2}


def test_a_location_of_another_sheet_is_named_with_its_sheet(tmp_path):
    sheets = {"First": [made.ACTIVE, made.active()], "Second": [made.ACTIVE, made.active()]}
    _, [_], _, [problem] = read(made.ods(tmp_path / "a.ods", sheets))
    assert (problem.sheet, problem.reason) == (
        "Second",
        "Row 2 of First is about the same location.",
    )


def test_a_file_with_a_password_is_refused_for_that():
    with pytest.raises(UnreadableError) as raised:
        read(CASES / "n_zipencrypted.xlsx")
    assert str(raised.value) == PASSWORD


def test_renamed_headings_are_refused_with_what_was_expected_and_found():
    with pytest.raises(UnreadableError) as raised:
        read(CASES / "g_renamed_rating_and_la.xlsx")
    said = str(raised.value)
    assert said.startswith("No row of the file says a rating or a local authority, so we have not")
    assert "Location Latest Overall Rating)”. Found: “Overall rating now”." in said
    assert "Expected: a column “Location Local Authority”." in said
    assert "“Local authority district”" in said


@pytest.mark.parametrize(
    ("emptied", "said"),
    [
        ("Location Local Authority", "No row of the file says a local authority,"),
        ("Location Latest Overall Rating", "No row of the file says a rating,"),
        ("Publication Date", "No row of the file says when a rating was published,"),
    ],
)
def test_a_column_that_is_empty_in_every_row_is_refused(tmp_path, emptied, said):
    rows = [made.active(one, **{emptied: ""}) for one in THREE]
    with pytest.raises(UnreadableError) as raised:
        read(made.active_file(tmp_path, *rows))
    assert str(raised.value).startswith(said)
    assert f"Found: “{emptied}”, without a value that we can use." in str(raised.value)
    # One row is enough.
    rows[0] = made.active(THREE[0])
    assert len(read(made.active_file(tmp_path, *rows))[1]) == 3


def test_headings_without_rows_are_refused(tmp_path):
    with pytest.raises(UnreadableError, match="no rows under them"):
        read(made.active_file(tmp_path))


NEEDED = ["Location Latest Overall Rating", "Location Local Authority", "Publication Date"]
OTHERS = {
    "Dormant (Y/N)": "Dormant (Y/N)",
    "Care home?": "Care home?",
    "Location Region": "Location Region",
    "Location Postal Code": "Location Postal Code",
    "Provider ID": "CQC Provider ID",
}


@given(st.sets(st.sampled_from([*NEEDED, *OTHERS]), min_size=1))
def test_whatever_headings_are_renamed_the_file_is_refused_or_each_is_told(
    tmp_path_factory, renamed
):
    headings = [f"New name {n}" if one in renamed else one for n, one in enumerate(made.ACTIVE)]
    path = as_csv(tmp_path_factory.mktemp("h") / "a.csv", [headings, *map(made.active, THREE)])
    if renamed & set(NEEDED):
        with pytest.raises(UnreadableError) as raised:
            read(path)
        for heading in renamed & set(NEEDED) - {"Publication Date"}:
            assert f"{heading}" in str(raised.value)
        return
    _, locations, _, problems = read(path)
    assert len(locations) == 3
    assert {one.column for one in problems} == {OTHERS[one] for one in renamed}
    assert {one.row for one in problems} == {1}


DIALECTS = st.sampled_from([Xlsx(), Xlsx(references=False, mac_days=True), Ods(), Csv(),
                            Csv(";", "cp1252"), Csv("\t", "utf-16")])  # fmt: skip
FIELDS = {
    "Location Name": st.sampled_from(["Ash Court", "Siân’s House", 'The "Elms"', "Oak, old"]),
    "Care homes beds": st.integers(0, 90),
    "Location HSCA start date": st.dates(date(1990, 1, 1), date(2026, 1, 1)),
    "Location Latest Overall Rating": st.sampled_from(["Good", "Inadequate", "Outstanding"]),
    "Publication Date": st.dates(date(2015, 1, 1), date(2026, 6, 1)),
}


@given(st.lists(st.fixed_dictionaries(FIELDS), min_size=1, max_size=6), DIALECTS)
def test_active_locations_say_the_same_in_every_dialect(tmp_path_factory, places, dialect):
    rows = [made.active(f"1-{n + 100}", **place) for n, place in enumerate(places)]
    path = dialect.write(tmp_path_factory.mktemp("a") / "file", Table([made.ACTIVE, *rows]))
    _, locations, ratings, problems = read(path)
    assert problems == []
    assert [(one.name, one.beds, one.registered_on) for one in locations] == [
        (one["Location Name"], one["Care homes beds"], one["Location HSCA start date"])
        for one in places
    ]
    assert [(one.rating, one.published_on) for one in ratings] == [
        (one["Location Latest Overall Rating"].lower(), one["Publication Date"]) for one in places
    ]


def test_a_quotation_mark_that_is_never_closed_is_told_and_the_other_rows_are_read(tmp_path):
    rows = [made.ACTIVE, *map(made.active, THREE)]
    path = as_csv(tmp_path / "a.csv", rows)
    path.write_text(path.read_text(encoding="utf-8-sig").replace("Place 1-101", '"Place 1-101'))
    _, locations, ratings, [problem] = read(path)
    assert [(one.location_id, one.name) for one in locations] == [
        ("1-100", "Place 1-100"),
        ("1-101", None),
        ("1-102", "Place 1-102"),
    ]
    assert len(ratings) == 3
    assert (problem.row, problem.column, problem.value) == (3, "Location Name", '"Place 1-101')


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("Location Name", "x" * 301, "This has more than 300 characters."),
        ("Location Name", "x" * 5_000, "This cell has more than 4,000 characters"),
        ("Location Postal Code", "ZZ1 1ZZ or so", "This has more than 10 characters."),
        ("Location HSCA start date", "01/01/2030", "This date is in the future."),
        ("Location Street Address", "x" * 201, "This has more than 200 characters."),
    ],
)
def test_a_cell_that_cannot_be_held_is_left_out_and_told(tmp_path, column, value, reason):
    path = made.active_file(tmp_path, made.active(), made.active("1-101", **{column: value}))
    _, [_, place], ratings, [problem] = read(path)
    assert (place.location_id, len(ratings)) == ("1-101", 2)
    assert (problem.row, problem.column, problem.is_cell) == (3, column, True)
    assert problem.value == value[:100]
    assert problem.reason.startswith(reason)


def test_letters_that_nobody_sees_are_taken_out(tmp_path):
    name = "Ash\u200b Cou\u00adrt\ufeff, Sia\u0302n’s"
    _, [place], _, _ = read(made.active_file(tmp_path, made.active(**{"Location Name": name})))
    assert place.name == "Ash Court, Siân’s"


def test_more_locations_than_there_can_be_are_refused():
    seen = Seen()
    seen.begin("One")
    for number in range(MOST_LOCATIONS):
        assert seen.before(f"1-{number}", number) == ""
    with pytest.raises(UnreadableError, match="more than CQC has ever"):
        seen.before("1-x", 0)


# In the database


@pytest.mark.django_db
def test_what_is_held_stays_where_a_cell_is_an_error(tmp_path):
    files.import_path(made.active_file(tmp_path, made.active(), day="01 May 2026"))
    done = files.import_path(CASES / "xlsx-error-cells.xlsx", as_at=date(2026, 7, 1))
    assert done.state == ImportState.DONE
    place = Location.objects.get(pk="1-100")
    assert (place.name, place.postcode, place.local_authority) == (
        "Ash Court",
        "ZZ1 1ZZ",
        "Exampleshire",
    )
    assert done.problems.count() == 2


@pytest.mark.django_db
def test_a_file_of_no_use_changes_nothing_and_says_why():
    done = files.import_path(CASES / "g_renamed_rating_and_la.xlsx")
    assert (done.state, done.rows_read) == (ImportState.FAILED, 10)
    assert Location.objects.count() == 0
    assert "Overall rating now" in done.failed_because


@pytest.mark.django_db
def test_the_page_says_which_sheets_were_not_read(client_as, council):
    done = files.import_path(CASES / "z_dual.xlsx")
    text = client_as("Senior officer").get(reverse("ratings:view-import", args=[done.pk])).text
    assert "README (1 row), Dual_Registration_Locations (2 rows)" in text


def history(location_id, group):
    rows = Rating.objects.known_now().overall().filter(location=location_id, service_group=group)
    return [
        (row.rating, str(row.published_on), str(row.superseded_on or ""))
        for row in rows.order_by("published_on")
    ]


@pytest.mark.django_db
def test_of_a_location_and_its_service_the_latest_published_stands():
    done = files.import_path(CASES / "inspection-newer-than-assessment.csv")
    assert done.rows_read == 24
    # Inspected after the assessment of its service.
    assert history("1-780000001", "") == [("inadequate", "2025-11-20", "")]
    assert history("1-780000001", "Care Homes") == [("good", "2024-05-20", "2025-11-20")]
    # Its service assessed after the inspection.
    assert history("1-780000002", "") == [("good", "2023-05-20", "2025-06-20")]
    assert history("1-780000002", "Residential homes") == [
        ("requires_improvement", "2025-06-20", "")
    ]
    # None of the 24 is gone.
    assert Rating.objects.known_now().count() == 24
    assert (done.counts["ratings_new"], done.counts["ratings_of_the_past"]) == (12, 12)
    assert (done.counts["ratings_set_aside"], done.problems_found) == (0, 0)
    # The same file again says nothing new.
    again = files.import_path(CASES / "inspection-newer-than-assessment.csv", again=True)
    assert set(again.counts.values()) == {0}


WORDS = ["Good", "Requires improvement", "Inadequate", "Outstanding"]


@pytest.mark.django_db
@pytest.mark.parametrize("is_at_once", [True, False])
def test_an_inspection_after_the_assessment_ends_it_in_one_file_or_in_two(tmp_path, is_at_once):
    assessed = made.rating(word="Good", day="01/03/2024", group="Residential homes")
    inspected = made.rating(word="Inadequate", day="01/02/2026")
    if is_at_once:
        files.import_path(made.ratings_file(tmp_path, assessed, inspected))
    else:
        files.import_path(made.ratings_file(tmp_path, assessed, day="01 June 2025"))
        files.import_path(made.ratings_file(tmp_path, inspected, assessed, name="later.ods"))
    assert history("1-100", "") == [("inadequate", "2026-02-01", "")]
    assert history("1-100", "Residential homes") == [("good", "2024-03-01", "2026-02-01")]
    # And an assessment after that ends the inspection.
    anew = made.rating(word="Good", day="01/07/2026", group="Residential homes")
    files.import_path(
        made.ratings_file(tmp_path, inspected, anew, day="01 August 2026", name="last.ods")
    )
    assert history("1-100", "") == [("inadequate", "2026-02-01", "2026-07-01")]
    assert history("1-100", "Residential homes") == [
        ("good", "2024-03-01", "2026-02-01"),
        ("good", "2026-07-01", ""),
    ]


@pytest.mark.django_db
def test_an_older_file_fills_in_the_assessment_before_an_inspection(tmp_path):
    inspected = made.rating(word="Inadequate", day="01/02/2026")
    files.import_path(made.ratings_file(tmp_path, inspected))
    assessed = made.rating(word="Good", day="01/03/2024", group="Residential homes")
    files.import_path(made.ratings_file(tmp_path, assessed, day="01 June 2025", name="older.ods"))
    assert history("1-100", "") == [("inadequate", "2026-02-01", "")]
    assert history("1-100", "Residential homes") == [("good", "2024-03-01", "2026-02-01")]


@pytest.mark.django_db
def test_an_assessment_told_again_for_the_whole_location_is_counted_and_ends_nothing(tmp_path):
    assessed = made.rating(word="Good", day="01/03/2025", group="Residential homes")
    again = made.rating(word="Good", day="20/03/2025")
    done = files.import_path(made.ratings_file(tmp_path, assessed, again))
    assert (done.counts["ratings_told_again"], done.counts["ratings_set_aside"]) == (1, 0)
    assert history("1-100", "Residential homes") == [("good", "2025-03-01", "")]
    assert history("1-100", "") == []


@pytest.mark.django_db
def test_what_is_set_aside_is_listed(tmp_path):
    rows = [
        made.rating(word="Good", day="01/06/2025"),
        made.rating(word="Outstanding", day="01/06/2024"),
        made.rating("1-101", word="Good", day="01/03/2025", group="Residential homes"),
        made.rating("1-101", word="Inadequate", day="01/03/2025"),
    ]
    done = files.import_path(made.ratings_file(tmp_path, *rows))
    assert done.counts["ratings_set_aside"] == 2
    listed = done.changes.filter(kind="rating_set_aside").order_by("location_id")
    assert [(one.location_id, one.before, one.after) for one in listed] == [
        ("1-100", "good 2025-06-01", "outstanding 2024-06-01"),
        ("1-101", "good 2025-03-01", "inadequate 2025-03-01"),
    ]
