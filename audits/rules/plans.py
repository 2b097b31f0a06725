"""When an action on a finding or an action plan is refused."""

from datetime import date

from audits.models import Action, ActionStatus, Visit, VisitStatus
from carequality.models import User


def why_not_add_finding(visit: Visit) -> str | None:
    if visit.status in (VisitStatus.IN_PROGRESS, VisitStatus.COMPLETED):
        return None
    return "Findings belong to a visit that has begun."


def why_not_agree(owner_name: str, officer: User | None, due_on: date, today: date) -> str | None:
    if bool(owner_name.strip()) == (officer is not None):
        return "An action has one owner: someone at the provider or an officer of the council."
    if due_on < today:
        return "The date by which it is due cannot have passed."
    return None


def why_not_close_action(action: Action, closed_on: date, evidence: str, today: date) -> str | None:
    if action.status != ActionStatus.OPEN:
        return "This action has been closed already."
    if not evidence.strip():
        return "Say what shows that it was done."
    if closed_on > today:
        return "It cannot have been done in the future."
    if closed_on < action.agreed_on:
        return f"It was agreed on {action.agreed_on:%-d %B %Y} and cannot have been done before."
    return None


def why_not_verify(action: Action, by: User) -> str | None:
    if action.status == ActionStatus.OPEN:
        return "This action has not been closed yet."
    if action.status == ActionStatus.VERIFIED:
        return "This action has been verified already."
    if action.closed_by_id == by.pk:
        return "Someone else must verify an action that you closed."
    return None
