"""Formal steps: two people stand behind each, its history is never rewritten, defaults prompt the
next.
"""

from datetime import timedelta

import psycopg
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.inputs import ReasonInput
from core.models import Event
from formal_steps import today
from formal_steps.actions import steps
from formal_steps.models import (
    FormalStep,
    FormalStepOutcome,
    FormalStepStatus,
    Policy,
    StepEvent,
    StepEventKind,
    StepType,
)
from formal_steps.rules import prompts
from formal_steps.rules import steps as rules
from formal_steps.workflow import FORMAL_STEP
from tests.refusals import not_allowed
from tests.suspensions import reading
from tests.suspensions.conftest import TODAY, address_of, at

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


def notice(due_on=TODAY + 30 * DAY, step_type=StepType.DEFAULT_NOTICE, **more):
    given = {
        "step_type": step_type,
        "summary": "Medicines records are not kept.",
        "clause": "Clause 14.2",
        "reasons": "Found at three visits.",
        "evidence": "Visits of January, February and March.",
        "required": "Records complete for every person, every day.",
        "due_on": due_on,
    }
    return steps.ProposeStepInput(**given | more)


def decision(decided_at, decision="issue", **more):
    day = timezone.localdate(decided_at)
    given = {
        "reason": "Agreed.",
        "decided_at": decided_at,
        "starts_on": day,
        "review_on": day + 14 * DAY,
    }
    return steps.DecideStepInput(decision, **given | more)


@pytest.fixture
def propose(service, manager):
    def make(step_type=StepType.DEFAULT_NOTICE, day=TODAY, by=manager, **more) -> FormalStep:
        return steps.propose(
            service.pk, by=by, given=notice(day + 30 * DAY, step_type, **more), now=at(day, 9)
        )

    return make


@pytest.fixture
def issued(propose, other_manager):
    def make(step_type=StepType.DEFAULT_NOTICE, day=TODAY) -> FormalStep:
        step, now = propose(step_type, day), at(day, 11)
        return reading.decide_step(step.pk, by=other_manager, given=decision(now), now=now)

    return make


def close(step, by, day, outcome=FormalStepOutcome.MET, hour=12):
    given = steps.CloseStepInput(outcome=outcome, closed_on=day, reason="Seen.")
    return steps.close(step.pk, by=by, given=given, now=at(day, hour))


def test_one_proposes_and_another_decides(propose, manager, other_manager):
    step = propose()
    given = {"given": decision(at(TODAY, 11)), "now": at(TODAY, 11)}
    with not_allowed("same-person"):
        reading.decide_step(step.pk, by=manager, **given)
    made = reading.decide_step(step.pk, by=other_manager, **given)
    assert (made.status, made.decided_by) == (FormalStepStatus.ISSUED, other_manager)
    assert [entry.kind for entry in made.events.all()] == [
        StepEventKind.PROPOSED,
        StepEventKind.ISSUED,
    ]
    kinds = Event.objects.filter(about_label="formal_steps.formalstep").order_by("pk")
    assert [event.kind for event in kinds] == [
        "formal_step.proposed",
        "formal_step.issued",
        "letter.written",
    ]


def test_database_refuses_a_decision_by_the_proposer(issued, manager):
    with (
        pytest.raises(IntegrityError, match="formal_step_decided_by_another"),
        transaction.atomic(),
    ):
        FormalStep.objects.filter(pk=issued().pk).update(decided_by=manager)


