"""The urgent route and the lift in a real browser: on a telephone and on a laptop, accessible and
within the strict policy.
"""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from formal_steps.models import FormalStepStatus, StepType
from suspensions.actions import deciding, monitoring
from suspensions.actions.deciding import DecideInput, ProposalInput
from suspensions.actions.monitoring import ProgressInput
from suspensions.models import Suspension, SuspensionKind
from tests.axe import violations
from tests.suspensions import reading
from tests.suspensions.conftest import at
from tests.suspensions.test_actions import FULL_RECORD, mended, visit
from tests.suspensions.test_placement import step_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}
SHOTS = os.environ.get("SCREENSHOTS", "")


def look(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
        "scrolls sideways"
    )


def test_suspend_now_on_a_telephone_and_confirm(
    opened, service, unit, manager, other_manager, quiet
):
    page = opened(manager, "suspend-service-now", service.pk, size=PHONE)
    look(page, "suspend-now")
    page.get_by_role("button", name="Suspend now").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter reason in one sentence")
    look(page, "suspend-now-wrong")
    page.get_by_label("Reason in one sentence").fill("Two people were given the wrong medicines.")
    page.get_by_role("button", name="Suspend now").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Alder House")
    look(page, "suspended")

    page.get_by_role("link", name="Complete the record").first.click()
    look(page, "complete")
    for label in (
        "Reasons",
        "Evidence",
        "What the provider was told",
        "Welfare of the people living there",
    ):
        page.get_by_label(label, exact=True).fill(f"{label}: seen.")
    page.get_by_role("button", name="Save the record").click()

    made = Suspension.objects.get()
    page = opened(other_manager, "confirm-suspension", made.pk, size=PHONE)
    page.get_by_label("Confirm: the suspension stays in force").check()
    look(page, "confirm")
    page.get_by_label("Reason for the decision").fill("Agreed by telephone.")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_text("The suspension has been confirmed.")).to_be_visible()
    assert quiet == []


def test_propose_decide_lift_on_a_laptop(
    opened, service, unit, officer, manager, other_manager, quiet, live_server
):
    then = timezone.localdate() - timedelta(days=40)
    made = deciding.propose(
        service.pk,
        by=manager,
        given=ProposalInput(kind=SuspensionKind.FULL, record=FULL_RECORD),
        now=at(then, 9),
    )
    page = opened(other_manager, "decide-suspension", made.pk)
    page.get_by_label("Suspend: the suspension comes into force").check()
    look(page, "decide")
    reading.decide(
        made.pk,
        by=other_manager,
        given=DecideInput(
            reason="Agreed with the director by telephone.",
            in_force_from=then,
            review_on=then + timedelta(days=14),
            decided_at=at(then, 11),
        ),
        now=at(then, 15),
    )
    monitoring.add_progress(
        made.pk,
        by=officer,
        given=ProgressInput(text="All seen.\nNobody hurt.", kind="welfare", happened_on=then),
        now=at(then, 20),
    )
    mended(service, officer, then + timedelta(days=10))
    visit(service, officer, then + timedelta(days=20))
    page = opened(manager, "view-suspension", made.pk)
    look(page, "view")
    page.get_by_role("link", name="Propose to lift this suspension").click()
    for yes in page.get_by_label("Yes", exact=True).all():
        yes.check()
    look(page, "propose-lift")
    page.get_by_role("button", name="Propose the lift").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the evidence")
    look(page, "propose-lift-wrong")
    for box in page.get_by_label("Evidence").all():
        box.fill("Seen at the visit.")
    later = timezone.localdate() + timedelta(days=30)
    for part in ("day", "month", "year"):
        page.locator(f"[name=review_on-{part}]").fill(str(getattr(later, part)))
    page.get_by_label("Why the suspension can be lifted").fill("Everything has been put right.")
    page.get_by_role("button", name="Propose the lift").click()
    expect(page.get_by_text("The lift has been proposed.")).to_be_visible()

    page = opened(other_manager, "decide-lift", made.pk)
    look(page, "decide-lift")
    page.get_by_label("Lift: the suspension ends on the day").check()
    page.get_by_label("Reason for the decision").fill("Agreed.")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_text("The suspension has been lifted.")).to_be_visible()
    look(page, "lifted")
    assert quiet == []


def test_list_proposal_and_the_small_pages(
    opened, row, service, make_service, manager, person, quiet
):
    today = timezone.localdate()
    row(service=make_service("Birch House"), from_on=today - timedelta(days=90))
    made = row(from_on=today - timedelta(days=20), review_on=today - timedelta(days=1))
    recipient = made.recipients.create(notification="suspension", kind="cqc", name="CQC")
    other = make_service("Cedar House")
    look(opened(manager, "list-suspensions"), "list")
    look(opened(manager, "list-suspensions", size=PHONE), "list-phone")
    look(opened(manager, "propose-for-service", other.pk), "propose")
    look(opened(manager, "propose-suspension"), "choose")
    for name in ("record-review", "add-progress", "add-recipient", "mark-name"):
        look(opened(manager, name, made.pk), name)
    page = opened(manager, "record-notified", recipient.pk)
    page.get_by_label("They have been notified").check()
    look(page, "record-notified")
    practitioner = person("Practitioner")
    look(opened(practitioner, "find-placement-status", size=PHONE), "find-placement")
    look(opened(practitioner, "view-placement-status", service.pk, size=PHONE), "placement")
    assert quiet == []


@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, PHONE], ids=["desk", "phone"])
def test_what_stands_against_placements(
    opened, row, service, unit, make_service, manager, other_manager, person, quiet, size
):
    today, name = timezone.localdate(), f"placement-{size['width']}"
    row(kind="partial", limit="Two a week.", from_on=today - timedelta(days=20))
    for step_type in (StepType.SPECIAL_MEASURES, StepType.END_CONTRACT):
        case = (step_type, (FormalStepStatus.ISSUED, today, ""))
        step_of(service, case, manager, other_manager).save()
    later = make_service("Birch House")
    row(service=later, from_on=today + timedelta(days=10))
    gone = make_service("Cedar House", closed_on=today)
    held = row(service=gone, from_on=today - timedelta(days=9))
    look(opened(manager, "oversight:view-service", service.pk, size=size), f"{name}-service")
    look(opened(manager, "oversight:view-service", later.pk, size=size), f"{name}-later")
    look(opened(manager, "oversight:today", size=size), f"{name}-today")
    look(opened(manager, "suspend-service-now", service.pk, size=size), f"{name}-tighten")
    look(opened(other_manager, "view-suspension", held.pk, size=size), f"{name}-closed")
    look(opened(other_manager, "end-closed-service", held.pk, size=size), f"{name}-end")
    practitioner = person("Practitioner")
    page = opened(practitioner, "find-placement-status", size=size)
    page.get_by_label("Name, provider or postcode of the service").fill("house")
    page.get_by_role("button", name="Search").click()
    look(page, f"{name}-found")
    page.get_by_role("link", name="Alder House").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Do not place")
    look(page, f"{name}-none")
    look(opened(practitioner, "view-placement-status", later.pk, size=size), f"{name}-open")
    look(opened(practitioner, "view-placement-status", gone.pk, size=size), f"{name}-gone")
    assert quiet == []
