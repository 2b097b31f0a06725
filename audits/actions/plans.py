"""Findings of a visit, and the actions that put them right.

Source: the council's own policy; what is found at a provider is exempt unless marked public (Local
Government Act 1972, Schedule 12A).
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from audits.models import Action, ActionReturn, Finding, Visit
from audits.permissions import READ
from audits.rules import plans
from audits.workflow.action import ACTION
from audits.workflow.visit import VISIT
from concerns.models import Concern
from core import events, versions
from core.locking import lock
from core.models import User
from core.workflow import requires
from providers.models import Service


@dataclass(frozen=True)
class FindingInput:
    """One thing that was wrong, and the question that it belongs to, if one."""

    text: str
    question_id: int | None = None


@dataclass(frozen=True)
class FindingTextInput:
    """What a finding says; `seen` is the version that was shown."""

    text: str
    seen: str = versions.NONE_SEEN


@dataclass(frozen=True)
class ActionInput:
    """What must be done and by when. Its owner is someone at the provider (`owner_name`) or an
    officer of the council, never both.
    """

    text: str
    due_on: date
    owner_name: str = ""
    officer_id: int | None = None


@dataclass(frozen=True)
class CloseActionInput:
    """When the action was done, and what shows that."""

    closed_on: date
    evidence: str


@dataclass(frozen=True)
class VerificationInput:
    """Whether the evidence is accepted: how that was checked, or why it is returned."""

    accepted: bool
    how: str = ""
    reason: str = ""


@requires("audits.record_visit", *READ)
@transaction.atomic
def add_finding(visit_id: int, *, by: User, given: FindingInput, now: datetime) -> Finding:
    """Record what was wrong at a visit.

    Raises `NotAllowed`: `permission-missing`, `not-begun`.
    """
    # The visit is held: cancelling it meanwhile must not leave a finding on a visit not made.
    visit = Visit.objects.select_for_update().get(pk=visit_id)
    plans.check_add_finding(visit)
    finding = Finding.objects.create(visit=visit, recorded_at=now, recorded_by=by, **asdict(given))
    versions.keep(finding, ["text"], by=by, now=now)
    events.record(
        "finding.added",
        by=by,
        about=finding,
        service_id=visit.service_id,
        after={"visit": visit.pk},
    )
    return finding


@requires(VISIT["change-finding"], *READ)
@transaction.atomic
def change_finding(finding_id: int, *, by: User, given: FindingTextInput, now: datetime) -> Finding:
    """Change what a finding says while its visit is in progress. Once the report is drafted, it is
    corrected because of a point of the provider (`points.correct_finding`).

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `stale-version`.
    """
    # The visit first, as completing it does.
    visit = lock(Visit, Finding.objects.values_list("visit_id", flat=True).get(pk=finding_id))
    finding = lock(Finding, finding_id)
    VISIT.check(visit, "change-finding", by, now)
    versions.check_seen(finding, given.seen)
    write_finding(finding, given.text, author=by, now=now)
    events.record("finding.changed", by=by, about=finding, service_id=visit.service_id)
    return finding


def write_finding(finding: Finding, text: str, *, author: User, now: datetime) -> None:
    """Write other words into a finding that is held, and keep both versions."""
    # One recorded before versions were kept: what it said is a version too.
    if not versions.latest(finding):
        versions.keep(finding, ["text"], by=finding.recorded_by, now=finding.recorded_at)
    finding.text = text
    finding.save()
    versions.keep(finding, ["text"], by=author, now=now)


@requires(VISIT["mark-finding-public"], *READ)
@transaction.atomic
def mark_finding_public(finding_id: int, *, by: User, public: bool, now: datetime) -> Finding:
    """Mark a finding as public, or as exempt again.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `draft-outcome`.
    """
    # The step is the visit's: a finding is marked public where its audit's outcome could be.
    finding = Finding.objects.select_for_update().get(pk=finding_id)
    VISIT.check(finding.visit, "mark-finding-public", by, now)
    finding.public_at, finding.public_by = (now, by) if public else (None, None)
    finding.save()
    events.record(
        "finding.marked_public" if public else "finding.marked_exempt",
        by=by,
        about=finding,
        service_id=finding.visit.service_id,
    )
    return finding


@requires(ACTION["agree"], *READ)
@transaction.atomic
def agree_action(
    *,
    by: User,
    service: Service,
    given: ActionInput,
    today: date,
    finding: Finding | None = None,
    concern: Concern | None = None,
) -> Action:
    """Agree an improvement, with someone at the provider or an officer of the council as its one
    owner.

    Raises `NotAllowed`: `permission-missing`, `one-owner`, `in-past`.
    """
    plans.check_agree_action(given.owner_name, given.officer_id, given.due_on, today)
    action = Action(
        service=service,
        finding=finding,
        concern=concern,
        agreed_on=today,
        agreed_by=by,
        **asdict(given),
    )
    ACTION.apply(action, "agree", by=by)
    action.save()
    events.record(
        "action.agreed",
        by=by,
        about=action,
        after={"due_on": given.due_on.isoformat(), "finding": finding and finding.pk},
    )
    return action


@requires(ACTION["close"], *READ)
@transaction.atomic
def close_action(action_id: int, *, by: User, given: CloseActionInput, today: date) -> Action:
    """Record that an action was done, and what shows it. Someone else then verifies it.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `no-evidence`, `in-future`,
    `before-agreed`.
    """
    action = locked_action(action_id)
    # The state first: of two who close it at once, the second hears that it is closed already.
    ACTION.apply(action, "close", by=by)
    plans.check_close_action(action, given.closed_on, given.evidence, today)
    last = action.returns.order_by("-returned_on").first()
    # Between a return and now it was open, and was counted so: that does not move.
    plans.check_closed_after_return(given.closed_on, last.returned_on if last else None)
    action.evidence, action.closed_on, action.closed_by = given.evidence, given.closed_on, by
    action.save()
    events.record(
        "action.closed", by=by, about=action, after={"closed_on": given.closed_on.isoformat()}
    )
    return action


@requires(ACTION["verify"], *READ)
@transaction.atomic
def verify_action(action_id: int, *, by: User, given: VerificationInput, now: datetime) -> Action:
    """Accept the evidence of an action, or open it again because the evidence does not show that it
    was done.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `same-person`.
    """
    action = locked_action(action_id)
    return (
        _accept(action, by, given.how, now)
        if given.accepted
        else _return(action, by, given.reason, now)
    )


def _accept(action: Action, by: User, how: str, now: datetime) -> Action:
    ACTION.apply(action, "verify", by=by, now=now)
    action.verified_how, action.verified_at, action.verified_by = how, now, by
    action.save()
    events.record("action.verified", by=by, about=action, happened_at=now)
    return action


def _return(action: Action, by: User, reason: str, now: datetime) -> Action:
    ACTION.apply(action, "return", by=by, now=now)
    assert action.closed_on is not None
    assert action.closed_by is not None
    # A row for each evidence that was not accepted: closing it again writes over the action's own.
    ActionReturn.objects.create(
        action=action,
        evidence=action.evidence,
        closed_on=action.closed_on,
        closed_by=action.closed_by,
        returned_on=timezone.localdate(now),
        returned_at=now,
        returned_by=by,
        reason=reason,
    )
    before = {
        "closed_on": action.closed_on and action.closed_on.isoformat(),
        "closed_by": action.closed_by_id,
    }
    # The evidence stays: whoever closes it again adds to it. Who closed it stays in the return
    # only, so that they are not kept from verifying what somebody else then closes.
    action.returned_reason, action.closed_on, action.closed_by = reason, None, None
    action.save()
    events.record("action.returned", by=by, about=action, before=before)
    return action


def locked_action(action_id: int) -> Action:
    """The action, which nobody else changes until the transaction ends."""
    return lock(Action, action_id)
