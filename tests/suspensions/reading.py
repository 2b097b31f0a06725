"""Decisions of people who read what stands and decide it at once: each names the version read."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.test import Client

from core import versions
from core.workflow import Workflow
from formal_steps.actions import steps
from formal_steps.workflow import FORMAL_STEP
from suspensions.actions import changing, deciding, lifting, record
from suspensions.workflow.change import CHANGE
from suspensions.workflow.suspension import SUSPENSION


def seen(workflow: Workflow, pk: int) -> str:
    """What the page of that one carries; empty where there is none."""
    found: Any = workflow.model._default_manager.filter(pk=pk).first()
    if found is None:
        return ""
    return versions.seen_of(found.suspension if workflow is CHANGE else found)


def _read(action: Callable[..., Any], workflow: Workflow) -> Callable[..., Any]:
    def act(pk: int, *, given: Any, **more: Any) -> Any:
        return action(pk, given=replace(given, seen=seen(workflow, pk)), **more)

    return act


def post(client: Client, address: str, answer: dict[str, Any], **more: Any) -> Any:
    """The answer of somebody who has just opened the page, which carries what it shows."""
    shown = client.get(address).context["form"]
    seen = shown["seen"].value() if "seen" in shown.fields else ""
    return client.post(address, {"seen": seen} | answer, **more)


def complete(pk: int, **more: Any) -> Any:
    """The record as somebody leaves it who has just read it."""
    return record.complete(pk, seen=seen(SUSPENSION, pk), **more)


decide = _read(deciding.decide, SUSPENSION)
refuse = _read(deciding.refuse, SUSPENSION)
confirm = _read(deciding.confirm, SUSPENSION)
end_unconfirmed = _read(deciding.end_unconfirmed, SUSPENSION)
lift = _read(lifting.lift, SUSPENSION)
refuse_lift = _read(lifting.refuse_lift, SUSPENSION)
agree_change = _read(changing.agree_change, CHANGE)
refuse_change = _read(changing.refuse_change, CHANGE)
decide_step = _read(steps.decide, FORMAL_STEP)
