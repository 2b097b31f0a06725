"""What is typed at a visit's desk page stays, however the page is left and whoever else writes."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from audits.actions import stopping, visits
from audits.actions.stopping import DayInput
from audits.models import Answer, Question, Template, Visit
from core.models import User
from providers.models import Service
from tests.audits.test_in_the_browser import (
    PHONE,
    an_audit,
    look,
    opened,
    quiet,
    template,
)

__all__ = ["opened", "quiet", "template"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDE = {"width": 1280, "height": 900}
# After how many milliseconds the link is followed.
SHORT_TRIES = [0, 300, 1500]
TRIES = [random.Random(place).randrange(50, 1500) for place in range(20)]


def write(visit: Visit, by: User, evidence: str, seen: int) -> None:
    question = Question.objects.of_template(visit.template).first()
    assert question
    entry = visits.Entry(question.pk, "most", evidence=evidence, seen=seen)
    visits.save_answers(visit.pk, by=by, entries=[entry], now=timezone.now())


def left_by_a_link(opened: Callable[..., Page], visit: Visit, by: User, waits: list[int]) -> int:
    """How many of the tries left their words on the server, once the next page was there."""
    kept = 0
    for place, wait in enumerate(waits):
        page = opened(by, "audits:record-answers", visit.pk, 1)
        text = f"Try {place} after {wait} milliseconds."
        page.locator(".cq-question").first.get_by_label("Evidence", exact=False).first.fill(text)
        page.wait_for_timeout(wait)
        page.get_by_role("link", name="Back to the visit").click()
        expect(page.get_by_role("heading", name="Questions and answers")).to_be_visible()
        kept += Answer.objects.filter(visit=visit, evidence=text).exists()
    return kept


def test_what_was_typed_is_saved_before_a_link_leads_away(
    opened: Callable[..., Page],
    service: Callable[..., Service],
    template: Template,
    person: Callable[..., User],
) -> None:
    officer = person("Officer")
    visit = an_audit(service(), template, officer, 0)
    assert left_by_a_link(opened, visit, officer, SHORT_TRIES) == len(SHORT_TRIES)


@pytest.mark.deep
def test_none_of_twenty_tries_loses_what_was_typed(
    opened: Callable[..., Page],
    service: Callable[..., Service],
    template: Template,
    person: Callable[..., User],
) -> None:
    officer = person("Officer")
    visit = an_audit(service(), template, officer, 0)
    assert left_by_a_link(opened, visit, officer, TRIES) == len(TRIES)


def test_two_people_at_one_question_choose_whose_words_to_keep(
    opened: Callable[..., Page],
    service: Callable[..., Service],
    template: Template,
    person: Callable[..., User],
) -> None:
    officer, other = person("Officer"), person("Officer", "colleague")
    visit = an_audit(service(), template, officer, 0)
    write(visit, other, "Read four plans.", 0)
    page = opened(officer, "audits:record-answers", visit.pk, 1, size=WIDE)
    first = page.locator(".cq-question").first
    write(visit, other, "Read four plans. Two are old.", 1)
    first.get_by_label("Evidence", exact=False).first.fill("On Monday: Read four plans.")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("alert").first).to_contain_text("changed this while you had it open")
    look(page, "two-at-one-question")
    page.set_viewport_size(PHONE)
    look(page, "two-at-one-question-phone")
    page.get_by_label("Both together", exact=True).check()
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("alert")).to_contain_text("have been saved")
    kept = Answer.objects.get(visit=visit)
    assert kept.evidence == "On Monday: Read four plans. Two are old."
    day = DayInput(visit.planned_for - timedelta(days=1), "Typed a day late")
    now = timezone.now()
    stopping.correct_day(visit.pk, by=officer, given=day, now=now, today=timezone.localdate())
    look(opened(officer, "audits:view-history", visit.pk, size=WIDE), "history")
    look(opened(officer, "audits:view-history", visit.pk, size=PHONE), "history-phone")
    look(opened(officer, "audits:stop-visit", visit.pk, size=WIDE), "stop-visit")
    look(opened(officer, "audits:stop-visit", visit.pk, size=PHONE), "stop-visit-phone")
    look(opened(officer, "audits:correct-day", visit.pk, size=WIDE), "correct-day")
    page = opened(officer, "audits:stop-visit", visit.pk)
    page.get_by_label("Part completed", exact=False).check()
    page.get_by_label("Why does the visit end early?").fill("An outbreak of flu")
    page.get_by_role("button", name="Stop the visit").click()
    expect(page.get_by_role("alert")).to_contain_text("The visit has ended early")
    look(page, "stopped")
    page.set_viewport_size(PHONE)
    look(page, "stopped-phone")
