"""The lifecycle of an action: agreed, done with its evidence, verified by somebody else.

Source: the council's own policy of two pairs of eyes on every improvement.
"""

from datetime import datetime
from typing import Any

from audits.models import Action, ActionStatus
from core.workflow import NotAllowed, Transition, Workflow

# Who recorded that it was done neither accepts nor returns the evidence for it (a constraint holds
# the first, too).
NOT_BY_WHO_CLOSED = ("closed_by",)
SAME_PERSON = "You closed this action, so someone else must verify it."


def is_the_councils(action: Action, by: Any, now: datetime | None) -> None:
    """Raises `NotAllowed`: `provider-owns`."""
    if action.officer_id is None:
        raise NotAllowed(
            "provider-owns", "This action is the provider’s, so it is not handed over here."
        )


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
            not_from={ActionStatus.DONE: "This action is already closed and waits to be verified."},
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
        # Only one of the council's officers has it in hand; the provider names its own people.
        Transition(
            "hand-over",
            (ActionStatus.OPEN,),
            None,
            "audits.plan_programme",
            "hand over an action",
            guards=(is_the_councils,),
            not_from={ActionStatus.DONE: "This action is closed and waits to be verified."},
        ),
        # What shows that it was done often comes after the word that it was. What was verified is
        # what the second person saw.
        Transition(
            "add-file",
            (ActionStatus.OPEN, ActionStatus.DONE),
            None,
            "audits.change_action",
            "add photographs and documents to an action",
            not_from={
                ActionStatus.VERIFIED: "This action is already verified, so files cannot be added."
            },
        ),
        # In every state: a photograph may show a person who did not agree (UK GDPR, erasure).
        Transition(
            "withdraw-file",
            tuple(ActionStatus),
            None,
            "audits.change_action",
            "withdraw photographs and documents of an action",
        ),
    ),
    not_from={
        ActionStatus.OPEN: "This action is still open. Close it with its evidence first.",
        ActionStatus.VERIFIED: "This action is already verified.",
    },
)
