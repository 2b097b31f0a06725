"""The lifecycle of an action: agreed, done with its evidence, verified by somebody else."""

from audits.models import Action, ActionStatus
from core.workflow import Transition, Workflow

# Who recorded that it was done neither accepts nor returns the evidence for it (a constraint holds
# the first, too).
NOT_BY_WHO_CLOSED = ("closed_by",)
SAME_PERSON = "Someone else must verify an action that you closed."

ACTION = Workflow(
    "action",
    Action,
    "status",
    ActionStatus,
    (
        Transition("agree", (), ActionStatus.OPEN, "audits.change_action", "agree an action"),
        Transition(
            "close",
            (ActionStatus.OPEN,),
            ActionStatus.DONE,
            "audits.change_action",
            "close an action",
            not_from={"": "This action has been closed already."},
        ),
        Transition(
            "verify",
            (ActionStatus.DONE,),
            ActionStatus.VERIFIED,
            "audits.verify_action",
            "verify an action",
            not_by=NOT_BY_WHO_CLOSED,
            same_person=SAME_PERSON,
        ),
        Transition(
            "return",
            (ActionStatus.DONE,),
            ActionStatus.OPEN,
            "audits.verify_action",
            "return an action",
            not_by=NOT_BY_WHO_CLOSED,
            same_person=SAME_PERSON,
        ),
    ),
    not_from={
        ActionStatus.OPEN: "This action has not been closed yet.",
        ActionStatus.VERIFIED: "This action has been verified already.",
    },
)
