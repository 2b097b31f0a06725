"""An audit and a concern in a real browser: on a laptop and on a telephone, accessible, saying
nothing to the console.
"""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import ConsoleMessage, Page, expect

from audits import files
from audits.actions import plans, templates, visits
from audits.actions.plans import CloseActionInput
from audits.actions.visits import BeginInput, CompleteInput
from audits.models import Answer, Question, Template, Visit
from concerns import actions as concerns
from concerns.models import Concern
from core.models import User
from providers.models import Service
from tests.audits.factories import plan_of
from tests.axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1366, "height": 768}
SHOTS = os.environ.get("SCREENSHOTS", "")


@pytest.fixture(autouse=True)
def quiet(page: Page) -> Iterator[None]:
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield
    assert said == []


@pytest.fixture
def opened(page: Page, live_server: Any) -> Callable[..., Page]:
    def open_as(person: User, name: str, *args: Any, size: Any = LAPTOP, query: str = "") -> Page:
        client = Client()
        client.force_login(person)
        cookie = settings.SESSION_COOKIE_NAME
        page.context.clear_cookies()
        page.context.add_cookies(
            [{"name": cookie, "value": client.cookies[cookie].value, "url": live_server.url}]
        )
        page.set_viewport_size(size)
        page.goto(live_server.url + reverse(name, args=args) + query)
        return page

    return open_as


def look(page: Page, name: str) -> None:
    page.wait_for_load_state()
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
        "scrolls sideways"
    )


@pytest.fixture
def template() -> Template:
    source = files.parse((files.SHIPPED / "care-home.toml").read_text())
    draft = templates.load_template(source, by=None, now=timezone.now())
    return templates.publish(draft.pk, by=None, now=timezone.now())


BEST = {
    "rating": "good",
    "yes_no": "yes",
    "choice": "all",
    "number": "4",
    "date": "2026-01-05",
    "text": "",
}


def answer_everything(visit: Visit, by: User, *, but: int = 0) -> None:
    entries = [
        visits.Entry(q.pk, BEST[q.kind], evidence="Four plans read, Person A and Person B seen.")
        for q in Question.objects.of_template(visit.template)
    ]
    visits.save_answers(visit.pk, by=by, entries=entries[but:], now=timezone.now())


def an_audit(service: Service, template: Template, by: User, days_ago: int) -> Visit:
    day = timezone.localdate() - timedelta(days=days_ago)
    plan = {"template": template, "kind": "annual", "planned_for": day, "officer": by}
    visit = visits.plan_visit(by=by, given=plan_of(service=service, **plan), now=timezone.now())
    return visits.begin(visit.pk, by=by, given=BeginInput(day), today=day)


