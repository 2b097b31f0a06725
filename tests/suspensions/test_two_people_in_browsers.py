"""Two people at one suspension, each in a browser of their own: nobody decides on words that they
have not read, and nobody's words are lost.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from suspensions.actions import deciding
from suspensions.actions.deciding import ProposalInput
from suspensions.models import Suspension, SuspensionKind, SuspensionStatus
from tests.suspensions.conftest import address_of
from tests.suspensions.test_actions import FULL_RECORD
from tests.suspensions.test_in_the_browser import look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LAPTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


@pytest.fixture
def own_browser(browser: Browser, live_server) -> Callable[..., Page]:
    """A page of suspensions in a context of that person's own."""

    def open_as(person, name, *args, size=LAPTOP) -> Page:
        client = Client()
        client.force_login(person)
        context = browser.new_context(viewport=size, locale="en-GB")
        cookie = settings.SESSION_COOKIE_NAME
        context.add_cookies(
            [{"name": cookie, "value": client.cookies[cookie].value, "url": live_server.url}]
        )
        page = context.new_page()
        page.goto(live_server.url + address_of(name, *args))
        return page

    return open_as


@pytest.fixture
def proposed(service, manager) -> Suspension:
    return deciding.propose(
        service.pk,
        by=manager,
        given=ProposalInput(kind=SuspensionKind.FULL, record=FULL_RECORD),
        now=timezone.now() - timedelta(hours=2),
    )


def box(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True)


def meanwhile(page: Page) -> Locator:
    """What somebody else changed while that page was open."""
    return page.get_by_role("region", name="Changed while you had it open")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save the record").click()


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_decision_refused_over_reasons_rewritten_in_another_browser(
    own_browser, proposed, officer, other_manager, size
):
    decider = own_browser(other_manager, "decide-suspension", proposed.pk, size=size)
    decider.get_by_label("Suspend: the suspension comes into force").check()
    box(decider, "Reason for the decision").fill("Agreed on what I read.")

    writer = own_browser(officer, "complete-record", proposed.pk)
    box(writer, "Reasons").fill("Three errors in a month, of which one did harm.")
    save(writer)
    expect(writer.get_by_text("The record has been saved.")).to_be_visible()

    decider.get_by_role("button", name="Record the decision").click()
    moved = meanwhile(decider)
    expect(moved.locator("del")).to_contain_text("week.")
    expect(moved.locator("ins")).to_contain_text("of which one did harm.")
    expect(moved).to_contain_text(str(officer))
    expect(box(decider, "Reason for the decision")).to_have_value("Agreed on what I read.")
    look(decider, f"decision-over-moved-words-{size['width']}")
    proposed.refresh_from_db()
    assert proposed.status == SuspensionStatus.PROPOSED

    decider.get_by_role("button", name="Record the decision").click()
    expect(decider.get_by_text("is suspended.")).to_be_visible()
    decider.get_by_text("Who wrote the record, and its earlier words").click()
    look(decider, f"earlier-words-{size['width']}")
    proposed.refresh_from_db()
    assert (proposed.status, proposed.decided_by) == (SuspensionStatus.IN_FORCE, other_manager)


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_two_who_write_at_once_lose_nothing(own_browser, proposed, officer, person, size):
    first = own_browser(officer, "complete-record", proposed.pk, size=size)
    second = own_browser(person("Officer", "second"), "complete-record", proposed.pk)
    box(second, "Evidence").fill("Visit of 2 March. The rota was read.")
    box(second, "Welfare of the people living there").fill("All seen on 9 March.")
    save(second)

    box(first, "Reasons").fill("An hour of reasons.")
    box(first, "Evidence").fill("Visit of 2 March. The charts were read.")
    save(first)
    expect(meanwhile(first)).to_contain_text("Which words to keep: Evidence")
    # What only the other changed is the other's; what only this one changed stands.
    expect(box(first, "Welfare of the people living there")).to_have_value("All seen on 9 March.")
    expect(box(first, "Reasons")).to_have_value("An hour of reasons.")
    look(first, f"two-who-write-{size['width']}")
    save(first)
    expect(first.get_by_role("alert")).to_contain_text("Choose which words to keep")
    meanwhile(first).get_by_label("Both together", exact=True).check()
    save(first)
    expect(first.get_by_text("The record has been saved.")).to_be_visible()
    proposed.refresh_from_db()
    assert proposed.reasons == "An hour of reasons."
    assert proposed.evidence.startswith("Visit of 2 March. The rota was read.")
    assert proposed.evidence.endswith("The charts were read.")
    assert proposed.welfare == "All seen on 9 March."


@pytest.mark.parametrize(
    ("keep", "stands"),
    [
        ("Yours, as they stand in the form", "The charts of March."),
        ("Theirs", "The rota of March."),
    ],
)
def test_whoever_saves_last_says_whose_words_stay(
    own_browser, proposed, officer, person, keep, stands
):
    first = own_browser(officer, "complete-record", proposed.pk)
    second = own_browser(person("Officer", "second"), "complete-record", proposed.pk)
    box(second, "Evidence").fill("The rota of March.")
    save(second)
    box(first, "Evidence").fill("The charts of March.")
    save(first)
    meanwhile(first).get_by_label(keep, exact=True).check()
    save(first)
    expect(first.get_by_text("The record has been saved.")).to_be_visible()
    proposed.refresh_from_db()
    assert proposed.evidence == stands
