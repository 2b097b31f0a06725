"""The lifecycle of a concern: open until it is closed, with what may be done to it meanwhile."""

from concerns import rules
from concerns.models import Concern, ConcernStatus
from core.workflow import Transition, Workflow

CHANGE = "concerns.change_concern"
# Who meets a danger at a visit records it as a concern too, whatever else they may do here.
RECORD = ("concerns.add_concern", "audits.record_visit")

CONCERN = Workflow(
    "concern",
    Concern,
    "status",
    ConcernStatus,
    (
        Transition("record", (), ConcernStatus.OPEN, RECORD, "record a concern"),
        # The steps between leave it open: what they change are fields of their own.
        Transition("allocate", (ConcernStatus.OPEN,), None, CHANGE, "allocate a concern"),
        Transition(
            "respond",
            (ConcernStatus.OPEN,),
            None,
            CHANGE,
            "record the first response to a concern",
            guards=(rules.check_unanswered,),
        ),
        Transition(
            "change-risk", (ConcernStatus.OPEN,), None, CHANGE, "change the risk of a concern"
        ),
        Transition(
            "record-enquiry",
            (ConcernStatus.OPEN,),
            None,
            CHANGE,
            "record a section 42 enquiry",
            guards=(rules.check_safeguarding,),
        ),
        # What is learned after the end belongs to the record too.
        Transition(
            "add-to-log",
            (ConcernStatus.OPEN, ConcernStatus.CLOSED),
            None,
            CHANGE,
            "add to the log of a concern",
        ),
        Transition(
            "correct",
            (ConcernStatus.OPEN, ConcernStatus.CLOSED),
            None,
            CHANGE,
            "correct a concern",
        ),
        Transition(
            "add-safeguarding",
            (ConcernStatus.OPEN,),
            None,
            CHANGE,
            "record a concern as safeguarding too",
            guards=(rules.check_not_safeguarding,),
        ),
        Transition(
            "merge",
            (ConcernStatus.OPEN,),
            ConcernStatus.MERGED,
            CHANGE,
            "merge a concern into another",
        ),
        Transition(
            "reopen",
            (ConcernStatus.CLOSED, ConcernStatus.MERGED),
            ConcernStatus.OPEN,
            CHANGE,
            "open a concern again",
        ),
        Transition(
            "add-file",
            (ConcernStatus.OPEN, ConcernStatus.CLOSED),
            None,
            CHANGE,
            "add a file to a concern",
        ),
        # In every state: a file may show a person who did not agree (UK GDPR, erasure).
        Transition(
            "withdraw-file",
            tuple(ConcernStatus),
            None,
            CHANGE,
            "withdraw a file of a concern",
        ),
        Transition(
            "close",
            (ConcernStatus.OPEN,),
            ConcernStatus.CLOSED,
            CHANGE,
            "close a concern",
            # Nobody's concern is closed unanswered, nor while the council owes an enquiry or the
            # decision whether to make one.
            guards=(rules.check_answered, rules.check_enquiry_ended),
            not_from={ConcernStatus.CLOSED: "This concern is already closed."},
        ),
    ),
    not_from={
        ConcernStatus.OPEN: "This concern is open.",
        ConcernStatus.CLOSED: "This concern is closed. Open it again first.",
        ConcernStatus.MERGED: "This concern was merged into another. Work on that one.",
    },
)
