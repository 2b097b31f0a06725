"""The lifecycle of a visit: planned, in progress, completed or cancelled; and what may be done in
which of them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from audits.models import Visit, VisitStatus
from audits.rules.evidence import SHARED_KINDS
from audits.workflow.sentences import in_other_states
from core.workflow import NotAllowed, Transition, Workflow

RECORD = "audits.record_visit"
PLANNED = (VisitStatus.PLANNED,)
IN_PROGRESS = (VisitStatus.IN_PROGRESS,)
COMPLETED = (VisitStatus.COMPLETED,)
WAITING = (*PLANNED, *IN_PROGRESS)
BEGUN = (*IN_PROGRESS, *COMPLETED)
NOT_CANCELLED = (*WAITING, *COMPLETED)
ALREADY = "This visit is {state} already."
ONLY_COMPLETED = "This visit is {state}; only a completed one can be opened again."
NOT_PUBLIC = "Only a completed visit has something that could be public."


def _said(sentence: str, but: Mapping[str, str] | None = None) -> dict[str, str]:
    return in_other_states(VisitStatus, sentence, but)


def outcome_is_no_draft(visit: Visit, by: Any, now: datetime | None) -> None:
    """Raises `NotAllowed`: `draft-outcome`."""
    if visit.is_draft:
        raise NotAllowed(
            "draft-outcome", "This outcome is a draft. It can be made public once it is final."
        )


def has_partners(visit: Visit, by: Any, now: datetime | None) -> None:
    """Raises `NotAllowed`: `no-partners`."""
    if visit.kind not in SHARED_KINDS:
        raise NotAllowed(
            "no-partners",
            "Only a joint visit or an Enter and View visit has partners to share with.",
        )


def is_main(visit: Visit, by: Any, now: datetime | None) -> None:
    """Nothing stands beside what stands beside an audit itself.

    Raises `NotAllowed`: `beside-another`.
    """
    if visit.beside_id:
        raise NotAllowed("beside-another", "It belongs to an audit that has begun.")


VISIT = Workflow(
    "visit",
    Visit,
    "status",
    VisitStatus,
    (
        Transition("plan", (), VisitStatus.PLANNED, RECORD, "plan a visit"),
        Transition(
            "book",
            (),
            VisitStatus.PLANNED,
            "audits.plan_programme",
            "plan a visit of the programme",
        ),
        Transition(
            "begin-beside", (), VisitStatus.IN_PROGRESS, RECORD, "begin a standard beside an audit"
        ),
        Transition(
            "change-plan",
            PLANNED,
            None,
            RECORD,
            "change the plan of a visit",
            not_from=_said("Only a visit that has not begun can be changed."),
        ),
        Transition(
            "begin",
            PLANNED,
            VisitStatus.IN_PROGRESS,
            RECORD,
            "begin a visit",
            not_from=_said(ALREADY),
        ),
        Transition(
            "record-answers",
            IN_PROGRESS,
            None,
            RECORD,
            "record answers",
            not_from=_said(
                "This visit is {state}: its answers stand as they are.",
                {VisitStatus.PLANNED: "Begin the visit before recording answers."},
            ),
        ),
        Transition(
            "take-notes",
            IN_PROGRESS,
            None,
            RECORD,
            "take notes at a visit",
            not_from=_said(
                "This visit is {state}: its notes stand as they are.",
                {VisitStatus.PLANNED: "Begin the visit before taking notes."},
            ),
        ),
        Transition(
            "give-feedback",
            IN_PROGRESS,
            None,
            RECORD,
            "give feedback",
            not_from=_said(
                "This visit is {state}: the feedback stands as it was given.",
                {VisitStatus.PLANNED: "Begin the visit before giving feedback."},
            ),
        ),
        # Documents may be supplied before the visit.
        Transition(
            "attach",
            WAITING,
            None,
            RECORD,
            "add photographs and documents",
            not_from=_said("This visit is {state}: nothing can be added to it."),
        ),
        # Whatever became of the visit: a photograph may show a person who did not agree.
        Transition(
            "withdraw-attachment",
            tuple(VisitStatus),
            None,
            RECORD,
            "withdraw photographs and documents",
        ),
        Transition(
            "raise-risk",
            NOT_CANCELLED,
            None,
            RECORD,
            "record an immediate risk",
            not_from=_said(
                "This visit is cancelled. Record a concern about the service in its place."
            ),
        ),
        Transition(
            "record-sharing",
            NOT_CANCELLED,
            None,
            RECORD,
            "record what was shared",
            guards=(has_partners,),
            not_from=_said("This visit is cancelled."),
        ),
        Transition(
            "add-companion",
            BEGUN,
            None,
            RECORD,
            "begin a standard beside an audit",
            guards=(is_main,),
            not_from=_said("It belongs to an audit that has begun."),
        ),
        Transition(
            "complete",
            IN_PROGRESS,
            VisitStatus.COMPLETED,
            RECORD,
            "complete a visit",
            not_from=_said("This visit is {state}; only one in progress can be completed."),
        ),
        Transition(
            "cancel",
            PLANNED,
            VisitStatus.CANCELLED,
            RECORD,
            "cancel a visit",
            not_from=_said(
                ALREADY,
                {
                    VisitStatus.IN_PROGRESS: (
                        "This visit has begun. Complete it; what was seen stays on the record."
                    )
                },
            ),
        ),
        Transition(
            "mark-public",
            COMPLETED,
            None,
            "audits.mark_public",
            "say whether an outcome is public",
            guards=(outcome_is_no_draft,),
            not_from=_said(NOT_PUBLIC),
        ),
        Transition(
            "mark-finding-public",
            COMPLETED,
            None,
            "audits.mark_public",
            "say whether a finding is public",
            guards=(outcome_is_no_draft,),
            not_from=_said(NOT_PUBLIC),
        ),
        Transition(
            "reopen",
            COMPLETED,
            VisitStatus.IN_PROGRESS,
            "audits.reopen_visit",
            "open a completed visit again",
            not_from=_said(ONLY_COMPLETED),
        ),
        # What happens to the visit when who moderates its report returns it.
        Transition(
            "send-back",
            COMPLETED,
            VisitStatus.IN_PROGRESS,
            "audits.moderate_audit",
            "return an audit to its officer",
            not_from=_said(ONLY_COMPLETED),
        ),
    ),
)
