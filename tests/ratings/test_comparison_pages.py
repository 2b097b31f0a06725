"""The pages of the comparisons: one way of showing them all."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import RegionAuthority
from figures.registration import FIGURES
from tests.ratings.factories import a_place, rate

OFFERED = [figure for figure in FIGURES if figure.area_key == "ratings"]
NAMES = [comparison.name for comparison in OFFERED]


@pytest.fixture
def region(council):
    for name in ("Exampleshire", "Otherwich"):
        RegionAuthority.objects.create(name=name, since=date(1974, 4, 1))
    low = a_place("nursing_home", history="R 2019-01-01, R 2021-01-01, I 2025-01-01")
    rate(low, "I 2025-01-01", key_question="safe")
    a_place("home_care", history=f"G 2020-01-01, O {timezone.localdate() - timedelta(days=30)}")
    a_place("residential_home", authority="Otherwich", history="G 2020-01-01")


def test_the_index_names_each_with_a_sentence(client_as, council):
    page = client_as("Practitioner").get(reverse("figures:list-area", args=["ratings"])).text
    for comparison in OFFERED:
        assert comparison.sentence in page
        assert reverse("figures:view-figure", args=[comparison.name]) in page


@pytest.mark.parametrize("name", NAMES)
def test_every_comparison_has_chart_table_files_and_its_source(client_as, region, name):
    client = client_as("Committee clerk")
    url = reverse("figures:view-figure", args=[name])
    page = client.get(url).text
    assert "Contains CQC data © Care Quality Commission" in page
    assert 'role="img"' in page
    assert "<table" in page
    assert "?as_at=" in page
    file = client.get(url, {"export": "csv"}).getvalue().decode()
    assert "Contains CQC data" in file
    assert b"".join(client.get(url, {"export": "xlsx"}).streaming_content)[:2] == b"PK"


@pytest.mark.deep
@pytest.mark.parametrize("name", NAMES)
def test_every_number_leads_to_what_stands_behind_it(client_as, region, name):
    client = client_as("Officer")
    page = client.get(reverse("figures:view-figure", args=[name]))
    links = {cell["url"] for row in page.context["rows"] for cell in row["cells"] if cell["url"]}
    for link in links:
        assert client.get(link).status_code == 200, link


@pytest.mark.parametrize("name", NAMES)
def test_every_comparison_says_so_when_there_is_nothing(client_as, council, name):
    page = client_as("Practitioner").get(reverse("figures:view-figure", args=[name]))
    assert page.status_code == 200


def test_a_later_day_is_today_and_a_wrong_one_keeps_what_was_typed(client_as, region):
    client = client_as("Officer")
    url = reverse("figures:view-figure", args=["league"])
    later = (timezone.localdate() + timedelta(days=9)).isoformat()
    assert client.get(url, {"as_at": later}).context["figure"].as_at == timezone.localdate()
    page = client.get(url, {"as_at-day": "31", "as_at-month": "2", "as_at-year": "2019"}).text
    assert "must be a real date" in page
    assert 'value="31"' in page


def test_another_authority_and_as_we_knew_it(client_as, region):
    url = reverse("figures:view-figure", args=["ratings-by-domain"])
    page = client_as("Officer").get(url, {"authority": "Otherwich", "known_on": "2014-12-30"})
    figure = page.context["figure"]
    assert figure.authority == "Otherwich"
    assert "as we knew it at the end of 30 December 2014" in page.text
    assert figure.rows[0].cells[2].denominator == 0


def test_what_is_no_comparison_is_not_found(client_as, council):
    assert (
        client_as("Officer").get(reverse("figures:view-figure", args=["nothing"])).status_code
        == 404
    )
