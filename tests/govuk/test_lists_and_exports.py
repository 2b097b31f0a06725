import csv
import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from documents import exports

pytestmark = [pytest.mark.urls("tests.govuk.pages"), pytest.mark.django_db]

DANGEROUS = ["=cmd()", "+1", "-1", "@SUM(A1)", "\tx", "\rx"]

SORTED_BY_NAME = r'aria-sort="ascending">\s*<a class="cq-sort[^"]*"\s*href="\?sort=-name"'
FOLD_OPEN = r'<details class="[^"]*cq-filter__fold"\s+open'


@pytest.fixture
def groups() -> None:
    Group.objects.all().delete()
    permissions = list(Permission.objects.all()[:8])
    for number in range(8):
        group = Group.objects.create(name=f"Group {number}")
        group.permissions.set(permissions[:number])


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def names(html: str) -> list[str]:
    return [f"Group {number}" for number in range(8) if f">Group {number}<" in html]


def test_sorting_paging_and_count(client: Client, groups: None) -> None:
    html = text(client, "/list/")
    assert names(html) == ["Group 0", "Group 1", "Group 2"]
    assert "<strong>8 groups</strong>, 1 to 3 shown" in html
    assert re.search(SORTED_BY_NAME, html)
    assert names(text(client, "/list/?sort=-permissions")) == ["Group 5", "Group 6", "Group 7"]
    assert names(text(client, "/list/?page=99")) == ["Group 6", "Group 7"]
    assert names(text(client, "/list/?sort=password&page=x")) == ["Group 0", "Group 1", "Group 2"]


def test_paging_and_sorting_keep_the_filters(client: Client, groups: None) -> None:
    html = text(client, "/list/?q=group&kind=care-home&sort=-name&page=2")
    assert 'href="?q=group&amp;kind=care-home&amp;sort=-name&amp;page=3"' in html
    assert 'href="?q=group&amp;kind=care-home&amp;sort=permissions"' in html
    assert 'name="sort" value="-name"' in html


def test_filters_in_use_can_be_taken_away_one_by_one(client: Client, groups: None) -> None:
    html = text(
        client, "/list/?q=3&since-day=9&since-month=12&since-year=2019&areas=area-1&areas=area-2"
    )
    assert "Areas: Area 1, Area 2" in html
    assert "Since: 9 12 2019" in html
    assert 'href="?q=3&amp;areas=area-1&amp;areas=area-2"' in html
    assert re.search(FOLD_OPEN, html)
    assert not re.search(FOLD_OPEN, text(client, "/list/?q=3"))


def test_a_wrong_filter_says_so_and_keeps_what_was_typed(client: Client, groups: None) -> None:
    html = text(client, "/list/?since-day=32&since-month=1&since-year=2019")
    assert "Since must be a real date" in html
    assert 'value="32"' in html
    assert "8 groups" in html


def test_an_empty_list_says_what_to_do(client: Client, groups: None) -> None:
    html = text(client, "/list/?q=nothing")
    assert "No groups match these filters." in html
    assert "0 groups" in html
    assert "<table" not in html


def test_the_whole_list_is_exported_as_it_stands(client: Client, groups: None) -> None:
    response = client.get("/list/?q=group&sort=-name&page=2&export=csv")
    assert "groups.csv" in response["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert rows[0] == ["Name", "Permissions", "Note"]
    assert [row[0] for row in rows[1:]] == [f"Group {number}" for number in range(7, -1, -1)]
    assert rows[1][2] == "'=1+1"
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/list/?export=xlsx").getvalue())).active
    assert [cell.value for cell in sheet[2]] == ["Group 0", 0, "=1+1"]
    assert sheet["C2"].data_type == "s"


def test_no_cell_of_a_csv_file_is_a_formula() -> None:
    written = "".join(exports.csv_lines(["=Heading"], [[cell] for cell in DANGEROUS]))
    rows = list(csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline="")))
    assert all(cell.startswith("'") for row in rows for cell in row)
    numbers = "".join(
        exports.csv_lines(["a"], [[-5], [Decimal("-1.50")], [True], [None], [date(2019, 12, 9)]])
    )
    assert numbers == "\ufeffa\r\n-5\r\n-1.50\r\nyes\r\n\r\n2019-12-09\r\n" or numbers.endswith(
        "2019-12-09\r\n"
    )
    assert "\r\n-5\r\n-1.50\r\nyes\r\n" in numbers


def test_a_workbook_keeps_kinds_and_is_the_same_twice() -> None:
    rows = [
        [text, 3, Decimal("1.5"), date(2019, 12, 9), datetime(2019, 7, 1, 12, 0, tzinfo=UTC), None]
        for text in DANGEROUS
    ]
    first, second = io.BytesIO(), io.BytesIO()
    for target in (first, second):
        exports.write_xlsx(target, list("abcdef"), rows)
    assert first.getvalue() == second.getvalue()
    sheet = openpyxl.load_workbook(first).active
    assert sheet["A2"].value == "=cmd()"
    assert sheet["A2"].data_type == "s"
    assert sheet["C2"].value == 1.5
    assert sheet["D2"].value == datetime(2019, 12, 9)  # noqa: DTZ001 - a workbook has no zones
    assert sheet["E2"].value == datetime(2019, 7, 1, 13, 0)  # noqa: DTZ001 - a workbook has no zones
    assert sheet.freeze_panes == "A2"
