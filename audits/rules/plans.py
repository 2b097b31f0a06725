"""When a finding, or an action on one, is refused."""

from datetime import date

from audits.models import Action, Visit, VisitStatus
from audits.rules.words import not_before, not_in_future
from core.workflow import NotAllowed

# The form says it too, beside what else is wrong with an answer.
DUE_IN_PAST = "The date an action is due must be today or in the future."


def check_add_finding(visit: Visit) -> None:
    """Whether a finding can be added to a visit.

    Raises `NotAllowed`: `not-begun`.
    """
    if visit.status not in (
        VisitStatus.IN_PROGRESS,
        VisitStatus.COMPLETED,
        # What was seen at a visit that was stopped early is followed up like any other.
        VisitStatus.STOPPED,
    ):
        raise NotAllowed("not-begun", "Begin the visit before you add a finding to it.")


def check_agree_action(owner_name: str, officer_id: int | None, due_on: date, today: date) -> None:
    """Whether an action can be agreed with that owner and day.

    Raises `NotAllowed`: `one-owner`, `in-past`.
    """
    if bool(owner_name.strip()) == (officer_id is not None):
        raise NotAllowed(
            "one-owner",
            "Choose one owner: someone at the provider or an officer of the council.",
            "owner",
        )
    if due_on < today:
        raise NotAllowed("in-past", DUE_IN_PAST, "due_on")


def check_close_action(action: Action, closed_on: date, evidence: str, today: date) -> None:
    """Whether an action can be closed with that evidence, as done on that day.

    Raises `NotAllowed`: `no-evidence`, `in-future`, `before-agreed`.
    """
    if not evidence.strip():
        raise NotAllowed("no-evidence", "Enter the evidence that the action was done.", "evidence")
    if closed_on > today:
        raise NotAllowed("in-future", not_in_future("The date the action was done"), "closed_on")
    if closed_on < action.agreed_on:
        raise NotAllowed(
            "before-agreed",
            not_before("The action was agreed", action.agreed_on),
            "closed_on",
        )
