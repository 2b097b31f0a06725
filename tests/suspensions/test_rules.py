"""Every state by every step by every person: the sentence, or nothing, that each is met with."""

import pytest

from suspensions import actions, rules
from suspensions.models import Kind, Status, Suspension
from tests.suspensions.conftest import TODAY, at

pytestmark = pytest.mark.django_db
STEPS = {name: transition for name, transition in rules.TRANSITIONS.items() if transition.before}
ASKED = {
    "decide": rules.why_not_decide,
    "refuse": rules.why_not_refuse,
    "withdraw": rules.why_not_withdraw,
    "confirm": rules.why_not_confirm,
    "end_unconfirmed": rules.why_not_end_unconfirmed,
    "propose_lift": rules.why_not_propose_lift,
    "refuse_lift": rules.why_not_refuse_lift,
    "lift": rules.why_not_decide_lift,
}
# Who could take the step, by the state: P the proposer (also of the lift), M another manager. Nobody else ever can.
ALLOWED = {
    "decide": {"proposed": "M"},
    "refuse": {"proposed": "M"},
    "withdraw": {"proposed": "PM"},
    "confirm": {"urgent": "M"},
    "end_unconfirmed": {"urgent": "M"},
    "propose_lift": {"in_force": "PM", "confirmed": "PM"},
    "refuse_lift": {"lift_proposed": "M"},
    "lift": {"lift_proposed": "M"},
}
STATES = [*Status, "urgent", "confirmed"]
GROUPS = ["Officer", "Senior officer", "Signatory", "Committee clerk", "Practitioner", "Administrator"]


@pytest.fixture
def in_state(row, other_manager):
    whole = {"reasons": "r", "evidence": "e", "provider_told": "t", "welfare": "w"}

    def make(state) -> Suspension:
        if state not in ("urgent", "confirmed"):
            made = row(state, lifted_on=TODAY if state == Status.LIFTED else None, **whole)
        else:
            urgent = {"is_urgent": True, "confirm_due_on": TODAY, "decided_by": None, **whole}
            if state == "confirmed":
                urgent |= {"confirmed_by": other_manager, "confirmed_at": at(TODAY, 11)}
            made = row(Status.IN_FORCE, **urgent)
        made.parties.create(telling="suspension", kind="cqc", name="CQC")
        return made

    return make


def test_every_step_of_the_table_is_asked():
    assert ASKED.keys() == STEPS.keys() == ALLOWED.keys()


@pytest.mark.parametrize("state", STATES)
def test_state_by_step_by_person(in_state, manager, other_manager, person, state):
    suspension = in_state(state)
    others = {group: person(group, f"one-{group}") for group in GROUPS}
    for step, ask in ASKED.items():
        allowed = ALLOWED[step].get(str(state), "")
        met = {"P": ask(suspension, manager), "M": ask(suspension, other_manager)}
        for who, sentence in met.items():
            assert (sentence is None) == (who in allowed), (step, who, sentence)
            assert sentence is None or sentence.endswith(".")
        for group, someone in others.items():
            assert "do not have the right" in (ask(suspension, someone) or ""), (step, group)


@pytest.mark.parametrize("state", STATES)
def test_what_rules_allow_leads_to_the_state_of_the_table(in_state, other_manager, state):
    suspension = in_state(state)
    given = {"by": other_manager, "reason": "Because.", "now": at(TODAY, 15)}
    ways = {
        "decide": lambda pk: actions.decide(
            pk, in_force_from=TODAY, review_on=TODAY.replace(day=20), **given
        ),
        "refuse": lambda pk: actions.refuse(pk, **given),
        "withdraw": lambda pk: actions.withdraw(pk, **given),
        "confirm": lambda pk: actions.confirm(pk, review_on=TODAY.replace(day=20), **given),
        "end_unconfirmed": lambda pk: actions.end_unconfirmed(pk, **given),
        "refuse_lift": lambda pk: actions.refuse_lift(pk, **given),
    }
    for step, ask in ASKED.items():
        if step in ways and ask(suspension, other_manager) is None:
            assert ways[step](suspension.pk).status == rules.TRANSITIONS[step].after
            break


def test_only_managers_begin_anything(service, person):
    for group in GROUPS:
        someone = person(group, f"one-{group}")
        assert "do not have the right" in rules.why_not_propose(service, None, someone, TODAY)
        assert "do not have the right" in rules.why_not_suspend_urgently(service, None, someone, TODAY)


def test_a_waiting_proposal_does_not_hinder_the_urgent_route(row, service, manager):
    row(Status.PROPOSED)
    assert rules.why_not_suspend_urgently(service, None, manager, TODAY) is None
    made = actions.suspend_urgently(service.pk, by=manager, summary="Harm.", kind=Kind.FULL, now=at(TODAY))
    assert made.status == Status.IN_FORCE


BESIDE = {"progress", "welfare", "meeting", "put", "add_party", "ask_review", "correct"}
# What each person can do in each state: the proposer (also of a lift), another manager, an officer. Nobody else can do anything.
CAN: dict[str, tuple[set[str], set[str], set[str]]] = {
    "proposed": (
        {"complete", "put", "withdraw"},
        {"decide", "complete", "put", "withdraw"},
        {"complete", "put"},
    ),
    "urgent": (
        {"complete", "tell_rest", "review", *BESIDE} - {"correct"},
        {"confirm", "complete", "tell_rest", "review", *BESIDE} - {"correct"},
        {"complete", "tell_rest", "review", *BESIDE} - {"correct"},
    ),
    "in_force": (
        {"propose_lift", "review", "extend", "scope", *BESIDE},
        {"propose_lift", "review", "extend", "scope", *BESIDE},
        {"review", *BESIDE},
    ),
    "lift_proposed": ({"review", *BESIDE}, {"decide_lift", "review", *BESIDE}, {"review", *BESIDE}),
    "lifted": (BESIDE, BESIDE, BESIDE),
    "refused": (set(), set(), set()),
    "withdrawn": (set(), set(), set()),
}


@pytest.mark.parametrize("state", STATES)
def test_every_state_every_task_every_role(in_state, manager, other_manager, person, state):
    suspension = in_state(state)
    proposer, another, officer = CAN["in_force" if state == "confirmed" else str(state)]
    expected = {
        manager: proposer,
        other_manager: another,
        person("Officer", "o"): officer,
        person("Senior officer", "s"): officer,
        **{person(group, f"no-{group}"): set() for group in ("Signatory", "Practitioner", "Administrator")},
        person("Committee clerk", "c"): set(),
    }
    for someone, allowed in expected.items():
        tasks = rules.what_can_be_done(suspension, someone)
        assert {task.name for task in tasks if task.why_not is None} == allowed, someone
        assert all(task.why_not is None or task.why_not.endswith(".") for task in tasks)
