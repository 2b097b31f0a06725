"""The life of a suspension: two people stand behind its beginning, its end and every change of
it.
"""

from core import versions
from core.workflow import Guard, Transition, Workflow
from formal_steps.rules.steps import check_no_author, check_own
from suspensions.models import (
    EVER_IN_FORCE,
    NOW_IN_FORCE,
    DecisionKind,
    Suspension,
    SuspensionStatus,
)
from suspensions.rules import changing, lifting, steps
from suspensions.rules.steps import DECIDE, PROPOSE, RECORD, WRITE

# What is said to whoever would decide their own: two people stand behind each.
NOT_OWN_PROPOSAL = "You proposed this suspension, so another manager must decide it."
NOT_OWN_URGENT = (
    "You suspended this service, so another manager must confirm or end the suspension."
)
NOT_OWN_LIFT = "You proposed this lift, so another manager must decide it."
NOT_OWN_CLOSED = "You proposed this suspension, so another manager must end it."
NEVER_IN_FORCE = (SuspensionStatus.REFUSED, SuspensionStatus.WITHDRAWN)


def _beside(name: str, *more: SuspensionStatus, guards: tuple[Guard, ...] = ()) -> Transition:
    """A step that writes beside the record of one that is, or was, in force (or in one of the
    further states).
    """
    return Transition(name, (*more, *EVER_IN_FORCE), None, RECORD, WRITE, guards=guards)


