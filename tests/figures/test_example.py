"""The worked example of docs/adding-a-figure.md: one function in one file, and everything else
follows.
"""

import json
import re
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse

from core.models import CouncilProfile, District
from figures.charting import Chart, bars_in_counts
from figures.figure import Column, Figure, Row, name_of
from figures.registration import FIGURES, register_figure
from govuk.charts import ChartPart
from providers.models import Provider, Service

NAME = "beds-by-district"
DAY = date(2026, 8, 31)
HOW_TO = Path(settings.BASE_DIR) / "docs" / "adding-a-figure.md"


@pytest.fixture
def registered(council: CouncilProfile) -> Iterator[None]:
    example = re.search(r"```python\n(.*?)```", HOW_TO.read_text(), re.S)
    assert example
    given = {
        each.__name__: each
        for each in (ChartPart, CouncilProfile, District, Figure, Row, Column, Service, date)
    }
    given |= {"Chart": Chart, "bars_in_counts": bars_in_counts, "name_of": name_of}
    exec(
        compile(example.group(1), str(HOW_TO), "exec"), given | {"register_figure": register_figure}
    )
    for name, beds, closed_on in (
        ("Elm House", 20, None),
        ("Oak House", 12, None),
        ("Gone", 9, date(2020, 1, 1)),
    ):
        Service.objects.create(
            provider=Provider.objects.get_or_create(name="Marsh Care")[0],
            name=name,
            service_type="nursing_home",
            client_group="ageing_well",
            district=District.objects.get(name="Northmarsh"),
            beds=beds,
            closed_on=closed_on,
        )
    yield
    del FIGURES._entries[NAME]


@pytest.mark.usefixtures("registered")
class TestOneFunctionGives:
    def test_a_page_with_its_table_and_chart(self, client_as):
        page = client_as("Officer").get(
            reverse("figures:view-figure", args=[NAME]), {"as_at": DAY.isoformat()}
        )
        assert page.context["figure"].rows[0].cells == ("Northmarsh", 2, 32)
        for said in (
            "Beds by district</h1>",
            "as at 31 August 2026",
            "32 beds",
            'role="img"',
            "beds that the register",
        ):
            assert said in page.text, said

    def test_a_line_in_its_area(self, client_as):
        page = client_as("Officer").get(reverse("figures:list-area", args=["register"]))
        assert "Beds in open care homes, by the district where they are." in page.text

    def test_the_rows_behind_a_number(self, client_as):
        client = client_as("Officer")
        page = client.get(reverse("figures:view-figure", args=[NAME]), {"as_at": DAY.isoformat()})
        links = [cell["url"] for cell in page.context["rows"][0]["cells"]]
        assert links[0] == ""
        rows = client.get(links[2])
        assert [service.name for service in rows.context["page"]] == ["Elm House", "Oak House"]
        assert "Beds: 32</h1>" in rows.text
        assert client.get(f"{links[2]}&export=csv").status_code == 200
        assert client_as("Practitioner").get(links[2]).status_code == 403

    @pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
    def test_a_file(self, client_as, kind):
        file = client_as("Officer").get(
            reverse("figures:view-figure", args=[NAME]), {"as_at": DAY.isoformat(), "export": kind}
        )
        assert file["Content-Disposition"].endswith(f"beds-by-district-2026-08-31.{kind}")

    def test_a_place_in_the_command(self):
        out = StringIO()
        call_command("figures", NAME, "--as-at", DAY.isoformat(), "--format", "json", stdout=out)
        content = json.loads(out.getvalue())
        assert content["rows"][0] == {"district": "Northmarsh", "homes": 2, "beds": 32}
        assert content["authority"] == CouncilProfile.objects.get().short_name
