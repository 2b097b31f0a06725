"""The snapshot's parts that need no council: the clock that stands, the reader of pages, and what
is told of a difference.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from snapshot.__main__ import main
from snapshot.places import PageAddress, chosen, crawl, patterns, place_of
from snapshot.reading import addresses, read
from snapshot.writing import laid_out, settled

ROOT = Path(__file__).resolve().parent.parent.parent
MOMENT = "2026-11-27T10:00"
PAGE = """<!DOCTYPE html><html><head><title>Add a unit – carequality</title></head><body>
<header><nav><a href="/">Today</a></nav></header>
<nav class="govuk-breadcrumbs"><a href="/providers/">Services</a></nav>
<main>
 <div class="govuk-error-summary"><div class="govuk-error-summary__body">
  <ul><li><a href="#id_n">Say the name</a></li></ul></div></div>
 <h1>Add <em>a</em> unit</h1><p>Some<br>text</p>
 <form method="post" action="/units/">
  <input type="hidden" name="csrfmiddlewaretoken" value="drawn">
  <label for="id_n">Name</label><div id="hint" class="govuk-hint">As on its door</div>
  <input id="id_n" name="n" value="East" required aria-describedby="hint">
  <fieldset><legend>Kind</legend>
   <input type="radio" id="a" name="k" value="1" checked><label for="a">Wing</label>
   <input type="radio" id="b" name="k" value="2"><label for="b">Floor</label></fieldset>
  <select name="s">
   <option value="">None</option><option value="7" selected>Seventh</option></select>
  <button name="then" value="next">Save</button></form>
 <table><caption>Units</caption><thead><tr><th>Name</th><th>Beds</th></tr></thead>
  <tbody><tr><th>West</th><td><a href="?sort=beds">12</a></td></tr></tbody></table>
 <dl><div><dt>Opened</dt><dd>1 May</dd><dd><a href="/change/">Change</a></dd></div></dl>
</main></body></html>"""


def started(**environment: str) -> subprocess.CompletedProcess[str]:
    code = (
        "import django; django.setup(); from django.utils import timezone;"
        "print(timezone.now().isoformat(), timezone.localdate())"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "carequality.settings", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("mode", ["demonstration", "production"])
def test_a_clock_that_stands_is_refused_outside_tests(mode):
    done = started(CAREQUALITY_MODE=mode, CAREQUALITY_FIXED_NOW=MOMENT)
    assert done.returncode != 0
    assert "CAREQUALITY_FIXED_NOW is for CAREQUALITY_MODE=test alone" in done.stderr


def test_in_tests_the_clock_stands_where_it_is_told_to():
    done = started(CAREQUALITY_MODE="test", CAREQUALITY_FIXED_NOW="2026-07-01T00:30")
    assert done.stdout.split() == ["2026-06-30T23:30:00+00:00", "2026-07-01"], done.stderr
    assert (
        "write an ISO time" in started(CAREQUALITY_MODE="test", CAREQUALITY_FIXED_NOW="noon").stderr
    )


def test_a_page_is_read_with_its_fields_cells_and_links():
    page = read(PAGE)
    assert page["title"] == "Add a unit – carequality"
    assert page["h1"] == "Add a unit"
    assert page["errors"] == ["Say the name"]
    assert page["text"][:4] == ["Say the name", "Add a unit", "Some", "text"]
    assert page["summary"] == [["Opened", "1 May", "Change"]]
    assert page["tables"] == [
        {"caption": "Units", "headings": [["Name", "Beds"]], "rows": [["West", "12"]]},
    ]
    assert page["links"] == [
        ["Services", "/providers/"],
        ["Say the name", "#id_n"],
        ["12", "?sort=beds"],
        ["Change", "/change/"],
    ]
    (form,) = page["forms"]
    assert (form["method"], form["action"], form["buttons"]) == (
        "post",
        "/units/",
        [["Save", "then", "next"]],
    )
    name, kind, select = form["fields"]
    assert (name["name"], name["label"], name["value"], name["required"]) == (
        "n",
        "Name",
        "East",
        True,
    )
    assert name["hint"] == "As on its door"
    assert (kind["label"], kind["options"], kind["value"]) == (
        "Kind",
        ["1: Wing", "2: Floor"],
        ["1"],
    )
    assert (select["options"], select["value"]) == ([": None", "7: Seventh"], ["7"])


def test_the_addresses_of_a_page_are_its_links_and_where_its_forms_go():
    assert addresses(PAGE) == ["/", "/providers/", "#id_n", "/units/", "?sort=beds", "/change/"]


def test_an_address_leads_to_a_page_of_ours_or_nowhere():
    assert place_of("?x=1", "/people/") == PageAddress("list-people", "/people/", "x=1")
    for elsewhere in ("https://example.test/people/", "/no/such/page", "mailto:a@example.test"):
        assert place_of(elsewhere) is None


def test_links_are_followed_from_the_front_page_and_some_of_each_pattern_are_kept():
    people = [f"/people/{number}/" for number in range(30, 0, -1)]
    leads = {"/": ["/people/"], "/people/": [*people, "/people/?sort=name", "/people/?sort=-name"]}
    found = crawl(lambda place: leads.get(place.path, []), 2)
    kept = chosen(found)
    assert [place.path for place in kept["view-person"]] == [
        "/people/1/",
        "/people/30/",
        "/people/2/",
    ]
    assert [place.address for place in kept["list-people"]] == ["/people/", "/people/?sort=-name"]
    assert kept.keys() <= {pattern.name for pattern in patterns()}


def test_what_is_drawn_anew_each_time_is_taken_out():
    drawn = {"csrf": "x", "key": "y", "note": "/notes/01234567-89ab-cdef-0123-456789abcdef/"}
    assert settled(drawn) == {"csrf": "<secret>", "key": "<secret>", "note": "/notes/<uuid>/"}
    assert settled({"key": "beds"}) == {"key": "beds"}
    value = {"rows": [["a", 1], []], "texts": ["b"], "none": {}}
    assert json.loads(laid_out(value)) == value


def test_unknown_roles_and_folders_are_refused(tmp_path, capsys):
    (tmp_path / "file").touch()
    for arguments, why in (
        (["new", "--roles", "officer,mayor"], "no such role: mayor"),
        ([str(tmp_path)], "not empty"),
        (["--compare", str(tmp_path), str(tmp_path / "none")], "no such folder"),
        ([], "name a folder"),
    ):
        with pytest.raises(SystemExit):
            main(arguments)
        assert why in capsys.readouterr().err


def test_a_difference_is_told_once_for_all_who_see_it(tmp_path, capsys):
    for folder, title, name in (("before", "Old", "see-it"), ("after", "New", "view-it")):
        for role in ("officer", "senior"):
            page = tmp_path / folder / "pages" / role / f"{name}.json"
            page.parent.mkdir(parents=True)
            page.write_text(f'{{\n "h1": "{title}",\n "see": "see-it-all"\n}}\n')
    names = tmp_path / "names.csv"
    names.write_text("see-it,view-it\n")
    folders = ["--compare", str(tmp_path / "before"), str(tmp_path / "after")]
    assert main([*folders, "--map", str(names)]) == 1
    printed = capsys.readouterr().out
    assert printed.startswith("== view-it (officer, senior)\n")
    assert '- "h1": "Old",\n+ "h1": "New",' in printed
    names.write_text("see-it,view-it\nOld,New\n")
    assert main([*folders, "--map", str(names)]) == 0
    assert capsys.readouterr().out == ""
