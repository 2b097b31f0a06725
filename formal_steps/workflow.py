"""The life of a formal step: proposed by one, decided by another, reviewed until it is closed."""

from core import versions
from core.workflow import Transition, Workflow
from formal_steps.models import FormalStep, FormalStepStatus
from formal_steps.permissions import DECIDE, PROPOSE, RECORD
from formal_steps.rules import steps

PROPOSED, ISSUED = FormalStepStatus.PROPOSED, FormalStepStatus.ISSUED
CLOSED = FormalStepStatus.CLOSED
SOMEONE_ELSE = "You proposed this step, so another manager must decide it. You can withdraw it."
RECORD_WORDS = "write to the record of a formal step"

FORMAL_STEP = Workflow(
    "formal-step",
    FormalStep,
    "status",
    FormalStepStatus,
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
            guards=(steps.check_no_author,),
            needs_seen=True,
        ),
        Transition(
            "refuse",
            (PROPOSED,),
            FormalStepStatus.REFUSED,
            DECIDE,
            "refuse a formal step",
            not_by=("proposed_by",),
            same_person=SOMEONE_ELSE,
            guards=(steps.check_no_author,),
            needs_seen=True,
        ),
        Transition(
            "complete",
            (PROPOSED,),
            None,
            (PROPOSE, RECORD),
            RECORD_WORDS,
            # Nobody's words are written over by somebody who has not seen them.
            needs_seen=True,
        ),
        # One person is enough: it puts nothing in force.
        Transition(
            "withdraw",
            (PROPOSED,),
            FormalStepStatus.WITHDRAWN,
            PROPOSE,
            "withdraw a formal step",
            guards=(steps.check_own,),
        ),
        Transition("review", (ISSUED,), None, RECORD, RECORD_WORDS),
        # In force before and after: an event of the history all the same, which the diagram shows.
        Transition("extend", (ISSUED,), ISSUED, DECIDE, "give more time"),
        # One manager closes a step, also the one who proposed it: the two that it needs stand
        # behind the decision that put it in force.
        Transition("close", (ISSUED,), CLOSED, DECIDE, "close a formal step"),
        Transition("hand-over", (PROPOSED, ISSUED), None, PROPOSE, "choose who leads"),
        Transition("write-letter", (ISSUED,), None, RECORD, RECORD_WORDS),
        # Also of one that is closed: the provider may ask afterwards.
        Transition("put", (PROPOSED, ISSUED, CLOSED), None, RECORD, RECORD_WORDS),
        Transition("ask-review", (ISSUED, CLOSED), None, RECORD, RECORD_WORDS),
        Transition("add-file", (PROPOSED, ISSUED), None, RECORD, RECORD_WORDS),
        # In every state: a file may show a person who did not agree (UK GDPR, erasure).
        Transition("withdraw-file", tuple(FormalStepStatus), None, RECORD, RECORD_WORDS),
    ),
    not_from={
        PROPOSED: "This step has only been proposed. Another manager must decide it first.",
        ISSUED: "This step is already in force.",
        FormalStepStatus.REFUSED: "This step was refused. You can propose a new step.",
        FormalStepStatus.WITHDRAWN: "This step was withdrawn. You can propose a new step.",
        CLOSED: "This step is closed.",
    },
    check_seen=versions.check_seen,
)