SUSPENSION = Workflow(
    "suspension",
    Suspension,
    "status",
    SuspensionStatus,
    (
        Transition("propose", (), SuspensionStatus.PROPOSED, PROPOSE, "propose a suspension"),
        Transition("suspend-urgently", (), SuspensionStatus.IN_FORCE, PROPOSE, "suspend at once"),
        Transition(
            "decide",
            (SuspensionStatus.PROPOSED,),
            SuspensionStatus.IN_FORCE,
            DECIDE,
            "decide a suspension",
            not_by=("proposed_by",),
            same_person=NOT_OWN_PROPOSAL,
            guards=(steps.check_service_open, check_no_author, steps.check_complete),
            needs_seen=True,
        ),
        Transition(
            "refuse",
            (SuspensionStatus.PROPOSED,),
            SuspensionStatus.REFUSED,
            DECIDE,
            "refuse a suspension",
            not_by=("proposed_by",),
            same_person=f"{NOT_OWN_PROPOSAL} You can withdraw it.",
            guards=(check_no_author,),
            needs_seen=True,
        ),
        Transition(
            "withdraw",
            (SuspensionStatus.PROPOSED,),
            SuspensionStatus.WITHDRAWN,
            PROPOSE,
            "withdraw a proposal",
            guards=(check_own,),
        ),
        Transition(
            "complete",
            (SuspensionStatus.PROPOSED, SuspensionStatus.IN_FORCE),
            None,
            (PROPOSE, RECORD),
            WRITE,
            guards=(steps.check_undecided,),
            # Nobody's words are written over by somebody who has not seen them.
            needs_seen=True,
        ),
        Transition(
            "confirm",
            (SuspensionStatus.IN_FORCE,),
            SuspensionStatus.IN_FORCE,
            DECIDE,
            "confirm an urgent suspension",
            not_by=("proposed_by",),
            same_person=NOT_OWN_URGENT,
            # The second manager decides on a whole record, as of a proposal.
            # A closed service first: nothing else that is mended would help.
            guards=(
                steps.check_unconfirmed,
                steps.check_service_open,
                check_no_author,
                steps.check_complete,
            ),
            needs_seen=True,
        ),
        Transition(
            "end-unconfirmed",
            (SuspensionStatus.IN_FORCE,),
            SuspensionStatus.LIFTED,
            DECIDE,
            "end an urgent suspension",
            not_by=("proposed_by",),
            same_person=NOT_OWN_URGENT,
            guards=(steps.check_unconfirmed, steps.check_service_open, check_no_author),
            needs_seen=True,
        ),
        # Beside a lift: it asks for no checklist, and whoever was notified is told that the service
        # has closed, not that placements can begin again.
        Transition(
            "end-closed",
            tuple(NOW_IN_FORCE),
            SuspensionStatus.LIFTED,
            DECIDE,
            "end a suspension of a closed service",
            not_by=("proposed_by",),
            same_person=NOT_OWN_CLOSED,
            guards=(steps.check_service_closed,),
        ),
        Transition(
            "propose-lift",
            (SuspensionStatus.IN_FORCE,),
            SuspensionStatus.LIFT_PROPOSED,
            PROPOSE,
            "propose a lift",
            guards=(steps.check_confirmed, steps.check_service_open),
        ),
        Transition(
            "refuse-lift",
            (SuspensionStatus.LIFT_PROPOSED,),
            SuspensionStatus.IN_FORCE,
            DECIDE,
            "refuse a lift",
            not_by=("lift_proposed_by",),
            same_person=NOT_OWN_LIFT,
            needs_seen=True,
        ),
        Transition(
            "withdraw-lift",
            (SuspensionStatus.LIFT_PROPOSED,),
            SuspensionStatus.IN_FORCE,
            PROPOSE,
            "withdraw a proposed lift",
            guards=(lifting.check_own_lift,),
        ),
        Transition(
            "lift",
            (SuspensionStatus.LIFT_PROPOSED,),
            SuspensionStatus.LIFTED,
            DECIDE,
            "lift a suspension",
            not_by=("lift_proposed_by",),
            same_person=NOT_OWN_LIFT,
            guards=(steps.check_service_open,),
            needs_seen=True,
        ),
        # What two people decide of one in force: `change` has the life of what is proposed here.
        Transition(
            "extend",
            tuple(NOW_IN_FORCE),
            None,
            PROPOSE,
            "propose a change",
            guards=(
                steps.check_confirmed,
                steps.check_service_open,
                changing.check_no_change_waits,
            ),
        ),
        Transition(
            "scope",
            tuple(NOW_IN_FORCE),
            None,
            PROPOSE,
            "propose a change",
            guards=(
                steps.check_confirmed,
                steps.check_service_open,
                changing.check_no_change_waits,
            ),
        ),
        # What is kept beside the record.
        _beside("review"),
        _beside("record-progress"),
        _beside("welfare"),
        _beside("meeting"),
        _beside("put", SuspensionStatus.PROPOSED),
        _beside("add-file", SuspensionStatus.PROPOSED),
        # In every state: a file may show a person who did not agree (UK GDPR, erasure).
        Transition("withdraw-file", tuple(SuspensionStatus), None, RECORD, WRITE),
        _beside("notify-rest"),
        _beside("add-recipient"),
        _beside("settle-recipient"),
        _beside("write-letter"),
        _beside("ask-review"),
        _beside("correct", *NEVER_IN_FORCE, guards=(steps.check_decided,)),
        # None of these three puts a suspension in force or ends it: one person is enough.
        Transition(
            "hand-over",
            (SuspensionStatus.PROPOSED, *EVER_IN_FORCE),
            None,
            PROPOSE,
            "choose who leads",
        ),
        Transition("mark-public", tuple(EVER_IN_FORCE), None, DECIDE, "mark a name as public"),
        Transition("mark-exempt", tuple(EVER_IN_FORCE), None, DECIDE, "mark a name as public"),
    ),
    not_from=steps.NOT_FROM,
    check_seen=versions.check_seen,
)

# What a step is called in the history of decisions.
STEPS: dict[str, DecisionKind] = {
    "propose": DecisionKind.PROPOSED,
    "suspend-urgently": DecisionKind.SUSPENDED_URGENTLY,
    "decide": DecisionKind.DECIDED,
    "refuse": DecisionKind.REFUSED,
    "withdraw": DecisionKind.WITHDRAWN,
    "confirm": DecisionKind.CONFIRMED,
    "end-unconfirmed": DecisionKind.ENDED_UNCONFIRMED,
    "end-closed": DecisionKind.ENDED_CLOSED,
    "propose-lift": DecisionKind.LIFT_PROPOSED,
    "refuse-lift": DecisionKind.LIFT_REFUSED,
    "withdraw-lift": DecisionKind.LIFT_WITHDRAWN,
    "lift": DecisionKind.LIFTED,
}
