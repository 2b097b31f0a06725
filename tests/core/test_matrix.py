"""Every lifecycle: each state by each step by each role. `workflow_matrix.txt` is the table that a
change of rights changes.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from core.groups import GROUPS
from core.workflow import NotAllowed, Workflow

TABLE = Path(__file__).with_name("workflow_matrix.txt")
LIFECYCLES = sorted(Workflow.registered)


def bare(workflow: Workflow) -> Workflow:
    """The same table without what depends on more than the state and the right: guards and persons
    are tested beside it.
    """
    same = Workflow.__new__(Workflow)
    same.__dict__ |= vars(workflow) | {"version": None, "check_seen": None, "not_from": {}}
    same.transitions = {
        name: replace(transition, guards=(), not_by=(), not_from={})
        for name, transition in workflow.transitions.items()
    }
    return same


def an_object(workflow: Workflow, state: str | None, **people: Any) -> Any:
    return SimpleNamespace(
        _state=SimpleNamespace(adding=state is None), **{workflow.field: state}, **people
    )


def outcome(workflow: Workflow, state: str | None, step: str, by: Any) -> str:
    try:
        bare(workflow).check(an_object(workflow, state), step, by=by)
    except NotAllowed as refusal:
        return refusal.code
    return "allowed"


def lines(people: dict[str, Any]) -> Iterator[str]:
    """A line for each lifecycle, state and step that anybody may take, with those roles."""
    for name in LIFECYCLES:
        workflow = Workflow.registered[name]
        for state in (None, *workflow.states.values):
            for step in workflow.transitions:
                able = [
                    role
                    for role, who in people.items()
                    if outcome(workflow, state, step, who) == "allowed"
                ]
                if able:
                    yield f"{name:18} {state or '(new)':22} {step:34} {', '.join(able)}"


@pytest.mark.django_db
def test_state_by_step_by_role_is_as_the_table_says(person):
    people = {"(nobody)": None} | {group: person(group) for group in GROUPS}
    found = list(lines(people))
    listed = [
        line.rstrip()
        for line in TABLE.read_text().splitlines()
        if line and not line.startswith("#")
    ]
    new = [line for line in found if line not in listed]
    gone = [line for line in listed if line not in found]
    assert not new, f"{TABLE.name} should say, if that is right:\n" + "\n".join(new)
    assert not gone, f"{TABLE.name} says what is no more:\n" + "\n".join(gone)


@pytest.mark.parametrize("name", LIFECYCLES)
def test_every_state_is_reached_and_every_name_is_known(name):
    workflow = Workflow.registered[name]
    states = set(workflow.states.values)
    reached = {step.target for step in workflow.transitions.values() if step.target is not None}
    if workflow.derived:
        # What was just made is in the first: no step of its own leads there.
        reached.add(workflow.states.values[0])
    used = {state for step in workflow.transitions.values() for state in step.source} | reached
    assert used <= states
    assert reached == states, f"No step leads to: {', '.join(sorted(states - reached))}"
    assert set(workflow.not_from) <= states


@pytest.mark.django_db
@pytest.mark.parametrize("name", LIFECYCLES)
def test_no_step_is_taken_by_the_person_whom_it_shuts_out(name, person):
    workflow = Workflow.registered[name]
    for step in workflow.transitions.values():
        for field in step.not_by:
            able = next(
                person(group)
                for group, codes in GROUPS.items()
                if set(step.permissions) & set(codes)
            )
            others = {f"{other}_id": None for other in step.not_by}
            made = an_object(workflow, step.source[0], **others | {f"{field}_id": able.pk})
            with pytest.raises(NotAllowed) as caught:
                workflow.check(made, step.name, by=able)
            assert caught.value.code == "same-person", (step.name, field)
