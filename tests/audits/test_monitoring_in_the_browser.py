"""Audit reports, the programme and the figures in a real browser: officer, senior officer and
manager, accessible on each page.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from audits.actions import plans, programme, visits
from audits.actions.plans import ActionInput, FindingInput
from audits.actions.visits import CompleteInput
from audits.models import AuditReport, Template, Visit, year_of
from concerns import actions as concerns
from core.models import User
from providers.models import Service
from tests.audits.test_in_the_browser import (  # noqa: F401 - fixtures of the same journeys
    PHONE,
    an_audit,
    answer_everything,
    look,
    opened,
    quiet,
    template,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Opened = Callable[..., Page]


@pytest.fixture
def drafted(
    service: Callable[..., Service],
    template: Template,  # noqa: F811 - a fixture
    person: Callable[..., User],
) -> Visit:
    officer = person("Officer")
    visit = an_audit(service(), template, officer, 2)
    answer_everything(visit, officer)
    visits.complete(visit.pk, by=officer, given=CompleteInput("A good home."), now=timezone.now())
    return visit


def test_audit_goes_from_draft_to_final_and_plan(
    opened: Opened,  # noqa: F811 - a fixture
    drafted: Visit,
    person: Callable[..., User],
) -> None:
    officer, senior = person("Officer"), person("Senior officer")
    page = opened(senior, "audits:view-report", drafted.pk)
    look(page, "report-to-moderate")
    page.get_by_role("button", name="Moderate the audit").click()
    page.get_by_label("No, change the outcome").check()
    page.get_by_role("button", name="Record the moderation").click()
    expect(page.get_by_role("alert")).to_contain_text("Select the outcome")
    look(page, "moderate-wrong")
    page.get_by_label("What should the outcome be?").select_option(label="Requires improvement")
    page.get_by_label("Why should the outcome change?").fill("The medicines evidence weighs more.")
    page.get_by_role("button", name="Record the moderation").click()
    expect(page.get_by_text("Moderation recorded.")).to_be_visible()

    page = opened(officer, "audits:view-report", drafted.pk)
    page.get_by_role("button", name="Send the draft to the provider").click()
    page.get_by_label("Who does it go to?").fill("Registered manager")
    page.get_by_label("I sent it by post").check()
    look(page, "send-draft")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", name="Versions that were sent")).to_be_visible()
    look(page, "report-sent")
    page.get_by_role("button", name="Record what the provider says").click()
    page.get_by_label("What does the provider say is not right?").fill("The drill was held in May.")
    look(page, "record-provider-comment")
    page.get_by_role("button", name="Record the point").click()
    page.get_by_role("link", name="Answer point 1").click()
    page.get_by_label("No", exact=True).check()
    page.get_by_label("What is the council’s answer, and what will change?").fill(
        "No record of it was seen."
    )
    look(page, "answer-provider-comment")
    page.get_by_role("button", name="Save the answer").click()
    page.get_by_role("button", name="Record that the provider has nothing to add").click()
    page.get_by_role("button", name="Make the rating final").click()
    look(page, "finalise")
    page.get_by_role("button", name="Make the rating final").click()
    expect(page.get_by_text("The rating is final.")).to_be_visible()
    expect(page.get_by_text("The action plan cannot be agreed yet.")).to_be_visible()
    look(page, "report-final")
    report = AuditReport.objects.get()
    finding = plans.add_finding(
        drafted.pk, by=officer, given=FindingInput("Charts have gaps."), now=timezone.now()
    )
    today = timezone.localdate()
    plan = ActionInput("Check each round.", today, "Manager")
    plans.agree_action(
        by=officer, service=drafted.service, finding=finding, given=plan, today=today
    )
    page.reload()
    page.get_by_role("button", name="Record that the action plan is agreed").click()
    expect(page.get_by_text("Action plan agreed.", exact=True)).to_be_visible()
    look(opened(officer, "audits:view-report", drafted.pk, size=PHONE), "report-phone")
    report.refresh_from_db()
    assert report.plan_agreed_by == officer


def test_senior_officer_draws_up_the_programme_and_plans_the_visits(
    opened: Opened,  # noqa: F811 - a fixture
    service: Callable[..., Service],
    template: Template,  # noqa: F811 - a fixture
    person: Callable[..., User],
) -> None:
    senior = person("Senior officer")
    for number in range(4):
        service(f"Home {number}")
    programme.set_capacity(person("Officer"), by=senior, audits_a_month=3)
    year = year_of(timezone.localdate())
    page = opened(senior, "audits:view-programme", year, "residential_home")
    look(page, "programme-empty")
    page.get_by_role("button", name="Draw up the programme").click()
    expect(page.get_by_text("Programme drawn up.")).to_be_visible()
    look(page, "programme")
    page.get_by_role("link", name="Change the place of Home 0").click()
    look(page, "change-programme-entry")
    page.go_back()
    page.get_by_role("button", name="Plan the visits").click()
    look(page, "book-audits")
    page.get_by_role("button", name="Plan the visits").click()
    expect(page.get_by_text(re.compile(r"visits? planned\."))).to_be_visible()
    look(
        opened(senior, "audits:view-programme", year, "residential_home", size=PHONE),
        "programme-phone",
    )
    for name in (
        "list-programme",
        "list-portfolios",
        "list-meetings",
        "list-reports",
        "my-calendar",
    ):
        look(opened(senior, f"audits:{name}"), name)


def test_manager_reads_figures_and_sets_the_steps(
    opened: Opened,  # noqa: F811 - a fixture
    drafted: Visit,
    person: Callable[..., User],
) -> None:
    manager, officer = person("Manager"), person("Officer")
    for days, risk in ((2, "high"), (40, "low"), (70, "very_high")):
        at = timezone.now() - timedelta(days=days)
        values: dict[str, Any] = {
            "kind": "quality",
            "source": "family",
            "risk": risk,
            "summary": "Late",
        }
        entered = concerns.ConcernInput(service_id=drafted.service_id, received_at=at, **values)
        made = concerns.record_concern(by=officer, given=entered, now=at)
        concerns.add_to_log(
            made.pk, by=officer, given=concerns.LogInput("Rotas read."), now=timezone.now()
        )
    for name in ("concerns-open", "concerns-received", "concerns-in-time"):
        look(opened(manager, "figures:view-figure", name), name)
    look(opened(manager, "figures:view-figure", "concerns-received", size=PHONE), "figure-phone")
    page = opened(manager, "figures:view-figure", "concerns-open")
    page.get_by_role("link", name="Very high", exact=False).last.click()
    expect(page.get_by_text("1 concern", exact=True)).to_be_visible()
    look(opened(manager, "figures:list-area", "concerns"), "list-figures")
    for name in ("list-contacts", "change-targets"):
        look(opened(manager, f"concerns:{name}"), name)
    names = (
        "change-procedure list-bands list-band-rules list-good-practice add-good-practice"
        " list-nominations"
    )
    for name in [*names.split(), "add-nomination", "list-enrolments", "add-enrolment"]:
        look(opened(manager, f"audits:{name}"), name)
    look(opened(manager, "audits:change-band-rule", 2), "change-band-rule")
    look(opened(manager, "audits:view-questions", drafted.template_id), "view-questions")
    page = opened(manager, "audits:change-procedure")
    page.get_by_label("a senior officer moderates each audit", exact=False).uncheck()
    page.get_by_role("button", name="Save the procedure").click()
    expect(page.get_by_text("Procedure saved.")).to_be_visible()


def test_officer_records_good_practice_with_consent(
    opened: Opened,  # noqa: F811 - a fixture
    drafted: Visit,
    person: Callable[..., User],
) -> None:
    officer = person("Officer")
    page = opened(officer, "audits:add-good-practice", query=f"?visit={drafted.pk}")
    page.get_by_label("Title").fill("A shop in the hall")
    page.get_by_label("What is good about it").fill("People run it themselves.")
    page.get_by_role("button", name="Record the example").click()
    page.get_by_role("link", name="A shop in the hall").click()
    look(page, "good-practice")
    page.get_by_role("button", name="Record the provider’s consent").click()
    page.get_by_label("Who consented?").fill("Registered manager")
    page.get_by_label("Yes", exact=True).check()
    look(page, "consent")
    page.get_by_role("button", name="Record the consent").click()
    expect(page.get_by_text("Papers can use it", exact=True)).to_be_visible()
