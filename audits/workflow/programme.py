"""The lifecycle of an entry in a year's programme: in it, or left out of it with a reason.

What became of an entry by a day (done, planned, slipped) follows from its visits, see
`audits.audit_states.state_of`. Source: the council's own policy; who draws up the programme is its
`plan_programme` permission.
"""

from audits.models import ProgrammeEntry, ProgrammeEntryStatus
from core.workflow import Transition, Workflow

IN, OUT = ProgrammeEntryStatus.IN_PROGRAMME, ProgrammeEntryStatus.LEFT_OUT
PLAN = "audits.plan_programme"

PROGRAMME_ENTRY = Workflow(
    "programme-entry",
    ProgrammeEntry,
    "status",
    ProgrammeEntryStatus,
    (
        Transition("draw-up", (), IN, PLAN, "draw up the programme"),
        Transition("change", (IN, OUT), None, PLAN, "change an entry of the programme"),
        Transition("leave-out", (IN,), OUT, PLAN, "leave a service out of the programme"),
        Transition("take-back", (OUT,), IN, PLAN, "take a service back into the programme"),
        Transition("plan-visit", (IN,), None, PLAN, "plan the visit of an entry"),
    ),
    not_from={OUT: "This service is left out of the programme. Take it back in first."},
    # The state follows from the reason for leaving it out and is stored nowhere.
    derived=True,
)
