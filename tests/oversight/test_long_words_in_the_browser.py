"""A word without a blank, of any length that a box takes, stays inside its page, card and cell."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from core.models import CouncilProfile
from providers.models import Provider, Service
from suspensions.models import Suspension

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = [{"width": 1280, "height": 800}, {"width": 390, "height": 844}]
LONG = "https://records.example.org/" + "W" * 172
# Boxes whose words run out of them: what a person reads of these is cut off.
OUTSIDE = """() => [...document.querySelectorAll("main *")]
  .filter((box) => box.childElementCount === 0 && box.textContent.includes("WWWW"))
  .filter((box) => !box.closest(".govuk-visually-hidden, svg, option, textarea, input"))
  .filter((box) => box.getClientRects().length)
  .filter((box) => (
      box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).display !== "inline"
    ) || [...box.getClientRects()].some((part) => part.right > innerWidth + 1))
  .map((box) => `${box.tagName}: ${box.textContent.trim().slice(0, 60)}`)"""


@pytest.mark.parametrize("size", SIZES, ids=["laptop", "telephone"])
def test_a_long_word_is_broken_on_every_page_that_shows_it(
    page: Page, live_server, person, service, suspended, concern, audited, linked, size
):
    Service.objects.update(name=LONG, address=LONG)
    Provider.objects.update(name=LONG, contact_name=LONG[:100])
    Suspension.objects.update(summary=LONG, reasons=LONG * 5, evidence=LONG, welfare=LONG)
    type(concern).objects.update(summary=LONG)
    CouncilProfile.objects.update(name=LONG[:100])
    client = Client()
    client.force_login(person("Manager"))
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}]
    )
    page.set_viewport_size(size)
    for path in (
        "/today/",
        "/services/",
        f"/services/{service.pk}/",
        "/providers/",
        f"/providers/{service.provider_id}/",
        f"/providers/services/{service.pk}/close/",
        "/suspensions/",
        f"/suspensions/{suspended.pk}/",
        "/concerns/",
        f"/concerns/{concern.pk}/",
        "/audits/",
    ):
        page.goto(live_server.url + path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"], path
        assert "WWWW" in page.locator("main").inner_text(), path
        assert page.evaluate(OUTSIDE) == [], path
