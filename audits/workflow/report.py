"""The lifecycle of an audit's report: drafted, moderated, with the provider, final. What the
council leaves out is skipped.

Which steps there are is the council's procedure: `drafting` and `moderating` name the transition
that it gives. Source: the council's own policy, and its rule that nobody moderates their own audit.
"""

from datetime import datetime
from typing import Any

from audits.models import AuditReport, Procedure, ReportStatus
from audits.workflow.sentences import in_other_states
from core.workflow import NotAllowed, Transition, Workflow

RECORD = "audits.record_visit"
MODERATE = "audits.moderate_audit"
WITH_PROVIDER = (ReportStatus.WITH_PROVIDER,)
OPENED_AGAIN = "The visit has been reopened. Complete it before you go on."
NOT_MADE_BY = "You made this audit, so another senior officer must moderate it."
NOT_IN_MODERATION = in_other_states(
    ReportStatus, "This report is not waiting for moderation. Its stage is: {state}."
)
MODERATE_FIRST = "A senior officer must moderate the audit first."
ALREADY_FINAL = "The rating is already final."
NOT_WITH_PROVIDER: dict[str, str] = {
    ReportStatus.MODERATION: MODERATE_FIRST,
    ReportStatus.RETURNED: OPENED_AGAIN,
    ReportStatus.TO_SEND: "Send the draft to the provider first.",
    ReportStatus.FINAL: ALREADY_FINAL,
}


def visit_is_completed(report: AuditReport, by: Any, now: datetime | None) -> None:
    """While the visit is open its answers change, and what the provider was sent with them.

    Raises `NotAllowed`: `opened-again`.
    """
    if not report.visit.is_completed:
        raise NotAllowed("opened-again", OPENED_AGAIN)


def not_by_its_officer(report: AuditReport, by: Any, now: datetime | None) -> None:
    """The officer whose visit it was does not moderate it, whoever completed it.

    Raises `NotAllowed`: `same-person`.
    """
    if by is not None and by.pk == report.visit.officer_id:
        raise NotAllowed("same-person", NOT_MADE_BY)


def is_to_be_carried_on(report: AuditReport, by: Any, now: datetime | None) -> None:
    """Once it is final and its plan agreed, nothing of it is in anyone's hands.

    Raises `NotAllowed`: `nothing-left`.
    """
    if report.is_final and not report.has_plan_to_agree:
        raise NotAllowed("nothing-left", "This report is final, so there is nothing to hand over.")


def _drafted(name: str, again: str, target: ReportStatus) -> tuple[Transition, Transition]:
    """Completing the visit drafts its report; when it was opened again, from wherever the report
    had come to.
    """
    words = "draft a report"
    return (
        # By nobody: completing the visit asked its own right.
        Transition(name, (), target, "", words, automatic=True),
        Transition(again, tuple(ReportStatus), target, "", words, automatic=True),
    )


def _moderated(name: str, target: ReportStatus, words: str) -> Transition:
    return Transition(
        name,
        (ReportStatus.MODERATION,),
        target,
        MODERATE,
        words,
        not_by=("drafted_by",),
        same_person=NOT_MADE_BY,
        guards=(visit_is_completed, not_by_its_officer),
        not_from=NOT_IN_MODERATION,
    )


def _heard(name: str, target: ReportStatus | None, words: str) -> Transition:
    return Transition(
        name,
        WITH_PROVIDER,
        target,
        RECORD,
        words,
        guards=(visit_is_completed,),
        not_from=NOT_WITH_PROVIDER,
    )


REPORT = Workflow(
    "audit-report",
    AuditReport,
    "status",
    ReportStatus,
    (
        *_drafted("draft", "draft-again", ReportStatus.MODERATION),
        *_drafted("draft-to-send", "draft-again-to-send", ReportStatus.TO_SEND),
        *_drafted("draft-as-final", "draft-again-as-final", ReportStatus.FINAL),
        _moderated("moderate", ReportStatus.TO_SEND, "moderate an audit"),
        # Where the council does not show its drafts to the provider.
        _moderated("moderate-as-final", ReportStatus.FINAL, "moderate an audit"),
        _moderated("return", ReportStatus.RETURNED, "return an audit to its officer"),
        Transition(
            "send",
            (ReportStatus.TO_SEND,),
            ReportStatus.WITH_PROVIDER,
            RECORD,
            "send a draft to the provider",
            guards=(visit_is_completed,),
            not_from={
                ReportStatus.MODERATION: MODERATE_FIRST,
                ReportStatus.RETURNED: OPENED_AGAIN,
                ReportStatus.WITH_PROVIDER: "The draft is already with the provider.",
                ReportStatus.FINAL: ALREADY_FINAL,
            },
        ),
        _heard("record-no-comments", None, "record what the provider says"),
        _heard("record-provider-comment", None, "record what the provider says"),
        _heard("answer-provider-comment", None, "answer what the provider says"),
        _heard("finalise", ReportStatus.FINAL, "make a rating final"),
        Transition(
            "hand-over",
            tuple(ReportStatus),
            None,
            "audits.plan_programme",
            "hand over a report",
            guards=(is_to_be_carried_on,),
        ),
        Transition(
            "agree-plan",
            (ReportStatus.FINAL,),
            None,
            RECORD,
            "agree an action plan",
            not_from=in_other_states(
                ReportStatus, "Make the rating final before you agree the action plan."
            ),
        ),
    ),
)


def drafting(procedure: Procedure, *, again: bool) -> str:
    """The transition with which a report begins, or begins again."""
    after = "" if procedure.moderated else "-to-send" if procedure.factual_accuracy else "-as-final"
    return f"draft-again{after}" if again else f"draft{after}"


def moderating(procedure: Procedure) -> str:
    """The transition with which a senior officer confirms or changes the outcome."""
    return "moderate" if procedure.factual_accuracy else "moderate-as-final"
