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


def check_one_owner(owner_name: str, officer_id: int | None) -> None:
    """Whether that names one owner.

    Raises `NotAllowed`: `one-owner`.
    """
    if bool(owner_name.strip()) == (officer_id is not None):
        raise NotAllowed(
            "one-owner",
            "Choose one owner: someone at the provider or an officer of the council.",
            "owner",
        )


def check_agree_action(owner_name: str, officer_id: int | None, due_on: date, today: date) -> None:
    """Whether an action can be agreed with that owner and day.

    Raises `NotAllowed`: `one-owner`, `in-past`.
    """
    check_one_owner(owner_name, officer_id)
    if due_on < today:
        raise NotAllowed("in-past", DUE_IN_PAST, "due_on")


def check_closed_after_return(closed_on: date, returned_on: date | None) -> None:
    """Whether an action that was returned can have been done on that day: it was open when it was
    returned.

    Raises `NotAllowed`: `before-returned`.
    """
    if returned_on is not None and closed_on < returned_on:
        raise NotAllowed(
            "before-returned", not_before("The action was returned", returned_on), "closed_on"
        )


def check_due_on(action: Action, due_on: date, today: date) -> None:
    """Whether an action can be due on that day instead.

    Raises `NotAllowed`: `in-past`, `unchanged`.
    """
    if due_on < today:
        raise NotAllowed("in-past", DUE_IN_PAST, "due_on")
    if due_on == action.due_on:
        raise NotAllowed("unchanged", "The action is already due on that day.", "due_on")


def check_reason(reason: str) -> None:
    """Raises `NotAllowed`: `reason-missing`."""
    if not reason.strip():
        raise NotAllowed("reason-missing", "Enter the reason.", "reason")


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
