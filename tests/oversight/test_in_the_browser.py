"""The register, Today and people in a real browser: accessible, within the strict policy, on a
laptop and on a telephone.
"""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from tests.axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def said(page: Page):
    found = []
    page.on(
        "console", lambda message: found.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def signed_in(page: Page, live_server, person):
    def sign_in(group):
        client = Client()
        client.force_login(person(group))
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}]
        )
        return live_server.url

    return sign_in


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "telephone"])
def test_pages_of_services_are_accessible(
    page, said, signed_in, size, service, linked, suspended, concern, audited, many
):
    many(30)
    home = signed_in("Manager")
    page.set_viewport_size(size)
    for path in (
        "/today/",
        "/services/",
        "/services/?sort=-rating&client_group=ageing_well",
        f"/services/{service.pk}/",
        "/providers/",
        f"/providers/{service.provider_id}/",
        "/providers/services/add/",
        f"/providers/services/{service.pk}/close/",
        f"/providers/services/{service.pk}/contracts/add/",
    ):
        page.goto(home + path)
        assert violations(page) == [], path
        wide = page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        assert not wide, f"{path} runs off the side"
    assert said == []


def test_pages_of_people_are_accessible(page, said, signed_in, person):
    home = signed_in("Administrator")
    officer = person("Officer")
    for path in (
        "/people/",
        "/people/add/",
        f"/people/{officer.pk}/",
        f"/people/{officer.pk}/groups/",
        f"/people/{officer.pk}/password/",
        f"/people/{officer.pk}/deactivate/",
    ):
        page.goto(home + path)
        assert violations(page) == [], path
    assert said == []


def test_officer_finds_a_service_corrects_it_and_is_told_of_mistakes(
    page, signed_in, service, many
):
    many(30)
    home = signed_in("Officer")
    page.goto(f"{home}/services/")
    page.get_by_label("Name, provider, postcode or CQC location id").fill("elm house")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("status")).to_contain_text("1 service")
    page.get_by_role("link", name="Elm House", exact=True).click()
    page.get_by_role("link", name="Change the service’s details").click()
    page.get_by_label("Beds").fill("a few")
    page.get_by_label("Postcode").fill("ZZ1")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_title("Error: Change Elm House – carequality")
    assert violations(page) == []
    summary = page.get_by_role("alert")
    summary.get_by_role("link", name="Beds must be a whole number").click()
    assert page.evaluate("document.activeElement.name") == "beds"
    expect(page.get_by_label("Postcode")).to_have_value("ZZ1")
    page.get_by_label("Beds").fill("32")
    page.get_by_label("Postcode").fill("zz11zz")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Elm House has been changed")
    service.refresh_from_db()
    assert (service.beds, service.postcode) == (32, "ZZ1 1ZZ")
