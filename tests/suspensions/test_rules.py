"""Every state by every step by every person: why not, or nothing, that each is met with."""

import pytest

from core.inputs import DecisionInput, ReasonInput
from suspensions.actions import deciding
from suspensions.actions.deciding import ConfirmInput, DecideInput, ProposalInput, UrgentInput
from suspensions.models import Decision, Suspension, SuspensionKind, SuspensionStatus
from suspensions.views.tasks import TASKS, what_can_be_done
from suspensions.workflow.suspension import STEPS, SUSPENSION
from tests.refusals import not_allowed
from tests.suspensions import reading
from tests.suspensions.conftest import TODAY, at
from tests.suspensions.test_actions import FULL_RECORD

pytestmark = pytest.mark.django_db
# The steps that lead from one state of a suspension to another; the rest is written beside it.
LEADING = {
    name: transition
    for name, transition in SUSPENSION.transitions.items()
    if transition.source and transition.target is not None
}
# Who could take the step, by the state: P the proposer (also of the lift), M another manager.
# Nobody else ever can.
ALLOWED = {
    "decide": {"proposed": "M"},
    "refuse": {"proposed": "M"},
    "withdraw": {"proposed": "P"},
    "confirm": {"urgent": "M"},
    "end-unconfirmed": {"urgent": "M"},
    "end-closed": {},
    "propose-lift": {"in_force": "PM", "confirmed": "PM"},
    "refuse-lift": {"lift_proposed": "M"},
    "withdraw-lift": {"lift_proposed": "P"},
    "lift": {"lift_proposed": "M"},
}
STATES = [*SuspensionStatus, "urgent", "confirmed"]
GROUPS = [
    "Officer",
    "Senior officer",
    "Signatory",
    "Committee clerk",
    "Practitioner",
    "Administrator",
]


@pytest.fixture
def in_state(row, other_manager):
    whole = {"reasons": "r", "evidence": "e", "provider_notified": "t", "welfare": "w"}

    def make(state) -> Suspension:
        if state not in ("urgent", "confirmed"):
            made = row(
                state, lifted_on=TODAY if state == SuspensionStatus.LIFTED else None, **whole
            )
        else:
            urgent = {"is_urgent": True, "confirm_due_on": TODAY, "decided_by": None, **whole}
            if state == "confirmed":
                urgent |= {"confirmed_by": other_manager, "confirmed_at": at(TODAY, 11)}
            made = row(SuspensionStatus.IN_FORCE, **urgent)
        made.recipients.create(notification="suspension", kind="cqc", name="CQC")
        return made

    return make


def test_every_step_of_the_table_is_asked_and_kept_in_the_history():
    assert LEADING.keys() == ALLOWED.keys()
    assert STEPS.keys() == {
        name for name, one in SUSPENSION.transitions.items() if one.target is not None
    }


@pytest.mark.parametrize("state", STATES)
def test_state_by_step_by_person(in_state, manager, other_manager, person, state):
    suspension = in_state(state)
    others = {group: person(group, f"one-{group}") for group in GROUPS}
    for step in LEADING:
        allowed = ALLOWED[step].get(str(state), "")
        met = {
            who: SUSPENSION.refusal(suspension, step, by)
            for who, by in (("P", manager), ("M", other_manager))
        }
        for who, refusal in met.items():
            assert (refusal is None) == (who in allowed), (step, who, refusal)
            assert refusal is None or refusal.message.endswith(".")
        for group, someone in others.items():
            refusal = SUSPENSION.refusal(suspension, step, someone)
            assert refusal is not None, (step, group)
            assert refusal.code == "permission-missing"


@pytest.mark.parametrize("state", STATES)
def test_what_the_table_allows_leads_to_its_state(in_state, other_manager, state):
    suspension = in_state(state)
    more = {"by": other_manager, "now": at(TODAY, 15)}
    following = TODAY.replace(day=20)
    decision = DecisionInput(reason="Because.")
    decide = DecideInput(reason="Because.", in_force_from=TODAY, review_on=following)
    confirm = ConfirmInput(reason="Because.", review_on=following)
    ways = {
        "decide": lambda pk: reading.decide(pk, given=decide, **more),
        "refuse": lambda pk: reading.refuse(pk, given=decision, **more),
        "withdraw": lambda pk: deciding.withdraw(pk, given=ReasonInput(reason="Because."), **more),
        "confirm": lambda pk: reading.confirm(pk, given=confirm, **more),
        "end-unconfirmed": lambda pk: reading.end_unconfirmed(pk, given=decision, **more),
        "refuse-lift": lambda pk: reading.refuse_lift(pk, given=decision, **more),
    }
    for step, way in ways.items():
        if SUSPENSION.refusal(suspension, step, other_manager) is None:
            assert way(suspension.pk).status == SUSPENSION[step].target
            assert Decision.objects.last().step == STEPS[step]
            break


