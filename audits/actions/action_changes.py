"""What was agreed of an action is changed, or an action is withdrawn: each with its reason, kept as
a row. Past days keep what was true of them.

Source: the council's own policy; an action that stands in the way of lifting a suspension is
withdrawn by two people.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from audits.actions.plans import locked_action
from audits.models import Action, ActionChange, ActionChangeKind
from audits.permissions import READ
from audits.rules import plans
from audits.rules.blocking import is_blocking
from audits.workflow.action import ACTION
from core import events
from core.models import User
from core.workflow import requires


@dataclass(frozen=True)
class DueInput:
    """The day on which an action is due instead, and why."""

    due_on: date
    reason: str


@dataclass(frozen=True)
class OwnerInput:
    """Whose an action is instead, and why: someone at the provider or an officer of the council."""

    reason: str
    owner_name: str = ""
    officer_id: int | None = None


@dataclass(frozen=True)
class ActionWithdrawalInput:
    """Why an action is withdrawn."""

    reason: str


@dataclass(frozen=True)
class WithdrawalDecisionInput:
    """Whether the withdrawal is agreed, and why."""

    agreed: bool
    reason: str


@requires(ACTION["change-due"], *READ)
@transaction.atomic
def change_due(action_id: int, *, by: User, given: DueInput, now: datetime) -> Action:
    """Change the day on which an action is due. What was overdue on an earlier day stays so.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `in-past`, `unchanged`,
    `reason-missing`.
    """
    action = locked_action(action_id)
    ACTION.check(action, "change-due", by, now)
    plans.check_reason(given.reason)
    plans.check_due_on(action, given.due_on, timezone.localdate(now))
    before, action.due_on = action.due_on, given.due_on
    action.save()
    _changed(
        action,
        ActionChangeKind.DUE,
        given.reason,
        by,
        now,
        due_before=before,
        due_after=given.due_on,
    )
    events.record(
        "action.due_changed",
        by=by,
        about=action,
        before={"due_on": before.isoformat()},
        after={"due_on": given.due_on.isoformat()},
    )
    return action


@requires(ACTION["change-owner"], *READ)
@transaction.atomic
def change_owner(action_id: int, *, by: User, given: OwnerInput, now: datetime) -> Action:
    """Give an action to somebody else.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `one-owner`, `reason-missing`.
    """
    action = locked_action(action_id)
    ACTION.check(action, "change-owner", by, now)
    plans.check_reason(given.reason)
    plans.check_one_owner(given.owner_name, given.officer_id)
    before = action.owner_in_words
    action.owner_name = given.owner_name
    action.officer = User.objects.get(pk=given.officer_id) if given.officer_id else None
    action.save()
    _changed(
        action,
        ActionChangeKind.OWNER,
        given.reason,
        by,
        now,
        owner_before=before,
        owner_after=action.owner_in_words,
    )
    events.record("action.owner_changed", by=by, about=action, after={"officer": given.officer_id})
    return action


@requires(ACTION["withdraw"], *READ)
@transaction.atomic
def withdraw_action(
    action_id: int, *, by: User, given: ActionWithdrawalInput, now: datetime
) -> Action:
    """Withdraw an action that need not be done any more. Where it stands in the way of a lift, this
    asks for its withdrawal, which somebody else decides.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `already-asked`, `reason-missing`.
    """
    action = locked_action(action_id)
    plans.check_reason(given.reason)
    if is_blocking(action):
        ACTION.apply(action, "ask-withdrawal", by, now)
        action.withdrawal_asked_by, action.withdrawal_reason = by, given.reason
        action.save()
        _changed(action, ActionChangeKind.WITHDRAWAL_ASKED, given.reason, by, now)
        events.record("action.withdrawal_asked", by=by, about=action)
        return action
    ACTION.apply(action, "withdraw", by, now)
    action.withdrawal_reason = given.reason
    return _withdrawn(action, by, given.reason, now)


@requires(ACTION["agree-withdrawal"], *READ)
@transaction.atomic
def decide_withdrawal(
    action_id: int, *, by: User, given: WithdrawalDecisionInput, now: datetime
) -> Action:
    """Agree to the withdrawal that somebody else asked for, or refuse it: the action then stands.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `same-person`, `not-asked`,
    `reason-missing`.
    """
    action = locked_action(action_id)
    plans.check_reason(given.reason)
    if given.agreed:
        ACTION.apply(action, "agree-withdrawal", by, now)
        return _withdrawn(action, by, given.reason, now)
    ACTION.apply(action, "refuse-withdrawal", by, now)
    action.withdrawal_asked_by, action.withdrawal_reason = None, ""
    action.save()
    _changed(action, ActionChangeKind.WITHDRAWAL_REFUSED, given.reason, by, now)
    events.record("action.withdrawal_refused", by=by, about=action)
    return action


def _withdrawn(action: Action, by: User, reason: str, now: datetime) -> Action:
    action.withdrawn_on, action.withdrawn_by = timezone.localdate(now), by
    action.save()
    _changed(action, ActionChangeKind.WITHDRAWN, reason, by, now)
    events.record("action.withdrawn", by=by, about=action)
    return action


def _changed(
    action: Action, kind: ActionChangeKind, reason: str, by: User, now: datetime, **values: Any
) -> None:
    ActionChange.objects.create(
        action=action,
        kind=kind,
        reason=reason,
        changed_on=timezone.localdate(now),
        changed_at=now,
        changed_by=by,
        **values,
    )
