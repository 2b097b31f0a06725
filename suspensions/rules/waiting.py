"""What of a suspension waits for another manager's decision, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from core.models import User
from formal_steps.rules.deciding import decide_by
from suspensions.models import Change, ChangeStatus, Suspension, SuspensionStatus

SUSPENSION, LIFT, CHANGE = "suspension", "lift", "change"


@dataclass(frozen=True)
class Waiting:
    """A proposal that waits: of which kind, by whom and since when. `key` tells it from another of
    the same suspension.
    """

    what: str
    key: str
    proposed_by: User
    proposed_at: datetime
    # Whether its last day was over on the day that was asked of.
    is_late: bool = False

    @property
    def decide_by(self) -> date:
        """The last day for the decision."""
        return decide_by(self.proposed_at)


def what_waits(
    suspension: Suspension, changes: Sequence[Change], day: date | None = None
) -> list[Waiting]:
    """The proposals of a suspension that wait, of those `changes` that are its own; with `day`,
    each says whether it is late then. An urgent suspension to confirm has its own day and alerts.
    """
    found = []
    if suspension.status == SuspensionStatus.PROPOSED:
        found.append(_waiting(SUSPENSION, suspension.proposed_by, suspension.proposed_at))
    if suspension.lift_proposed_by and suspension.lift_proposed_at and suspension.is_lift_proposed:
        found.append(_waiting(LIFT, suspension.lift_proposed_by, suspension.lift_proposed_at))
    found += [
        Waiting(CHANGE, str(change.pk), change.proposed_by, change.proposed_at)
        for change in changes
        if change.status == ChangeStatus.PROPOSED and suspension.is_now_in_force
    ]
    if day is None:
        return found
    return [replace(each, is_late=each.decide_by < day) for each in found]


def _waiting(what: str, by: User, at: datetime) -> Waiting:
    # In one zone: the same moment is written otherwise before it was stored and after.
    return Waiting(what, at.astimezone(UTC).isoformat(), by, at)