STATES = ["proposed", "issued", "refused", "withdrawn", "closed"]
# Who may, in each state: P the proposer, M another manager.
MAY = {
    ("proposed", "issue"): "M",
    ("proposed", "refuse"): "M",
    ("proposed", "withdraw"): "P",
    ("issued", "review"): "PM",
    ("issued", "write-letter"): "PM",
    ("proposed", "put"): "PM",
    ("issued", "put"): "PM",
    ("closed", "put"): "PM",
    ("issued", "ask-review"): "PM",
    ("closed", "ask-review"): "PM",
    ("issued", "extend"): "PM",
    ("issued", "close"): "PM",
    ("proposed", "complete"): "PM",
    ("proposed", "hand-over"): "PM",
    ("issued", "hand-over"): "PM",
    ("proposed", "add-file"): "PM",
    ("issued", "add-file"): "PM",
    **{(state, "withdraw-file"): "PM" for state in STATES},
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step_type", list(StepType))
def test_every_state_every_action_every_role(
    step_type, state, propose, manager, other_manager, person
):
    step, now = propose(step_type), at(TODAY, 12)
    who_and_when = {"by": other_manager, "now": now}
    if state in ("issued", "closed"):
        reading.decide_step(step.pk, given=decision(now), **who_and_when)
    if state == "closed":
        close(step, other_manager, TODAY, rules.outcomes_of(step_type)[0])
    if state == "refused":
        reading.decide_step(step.pk, given=decision(now, "refuse"), **who_and_when)
    if state == "withdrawn":
        steps.withdraw(step.pk, by=manager, given=ReasonInput("Wrong."), now=now)
    step.refresh_from_db()
    for action, transition in FORMAL_STEP.transitions.items():
        if action == "propose":
            continue
        allowed = MAY.get((state, action), "")
        for someone, letter in ((manager, "P"), (other_manager, "M")):
            refused = FORMAL_STEP.refusal(step, action, someone)
            assert (refused is None) == (letter in allowed), action
            if state not in transition.source:
                assert refused.code == "wrong-state"
        for group in GROUPS:
            someone = person(group)
            either = transition.permission
            asked = (either,) if isinstance(either, str) else either
            if not any(map(someone.has_perm, asked)):
                assert FORMAL_STEP.refusal(step, action, someone).code == "permission-missing", (
                    group
                )
    for group in GROUPS:
        may = person(group).has_perm("suspensions.decide_suspension")
        assert may == (group == "Manager")


@pytest.mark.parametrize("group", [group for group in GROUPS if group != "Manager"])
def test_actions_are_refused_before_the_step_is_looked_up(person, group):
    given = {"by": person(group), "now": at(TODAY)}
    with not_allowed("permission-missing"):
        steps.propose(0, given=notice(), **given)
    with not_allowed("permission-missing"):
        reading.decide_step(0, given=decision(at(TODAY)), **given)
    with not_allowed("permission-missing"):
        steps.withdraw(0, given=ReasonInput("x"), **given)
    with not_allowed("permission-missing"):
        steps.give_more_time(0, given=steps.MoreTimeInput(TODAY, "x"), **given)
    with not_allowed("permission-missing"):
        steps.close(0, given=steps.CloseStepInput(FormalStepOutcome.MET, TODAY, "x"), **given)
    with not_allowed("permission-missing"):
        steps.take_no_step(0, given=steps.NoStepInput("x"), **given)


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"starts_on": None}, "start-missing", "starts_on"),
        ({"review_on": None}, "review-missing", "review_on"),
        ({"starts_on": TODAY - DAY}, "before-decision", "starts_on"),
        ({"starts_on": TODAY + 30 * DAY}, "due-before-start", "starts_on"),
        ({"review_on": TODAY}, "review-before-start", "review_on"),
        ({"decided_at": at(TODAY, 13)}, "in-future", "decided_at"),
        ({"decided_at": at(TODAY, 8)}, "too-early", "decided_at"),
    ],
)
def test_issue_refused_for_days_that_cannot_be(propose, other_manager, wrong, code, field):
    step = propose()
    with not_allowed(code, field):
        reading.decide_step(
            step.pk,
            by=other_manager,
            given=decision(**{"decided_at": at(TODAY, 11)} | wrong),
            now=at(TODAY, 12),
        )
    step.refresh_from_db()
    assert step.status == FormalStepStatus.PROPOSED


