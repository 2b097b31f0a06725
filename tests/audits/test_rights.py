"""Every action on plans, the programme, good practice, templates, bands and breaches asks its right
before anything else.
"""

from collections.abc import Callable
from inspect import Parameter, getmembers, isfunction, signature
from types import ModuleType
from typing import Any

import pytest

from audits.actions import bands, breaches, plans, practice, programme, risk_contacts, templates
from audits.models import Action, ActionStatus, ProgrammeEntry, ProgrammeEntryStatus, TemplateStatus
from audits.workflow.action import ACTION
from audits.workflow.programme import PROGRAMME_ENTRY
from audits.workflow.template import TEMPLATE
from core.models import User
from core.workflow import Workflow
from tests.refusals import not_allowed

pytestmark = pytest.mark.django_db
MODULES = (bands, breaches, plans, practice, programme, risk_contacts, templates)


def actions_of(module: ModuleType) -> list[Callable[..., Any]]:
    return [
        action
        for name, action in getmembers(module, isfunction)
        if action.__module__ == module.__name__
        and not name.startswith("_")
        and "by" in signature(action).parameters
    ]


@pytest.mark.parametrize("action", [one for module in MODULES for one in actions_of(module)])
def test_action_refused_before_anything_is_looked_up(
    action: Callable[..., Any], person: Callable[..., User]
) -> None:
    parameters = signature(action).parameters.values()
    places = [None for one in parameters if one.kind == Parameter.POSITIONAL_OR_KEYWORD]
    named = {one.name: None for one in parameters if one.kind == Parameter.KEYWORD_ONLY}
    # No right at all; rights of all but this one, which reads everything and records nothing.
    for by in (person("Practitioner"), person("Signatory")):
        with not_allowed("permission-missing"):
            action(*places, **named | {"by": by})


def test_lifecycles_are_found() -> None:
    found = {
        name: Workflow.registered[name] for name in ("action", "programme-entry", "audit-template")
    }
    assert found == {
        "action": ACTION,
        "programme-entry": PROGRAMME_ENTRY,
        "audit-template": TEMPLATE,
    }


def test_steps_from_each_state() -> None:
    def steps(workflow: Workflow, state: str) -> set[tuple[str, str | None]]:
        return {
            (one.name, one.target) for one in workflow.transitions.values() if state in one.source
        }

    add, withdraw = ("add-file", None), ("withdraw-file", None)
    withdrawal = {
        ("withdraw", "withdrawn"),
        ("ask-withdrawal", None),
        ("agree-withdrawal", "withdrawn"),
        ("refuse-withdrawal", None),
    }
    assert steps(ACTION, ActionStatus.OPEN) == withdrawal | {
        ("close", "done"),
        ("change-due", None),
        ("change-owner", None),
        ("hand-over", None),
        add,
        withdraw,
    }
    assert steps(ACTION, ActionStatus.DONE) == withdrawal | {
        ("verify", "verified"),
        ("return", "open"),
        add,
        withdraw,
    }
    assert steps(ACTION, ActionStatus.VERIFIED) == {withdraw}
    assert steps(PROGRAMME_ENTRY, ProgrammeEntryStatus.IN_PROGRAMME) == {
        ("change", None),
        ("leave-out", "left_out"),
        ("plan-visit", None),
    }
    assert steps(PROGRAMME_ENTRY, ProgrammeEntryStatus.LEFT_OUT) == {
        ("change", None),
        ("take-back", "in_programme"),
    }
    assert steps(TEMPLATE, TemplateStatus.DRAFT) == {
        ("change", None),
        ("publish", "current"),
        ("discard", None),
    }
    assert steps(TEMPLATE, TemplateStatus.CURRENT) == {
        ("start-version", None),
        ("retire", "retired"),
    }
    assert steps(TEMPLATE, TemplateStatus.RETIRED) == {("start-version", None)}


def test_who_closed_an_action_is_not_among_those_who_can_verify_it(
    person: Callable[..., User],
) -> None:
    senior, other = person("Senior officer"), person("Senior officer", "other")
    person("Officer")
    action = Action(status=ActionStatus.DONE, closed_by=senior)
    assert set(ACTION.who_can(action, "verify")) == {other}


def test_entry_left_out_has_no_visit_planned(person: Callable[..., User]) -> None:
    entry = ProgrammeEntry(left_out_reason="It closes.")
    entry._state.adding = False
    with not_allowed("wrong-state"):
        PROGRAMME_ENTRY.check(entry, "plan-visit", person("Senior officer"))
