"""The lifecycle of a concern: open until it is closed, with what may be done to it meanwhile."""

from concerns import rules
from concerns.models import Concern, Status
from core.workflow import Transition, Workflow

CHANGE = "concerns.change_concern"
# Who meets a danger at a visit records it as a concern too, whatever else they may do here.
RECORD = ("concerns.add_concern", "audits.record_visit")

CONCERN = Workflow(
    "concern",
    Concern,
    "status",
    Status,
    (
        Transition("record", (), Status.OPEN, RECORD, "record a concern"),
        Transition("allocate", (Status.OPEN,), None, CHANGE, "allocate a concern"),
        Transition(
            "respond",
            (Status.OPEN,),
            None,
            CHANGE,
            "answer a concern",
            guards=(rules.check_unanswered,),
        ),
        Transition("change-risk", (Status.OPEN,), None, CHANGE, "change the risk of a concern"),
        Transition(
            "record-enquiry",
            (Status.OPEN,),
            None,
            CHANGE,
            "record an enquiry",
            guards=(rules.check_safeguarding,),
        ),
        Transition("add-to-log", (Status.OPEN,), None, CHANGE, "add to the log of a concern"),
        Transition(
            "close",
            (Status.OPEN,),
            Status.CLOSED,
            CHANGE,
            "close a concern",
            guards=(rules.check_answered, rules.check_enquiry_ended),
            not_from={Status.CLOSED: "This concern is closed already."},
        ),
    ),
    not_from={Status.CLOSED: "This concern is closed."},
)
