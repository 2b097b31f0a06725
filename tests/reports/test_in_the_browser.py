"""The release desk in a real browser: accessible, within the strict policy, on a laptop and a
tablet.
"""

import os
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import ConsoleMessage, Page, expect

from core import versions
from core.jobs.models import Job
from reports.actions import jobs, writing
from reports.models import Paper, PaperStatus, Section
from tests.axe import violations
from tests.reports.conftest import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
SHOTS = os.environ.get("SCREENSHOTS", "")


@pytest.fixture
def quiet(page: Page) -> list[str]:
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


@pytest.fixture
def opened(page: Page, live_server):
    def open_as(person, name, *args, size=LAPTOP) -> Page:
        client = Client()
        client.force_login(person)
        cookie = settings.SESSION_COOKIE_NAME
        page.context.clear_cookies()
        page.context.add_cookies(
            [{"name": cookie, "value": client.cookies[cookie].value, "url": live_server.url}]
        )
        page.set_viewport_size(size)
        page.goto(live_server.url + reverse(f"reports:{name}", args=args))
        return page

    return open_as


def look(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
        "scrolls sideways"
    )


def test_an_officer_starts_and_writes(opened, council, person, quiet):
    page = opened(person("Officer"), "start-paper")
    look(page, "start-paper")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the date of the meeting")
    look(page, "start-paper-wrong")
    for name, day in (("meeting_on", ("14", "6", "2021")), ("as_at", ("1", "6", "2021"))):
        for part, value in zip(("day", "month", "year"), day, strict=True):
            page.locator(f"[name={name}-{part}]").fill(value)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Paper started")
    look(page, "desk-begun")
    page.get_by_role("link", name="Good practice", exact=True).click()
    look(page, "section-empty")
    page.get_by_role("button", name="Write").click()
    page.get_by_label("Text").fill(
        "A choir began.\n\n- Mondays\n- Fridays\n\n> They sang in the square."
    )
    look(page, "section-write")
    page.get_by_role("button", name="Save the section").click()
    expect(page.get_by_role("listitem").filter(has_text="Fridays")).to_be_visible()
    look(page, "section")
    page.goto(page.url.rsplit("/reports/", 1)[0] + reverse("reports:list-papers"))
    look(page, "list-papers")
    assert quiet == []


def test_progress_then_hits_then_approval(opened, paper: Paper, person, public_worker, quiet):
    manager = person("Manager", "releaser")
    section = paper.sections.get(heading="Good practice")
    body = "Rosewood Court 3 began a choir."
    writing.write_section(
        section.pk,
        by=person("Officer", "author"),
        given=writing.SectionInput(section.heading, body, versions.seen_of(section)),
        now=NOW,
    )
    page = opened(manager, "view-paper", paper.pk)
    page.get_by_role("button", name="Freeze the figures").click()
    expect(page.get_by_text("Public figures: waiting to start")).to_be_visible()
    Job.objects.update(
        state="running", progress=40, step="Counting", token=uuid.uuid4(), heard_at=timezone.now()
    )
    expect(page.get_by_text("Counting (40%)")).to_be_visible()
    look(page, "desk-progress")
    Job.objects.update(state="waiting", progress=0, step="", token=None)
    public_worker()
    jobs.sweep()
    # The page comes back by itself when the work is done.
    expect(page.get_by_role("button", name="Unfreeze the figures")).to_be_visible()
    page.goto(page.url.split("#")[0] + "figures/")
    look(page, "figures")
    for each in Section.objects.filter(paper=paper).unreleased():
        writing.release_section(each.pk, by=manager, now=NOW)
    page = opened(manager, "view-paper", paper.pk)
    page.get_by_role("button", name="Make both files").click()
    public_worker()
    jobs.sweep()
    expect(page.get_by_text("The public file cannot be published.")).to_be_visible()
    look(page, "desk-hits")
    page = opened(person("Administrator"), "view-paper", paper.pk)
    expect(page.get_by_text("Rosewood")).to_have_count(0)
    look(page, "desk-administrator")
    second = person("Manager", "second")
    page = opened(second, "view-paper", paper.pk)
    while page.get_by_role("link", name="Release this name").count():
        page.get_by_role("link", name="Release this name").first.click()
        look(page, "release-name")
        page.get_by_label("Why can this name be published?").fill(
            "Good practice; nothing else is said"
        )
        page.get_by_role("button", name="Release this name").click()
    signs = person("Signatory", "signs")
    page = opened(signs, "view-paper", paper.pk)
    look(page, "desk-clear")
    look(opened(signs, "view-paper", paper.pk, size=PHONE), "desk-clear-phone")
    page = opened(signs, "view-paper", paper.pk)
    page.get_by_role("button", name="Approve and seal").click()
    look(page, "approve")
    page.get_by_label("I have read both files").check()
    page.get_by_role("button", name="Approve and seal both files").click()
    expect(page.get_by_role("alert")).to_contain_text("Paper approved")
    look(page, "desk-approved")
    assert Paper.objects.get(pk=paper.pk).status == PaperStatus.APPROVED
    look(opened(person("Officer", "author"), "start-new-version", paper.pk), "new-version")
    assert quiet == []
