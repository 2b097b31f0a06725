"""Each role's way through the formal steps in a real browser: accessible, within the strict policy,
on a telephone where it is needed.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from core.jobs import queue
from formal_steps.actions import steps
from formal_steps.models import FormalStep
from notifications.actions import registered_recipients as registered
from notifications.actions.registered_recipients import RegisteredRecipientInput
from suspensions.actions import deciding, representations
from suspensions.actions.deciding import DecideInput, ProposalInput
from suspensions.models import Alert, Recipient, Suspension, SuspensionKind
from tests.formal_steps.test_steps import decision, notice
from tests.suspensions import reading
from tests.suspensions.conftest import at
from tests.suspensions.test_actions import FULL_RECORD
from tests.suspensions.test_in_the_browser import PHONE, look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)


def fill_day(page, name, day):
    for part in ("day", "month", "year"):
        page.locator(f"[name={name}-{part}]").fill(str(getattr(day, part)))


@pytest.fixture
def in_force(service, manager, other_manager) -> Suspension:
    then = timezone.localdate() - 30 * DAY
    made = deciding.propose(
        service.pk,
        by=manager,
        given=ProposalInput(kind=SuspensionKind.FULL, record=FULL_RECORD),
        now=at(then, 9),
    )
    given = DecideInput(reason="Agreed.", in_force_from=then, review_on=then + 60 * DAY)
    return reading.decide(made.pk, by=other_manager, given=given, now=at(then, 11))


def test_urgent_route_on_a_telephone_in_under_two_minutes(
    opened,
    service,
    manager,
    other_manager,
    officer,
    quiet,
):
    for name in ("Out of hours", "Brokerage", "Hospital discharge"):
        registered.add_recipient(
            by=officer,
            given=RegisteredRecipientInput(
                kind="own_team", name=name, email=f"{name[:3].lower()}@council.test"
            ),
            now=timezone.now(),
        )
    page = opened(manager, "suspend-now", size=PHONE)
    page.get_by_label("Name, provider or postcode of the service").fill("alder")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Alder House").click()
    expect(page.get_by_text("Status: no suspension is in force.")).to_be_visible()
    expect(page.get_by_role("heading", name="Notified at once")).to_be_visible()
    expect(page.get_by_text("Out of hours: by email")).to_be_visible()
    page.get_by_label("Reason in one sentence").fill("Two people were given the wrong medicines.")
    page.get_by_label("Manager to ask to confirm").select_option(str(other_manager.pk))
    page.get_by_role("button", name="Suspend now").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Alder House")
    made = Suspension.objects.get()
    assert made.is_unconfirmed
    assert made.confirmer == other_manager
    while queue.work():
        pass
    told = Recipient.objects.filter(notified_at__isnull=False)
    assert {recipient.name for recipient in told} == {
        "Out of hours",
        "Brokerage",
        "Hospital discharge",
    }
    assert Alert.objects.filter(outcome="Sent").count() == 1
    page.reload()
    expect(page.get_by_text("We asked Decider.")).to_be_visible()
    tonight = page.get_by_role("region", name="Who is notified tonight")
    expect(tonight.get_by_text("Notified", exact=True)).to_have_count(3)
    look(page, "urgent-after")
    page.get_by_role("link", name="Notify everyone else").first.click()
    look(page, "notify-rest")
    assert quiet == []


def test_manager_proposes_a_default_notice_and_another_decides(
    opened,
    service,
    manager,
    other_manager,
    quiet,
):
    page = opened(manager, "formal_steps:view-service-steps", service.pk)
    look(page, "formal-steps-empty")
    with page.expect_navigation():
        page.get_by_role("button", name="Propose a formal step").click()
    look(page, "propose-formal-step")
    page.get_by_label("Default notice").check()
    page.get_by_label("Reason in one sentence").fill("Records are not kept.")
    for label in ("Clause of the contract", "Reasons", "Evidence", "What must be done"):
        page.get_by_label(label, exact=True).fill(f"{label}: as seen.")
    fill_day(page, "due_on", timezone.localdate() + 30 * DAY)
    page.get_by_role("button", name="Propose this step").click()
    expect(page.get_by_text("The step has been proposed.")).to_be_visible()
    look(page, "formal-steps")
    step = FormalStep.objects.get()
    page = opened(other_manager, "formal_steps:decide-formal-step", step.pk)
    page.get_by_label("Take this step").check()
    look(page, "decide-formal-step")
    page.get_by_label("Reason for the decision").fill("Agreed.")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_text("The decision has been recorded.")).to_be_visible()
    while queue.work():
        pass
    page.reload()
    expect(page.get_by_role("link", name="letter about a formal step (PDF)")).to_be_visible()
    look(page, "formal-step")
    for name in ("give-more-time", "close-formal-step", "review-formal-step"):
        look(opened(other_manager, f"formal_steps:{name}", step.pk), name)
    look(opened(other_manager, "formal_steps:list-formal-steps"), "formal-steps")
    look(opened(other_manager, "formal_steps:list-formal-steps", size=PHONE), "formal-steps-phone")
    assert quiet == []


def test_officer_keeps_the_record_beside_a_suspension(opened, in_force, officer, quiet):
    for name in ("check-welfare", "hold-meeting", "add-correction"):
        look(opened(officer, name, in_force.pk), name)
    look(opened(officer, "check-welfare", in_force.pk, size=PHONE), "check-welfare-phone")
    page = opened(officer, "providers:count-people", in_force.service_id)
    page.get_by_label("Who pays").select_option("authority")
    page.get_by_label("How many people").fill("3")
    page.get_by_role("button", name="Save the count").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the name of the authority")
    look(page, "count-people-wrong")
    page.get_by_label("Name of the authority or NHS body").fill("Neighbourshire")
    page.get_by_role("button", name="Save the count").click()
    expect(page.get_by_text("Neighbourshire")).to_be_visible()
    look(page, "count-people")
    page = opened(officer, "put-to-provider", in_force.pk)
    page.get_by_label("Clause of the contract").fill("14.2")
    page.get_by_label("What was put to the provider").fill("Three errors.")
    fill_day(page, "answer_by", timezone.localdate())
    page.get_by_role("button", name="Add what was put to the provider").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter why the provider has fewer days")
    look(page, "put-to-provider-wrong")
    page.get_by_label("Why the provider has fewer days").fill("People at risk.")
    page.get_by_role("button", name="Add what was put to the provider").click()
    expect(page.get_by_text("Short notice", exact=True)).to_be_visible()
    look(page, "suspension-with-fairness")
    page.get_by_role("link", name="Record the provider’s answer").click()
    look(page, "record-answer")
    look(opened(officer, "notifications:list-recipients"), "contacts-empty")
    look(opened(officer, "notifications:add-recipient"), "add-contact")
    assert quiet == []


def test_managers_change_what_is_in_force_and_set_what_stands(
    opened,
    in_force,
    unit,
    manager,
    other_manager,
    quiet,
):
    look(opened(manager, "propose-scope", in_force.pk), "propose-scope")
    page = opened(manager, "propose-extension", in_force.pk)
    fill_day(page, "until", timezone.localdate() + 60 * DAY)
    page.get_by_label("Why the suspension must continue").fill("Not yet sustained.")
    look(page, "propose-extension")
    page.get_by_role("button", name="Propose the extension").click()
    change = in_force.changes.get()
    look(opened(manager, "withdraw-change", change.pk), "withdraw-change")
    page = opened(other_manager, "decide-change", change.pk)
    page.get_by_label("Agree: the suspension changes").check()
    page.get_by_label("Reason for the decision").fill("Agreed.")
    look(page, "decide-change")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_text("Planned to end by").first).to_be_visible()
    look(page, "changed")
    for name in ("formal_steps:change-policy", "set-cover", "notifications:change-message"):
        look(opened(manager, name), name)
    assert quiet == []


def test_signatory_who_had_no_part_answers_a_review(opened, in_force, officer, person, quiet):
    reviewer = person("Signatory")
    look(opened(officer, "ask-review", in_force.pk), "ask-review")
    asked = representations.ask_review(
        in_force.pk,
        by=officer,
        given=representations.AskReviewInput(
            asked_on=timezone.localdate(),
            grounds="The errors were the pharmacy's.",
            reviewer_id=reviewer.pk,
        ),
        now=timezone.now(),
    )
    page = opened(reviewer, "view-suspension", in_force.pk)
    page.get_by_role("link", name="Answer this review").click()
    page.get_by_label("The decision stands", exact=True).check()
    look(page, "answer-review")
    page.get_by_label("Your reasons").fill("The charts were the provider's to check.")
    page.get_by_role("button", name="Answer the review").click()
    expect(page.get_by_text("The review has been answered.")).to_be_visible()
    asked.refresh_from_db()
    assert asked.outcome == "stands"
    assert quiet == []


def test_figures_and_the_rows_behind_them(opened, in_force, person, quiet):
    someone = person("Senior officer")
    look(opened(someone, "figures:list-area", "suspensions"), "figures")
    for name in ("by-type", "by-district", "share", "flow", "monthly", "length"):
        look(opened(someone, "figures:view-figure", f"suspensions-{name}"), f"figure-{name}")
    page = opened(someone, "figures:view-figure", "suspensions-by-type")
    page.locator("tbody a").last.click()
    look(page, "behind")
    expect(page.get_by_role("link", name="Alder House")).to_be_visible()
    look(opened(someone, "figures:view-figure", "suspensions-by-type", size=PHONE), "figure-phone")
    assert quiet == []


@pytest.mark.parametrize("group", ["Committee clerk", "Practitioner", "Administrator"])
def test_who_has_no_right_to_suspensions_meets_a_plain_refusal(opened, in_force, person, group):
    someone = person(group)
    for name, args in (
        ("figures:list-area", ("suspensions",)),
        ("formal_steps:list-formal-steps", ()),
        ("view-suspension", (in_force.pk,)),
    ):
        page = opened(someone, name, *args)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert "Alder House" not in page.content()
        assert reverse("suspensions:view-suspension", args=[in_force.pk]) not in page.content()


def test_seen_from_the_step_of_a_service(opened, service, manager, other_manager, person, quiet):
    """A lead officer finds the step, its letter and its reviews from the formal steps of the
    service.
    """
    day = timezone.localdate() - 5 * DAY
    step = steps.propose(
        service.pk, by=manager, given=notice(day + 30 * DAY, "improvement_plan"), now=at(day, 9)
    )
    now = at(day, 11)
    reading.decide_step(step.pk, by=other_manager, given=decision(now), now=now)
    page = opened(person("Officer"), "formal_steps:view-service-steps", service.pk)
    page.get_by_role("link", name="Improvement plan").first.click()
    page.get_by_role("link", name="Record a review").click()
    page.get_by_label("Outcome").fill("Half done.")
    page.get_by_role("button", name="Record the review").click()
    expect(page.get_by_text("Half done.")).to_be_visible()
    assert quiet == []
