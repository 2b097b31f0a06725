"""A change of a suspension in force: one manager proposes it, another decides."""

from core import versions
from core.workflow import Transition, Workflow
from formal_steps.rules.steps import check_own
from suspensions.models import Change, ChangeStatus
from suspensions.rules import changing
from suspensions.rules.steps import DECIDE, PROPOSE

NOT_OWN = "You proposed this change, so another manager must decide it. You can withdraw it."

CHANGE = Workflow(
    "change",
    Change,
    "status",
    ChangeStatus,
    (
        Transition("propose", (), ChangeStatus.PROPOSED, PROPOSE, "propose a change"),
        Transition(
            "agree",
            (ChangeStatus.PROPOSED,),
            ChangeStatus.AGREED,
            DECIDE,
            "decide a change",
            not_by=("proposed_by",),
            same_person=NOT_OWN,
            # The suspension may have been lifted while the change waited.
            guards=(changing.check_still_in_force,),
            needs_seen=True,
        ),
        Transition(
            "refuse",
            (ChangeStatus.PROPOSED,),
            ChangeStatus.REFUSED,
            DECIDE,
            "refuse a change",
            not_by=("proposed_by",),
            same_person=NOT_OWN,
            needs_seen=True,
        ),
        Transition(
            "withdraw",
            (ChangeStatus.PROPOSED,),
            ChangeStatus.WITHDRAWN,
            PROPOSE,
            "withdraw a change",
            guards=(check_own,),
        ),
    ),
    not_from={
        status: f"This change has already been {status.label.lower()}."
        for status in ChangeStatus
        if status != ChangeStatus.PROPOSED
    },
    # A change that waits is never rewritten: what can move is the suspension that it is of.
    check_seen=lambda change, seen: versions.check_seen(change.suspension, seen),
)
