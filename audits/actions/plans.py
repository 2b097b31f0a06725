from datetime import date, datetime

from django.db import transaction

from audits import rules
from audits.models import Action, ActionStatus, Finding, Question, Visit
from audits.workflow.visit import VISIT
from carequality import events
from carequality.models import User
from carequality.refusals import Refused
from concerns.models import Concern
from providers.models import Service


@transaction.atomic
def add_finding(
    visit_id: int, *, by: User, text: str, now: datetime, question: Question | None = None
) -> Finding:
    visit = Visit.objects.select_for_update().get(pk=visit_id)
    if why_not := rules.why_not_add_finding(visit):
        raise Refused(why_not)
    finding = Finding.objects.create(
        visit=visit, question=question, text=text, recorded_at=now, recorded_by=by
    )
    events.record(
        "finding.added", by=by, about=finding, service_id=visit.service_id, after={"visit": visit.pk}
    )
    return finding


@transaction.atomic
def mark_finding_public(finding_id: int, *, by: User, public: bool, now: datetime) -> Finding:
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


@transaction.atomic
def agree_action(
    *,
    by: User,
    service: Service,
    text: str,
    due_on: date,
    today: date,
    owner_name: str = "",
    officer: User | None = None,
    finding: Finding | None = None,
    concern: Concern | None = None,
) -> Action:
    """Agree an improvement, with somebody at the provider or an officer of the council as its one owner."""
    if why_not := rules.why_not_agree(owner_name, officer, due_on, today):
        raise Refused(why_not)
    action = Action.objects.create(
        service=service,
        finding=finding,
        concern=concern,
        text=text,
        owner_name=owner_name,
        officer=officer,
        agreed_on=today,
        agreed_by=by,
        due_on=due_on,
    )
    events.record(
        "action.agreed",
        by=by,
        about=action,
        after={"due_on": due_on.isoformat(), "finding": finding and finding.pk},
    )
    return action


@transaction.atomic
def close_action(action_id: int, *, by: User, closed_on: date, evidence: str, today: date) -> Action:
    """Record that an action was done, and what shows it. Somebody else then verifies it."""
    action = _locked(action_id)
    if why_not := rules.why_not_close_action(action, closed_on, evidence, today):
        raise Refused(why_not)
    action.status, action.evidence = ActionStatus.DONE, evidence
    action.closed_on, action.closed_by = closed_on, by
    action.save()
    events.record("action.closed", by=by, about=action, after={"closed_on": closed_on.isoformat()})
    return action


@transaction.atomic
def verify_action(action_id: int, *, by: User, how: str, now: datetime) -> Action:
    action = _locked(action_id)
    if why_not := rules.why_not_verify(action, by):
        raise Refused(why_not)
    action.status, action.verified_how = ActionStatus.VERIFIED, how
    action.verified_at, action.verified_by = now, by
    action.save()
    events.record("action.verified", by=by, about=action, happened_at=now)
    return action


@transaction.atomic
def return_action(action_id: int, *, by: User, reason: str) -> Action:
    """Open an action again because its evidence does not show that it was done."""
    action = _locked(action_id)
    if why_not := rules.why_not_verify(action, by):
        raise Refused(why_not)
    before = {
        "closed_on": action.closed_on and action.closed_on.isoformat(),
        "closed_by": action.closed_by_id,
    }
    action.status, action.returned_reason = ActionStatus.OPEN, reason
    action.closed_on, action.closed_by = None, None
    action.save()
    events.record("action.returned", by=by, about=action, before=before)
    return action


def _locked(action_id: int) -> Action:
    return Action.objects.select_for_update().get(pk=action_id)
