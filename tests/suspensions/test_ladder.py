"""The ladder of formal steps: two people stand behind each, its history is never rewritten, defaults prompt the next."""

from datetime import timedelta

import psycopg
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from carequality.models import Event
from carequality.refusals import Refused
from suspensions import actions, rules, today
from suspensions.models import Deed, FormalStatus, FormalStep, FormalStepEntry, Outcome, Policy, Rung
from tests.suspensions.conftest import TODAY, at

DAY = timedelta(days=1)
GROUPS = [
    "Officer",
    "Senior officer",
    "Manager",
    "Signatory",
    "Committee clerk",
    "Practitioner",
    "Administrator",
]
pytestmark = pytest.mark.django_db


def notice(due_on=TODAY + 30 * DAY, **more):
    given = {
        "summary": "Medicines records are not kept.",
        "clause": "Clause 14.2",
        "reasons": "Found at three visits.",
        "evidence": "Visits of January, February and March.",
        "required": "Records complete for every person, every day.",
        "due_on": due_on,
    }
    return actions.Notice(**given | more)


@pytest.fixture
def propose(service, manager):
    def make(rung=Rung.DEFAULT_NOTICE, day=TODAY, by=manager, **more) -> FormalStep:
        return actions.propose_formal(
            service.pk, rung=rung, notice=notice(day + 30 * DAY, **more), by=by, now=at(day, 9)
        )

    return make


@pytest.fixture
def issued(propose, other_manager):
    def make(rung=Rung.DEFAULT_NOTICE, day=TODAY) -> FormalStep:
        return actions.issue(
            propose(rung, day).pk,
            by=other_manager,
            reason="Agreed.",
            starts_on=day,
            review_on=day + 14 * DAY,
            now=at(day, 11),
        )

    return make


def refused(sentence):
    return pytest.raises(Refused, match=sentence)


def test_one_proposes_and_another_decides(propose, manager, other_manager):
    step = propose()
    given = {"reason": "Agreed.", "starts_on": TODAY, "review_on": TODAY + DAY, "now": at(TODAY, 11)}
    with refused("Someone else must decide"):
        actions.issue(step.pk, by=manager, **given)
    made = actions.issue(step.pk, by=other_manager, **given)
    assert (made.status, made.decided_by) == (FormalStatus.ISSUED, other_manager)
    assert [entry.deed for entry in made.entries.all()] == [Deed.PROPOSED, Deed.ISSUED]
    kinds = Event.objects.filter(about_label="suspensions.formalstep").order_by("pk")
    assert [event.kind for event in kinds] == [
        "formal_step.proposed",
        "formal_step.issued",
        "letter.written",
    ]


def test_database_refuses_a_decision_by_the_proposer(issued, manager):
    with pytest.raises(IntegrityError, match="formal_step_decided_by_another"), transaction.atomic():
        FormalStep.objects.filter(pk=issued().pk).update(decided_by=manager)


