"""The life of a formal step: proposed by one, decided by another, reviewed until it is closed."""

from core.workflow import Transition, Workflow
from suspensions.models import FormalStatus, FormalStep
from suspensions.rules.steps import DECIDE, PROPOSE, RECORD

PROPOSED, ISSUED = FormalStatus.PROPOSED, FormalStatus.ISSUED
SOMEONE_ELSE = "Someone else must decide a step that you proposed. You can withdraw it."

FORMAL_STEP = Workflow(
    "formal-step",
    FormalStep,
    "status",
    FormalStatus,
    (
        Transition("propose", (), PROPOSED, PROPOSE, "propose a formal step"),
        Transition(
            "issue",
            (PROPOSED,),
            ISSUED,
            DECIDE,
            "decide a formal step",
            not_by=("proposed_by",),
            same_person=SOMEONE_ELSE,
        ),
        Transition(
            "refuse",
            (PROPOSED,),
            FormalStatus.REFUSED,
            DECIDE,
            "refuse a formal step",
            not_by=("proposed_by",),
            same_person=SOMEONE_ELSE,
        ),
        Transition("withdraw", (PROPOSED,), FormalStatus.WITHDRAWN, PROPOSE, "withdraw a formal step"),
        Transition("review", (ISSUED,), None, RECORD, "write to the record of a formal step"),
        # In force before and after: a deed of the history all the same, which the diagram shows.
        Transition("extend", (ISSUED,), ISSUED, DECIDE, "give more time"),
        Transition("close", (ISSUED,), FormalStatus.CLOSED, DECIDE, "close a formal step"),
        Transition("write-letter", (ISSUED,), None, RECORD, "write to the record of a formal step"),
    ),
    not_from={
        PROPOSED: "This step has not been decided.",
        ISSUED: "This step is in force already.",
        FormalStatus.REFUSED: "This step was refused.",
        FormalStatus.WITHDRAWN: "This proposal was withdrawn.",
        FormalStatus.CLOSED: "This step is closed.",
    },
)
