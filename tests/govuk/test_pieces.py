import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.test import Client

from core.dates import age_in_words
from govuk import charts
from govuk.templatetags.govuk_tags import age, gov_date, gov_datetime, gov_time, rating_tag
from tests.govuk.pages import BARS, FIGURE, LINES

STATIC = Path(settings.BASE_DIR) / "static"
SVG = "{http://www.w3.org/2000/svg}"


def test_dates_read_as_in_a_letter() -> None:
    at = datetime(2019, 7, 9, 13, 30, tzinfo=UTC)
    assert gov_date(date(2019, 12, 9)) == "9 December 2019"
    assert gov_datetime(at) == "9 July 2019 at 2:30pm"
    assert [gov_time(time(0)), gov_time(time(12)), gov_time(time(9))] == [
        "midnight",
        "midday",
        "9am",
    ]
    assert gov_date(None) == gov_date("") == gov_datetime(None) == ""


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        (date(2017, 9, 9), date(2019, 12, 9), "2 years 3 months"),
        (date(2018, 12, 9), date(2019, 12, 9), "1 year"),
        (date(2019, 11, 10), date(2019, 12, 9), "29 days"),
        (date(2019, 11, 9), date(2019, 12, 9), "1 month"),
        (date(2019, 12, 9), date(2019, 12, 9), "today"),
        (date(2019, 12, 10), date(2019, 12, 9), "not yet"),
        (date(2019, 1, 31), date(2019, 2, 28), "28 days"),
    ],
)
def test_the_age_of_a_rating(since: date, until: date, words: str) -> None:
    assert age_in_words(since, until) == words
    assert age(since, until) == words


def test_a_rating_says_its_word_besides_its_colour() -> None:
    assert "govuk-tag--yellow" in rating_tag("Requires improvement")
    assert "Requires improvement" in rating_tag("requires_improvement")
    assert ">Not rated<" in rating_tag(None)
    assert ">&lt;b&gt;<" in rating_tag("<b>")


@pytest.mark.parametrize(
    "svg", [charts.stacked_bars_svg(BARS), charts.lines_svg(LINES)], ids=["bars", "lines"]
)
def test_a_chart_is_sound_svg_that_a_strict_policy_and_a_screen_reader_take(svg: str) -> None:
    root = ET.fromstring(svg)
    assert root[0].tag == f"{SVG}title"
    assert root[1].tag == f"{SVG}desc"
    ids = {element.get("id") for element in root.iter() if element.get("id")}
    assert set(root.attrib["aria-labelledby"].split()) <= ids
    assert all(element.tag not in (f"{SVG}style", f"{SVG}script") for element in root.iter())
    assert not any(
        name == "style" or name.startswith("on")
        for element in root.iter()
        for name in element.attrib
    )


def test_bars_fill_their_room_and_tell_their_share() -> None:
    root = ET.fromstring(charts.stacked_bars_svg(BARS))
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert "59%" in texts
    assert "None" in texts
    assert "105 services" in texts
    whole = [float(r.get("width", 0)) for r in root.iter(f"{SVG}rect") if r.get("height") == "26"]
    assert abs(sum(whole) - 2 * (720 - 190)) < 1


def test_a_chart_is_alike_in_a_pdf() -> None:
    weasyprint = pytest.importorskip("weasyprint")
    pdf = weasyprint.HTML(
        string=f"<html lang=en><title>t</title>{charts.stacked_bars_svg(BARS)}"
    ).write_pdf()
    assert pdf.startswith(b"%PDF")


def test_a_figure_becomes_a_table_with_scopes() -> None:
    html = get_template("figures/table.html")
    from figures.templatetags.figure_tags import figure_table

    drawn = " ".join(html.render(figure_table(FIGURE)).split())
    assert '<th scope="colgroup" colspan="2"' in drawn
    assert '<th scope="row" class="govuk-table__header">Rutmarsh</th>' in drawn
    assert ">75%<" in drawn
    assert ">–<" in drawn
    assert "Percentages are of rated services." in drawn


@pytest.mark.parametrize("name", ["400.html", "500.html", "503.html"])
def test_the_plainest_error_pages_need_neither_database_nor_context(name: str) -> None:
    html = get_template(name).render({})
    assert "<h1" in html
    assert "carequality" in html


@pytest.mark.urls("tests.govuk.pages")
@pytest.mark.django_db
def test_an_unknown_address_is_a_plain_page(client: Client, client_as: object) -> None:
    response = client_as("Officer").get("/nothing/")  # type: ignore[operator]
    assert response.status_code == 404
    assert b"Page not found" in response.content
    assert b"Sign out" in response.content


def test_nothing_of_the_crown_is_shipped() -> None:
    for file in STATIC.rglob("*"):
        if file.suffix == ".css":
            css = file.read_text()
            assert "GDS Transport" not in css
            assert "crest" not in css
            for address in css.split("url(")[1:]:
                assert (file.parent / address.split(")")[0].strip("\"'")).is_file()
        assert file.suffix not in (".woff", ".woff2")
