"""The browser folds names as the server does, and a picker finds them so."""

import os
import random
import unicodedata
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from documents import folding
from providers.models import Service
from tests.axe import violations
from tests.documents.test_folding import NAMES, TYPED
from tests.providers.conftest import provider, service

__all__ = ["provider", "service"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ASK = """async (texts) => {
  const { foldingFrom } = await import("/static/names.js");
  const fold = await foldingFrom("/static/documents/folding.json");
  return texts.map((text) => [fold.letters(text), fold.spellings(text)]);
}"""


def texts() -> list[str]:
    """Every letter of the plane that names are written in, and names with letters thrown in."""
    # Letters newer than the browser or than Python are one's word against the other's.
    known = [
        chr(code)
        for code in range(0x20, 0x3100)
        if unicodedata.ucd_3_2_0.category(chr(code)) not in ("Cn", "Cs", "Co")
    ]
    rng = random.Random(0)
    mixed = ["".join(rng.choices([*NAMES, " ", *known], k=6)) for _ in range(3_000)]
    return [*known, *NAMES, *mixed]


def test_browser_folds_as_the_server(page, live_server):
    page.goto(live_server.url + reverse("sign-in"))
    asked = texts()
    answers = page.evaluate(ASK, asked)
    wrong = [
        (text, answer)
        for text, answer in zip(asked, answers, strict=True)
        if answer != [folding.letters_and_digits(text), list(folding.spellings(text))]
    ]
    assert wrong == []


LAPTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
SHOWN = 200  # as many as `carequality.js` shows of a list at once


@pytest.fixture
def home(page: Page, live_server, person, service):
    """The address of the product, with an officer signed in and more services than a list shows."""
    Service.objects.bulk_create(
        Service(
            provider=service.provider,
            name=name,
            service_type="home_care",
            client_group="ageing_well",
            district=service.district,
        )
        for name in [*(name for name, _, _ in TYPED), *(f"Oak {n}" for n in range(SHOWN))]
    )
    client = Client()
    client.force_login(person("Officer"))
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}]
    )
    return live_server.url


def keep(page: Page, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=str(Path(folder) / f"names-{name}.png"), full_page=True)


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "telephone"])
def test_picker_finds_a_service_as_its_name_is_typed(page, home, size):
    page.set_viewport_size(size)
    page.goto(home + reverse("concerns:add-concern"))
    box = page.get_by_role("combobox", name="Service").and_(page.locator("input"))
    chosen = page.locator("select[name=service]")
    for name, typed, _must in TYPED:
        box.fill(typed)
        option = page.get_by_role("option", name=name)
        expect(option).to_have_count(1)
        option.click()
        assert chosen.input_value() == str(Service.objects.get(name=name).pk)
    keep(page, f"picker-{size['width']}")
    # Whoever types the whole name in another spelling has chosen too.
    box.fill("obrien house")
    assert chosen.input_value() == str(Service.objects.get(name="O’Brien House").pk)
    box.fill("oak")
    expect(page.locator(".autocomplete__option")).to_have_count(SHOWN)
    box.fill("")
    expect(page.get_by_text(f"The first {SHOWN} of ")).to_be_visible()
    keep(page, f"picker-long-{size['width']}")
    assert violations(page) == []
    box.fill("Zzz")
    expect(page.get_by_text(f"The first {SHOWN} of ")).to_be_hidden()


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "telephone"])
def test_second_service_of_a_name_is_offered_the_first(page, home, size, service):
    page.set_viewport_size(size)
    page.goto(f"{home}{reverse('providers:add-service')}?provider={service.provider_id}")
    page.get_by_label("Name", exact=True).fill("ELM house")
    page.get_by_label("Postcode").fill("ZZ1 1ZZ")
    page.locator("select[name=service_type]").select_option("home_care")
    page.get_by_label("Ageing Well").check()
    page.locator("select[name=district]").select_option(label="Northmarsh")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="already on the register")).to_be_visible()
    keep(page, f"offered-{size['width']}")
    assert violations(page) == []
    assert page.get_by_label("Postcode").input_value() == "ZZ1 1ZZ"
    page.get_by_label("This is a different service").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("ELM house has been added")).to_be_visible()
    assert Service.objects.filter(name_key="elm house").count() == 2
