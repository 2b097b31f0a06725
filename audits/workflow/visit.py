"""The lifecycle of a visit: planned, in progress, completed, stopped early or cancelled; and what
may be done in which of them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from audits.models import Visit, VisitStatus
from audits.rules import stopping
from audits.workflow.sentences import in_other_states
from core.workflow import NotAllowed, Transition, Workflow

RECORD = "audits.record_visit"
PLAN = "audits.plan_programme"
PLANNED = (VisitStatus.PLANNED,)
IN_PROGRESS = (VisitStatus.IN_PROGRESS,)
COMPLETED = (VisitStatus.COMPLETED,)
WAITING = (*PLANNED, *IN_PROGRESS)
BEGUN = (*IN_PROGRESS, *COMPLETED)
NOT_CANCELLED = (*WAITING, *COMPLETED, VisitStatus.STOPPED)
ALREADY = "This visit is already {state}."
ONLY_COMPLETED = "This visit is {state}. Only a completed visit can be reopened."
NOT_PUBLIC = "Complete the visit before making any of it public."
BEGIN_FIRST = "Begin the visit before {doing}."
STAYS = "This visit is {{state}}, so {what} cannot be changed."
NOT_FOR_A_STANDARD = "A standard can only be begun from an audit that has begun."


def _said(sentence: str, but: Mapping[str, str] | None = None) -> dict[str, str]:
    return in_other_states(VisitStatus, sentence, but)


def outcome_is_no_draft(visit: Visit, by: Any, now: datetime | None) -> None:
    """A draft is exempt until the provider has checked its factual accuracy and it is final.

    Raises `NotAllowed`: `draft-outcome`.
    """
    if visit.is_draft:
        raise NotAllowed(
            "draft-outcome",
            "The outcome is a draft. Make the rating final before making any of it public.",
        )


def has_partners(visit: Visit, by: Any, now: datetime | None) -> None:
    """What was shared belongs to a visit that others made with us.

    Raises `NotAllowed`: `no-partners`.
    """
    if not visit.has_partners:
        raise NotAllowed(
            "no-partners",
            "Only joint visits and Enter and View visits record what was shared.",
        )


def is_main(visit: Visit, by: Any, now: datetime | None) -> None:
    """A standard is begun from the audit, not from another standard begun at it.

    Raises `NotAllowed`: `beside-another`.
    """
    if visit.beside_id:
        raise NotAllowed("beside-another", NOT_FOR_A_STANDARD)


VISIT = Workflow(
    "visit",
    Visit,
    "status",
    VisitStatus,
    (
        Transition("plan", (), VisitStatus.PLANNED, RECORD, "plan a visit"),
        Transition(
            # Whoever draws up the programme plans its visits without the right to record any.
            "book",
            (),
            VisitStatus.PLANNED,
            PLAN,
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
            not_from=_said("This visit is {state}, so its plan cannot be changed."),
        ),
        # Also one in progress: whoever began it may be away or have left, and what was seen stays.
        Transition(
            "hand-over",
            WAITING,
            None,
            PLAN,
            "hand over a visit",
            not_from=_said("This visit is {state}, so it cannot be handed over."),
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
                STAYS.format(what="its answers"),
                {VisitStatus.PLANNED: BEGIN_FIRST.format(doing="recording answers")},
            ),
        ),
        Transition(
            "take-notes",
            IN_PROGRESS,
            None,
            RECORD,
            "take notes at a visit",
            not_from=_said(
                STAYS.format(what="its notes"),
                {VisitStatus.PLANNED: BEGIN_FIRST.format(doing="taking notes")},
            ),
        ),
        Transition(
            "give-feedback",
            IN_PROGRESS,
            None,
            RECORD,
            "give feedback",
            not_from=_said(
                STAYS.format(what="its feedback sheet"),
                {VisitStatus.PLANNED: BEGIN_FIRST.format(doing="giving feedback")},
            ),
        ),
        # The provider may supply documents before the visit.
        Transition(
            "attach",
            WAITING,
            None,
            RECORD,
            "add photographs and documents",
            not_from=_said("This visit is {state}, so files cannot be added."),
        ),
        # In every state: a photograph may show a person who did not agree, also of a completed or
        # a cancelled visit (UK GDPR, right to erasure).
        Transition(
            "withdraw-attachment",
            tuple(VisitStatus),
            None,
            RECORD,
            "withdraw photographs and documents",
        ),
        # In every state: what an officer saw is kept, also when the visit takes no more. It changes
        # nothing that is scored.
        Transition(
            "keep-late",
            tuple(VisitStatus),
            None,
            RECORD,
            "keep late evidence",
        ),
        Transition(
            "raise-risk",
            NOT_CANCELLED,
            None,
            RECORD,
            "record an immediate risk",
            not_from=_said("This visit is cancelled. Record a concern about the service instead."),
        ),
        Transition(
            # Also while it is planned: what was shared before the visit is part of it.
            "record-sharing",
            NOT_CANCELLED,
            None,
            RECORD,
            "record what was shared",
            guards=(has_partners,),
            not_from=_said("This visit is cancelled, so nothing was shared."),
        ),
        Transition(
            "add-companion",
            BEGUN,
            None,
            RECORD,
            "begin a standard beside an audit",
            guards=(is_main,),
            not_from=_said(NOT_FOR_A_STANDARD),
        ),
        Transition(
            "complete",
            IN_PROGRESS,
            VisitStatus.COMPLETED,
            RECORD,
            "complete a visit",
            not_from=_said("This visit is {state}. Only a visit in progress can be completed."),
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
                        "This visit has begun, so it cannot be cancelled. Complete it, or stop it"
                        " early."
                    )
                },
            ),
        ),
        Transition(
            # A home tapped by mistake, or the wrong day.
            "undo-begin",
            IN_PROGRESS,
            VisitStatus.PLANNED,
            RECORD,
            "take back that a visit began",
            guards=(stopping.nothing_is_recorded,),
            not_from=_said("This visit is {state}. Only a visit in progress can be taken back."),
        ),
        Transition(
            "stop",
            IN_PROGRESS,
            VisitStatus.STOPPED,
            RECORD,
            "stop a visit early",
            guards=(stopping.was_never_completed,),
            not_from=_said("This visit is {state}. Only a visit in progress can be stopped."),
        ),
        Transition(
            "correct-day",
            (*BEGUN, VisitStatus.STOPPED),
            None,
            RECORD,
            "correct the day of a visit",
            guards=(stopping.report_is_open,),
            not_from=_said(
                STAYS.format(what="its day"),
                {VisitStatus.PLANNED: "This visit is planned. Change its plan instead."},
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
            "change-finding",
            IN_PROGRESS,
            None,
            RECORD,
            "change what a finding says",
            not_from=_said(STAYS.format(what="its findings")),
        ),
        Transition(
            "reopen",
            COMPLETED,
            VisitStatus.IN_PROGRESS,
            "audits.reopen_visit",
            "reopen a completed visit",
            not_from=_said(ONLY_COMPLETED),
        ),
        # What happens to the visit when the moderator of its report returns it.
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