def test_more_time_keeps_the_day_that_stood_before(issued, manager):
    step = issued()
    given = {"by": manager, "now": at(TODAY, 12)}
    with not_allowed("not-later", "due_on"):
        steps.give_more_time(step.pk, given=steps.MoreTimeInput(step.due_on, "x"), **given)
    with not_allowed("not-to-come", "due_on"):
        late = given | {"now": at(TODAY + 60 * DAY)}
        steps.give_more_time(step.pk, given=steps.MoreTimeInput(TODAY + 40 * DAY, "x"), **late)
    steps.give_more_time(
        step.pk, given=steps.MoreTimeInput(TODAY + 60 * DAY, "Staff ill."), **given
    )
    days = [entry.due_on for entry in step.events.all()]
    assert days == [TODAY + 30 * DAY, TODAY + 30 * DAY, TODAY + 60 * DAY]


def test_reviews_follow_one_another_until_it_is_closed(issued, officer, manager):
    step = issued()

    def review(done_on, next_on):
        given = steps.ReviewStepInput(done_on=done_on, outcome="Half done.", next_on=next_on)
        return steps.review(step.pk, by=officer, given=given, now=at(TODAY + 14 * DAY))

    with not_allowed("next-missing", "next_on"):
        review(TODAY + 14 * DAY, None)
    with not_allowed("next-too-early", "next_on"):
        review(TODAY + 14 * DAY, TODAY + 14 * DAY)
    with not_allowed("in-future", "done_on"):
        review(TODAY + 15 * DAY, TODAY + 28 * DAY)
    with not_allowed("before-start", "done_on"):
        review(TODAY - DAY, TODAY + 28 * DAY)
    review(TODAY + 14 * DAY, TODAY + 28 * DAY)
    assert list(FormalStep.objects.to_review(TODAY + 28 * DAY)) == [step]
    day = TODAY + 29 * DAY
    with not_allowed("other-outcome", "outcome"):
        close(step, manager, day, FormalStepOutcome.CARRIED_OUT)
    closed = close(step, manager, day)
    assert closed.review_on is None
    assert list(FormalStep.objects.in_force_on(TODAY + 28 * DAY)) == [step]
    assert not FormalStep.objects.in_force_on(day).exists()


def test_two_proposals_of_one_kind_do_not_wait_side_by_side(propose):
    propose()
    with not_allowed("already-proposed", "step_type"):
        propose()
    propose(StepType.SPECIAL_MEASURES)


def test_contract_and_suspension_are_of_that_service(propose, make_service, row):
    other = row(service=make_service("Birch House"))
    with not_allowed("other-suspension", "suspension"):
        propose(beside={"suspension": other.pk})


def asks(service, day):
    return prompts.prompt_of(service, day, Policy.current())


class TestPrompt:
    def five(self, issued, first=TODAY, close=None):
        for number in range(5):
            day = first + number * 7 * DAY
            step = issued(StepType.DEFAULT_NOTICE, day)
            if close:
                close(step, day)
        return first + 28 * DAY

    def test_five_default_notices_ask_for_the_next_step(self, issued, service, other_manager):
        day = self.five(issued)
        assert asks(service, day - DAY) is None
        prompt = asks(service, day)
        assert str(prompt) == f"5 default notices since {day - 365 * DAY:%-d %B %Y}"
        assert asks(service, day + 364 * DAY) is None
        card = today.formal_steps(other_manager, day)
        assert card
        assert any("Consider the next step" in item.note for item in card.items)

    def test_the_number_is_the_councils_to_set(self, issued, service):
        Policy.objects.create(pk=1, default_notices=2)
        issued()
        assert asks(service, TODAY) is None
        issued(day=TODAY + DAY)
        assert asks(service, TODAY + DAY)

    def test_a_notice_that_was_taken_back_does_not_count(self, issued, service, manager):
        def take_back(step, day):
            if day == TODAY:
                close(step, manager, day, FormalStepOutcome.TAKEN_BACK)

        assert asks(service, self.five(issued, close=take_back)) is None

    def test_answered_by_a_heavier_step_or_by_a_reason(self, issued, propose, service, manager):
        day = self.five(issued)
        with transaction.atomic():
            propose(StepType.SPECIAL_MEASURES, day)
            assert asks(service, day) is None
            transaction.set_rollback(True)
        with transaction.atomic():
            measures = issued(StepType.SPECIAL_MEASURES, day)
            close(measures, manager, day + DAY)
            # It has ended, and was the answer: the same notices do not ask again.
            assert asks(service, day + DAY) is None
            transaction.set_rollback(True)
        answer = {"given": steps.NoStepInput("The last was met early."), "now": at(day)}
        steps.take_no_step(service.pk, by=manager, **answer)
        assert asks(service, day) is None
        with not_allowed("nothing-asks"):
            steps.take_no_step(service.pk, by=manager, **answer)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET reason = ''", "DELETE FROM {}", "TRUNCATE {}"]
)
def test_history_is_append_only_even_to_the_owner(issued, owner, statement):
    issued()
    with pytest.raises(psycopg.errors.RestrictViolation, match="never changed"):
        owner.execute(statement.format("formal_steps_stepevent"))
    assert StepEvent.objects.count() == 2


