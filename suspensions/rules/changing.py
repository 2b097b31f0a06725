"""Changes of a suspension in force, and corrections of its record."""

from dataclasses import dataclass
from datetime import date

from carequality.models import User
from suspensions.models import (
    NOW_IN_FORCE,
    Change,
    ChangeStatus,
    CorrectableField,
    Kind,
    Status,
    Suspension,
)
from suspensions.rules.steps import DECIDE, NOT_FROM, PROPOSE, RECORD, why_not_scope


@dataclass(frozen=True)
class ChangeTransition:
    before: ChangeStatus | None
    after: ChangeStatus
    permission: str
    words: str
    not_by_proposer: bool = False


CHANGE_TRANSITIONS: dict[str, ChangeTransition] = {
    "propose": ChangeTransition(None, ChangeStatus.PROPOSED, PROPOSE, "propose a change"),
    "agree": ChangeTransition(ChangeStatus.PROPOSED, ChangeStatus.AGREED, DECIDE, "decide a change", True),
    "refuse": ChangeTransition(ChangeStatus.PROPOSED, ChangeStatus.REFUSED, DECIDE, "refuse a change", True),
    "withdraw": ChangeTransition(ChangeStatus.PROPOSED, ChangeStatus.WITHDRAWN, PROPOSE, "withdraw a change"),
}


def why_not_propose_change(suspension: Suspension, by: User) -> str | None:
    if not by.has_perm(PROPOSE):
        return "You do not have the right to propose a change."
    if suspension.status not in NOW_IN_FORCE:
        return "Only a suspension in force can be extended or changed."
    if suspension.is_unconfirmed:
        return "A second manager must first confirm this urgent suspension, or end it."
    if suspension.changes.filter(status=ChangeStatus.PROPOSED).exists():
        return "A change is waiting for a decision already."
    return None


def why_not_extension(suspension: Suspension, until: date, today: date) -> str | None:
    if until <= today:
        return "The new day must be after today."
    if suspension.planned_until and until <= suspension.planned_until:
        return "The new day must be after the one that was planned."
    return None


def why_not_new_scope(suspension: Suspension, unit_id: int | None, kind: str, limit: str) -> str | None:
    if (unit_id, kind, limit) == (suspension.unit_id, suspension.kind, suspension.limit):
        return "That is what it is now."
    if kind == Kind.PARTIAL and not limit.strip():
        return "A partial suspension says its limit: a number, or case by case."
    if unit_id != suspension.unit_id and suspension.in_force_from:
        if unit_id and not suspension.service.units.filter(pk=unit_id).exists():
            return f"That is not a part of {suspension.service}."
        # Its scope counts for the whole time: one that overlapped would be suspended twice on past days.
        return why_not_scope(suspension.service_id, unit_id, suspension.in_force_from, without=suspension.pk)
    return None


def why_not_change(action: str, change: Change, by: User) -> str | None:
    """Why `by` may not decide or withdraw this change now."""
    transition = CHANGE_TRANSITIONS[action]
    if not by.has_perm(transition.permission):
        return f"You do not have the right to {transition.words}."
    if change.status != transition.before:
        return f"This change is no longer waiting: {change.get_status_display().lower()}."
    if transition.not_by_proposer and change.proposed_by_id == by.pk:
        return "Someone else must decide a change that you proposed. You can withdraw it."
    if action == "agree" and change.suspension.status not in NOW_IN_FORCE:
        return NOT_FROM[Status(change.suspension.status)]
    return None


def why_not_correct(suspension: Suspension, about: str, by: User) -> str | None:
    """Why `by` may not correct that part of the record. Before the decision the record itself is changed."""
    if not by.has_perm(RECORD):
        return "You do not have the right to write to the record of a suspension."
    if suspension.status == Status.PROPOSED or suspension.is_unconfirmed:
        return "Nobody has decided on this record yet: change the record itself."
    return None if about in CorrectableField.values else "That cannot be corrected."