STATES = ["proposed", "issued", "refused", "withdrawn", "closed"]
# Who may, in each state: P the proposer, M another manager.
MAY = {
    ("proposed", "issue"): "M",
    ("proposed", "refuse"): "M",
    ("proposed", "withdraw"): "PM",
    ("issued", "extend"): "PM",
    ("issued", "close"): "PM",
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("rung", list(Rung))
def test_every_state_every_deed_every_role(rung, state, propose, manager, other_manager, person):
    step = propose(rung)
    now = {"by": other_manager, "reason": "x", "now": at(TODAY, 12)}
    if state in ("issued", "closed"):
        actions.issue(step.pk, starts_on=TODAY, review_on=TODAY + DAY, **now)
    if state == "closed":
        actions.close_formal(step.pk, outcome=rules.outcomes_of(rung)[0], closed_on=TODAY, **now)
    if state == "refused":
        actions.refuse_formal(step.pk, **now)
    if state == "withdrawn":
        actions.withdraw_formal(step.pk, **now)
    step.refresh_from_db()
    for action in rules.FORMAL_TRANSITIONS.keys() - {"propose"}:
        allowed = MAY.get((state, action), "")
        assert (rules.why_not_formal(action, step, manager) is None) == ("P" in allowed), action
        assert (rules.why_not_formal(action, step, other_manager) is None) == ("M" in allowed), action
        for group in GROUPS:
            if group != "Manager":
                sentence = rules.why_not_formal(action, step, person(group))
                assert (sentence or "").startswith("You do not have the right"), (action, group)


def test_more_time_keeps_the_day_that_stood_before(issued, manager):
    step = issued()
    with refused("after the one that stands"):
        actions.give_more_time(step.pk, by=manager, reason="x", due_on=step.due_on, now=at(TODAY))
    actions.give_more_time(
        step.pk, by=manager, reason="Staff ill.", due_on=TODAY + 60 * DAY, now=at(TODAY, 12)
    )
    days = [entry.due_on for entry in step.entries.all()]
    assert days == [TODAY + 30 * DAY, TODAY + 30 * DAY, TODAY + 60 * DAY]


def test_reviews_follow_one_another_until_it_is_closed(issued, officer, manager):
    step = issued()
    given = {"by": officer, "outcome": "Half done.", "now": at(TODAY + 14 * DAY)}
    with refused("has a day for its next review"):
        actions.review_formal(step.pk, done_on=TODAY + 14 * DAY, next_on=None, **given)
    actions.review_formal(step.pk, done_on=TODAY + 14 * DAY, next_on=TODAY + 28 * DAY, **given)
    assert list(FormalStep.objects.to_review(TODAY + 28 * DAY)) == [step]
    day = TODAY + 29 * DAY
    with refused("cannot end like that"):
        actions.close_formal(
            step.pk, by=manager, outcome=Outcome.CARRIED_OUT, reason="x", closed_on=day, now=at(day)
        )
    closed = actions.close_formal(
        step.pk, by=manager, outcome=Outcome.MET, reason="Seen.", closed_on=day, now=at(day)
    )
    assert closed.review_on is None
    assert list(FormalStep.objects.in_force_on(TODAY + 28 * DAY)) == [step]
    assert not FormalStep.objects.in_force_on(day).exists()


def test_two_proposals_of_one_kind_do_not_wait_side_by_side(propose):
    propose()
    with refused("waiting for a decision already"):
        propose()
    propose(Rung.SPECIAL_MEASURES)


def test_contract_and_suspension_are_of_that_service(propose, make_service, row):
    other = row(service=make_service("Birch House"))
    with refused("not a suspension of Alder House"):
        propose(suspension_id=other.pk)


class TestPrompt:
    def five(self, issued, first=TODAY, close=None):
        for number in range(5):
            day = first + number * 7 * DAY
            step = issued(Rung.DEFAULT_NOTICE, day)
            if close:
                close(step, day)
        return first + 28 * DAY

    def test_five_default_notices_ask_for_the_next_step(self, issued, service, other_manager):
        day = self.five(issued)
        assert rules.prompt_of(service, day - DAY) is None
        prompt = rules.prompt_of(service, day)
        assert str(prompt) == f"5 default notices since {day - 365 * DAY:%-d %B %Y}"
        assert rules.prompt_of(service, day + 364 * DAY) is None
        card = today.formal_steps(other_manager, day)
        assert card
        assert any("Consider the next step" in item.note for item in card.items)

    def test_the_number_is_the_councils_to_set(self, issued, service):
        Policy.objects.create(pk=1, default_notices=2)
        issued()
        assert rules.prompt_of(service, TODAY) is None
        issued(day=TODAY + DAY)
        assert rules.prompt_of(service, TODAY + DAY)

    def test_a_notice_that_was_taken_back_does_not_count(self, issued, service, manager):
        def take_back(step, day):
            if day == TODAY:
                actions.close_formal(
                    step.pk,
                    by=manager,
                    outcome=Outcome.TAKEN_BACK,
                    reason="Wrong.",
                    closed_on=day,
                    now=at(day, 12),
                )

        assert rules.prompt_of(service, self.five(issued, close=take_back)) is None

    def test_answered_by_a_heavier_step_or_by_a_reason(self, issued, propose, service, manager):
        day = self.five(issued)
        with transaction.atomic():
            propose(Rung.SPECIAL_MEASURES, day)
            assert rules.prompt_of(service, day) is None
            transaction.set_rollback(True)
        with transaction.atomic():
            measures = issued(Rung.SPECIAL_MEASURES, day)
            end = {"reason": "Done.", "closed_on": day + DAY, "now": at(day + DAY, 12)}
            actions.close_formal(measures.pk, by=manager, outcome=Outcome.MET, **end)
            # It has ended, and was the answer: the same notices do not ask again.
            assert rules.prompt_of(service, day + DAY) is None
            transaction.set_rollback(True)
        actions.take_no_step(service.pk, by=manager, reason="The last was met early.", now=at(day))
        assert rules.prompt_of(service, day) is None
        with refused("Nothing asks"):
            actions.take_no_step(service.pk, by=manager, reason="Again.", now=at(day))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", ["UPDATE {} SET reason = ''", "DELETE FROM {}", "TRUNCATE {}"])
def test_history_is_append_only_even_to_the_owner(issued, owner, statement):
    issued()
    with pytest.raises(psycopg.errors.RestrictViolation, match="never changed"):
        owner.execute(statement.format("suspensions_formalstepentry"))
    assert FormalStepEntry.objects.count() == 2


class TestPages:
    def url(self, name, *args):
        return reverse(f"suspensions:{name}", args=args)

    def test_the_whole_way(self, client_as, service):
        proposer, decider, officer = (
            client_as("Manager", "proposer"),
            client_as("Manager", "decider"),
            client_as("Officer"),
        )
        day = timezone.localdate()
        given = {
            "rung": "default_notice",
            "summary": "Records are not kept.",
            "clause": "14.2",
            "reasons": "Seen.",
            "evidence": "Visits.",
            "required": "Keep them.",
            "due_on": (day + 30 * DAY).isoformat(),
        }
        wrong = proposer.post(self.url("propose-formal-step", service.pk), given | {"clause": ""})
        assert "Enter clause of the contract" in wrong.text
        assert "Records are not kept." in wrong.text
        proposer.post(self.url("propose-formal-step", service.pk), given)
        step = FormalStep.objects.get()
        assert "Someone else must decide" in proposer.get(self.url("decide-formal-step", step.pk)).text
        decider.post(
            self.url("decide-formal-step", step.pk),
            {
                "decision": "issue",
                "reason": "Agreed.",
                "starts_on": day.isoformat(),
                "review_on": (day + DAY).isoformat(),
                "decided_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
            },
        )
        step.refresh_from_db()
        assert step.status == FormalStatus.ISSUED
        officer.post(
            self.url("review-formal-step", step.pk),
            {"done_on": day.isoformat(), "outcome": "Begun.", "next_on": (day + DAY).isoformat()},
        )
        decider.post(
            self.url("give-more-time", step.pk), {"due_on": (day + 60 * DAY).isoformat(), "reason": "Ill."}
        )
        decider.post(
            self.url("close-formal-step", step.pk),
            {"outcome": "met", "closed_on": day.isoformat(), "reason": "Seen."},
        )
        page = officer.get(self.url("view-formal-step", step.pk)).text
        for words in ("Begun.", "Given more time", "Met: what was required has been done"):
            assert words in page
        assert "Default notice" in officer.get(self.url("view-ladder", service.pk)).text
        assert "Default notice" in officer.get(self.url("list-formal-steps")).text

    def test_prompt_is_answered_on_a_page(self, client_as, service, issued):
        Policy.objects.create(pk=1, default_notices=1)
        issued(day=timezone.localdate() - DAY)
        manager = client_as("Manager")
        assert "Consider the next step" in manager.get(self.url("view-ladder", service.pk)).text
        manager.post(self.url("take-no-step", service.pk), {"reason": "Met early."})
        assert "Met early." in manager.get(self.url("view-ladder", service.pk)).text