class TestPages:
    def url(self, name, *args):
        return address_of(name, *args)

    def test_the_whole_way(self, client_as, service):
        proposer, decider, officer = (
            client_as("Manager", "proposer"),
            client_as("Manager", "decider"),
            client_as("Officer"),
        )
        day = timezone.localdate()
        given = {
            "step_type": "default_notice",
            "summary": "Records are not kept.",
            "clause": "14.2",
            "reasons": "Seen.",
            "evidence": "Visits.",
            "required": "Keep them.",
            "due_on": (day + 30 * DAY).isoformat(),
        }
        wrong = proposer.post(
            self.url("formal_steps:propose-formal-step", service.pk), given | {"clause": ""}
        )
        assert wrong.context["form"].errors.as_data()["clause"][0].code == "required"
        assert "Records are not kept." in wrong.text
        proposer.post(self.url("formal_steps:propose-formal-step", service.pk), given)
        again = proposer.post(self.url("formal_steps:propose-formal-step", service.pk), given)
        assert again.context["form"].errors.as_data()["step_type"][0].code == "already-proposed"
        step = FormalStep.objects.get()
        own = proposer.get(self.url("formal_steps:decide-formal-step", step.pk))
        assert own.context["why_not"].code == "same-person"
        reading.post(
            decider,
            self.url("formal_steps:decide-formal-step", step.pk),
            {
                "decision": "issue",
                "reason": "Agreed.",
                "starts_on": day.isoformat(),
                "review_on": (day + DAY).isoformat(),
                "decided_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
            },
        )
        step.refresh_from_db()
        assert step.status == FormalStepStatus.ISSUED
        officer.post(
            self.url("formal_steps:review-formal-step", step.pk),
            {"done_on": day.isoformat(), "outcome": "Begun.", "next_on": (day + DAY).isoformat()},
        )
        decider.post(
            self.url("formal_steps:give-more-time", step.pk),
            {"due_on": (day + 60 * DAY).isoformat(), "reason": "Ill."},
        )
        decider.post(
            self.url("formal_steps:close-formal-step", step.pk),
            {"outcome": "met", "closed_on": day.isoformat(), "reason": "Seen."},
        )
        page = officer.get(self.url("formal_steps:view-formal-step", step.pk)).text
        for words in ("Begun.", "Given more time", "Met: what was required has been done"):
            assert words in page
        assert (
            "Default notice"
            in officer.get(self.url("formal_steps:view-service-steps", service.pk)).text
        )
        assert "Default notice" in officer.get(self.url("formal_steps:list-formal-steps")).text

    def test_prompt_is_answered_on_a_page(self, client_as, service, issued):
        Policy.objects.create(pk=1, default_notices=1)
        issued(day=timezone.localdate() - DAY)
        manager = client_as("Manager")
        assert (
            "Consider the next step"
            in manager.get(self.url("formal_steps:view-service-steps", service.pk)).text
        )
        manager.post(self.url("formal_steps:take-no-step", service.pk), {"reason": "Met early."})
        assert (
            "Met early."
            in manager.get(self.url("formal_steps:view-service-steps", service.pk)).text
        )