@pytest.mark.parametrize("group", GROUPS)
def test_only_managers_begin_anything_and_nothing_is_looked_up_for_others(db, person, group):
    someone = person(group, f"one-{group}")
    proposal = ProposalInput(kind=SuspensionKind.FULL, record=FULL_RECORD)
    with not_allowed("permission-missing"):
        deciding.propose(987654, by=someone, given=proposal, now=at(TODAY))
    with not_allowed("permission-missing"):
        deciding.suspend_urgently(
            987654, by=someone, given=UrgentInput(summary="Harm."), now=at(TODAY)
        )


def test_a_waiting_proposal_does_not_hinder_the_urgent_route(row, service, manager):
    row(SuspensionStatus.PROPOSED)
    made = deciding.suspend_urgently(
        service.pk,
        by=manager,
        given=UrgentInput(summary="Harm.", kind=SuspensionKind.FULL),
        now=at(TODAY),
    )
    assert made.status == SuspensionStatus.IN_FORCE


BESIDE = {
    "record-progress",
    "add-file",
    "welfare",
    "meeting",
    "put",
    "add-recipient",
    "ask-review",
    "correct",
}
# What each person can do in each state: the proposer (also of a lift), another manager, an officer.
# Nobody else can do anything.
CAN: dict[str, tuple[set[str], set[str], set[str]]] = {
    "proposed": (
        {"complete", "add-file", "put", "withdraw"},
        {"refuse", "complete", "add-file", "put"},
        {"complete", "add-file", "put"},
    ),
    "urgent": (
        {"complete", "notify-rest", "review", *BESIDE} - {"correct"},
        {"end-unconfirmed", "complete", "notify-rest", "review", *BESIDE} - {"correct"},
        {"complete", "notify-rest", "review", *BESIDE} - {"correct"},
    ),
    "in_force": (
        {"propose-lift", "review", "extend", "scope", *BESIDE},
        {"propose-lift", "review", "extend", "scope", *BESIDE},
        {"review", *BESIDE},
    ),
    "lift_proposed": (
        {"review", "withdraw-lift", *BESIDE},
        {"lift", "review", *BESIDE},
        {"review", *BESIDE},
    ),
    "lifted": (BESIDE, BESIDE, BESIDE),
    "refused": (set(), set(), set()),
    "withdrawn": (set(), set(), set()),
}
# What the page lists in each state, in its order, whether or not the person who looks can do it.
LISTED = {
    "proposed": ["refuse", "complete", "add-file", "put", "withdraw"],
    "urgent": [
        "end-unconfirmed", "complete", "notify-rest", "review",
        "record-progress", "add-file", "welfare", "meeting", "put", "add-recipient", "ask-review",
    ],
    "in_force": [
        "propose-lift", "review", "extend", "scope",
        "record-progress", "add-file", "welfare", "meeting", "put", "add-recipient", "ask-review",
        "correct",
    ],
    "lift_proposed": [
        "lift", "review", "record-progress", "add-file", "welfare", "meeting", "put",
        "withdraw-lift", "add-recipient", "ask-review", "correct",
    ],
    "lifted": [
        "record-progress", "add-file", "welfare", "meeting", "put", "add-recipient", "ask-review",
        "correct",
    ],
    "refused": [],
    "withdrawn": [],
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_every_state_every_task_every_role(in_state, manager, other_manager, person, state):
    suspension = in_state(state)
    state = "in_force" if state == "confirmed" else str(state)
    proposer, another, officer = CAN[state]
    expected = {
        manager: proposer,
        other_manager: another,
        person("Officer", "o"): officer,
        person("Senior officer", "s"): officer,
        **{
            person(group, f"no-{group}"): set()
            for group in ("Signatory", "Practitioner", "Administrator")
        },
        person("Committee clerk", "c"): set(),
    }
    for someone, allowed in expected.items():
        tasks = what_can_be_done(suspension, someone)
        assert [task.name for task in tasks] == LISTED[state]
        assert {task.name for task in tasks if task.why_not is None} == allowed, someone
        assert all(task.why_not is None or str(task.why_not).endswith(".") for task in tasks)


def test_every_task_of_the_page_is_a_step_of_the_table():
    assert TASKS.keys() <= SUSPENSION.transitions.keys()
