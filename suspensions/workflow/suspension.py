"""The life of a suspension: two people stand behind its beginning, its end and every change of it."""

from core.workflow import Guard, Transition, Workflow
from suspensions.models import EVER_IN_FORCE, NOW_IN_FORCE, Status, Step, Suspension
from suspensions.rules import changing, steps
from suspensions.rules.steps import DECIDE, PROPOSE, RECORD

WRITE = "write to the record of a suspension"
NEVER_IN_FORCE = (Status.REFUSED, Status.WITHDRAWN)


def _beside(name: str, *more: Status, guards: tuple[Guard, ...] = ()) -> Transition:
    """A step that writes beside the record of one that is, or was, in force (or in one of the further states)."""
    return Transition(name, (*more, *EVER_IN_FORCE), None, RECORD, WRITE, guards=guards)


SUSPENSION = Workflow(
    "suspension",
    Suspension,
    "status",
    Status,
    (
        Transition("propose", (), Status.PROPOSED, PROPOSE, "propose a suspension"),
        Transition("suspend-urgently", (), Status.IN_FORCE, PROPOSE, "suspend at once"),
        Transition(
            "decide",
            (Status.PROPOSED,),
            Status.IN_FORCE,
            DECIDE,
            "decide a suspension",
            not_by=("proposed_by",),
            same_person="Someone else must decide a suspension that you proposed.",
            guards=(steps.check_complete,),
        ),
        Transition(
            "refuse",
            (Status.PROPOSED,),
            Status.REFUSED,
            DECIDE,
            "refuse a suspension",
            not_by=("proposed_by",),
            same_person="Someone else must decide a suspension that you proposed. You can withdraw it.",
        ),
        Transition("withdraw", (Status.PROPOSED,), Status.WITHDRAWN, PROPOSE, "withdraw a proposal"),
        Transition(
            "complete",
            (Status.PROPOSED, Status.IN_FORCE),
            None,
            (PROPOSE, RECORD),
            WRITE,
            guards=(steps.check_undecided,),
        ),
        Transition(
            "confirm",
            (Status.IN_FORCE,),
            Status.IN_FORCE,
            DECIDE,
            "confirm an urgent suspension",
            not_by=("proposed_by",),
            same_person="Someone else must confirm a suspension that you put in force.",
            guards=(steps.check_unconfirmed, steps.check_complete),
        ),
        Transition(
            "end-unconfirmed",
            (Status.IN_FORCE,),
            Status.LIFTED,
            DECIDE,
            "end an urgent suspension",
            not_by=("proposed_by",),
            same_person="Someone else must decide whether a suspension that you put in force is confirmed or ended.",
            guards=(steps.check_unconfirmed,),
        ),
        Transition(
            "propose-lift",
            (Status.IN_FORCE,),
            Status.LIFT_PROPOSED,
            PROPOSE,
            "propose a lift",
            guards=(steps.check_confirmed,),
        ),
        Transition(
            "refuse-lift",
            (Status.LIFT_PROPOSED,),
            Status.IN_FORCE,
            DECIDE,
            "refuse a lift",
            not_by=("lift_proposed_by",),
            same_person="Someone else must decide a lift that you proposed.",
        ),
        Transition(
            "lift",
            (Status.LIFT_PROPOSED,),
            Status.LIFTED,
            DECIDE,
            "lift a suspension",
            not_by=("lift_proposed_by",),
            same_person="Someone else must decide a lift that you proposed.",
        ),
        # What two people decide of one in force: `change` has the life of what is proposed here.
        Transition(
            "extend",
            tuple(NOW_IN_FORCE),
            None,
            PROPOSE,
            "propose a change",
            guards=(steps.check_confirmed, changing.check_no_change_waits),
        ),
        Transition(
            "scope",
            tuple(NOW_IN_FORCE),
            None,
            PROPOSE,
            "propose a change",
            guards=(steps.check_confirmed, changing.check_no_change_waits),
        ),
        # What is kept beside the record.
        _beside("review"),
        _beside("record-progress"),
        _beside("welfare"),
        _beside("meeting"),
        _beside("put", Status.PROPOSED),
        _beside("tell-rest"),
        _beside("add-party"),
        _beside("settle-party"),
        _beside("write-letter"),
        _beside("ask-review"),
        _beside("correct", *NEVER_IN_FORCE, guards=(steps.check_decided,)),
        Transition("hand-over", tuple(EVER_IN_FORCE), None, PROPOSE, "choose who leads"),
        Transition("mark-public", tuple(EVER_IN_FORCE), None, DECIDE, "mark a name as public"),
        Transition("mark-exempt", tuple(EVER_IN_FORCE), None, DECIDE, "mark a name as public"),
    ),
    not_from=steps.NOT_FROM,
)

# What a step is called in the history of decisions.
STEPS: dict[str, Step] = {
    "propose": Step.PROPOSED,
    "suspend-urgently": Step.SUSPENDED_URGENTLY,
    "decide": Step.DECIDED,
    "refuse": Step.REFUSED,
    "withdraw": Step.WITHDRAWN,
    "confirm": Step.CONFIRMED,
    "end-unconfirmed": Step.ENDED_UNCONFIRMED,
    "propose-lift": Step.LIFT_PROPOSED,
    "refuse-lift": Step.LIFT_REFUSED,
    "lift": Step.LIFTED,
}
