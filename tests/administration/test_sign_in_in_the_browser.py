"""Signing in, waiting and being let in, in a real browser on a laptop and on a telephone."""

import os
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from core.guessing import browsers, rules
from core.models import Counted
from tests.axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SCREENSHOTS", "")
SIZES = {"laptop": {"width": 1280, "height": 800}, "telephone": {"width": 390, "height": 844}}
RIGHT = "a long enough password"
FREE = rules.FREE[Counted.STRANGERS]


@pytest.fixture(params=SIZES)
def size(request):
    return request.param


@pytest.fixture
def look(page: Page, size):
    """Whether the page is accessible and fits; kept as a picture where one is wanted."""
    page.set_viewport_size(SIZES[size])

    def at(name: str) -> None:
        page.wait_for_load_state()
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"sign-in-{name}-{size}.png"), full_page=True)
        assert violations(page) == [], name
        assert not page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        ), f"{name} runs off the side"

    return at


def sign_in(page: Page, username: str, password: str) -> None:
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()


def strangers_guess(username: str, times: int) -> None:
    for _ in range(times):
        Client().post(reverse("sign-in"), {"username": username, "password": "a guess of mine"})


def test_whoever_signed_in_before_is_not_held_up_by_strangers(
    page, live_server, person, council, look
):
    person("Manager")
    page.goto(live_server.url + "/sign-in/?next=/password/")
    look("asked")
    sign_in(page, "manager", "not my password")
    look("wrong-password")
    sign_in(page, "manager", RIGHT)
    expect(page.get_by_role("heading", level=1)).to_have_text("Change your password")
    [cookie] = [each for each in page.context.cookies() if each["name"] == browsers.COOKIE]
    assert (cookie["httpOnly"], cookie["path"]) == (True, "/sign-in/")

    strangers_guess("manager", FREE + 2)
    page.reload()
    expect(page.get_by_role("heading", name="About your account")).to_be_visible()
    look("news-of-guesses")
    page.get_by_role("button", name="I have read this").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change your password")
    expect(page.get_by_role("heading", name="About your account")).to_have_count(0)
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, "manager", RIGHT)
    expect(page.get_by_text("Signed in as Manager")).to_be_attached()


def test_a_strange_browser_must_wait_and_is_told_what_to_do(
    page, live_server, person, council, look
):
    person("Manager")
    strangers_guess("manager", FREE)
    page.goto(live_server.url + "/sign-in/")
    sign_in(page, "manager", RIGHT)
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    expect(page.get_by_role("heading", name="If you cannot wait")).to_be_visible()
    expect(page.get_by_label("Username")).to_have_value("manager")
    look("must-wait")


def test_an_administrator_lets_somebody_in(page, live_server, person, council, look):
    person("Administrator")
    manager = person("Manager")
    strangers_guess("manager", FREE)
    page.goto(live_server.url + "/sign-in/?next=/people/")
    sign_in(page, "administrator", RIGHT)
    expect(page.locator(".govuk-tag", has_text="Wrong passwords")).to_be_visible()
    look("people")
    page.goto(f"{live_server.url}/people/{manager.pk}/")
    look("person")
    page.get_by_role("link", name="Let them sign in without waiting").click()
    look("let-in")
    page.get_by_role("button", name="Let them sign in").click()
    expect(page.get_by_text("Manager can sign in without waiting")).to_be_visible()
    look("was-let-in")
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, "manager", RIGHT)
    expect(page.get_by_text("An administrator let you sign in")).to_be_visible()
    look("news-of-being-let-in")


def test_what_is_wrong_with_a_new_password_stands_by_its_box(
    page, live_server, person, council, look
):
    person("Officer")
    page.goto(live_server.url + "/sign-in/?next=/password/")
    sign_in(page, "officer", RIGHT)
    look("new-password")

    def change(old: str, new: str) -> None:
        page.get_by_label("Current password").fill(old)
        page.get_by_label("New password", exact=True).fill(new)
        page.get_by_label("New password again").fill(new)
        page.get_by_role("button", name="Change password").click()
        page.wait_for_load_state()

    change(RIGHT, "Northmarsh-2026")
    expect(page.locator(".govuk-error-message")).to_contain_text("“northmarsh”")
    look("own-word")
    change(RIGHT, RIGHT)
    expect(page.locator(".govuk-error-message")).to_contain_text("not your current one")
    for _ in range(FREE):
        change("not my password", "seventeen herons over a marsh")
    change(RIGHT, "seventeen herons over a marsh")
    expect(page.locator(".govuk-error-message")).to_contain_text("Try again in 1 minute")
    look("old-password-must-wait")


def test_two_people_at_one_browser_see_who_is_signed_in(page, live_server, person, council, look):
    person("Officer"), person("Manager")
    page.goto(live_server.url + "/sign-in/")
    other = page.context.new_page()
    other.goto(live_server.url + "/sign-in/")
    sign_in(other, "officer", RIGHT)
    expect(other.get_by_text("Signed in as Officer")).to_be_attached()
    sign_in(page, "manager", RIGHT)
    expect(page.get_by_text("You are signed in as Officer")).to_be_visible()
    look("somebody-is-signed-in")