def test_officer_plans_makes_and_completes_an_audit(
    opened: Callable[..., Page],
    service: Callable[..., Service],
    template: Template,
    person: Callable[..., User],
) -> None:
    officer, home = person("Officer"), service()
    before = an_audit(home, template, officer, 365)
    answer_everything(before, officer)
    visits.complete(before.pk, by=officer, given=CompleteInput("A good home."), now=timezone.now())

    page = opened(officer, "audits:plan-visit", query=f"?service={home.pk}")
    look(page, "plan-visit")
    page.get_by_role("button", name="Plan the visit").click()
    expect(page.get_by_role("alert")).to_contain_text("Answer “What kind of visit is it?”")
    look(page, "plan-visit-wrong")
    page.get_by_label("Annual audit").check()
    today = timezone.localdate()
    for part in ("day", "month", "year"):
        page.get_by_label(part.title(), exact=True).fill(str(getattr(today, part)))
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Plan the visit").click()
    expect(page.get_by_role("alert")).to_contain_text("The visit has been planned.")
    look(page, "planned")
    page.get_by_role("button", name="Begin the visit").click()
    expect(page.get_by_label("Day", exact=True)).to_be_visible()
    look(page, "begin-visit")
    page.get_by_role("button", name="Begin the visit").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Care that fits the person")
    look(page, "record-answers")
    first = page.locator(".cq-question").first
    first.get_by_label("Most of those read").check()
    first.get_by_label("Evidence").fill("Read four plans: Person A’s is out of date.")
    expect(page.locator("#saving-words")).to_contain_text("Saved at")
    assert Answer.objects.get(saved_by=officer, visit__status="in_progress").version == 1
    first.get_by_label("Evidence").fill("Read five plans: Person A’s is out of date.")
    # A jump through the map saves what is typed before it leads on.
    page.locator(".cq-chip", has_text="13.1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The people who work here")
    assert Answer.objects.filter(visit__status="in_progress").get().value == "most"
    visit = Visit.objects.get(status="in_progress")

    page = opened(officer, "audits:record-answers", visit.pk, 1, size=PHONE)
    look(page, "record-answers-phone")
    page = opened(officer, "audits:complete-visit", visit.pk)
    look(page, "complete-with-gaps")
    answer_everything(visit, officer, but=1)
    page = opened(officer, "audits:complete-visit", visit.pk)
    page.get_by_label("Summary of the visit").fill("People are well cared for. Plans need work.")
    page.get_by_role("button", name="Complete the visit").click()
    expect(page.get_by_role("alert")).to_contain_text("The outcome is Good")
    page.get_by_role("link", name="Add a finding").click()
    expect(page.get_by_label("What was found?")).to_be_visible()
    look(page, "add-finding")
    page.get_by_label("What was found?").fill("Two of four plans were out of date.")
    page.get_by_role("button", name="Add the finding").click()
    page.get_by_label("What must be done?").fill("Review every plan.")
    page.get_by_label("Someone at the provider").check()
    page.get_by_label("Name or post").fill("Registered manager")
    look(page, "agree-action")
    due = today + timedelta(days=28)
    for part in ("day", "month", "year"):
        page.get_by_label(part.title(), exact=True).fill(str(getattr(due, part)))
    page.get_by_role("button", name="Agree the action").click()
    expect(page.get_by_role("alert")).to_contain_text("Action agreed.")
    look(page, "completed")
    page = opened(officer, "audits:view-visit", visit.pk, size=PHONE)
    look(page, "completed-phone")
    for name in ("list-visits", "list-actions", "list-templates"):
        look(opened(officer, f"audits:{name}"), name)
    look(opened(officer, "audits:list-visits", size=PHONE), "list-visits-phone")
    senior = person("Senior officer")
    look(opened(senior, "audits:view-template", template.pk), "view-template")
    draft = templates.start_version(template.pk, by=senior, now=timezone.now())
    look(opened(senior, "audits:view-template", draft.pk), "draft")
    question = Question.objects.of_template(draft).first()
    look(opened(senior, "audits:change-part", "question", question.pk), "change-question")
    action = visit.findings.get().actions.get()
    look(opened(officer, "audits:close-action", action.pk), "close-action")
    closed = CloseActionInput(today, "Plans read")
    plans.close_action(action.pk, by=officer, given=closed, today=today)
    look(opened(senior, "audits:view-action", action.pk), "view-action")
    look(opened(senior, "audits:verify-action", action.pk), "verify-action")


def test_officer_records_and_answers_a_concern(
    opened: Callable[..., Page], service: Callable[..., Service], person: Callable[..., User]
) -> None:
    officer, home = person("Officer"), service()
    now = timezone.now()
    same = {
        "kind": "quality",
        "source": "family",
        "risk": "low",
        "received_at": now,
        "summary": "Late calls",
    }
    given = concerns.ConcernInput(service_id=home.pk, **same)
    concerns.record_concern(by=officer, given=given, now=now)
    page = opened(officer, "concerns:add-concern", query=f"?service={home.pk}")
    look(page, "add-concern")
    page.get_by_label("Quality concern").check()
    page.get_by_label("What is wrong?").fill("Mrs Smith waited an hour for help.")
    # A name is marked and stops nobody.
    expect(page.locator("mark.cq-name")).to_contain_text("Smith")
    page.get_by_label("Very high").check()
    page.get_by_label("Who raised it?").select_option("Relative or friend")
    page.get_by_role("button", name="Record the concern").click()
    expect(page.get_by_role("alert")).to_contain_text("confirm that this is a different matter")
    expect(page.get_by_role("heading", name="already open")).to_be_visible()
    look(page, "add-concern-flagged")
    page.get_by_label("What is wrong?").fill("A resident waited an hour for help.")
    page.get_by_label("This is a different matter").check()
    page.get_by_role("button", name="Record the concern").click()
    expect(page.get_by_role("alert")).to_contain_text("has been recorded")
    look(page, "view-concern")
    page.get_by_role("button", name="Record the first response").click()
    expect(page.get_by_label("What was done?")).to_be_visible()
    look(page, "respond")
    page.get_by_label("What was done?").fill("Rang the manager; she will look into it today.")
    page.get_by_role("button", name="Record the first response").click()
    expect(page.get_by_role("alert")).to_contain_text("First response recorded.")
    page.get_by_role("button", name="Log a contact").click()
    expect(page.get_by_label("What was said?")).to_be_visible()
    look(page, "log-contact")
    concern = Concern.objects.get(risk="very_high")
    for name in ("change-risk", "allocate-concern", "close-concern"):
        look(opened(officer, f"concerns:{name}", concern.pk), name)
    look(opened(officer, "concerns:list-concerns"), "list-concerns")
    look(opened(officer, "concerns:list-concerns", size=PHONE), "list-concerns-phone")
    look(opened(officer, "concerns:add-concern", size=PHONE), "add-concern-phone")
