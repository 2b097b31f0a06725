"""The workflow itself, on a lifecycle of its own: what is asked, in which order, and what is
set.
"""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import models

from core.workflow import NotAllowed, Transition, Workflow, requires
from tests.refusals import not_allowed


class State(models.TextChoices):
    DRAFT = "draft", "Draft"
    SENT = "sent", "Sent"
    CLOSED = "closed", "Closed"


def only_on_weekdays(thing: Any, by: Any, now: Any) -> None:
    if thing.weekend:
        raise NotAllowed("weekend", "Nobody sends on a weekend.", "sent_on")


TABLE = (
    Transition("write", (), State.DRAFT, "x.write", "write it"),
    Transition(
        "send",
        (State.DRAFT,),
        State.SENT,
        "x.send",
        "send it",
        not_by=("written_by",),
        guards=(only_on_weekdays,),
        needs_seen=True,
    ),
    Transition("note", (State.DRAFT, State.SENT), None, ("x.write", "x.send"), "add a note"),
    Transition("expire", (State.SENT,), State.CLOSED, "", "close it", automatic=True),
)


@pytest.fixture
def workflow(monkeypatch):
    monkeypatch.setattr(Workflow, "registered", {})
    return Workflow(
        "thing",
        models.Model,
        "status",
        State,
        TABLE,
        not_from={State.CLOSED: "This is closed."},
        version=lambda thing: thing.version,
    )


class Someone:
    def __init__(self, pk: int, *perms: str, is_active: bool = True) -> None:
        self.pk, self.perms, self.is_active = pk, perms, is_active

    def has_perm(self, perm: str) -> bool:
        return perm in self.perms


def thing(status: str = State.DRAFT, **more: Any) -> Any:
    given = {
        "status": status,
        "written_by_id": 1,
        "weekend": False,
        "version": 3,
        "adding": False,
    } | more
    adding = given.pop("adding")
    return SimpleNamespace(_state=SimpleNamespace(adding=adding), **given)


WRITER, SENDER = Someone(1, "x.write", "x.send"), Someone(2, "x.send")


def test_state_is_set_by_a_step_that_is_allowed(workflow):
    made = thing()
    workflow.apply(made, "send", by=SENDER, seen=3)
    assert made.status == State.SENT


def test_step_refused_without_its_permission_and_nothing_set(workflow):
    made = thing()
    with not_allowed("permission-missing"):
        workflow.apply(made, "send", by=Someone(3, "x.write"), seen=3)
    assert made.status == State.DRAFT


def test_step_refused_for_an_account_that_is_closed(workflow):
    with not_allowed("permission-missing"):
        workflow.apply(thing(), "send", by=Someone(2, "x.send", is_active=False), seen=3)


def test_step_refused_from_another_state_in_the_words_of_the_table(workflow):
    with not_allowed("wrong-state") as caught:
        workflow.check(thing(State.CLOSED), "send", by=SENDER, seen=3)
    assert caught.value.message == "This is closed."


def test_step_refused_for_the_same_person(workflow):
    with not_allowed("same-person"):
        workflow.check(thing(), "send", by=WRITER, seen=3)


def test_guard_refuses_by_the_field_that_it_is_about(workflow):
    with not_allowed("weekend", "sent_on"):
        workflow.check(thing(weekend=True), "send", by=SENDER, seen=3)


def test_decision_refused_when_what_was_seen_has_moved(workflow):
    with not_allowed("stale-version"):
        workflow.check(thing(), "send", by=SENDER, seen=2)


def test_step_without_a_target_leaves_the_state(workflow):
    made = thing(State.SENT)
    workflow.apply(made, "note", by=SENDER)
    assert made.status == State.SENT


def test_automatic_step_is_taken_by_nobody_and_by_no_person(workflow):
    made = thing(State.SENT)
    with not_allowed("permission-missing"):
        workflow.apply(made, "expire", by=WRITER)
    workflow.apply(made, "expire", by=None)
    assert made.status == State.CLOSED


def test_step_of_a_person_refused_when_nobody_takes_it(workflow):
    with not_allowed("permission-missing"):
        workflow.apply(thing(), "send", by=None, seen=3)


def test_object_is_made_by_the_step_without_a_source_and_once(workflow):
    made = thing(adding=True)
    workflow.apply(made, "write", by=WRITER)
    assert made.status == State.DRAFT
    with not_allowed("wrong-state"):
        workflow.apply(thing(), "write", by=WRITER)


def test_list_of_tasks_names_each_step_of_the_state_and_why_not(workflow):
    steps = workflow.available(thing(), WRITER)
    assert [(step.name, step.not_allowed and step.not_allowed.code) for step in steps] == [
        ("send", "same-person"),
        ("note", None),
    ]


def test_action_refused_before_anything_is_looked_up(workflow):
    looked_up = []

    @requires(workflow["send"])
    def send(thing_id: int, *, by: Any) -> None:
        looked_up.append(thing_id)

    with not_allowed("permission-missing"):
        send(1, by=Someone(3, "x.write"))
    with not_allowed("permission-missing"):
        send(1, by=None)
    assert looked_up == []
    send(1, by=SENDER)
    assert looked_up == [1]


def test_system_takes_only_actions_that_say_so():
    @requires("x.read", automatic=True)
    def read(*, by: Any) -> str:
        return "done"

    assert read(by=None) == "done"
    with not_allowed("permission-missing"):
        read(by=Someone(1))
