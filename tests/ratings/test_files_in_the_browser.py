"""A file brought, tried and imported, and a doubtful match decided, in a real browser: accessible
at two widths, saying nothing to the console.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import ConsoleMessage, Page, expect

from core.jobs import names, queue
from core.models import District
from demo.fsa_server.server import FsaServer, establishment
from providers.models import Provider, Service
from ratings import fsa
from ratings.actions import files, food
from ratings.models import FileImport
from tests.axe import violations
from tests.documents.test_spreadsheets import CASES
from tests.ratings import file_factories as made

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1366, "height": 768}
SHOTS = os.environ.get("SCREENSHOTS", "")


@pytest.fixture
def opened(
    page: Page, live_server: Any, person: Callable[..., Any], council: Any
) -> Iterator[Callable[..., Page]]:
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(str(error)))
    client = Client()
    client.force_login(person("Manager"))
    cookie = django_settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": cookie, "value": client.cookies[cookie].value, "url": live_server.url}]
    )

    def open_page(name: str, *args: Any) -> Page:
        page.goto(live_server.url + reverse(name, args=args))
        return page

    yield open_page
    assert said == []


def look(page: Page, name: str) -> None:
    for label, size in (("phone", PHONE), ("laptop", LAPTOP)):
        page.set_viewport_size(size)
        page.wait_for_load_state()
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"{name}-{label}.png"), full_page=True)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
            "scrolls sideways"
        )


def test_a_file_is_brought_tried_and_imported(opened, tmp_path, settings):
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    files.import_path(
        made.active_file(tmp_path, made.active(), day="01 June 2026", name="01_June_2026.ods")
    )
    changed = {
        "Care homes beds": "30",
        "Location Latest Overall Rating": "Inadequate",
        "Publication Date": "20/06/2026",
    }
    path = made.active_file(
        tmp_path,
        made.active(**changed),
        made.active("1-101", **{"Care homes beds": "many"}),
        name="01_July_2026.ods",
    )
    page = opened("ratings:upload-file")
    look(page, "import-bring")
    page.set_input_files("input[type=file]", str(path))
    page.get_by_role("button", name="Upload the file").click()
    expect(page.locator("#outcome")).to_contain_text("Waiting")
    look(page, "import-waiting")
    queue.work(names.Lane.IMPORTS)
    expect(page.locator("#outcome")).to_contain_text("Nothing has changed yet", timeout=10_000)
    # All of the page has come, and it stops asking.
    expect(page.get_by_role("heading", level=1)).to_have_text("Active Locations, 1 July 2026")
    expect(page.get_by_role("heading", name="What would change")).to_be_visible()
    expect(page.get_by_role("table", name="What we could not use")).to_contain_text("many")
    expect(page.locator("[hx-get]")).to_have_count(0)
    look(page, "import-tried")
    page.get_by_role("button", name="Import this file").click()
    queue.work(names.Lane.IMPORTS)
    page = opened("ratings:view-import", FileImport.objects.latest("pk").pk)
    expect(page.locator("#outcome")).to_contain_text("Imported")
    look(page, "import-done")
    look(opened("ratings:list-imports"), "import-list")


def test_odd_files_say_what_is_wrong_and_what_was_left_out(opened, tmp_path, settings):
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    renamed = tmp_path / "renamed.xlsx"
    renamed.write_bytes((CASES / "g_renamed_rating_and_la.xlsx").read_bytes())
    page = opened("ratings:upload-file")
    page.set_input_files("input[type=file]", str(renamed))
    page.get_by_role("button", name="Upload the file").click()
    queue.work(names.Lane.IMPORTS)
    outcome = page.locator("#outcome")
    expect(outcome).to_contain_text("“Overall rating now”", timeout=10_000)
    expect(outcome).to_contain_text("Nothing has been changed.")
    expect(outcome).to_contain_text("We used nothing of this file.")
    look(page, "import-of-no-use")
    files.import_path(CASES / "z_dual.xlsx")
    page = opened("ratings:view-import", FileImport.objects.latest("pk").pk)
    expect(page.locator("#outcome")).to_contain_text("Dual_Registration_Locations (2 rows)")
    look(page, "import-of-two-registrations")
    rows = [
        made.rating(word="Inadequate", day="01/03/2025"),
        made.rating(word="Good", day="01/03/2025", group="Residential homes"),
        made.rating("1-101", **{"Location Post Code": "#N/A"}),
    ]
    files.import_path(made.ratings_file(tmp_path, *rows))
    page = opened("ratings:view-import", FileImport.objects.latest("pk").pk)
    expect(page.get_by_role("table", name="Rating set aside")).to_contain_text("Inadequate")
    expect(page.get_by_role("columnheader", name="What stands")).to_be_visible()
    expect(page.get_by_role("table", name="What we could not use")).to_contain_text("#N/A")
    look(page, "import-with-odd-cells")


def test_a_doubtful_match_is_decided(opened):
    homes = {
        name: Service.objects.create(
            provider=Provider.objects.get_or_create(name="Marsh Care")[0],
            name=name,
            service_type="residential_home",
            client_group="ageing_well",
            district=District.objects.get(name="Northmarsh"),
            postcode=postcode,
        )
        for name, postcode in (("Elm House", "ZZ1 1ZZ"), ("Oak Lodge", "ZZ2 2ZZ"))
    }
    rows = [
        establishment(1, "ELM HOUSE", "ZZ1 1ZZ", RatingValue="2"),
        establishment(2, "Oak Lodge", "ZZ9 9ZZ"),
    ]
    with FsaServer(rows) as server, fsa.Client(user_agent="tests", base_url=server.url) as client:
        food.read_food_ratings(client, clock=timezone.now)
    look(opened("ratings:list-food-ratings"), "food-list")
    page = opened("ratings:list-food-matches")
    look(page, "food-matches")
    page.get_by_role("button", name="Yes, the same").click()
    expect(page.locator("main")).to_contain_text("There are no matches to decide.")
    look(page, "food-decided")
    page = opened("oversight:view-service", homes["Elm House"].pk)
    expect(page.locator("main")).to_contain_text(
        "2, some improvement necessary (16 September 2025)"
    )
