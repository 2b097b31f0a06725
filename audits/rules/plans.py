"""When a finding, or an action on one, is refused."""

from datetime import date

from audits.models import Action, Visit, VisitStatus
from core.dates import day_in_words
from core.workflow import NotAllowed


def check_add_finding(visit: Visit) -> None:
    """Raises `NotAllowed`: `not-begun`."""
    if visit.status not in (VisitStatus.IN_PROGRESS, VisitStatus.COMPLETED):
        raise NotAllowed("not-begun", "Findings belong to a visit that has begun.")


def check_agree_action(owner_name: str, officer_id: int | None, due_on: date, today: date) -> None:
    """Raises `NotAllowed`: `one-owner`, `in-past`."""
    if bool(owner_name.strip()) == (officer_id is not None):
        raise NotAllowed(
            "one-owner",
            "An action has one owner: someone at the provider or an officer of the council.",
            "owner",
        )
    if due_on < today:
        raise NotAllowed("in-past", "The date by which it is due cannot have passed.", "due_on")


def check_close_action(action: Action, closed_on: date, evidence: str, today: date) -> None:
    """Raises `NotAllowed`: `no-evidence`, `in-future`, `before-agreed`."""
    if not evidence.strip():
        raise NotAllowed("no-evidence", "Say what shows that it was done.", "evidence")
    if closed_on > today:
        raise NotAllowed("in-future", "It cannot have been done in the future.", "closed_on")
    if closed_on < action.agreed_on:
        raise NotAllowed(
            "before-agreed",
            f"It was agreed on {day_in_words(action.agreed_on)} and cannot have been done before.",
            "closed_on",
        )
