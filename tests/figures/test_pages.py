"""Every figure by every way: its page, its files, its rows, the command; and who may see it."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from core.groups import GROUPS
from figures.registration import AREAS, FIGURES, KINDS, named, public

NAMES = FIGURES.names()
# The figures whose services can be told apart by the council's groups.
BY_GROUP = [
    "audit-programme",
    "concerns-received",
    "register-by-district",
    "register-by-type",
    "suspensions-by-type",
    "suspensions-flow",
    "suspensions-share",
]


def test_every_figure_names_an_area_and_kinds_of_rows_that_are_registered():
    for figure in FIGURES:
        assert figure.area_key in AREAS
        assert {figure.behind, *figure.other_rows.values()} <= set(KINDS.names())


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_bears_the_name_that_it_is_registered_under(council, name):
    figure = named(name)(date(2026, 3, 16))
    assert figure.name == name
    assert figure.authority == council.short_name
    assert figure.as_at == date(2026, 3, 16)


@pytest.mark.parametrize("group", GROUPS)
def test_a_figure_is_refused_to_those_without_its_permission(client_as, council, group):
    client = client_as(group)
    for figure in FIGURES:
        expected = 200 if set(figure.permission) <= set(GROUPS[group]) else 403
        # Whoever may is let in by the same line, whatever their group: one computes them all.
        if expected == 403 or group == "Manager":
            page = client.get(reverse("figures:view-figure", args=[figure.name]))
            assert page.status_code == expected, figure.name
        rows = client.get(reverse("figures:list-rows", args=[figure.name]))
        assert rows.status_code == (404 if expected == 200 else 403), figure.name
    for area in AREAS:
        page = client.get(reverse("figures:list-area", args=[area.key]))
        assert page.status_code == (200 if set(area.permission) <= set(GROUPS[group]) else 403), (
            area.key
        )


def test_a_figure_is_refused_before_anything_is_looked_up(
    client_as, council, django_assert_max_num_queries
):
    client = client_as("Practitioner")
    client.get(reverse("figures:list-figures"))
    with django_assert_max_num_queries(
        6
    ):  # who asks, what they may, and the council for the plain page
        assert client.get(reverse("figures:view-figure", args=["concerns-open"])).status_code == 403


def test_an_unknown_name_is_not_found(client_as, council):
    client = client_as("Manager")
    for name in ("view-figure", "list-rows", "list-area"):
        assert client.get(reverse(f"figures:{name}", args=["nothing"])).status_code == 404


def test_the_index_lists_what_the_person_may_see(client_as, council):
    whole = client_as("Manager").get(reverse("figures:list-figures")).text
    for figure in FIGURES:
        assert reverse("figures:view-figure", args=[figure.name]) in whole
    some = client_as("Practitioner").get(reverse("figures:list-figures")).text
    assert reverse("figures:view-figure", args=["league"]) in some
    assert reverse("figures:view-figure", args=["concerns-open"]) not in some


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_as_files_and_by_the_command(client_as, council, name):
    client = client_as("Manager")
    url = reverse("figures:view-figure", args=[name])
    today = timezone.localdate().isoformat()
    for kind in ("csv", "xlsx", "json"):
        file = client.get(url, {"export": kind})
        assert file["Content-Disposition"].endswith(f"{name}-{today}.{kind}")
    exempt = FIGURES[name].area.is_exempt
    assert ("exempt" in file.json()) == exempt
    assert ("Exempt: not for publication" in client.get(url).text) == exempt
    out = StringIO()
    call_command("figures", name, "--as-at", today, "--format", "json", stdout=out)
    assert (
        json.loads(out.getvalue())["columns"] == file.json()["columns"] or name == "ratings-trend"
    )


def test_a_day_to_come_is_today_unless_what_is_decided_may_begin_on_it(client_as, council):
    client = client_as("Manager")
    for name, later in (("concerns-open", False), ("suspensions-by-type", True)):
        day = timezone.localdate() + timedelta(days=800)
        page = client.get(reverse("figures:view-figure", args=[name]), {"as_at": day.isoformat()})
        assert (page.context["figure"].as_at == day) == later
        assert ("is in the future, so we show today’s numbers" in page.text) != later


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("day", ["0001-01-01", "0202-05-20", "9999-12-31"])
def test_a_year_that_nobody_meant_is_said_by_its_box_and_today_is_shown(
    client_as, council, name, day
):
    url = reverse("figures:view-figure", args=[name])
    page = client_as("Manager").get(url, {"as_at": day})
    assert page.status_code == 200
    assert page.context["form"].errors.as_data()["as_at"][0].code == "implausible"
    assert "Check the year" in page.text
    assert f'value="{day[:4]}"' in page.text


@pytest.mark.parametrize("name", NAMES)
def test_only_figures_by_type_of_service_offer_the_councils_groups(client_as, council, name):
    page = client_as("Manager").get(reverse("figures:view-figure", args=[name]))
    assert ("By the council’s groups" in page.text) == (name in BY_GROUP)
    assert ("by_group" in FIGURES[name].takes()) == (name in BY_GROUP)


@pytest.mark.parametrize("name", BY_GROUP)
def test_by_the_councils_groups_on_the_page_and_by_the_command(client_as, council, name):
    client = client_as("Manager")
    page = client.get(reverse("figures:view-figure", args=[name]), {"groups": "on"})
    assert page.context["figure"] == named(name)(timezone.localdate(), by_group=True)
    assert "groups=on" in page.context["query"]
    assert "Community based" in page.text or not page.context["rows"]
    out = StringIO()
    call_command("figures", name, "--by-group", "--format", "csv", stdout=out)
    assert out.getvalue() == _csv(named(name)(timezone.localdate(), by_group=True))


@pytest.mark.parametrize("name", NAMES)
def test_every_column_leads_to_the_rows_that_its_numbers_count(client_as, fill, name):
    fill(9)
    client = client_as("Manager")
    page = client.get(reverse("figures:view-figure", args=[name]))
    followed = set()
    for row, shown in zip(page.context["figure"].rows, page.context["rows"], strict=True):
        behind = dict(row.behind)
        for cell in shown["cells"]:
            key = cell["column"].key
            assert bool(cell["url"]) == bool(behind.get(key)), key
            if cell["url"] and key not in followed:
                followed.add(key)
                rows = client.get(cell["url"])
                assert rows.status_code == 200
                if cell["is_number"]:
                    assert rows.context["page"].count == len(set(behind[key])), key
    assert followed or name in ("improvement-programme", "since")


def test_the_command_refuses_groups_where_they_do_not_apply(council):
    from django.core.management import CommandError

    with pytest.raises(CommandError, match="league does not take --by-group"):
        call_command("figures", "league", "--by-group")


def test_only_a_public_figure_is_given_to_a_public_paper(council):
    assert public("regional-comparison")(date(2026, 3, 16)).name == "regional-comparison"
    with pytest.raises(LookupError):
        public("suspensions-by-type")


def _csv(figure):
    import csv

    out = StringIO()
    headings, rows = figure.table()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return out.getvalue()
