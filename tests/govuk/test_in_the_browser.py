"""Looks at the pieces in a real browser: accessible, usable by keyboard, whole at three widths,
within the strict policy.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from playwright.sync_api import ConsoleMessage, Locator, Page

from core.models import CouncilProfile
from tests.axe import violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.govuk.pages"),
    pytest.mark.django_db(transaction=True),
]

WIDTHS = {"laptop": (1366, 768), "tablet": (820, 1180), "phone": (390, 844)}
SHOTS = os.environ.get("SCREENSHOTS", "")


@pytest.fixture
def groups() -> None:
    for number in range(1, 26):
        Group.objects.get_or_create(name=f"Team {number}")


@pytest.fixture
def quiet(page: Page) -> list[str]:
    """What the browser complained of: broken rules of the policy, script errors, missing files."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def sign_in(page: Page, address: str, client: Client) -> None:
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def send_empty(page: Page, address: str) -> None:
    page.goto(f"{address}/form/")
    page.get_by_label("Partial").check()
    page.get_by_role("button", name="Save the record").click()
    page.wait_for_selector(".govuk-error-summary")


def visit_form(page: Page, address: str) -> None:
    page.goto(f"{address}/form/")


def visit_list(page: Page, address: str) -> None:
    page.goto(f"{address}/list/?q=team&kind=care-home&page=2")


def visit_pieces(page: Page, address: str) -> None:
    page.goto(f"{address}/pieces/")


def visit_signed_in(page: Page, address: str) -> None:
    page.goto(f"{address}/signed-in/")


PAGES: dict[str, Callable[[Page, str], None]] = {
    "form": visit_form,
    "errors": send_empty,
    "list": visit_list,
    "pieces": visit_pieces,
    "signed-in": visit_signed_in,
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_accessible_and_fits(
    page: Page,
    live_server: Any,
    groups: None,
    council: CouncilProfile,
    client_as: Callable[..., Client],
    quiet: list[str],
    name: str,
    width: str,
) -> None:
    wide, high = WIDTHS[width]
    page.set_viewport_size({"width": wide, "height": high})
    if name == "signed-in":
        sign_in(page, live_server.url, client_as("Manager"))
    PAGES[name](page, live_server.url)
    page.wait_for_load_state("networkidle")
    shoot(page, f"{name}-{width}")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= wide
    assert quiet == []


def test_the_error_summary_has_the_focus_and_its_links_lead_to_boxes(
    page: Page, live_server: Any
) -> None:
    send_empty(page, live_server.url)
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    for link in page.locator(".govuk-error-summary a").all():
        link.click()
        target = str(link.get_attribute("href"))[1:]
        assert page.evaluate("document.activeElement.id") == target


def test_an_answer_reveals_its_question(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/form/")
    assert not page.get_by_label("Placements a week").is_visible()
    page.get_by_label("Partial").check()
    assert page.get_by_label("Placements a week").is_visible()


def search_box(page: Page) -> Locator:
    """The box that the script puts in the place of the list; the list has the same role and name
    until then.
    """
    return page.get_by_role("combobox", name="Group (optional)").and_(page.locator("input"))


def test_a_long_list_can_be_searched(page: Page, live_server: Any, groups: None) -> None:
    page.goto(f"{live_server.url}/form/")
    box = search_box(page)
    box.fill("Team 1")
    shoot(page, "suggestions")
    assert violations(page) == []
    box.fill("Team 17")
    page.get_by_role("option", name="Team 17").click()
    chosen = Group.objects.get(name="Team 17")
    assert page.locator("select[name=group]").input_value() == str(chosen.pk)
    box.fill("")
    assert page.locator("select[name=group]").input_value() == ""
    box.fill("Team nobody")
    page.get_by_role("button", name="Save the record").click()
    page.wait_for_selector(".govuk-error-summary")
    assert page.get_by_role("link", name="Choose group from the list").is_visible()
    box = search_box(page)
    assert box.input_value() == "Team nobody"
    box.fill("Team 9")
    assert page.locator("select[name=group]").input_value() == str(
        Group.objects.get(name="Team 9").pk
    )


def test_everything_works_without_scripts(browser: Any, live_server: Any, groups: None) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    send_empty(page, live_server.url)
    assert page.get_by_label("Placements a week").is_visible()
    page.goto(f"{live_server.url}/list/?q=team")
    page.get_by_role("link", name="Next page").click()
    assert "page=2" in page.url
    context.close()


def test_the_policy_forbids_scripts_and_styles_in_the_page() -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert list(directives["script-src"]) == list(directives["style-src"]) == ["'self'"]


def test_a_printed_page_leaves_out_what_paper_cannot_use(
    page: Page, live_server: Any, groups: None
) -> None:
    visit_list(page, live_server.url)
    page.emulate_media(media="print")
    shoot(page, "list-print")
    assert not page.get_by_role("button", name="Search").is_visible()
    assert page.get_by_text("Kind: Care home").is_visible()
    assert page.get_by_role("cell", name="Good").first.is_visible()


def test_a_fragment_put_in_by_htmx_comes_to_life(
    page: Page, live_server: Any, quiet: list[str]
) -> None:
    page.goto(f"{live_server.url}/swap/")
    page.get_by_role("button", name="Ask").click()
    page.get_by_label("Partial").check()
    assert page.get_by_label("Placements a week").is_visible()
    assert page.get_by_text("You have 200 characters remaining").first.is_visible()
    assert quiet == []


@pytest.mark.parametrize("width", [360, 641, 800, 1100, 1200, 1366, 1920])
def test_head_content_and_foot_stand_under_each_other(
    page: Page, live_server: Any, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{live_server.url}/pieces/")
    boxes = page.evaluate(
        "[...document.querySelectorAll('.govuk-width-container')].map(e =>"
        " e.getBoundingClientRect()).map(box => [Math.round(box.left), Math.round(box.width)])"
    )
    assert len({tuple(box) for box in boxes}) == 1, boxes
    assert boxes[0][0] >= 15
