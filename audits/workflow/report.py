"""The lifecycle of an audit's report: drafted, moderated, with the provider, final. What the
council leaves out is skipped.

Which steps there are is the council's procedure: `drafting` and `moderating` name the transition
that it gives. Source: the council's own policy, and its rule that nobody moderates their own audit.
"""

from datetime import datetime
from typing import Any

from audits.models import AuditReport, Procedure, ReportReview, ReportStatus
from audits.workflow.reading import check_read
from audits.workflow.sentences import in_other_states
from core.workflow import NotAllowed, Transition, Workflow

RECORD = "audits.record_visit"
MODERATE = "audits.moderate_audit"
WITH_PROVIDER = (ReportStatus.WITH_PROVIDER,)
OPENED_AGAIN = "The visit has been reopened. Complete it before you go on."
NOT_MADE_BY = "You made this audit, so another senior officer must moderate it."
DECIDED_BY_ANOTHER = (
    "You made this audit, so only a senior officer who did not can give another outcome or change"
    " the report."
)
REVIEW_DECIDES = "The report is with a reviewer. Wait for the reviewer’s decision."
NOT_THE_REVIEWER = "Only the reviewer can decide this review."
REVIEW_STANDS = (
    "A reviewer decided this outcome. Make it final as it stands, or ask for another review."
)
NOT_IN_MODERATION = in_other_states(
    ReportStatus, "This report is not waiting for moderation. Its stage is: {state}."
)
MODERATE_FIRST = "A senior officer must moderate the audit first."
ALREADY_FINAL = "The rating is already final."
NOT_WITH_PROVIDER: dict[str, str] = {
    ReportStatus.MODERATION: MODERATE_FIRST,
    ReportStatus.RETURNED: OPENED_AGAIN,
    ReportStatus.TO_SEND: "Send the draft to the provider first.",
    ReportStatus.REVIEW: REVIEW_DECIDES,
    ReportStatus.FINAL: ALREADY_FINAL,
}
# Whoever completed the visit and whoever's it was: constraints hold these two.
MAKERS = ("drafted_by", "made_by")


def visit_is_completed(report: AuditReport, by: Any, now: datetime | None) -> None:
    """While the visit is open its answers change, and what the provider was sent with them.

    Raises `NotAllowed`: `opened-again`.
    """
    if not report.visit.is_completed:
        raise NotAllowed("opened-again", OPENED_AGAIN)


def took_part(report: AuditReport, by: Any) -> bool:
    """Whether somebody made the audit: its officer, whoever completed it, and whoever answered a
    question or recorded a finding of it before it was drafted.
    """
    if by.pk in (report.made_by_id, report.drafted_by_id, report.visit.officer_id):
        return True
    visit, until = report.visit, report.drafted_at
    return (
        visit.answers.filter(saved_by=by.pk, saved_at__lte=until).exists()
        or visit.findings.filter(recorded_by=by.pk, recorded_at__lte=until).exists()
    )


def did_not_moderate_own(report: AuditReport, by: Any, now: datetime | None) -> None:
    """Whoever took part in the visit does not moderate it.

    Raises `NotAllowed`: `same-person`.
    """
    if by is not None and took_part(report, by):
        raise NotAllowed("same-person", NOT_MADE_BY)


def is_to_be_carried_on(report: AuditReport, by: Any, now: datetime | None) -> None:
    """Once it is final and its plan agreed, nothing of it is in anyone's hands.

    Raises `NotAllowed`: `nothing-left`.
    """
    if report.is_final and not report.has_plan_to_agree:
        raise NotAllowed("nothing-left", "This report is final, so there is nothing to hand over.")


def did_not_make_it(report: AuditReport, by: Any, now: datetime | None) -> None:
    """Whoever took part in the visit changes neither its outcome nor its report alone.

    Raises `NotAllowed`: `same-person`.
    """
    if by is not None and took_part(report, by):
        raise NotAllowed("same-person", DECIDED_BY_ANOTHER)


def open_review(report: AuditReport) -> ReportReview | None:
    """The review that waits for its reviewer, if one."""
    return report.reviews.filter(decided_at=None, ended_at=None).first()


def is_the_reviewer(report: AuditReport, by: Any, now: datetime | None) -> None:
    """A review is decided by whoever was asked, who had no part in the report.

    Raises `NotAllowed`: `not-the-reviewer`.
    """
    review = open_review(report)
    if by is not None and (review is None or review.reviewer_id != by.pk):
        raise NotAllowed("not-the-reviewer", NOT_THE_REVIEWER)


def no_review_decided(report: AuditReport, by: Any, now: datetime | None) -> None:
    """What a reviewer decided is not changed by anybody else.

    Raises `NotAllowed`: `review-decided`.
    """
    decided = report.reviews.filter(decided_at__isnull=False, asked_at__gte=report.drafted_at)
    last = decided.first()
    if by is not None and last is not None and last.reviewer_id != by.pk:
        raise NotAllowed("review-decided", REVIEW_STANDS)


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


def _moderated(
    name: str, target: ReportStatus, words: str, *, needs_seen: bool = True
) -> Transition:
    return Transition(
        name,
        (ReportStatus.MODERATION,),
        target,
        MODERATE,
        words,
        not_by=MAKERS,
        same_person=NOT_MADE_BY,
        guards=(visit_is_completed, did_not_moderate_own),
        not_from=NOT_IN_MODERATION,
        needs_seen=needs_seen,
    )


def _heard(
    name: str, target: ReportStatus | None, words: str, *, needs_seen: bool = False
) -> Transition:
    return Transition(
        name,
        WITH_PROVIDER,
        target,
        RECORD,
        words,
        guards=(visit_is_completed,),
        not_from=NOT_WITH_PROVIDER,
        needs_seen=needs_seen,
    )


def _departed(
    name: str, target: ReportStatus | None, words: str, *, needs_seen: bool = False
) -> Transition:
    """A step that changes what a moderated report says: by nobody who made the audit."""
    return Transition(
        name,
        WITH_PROVIDER,
        target,
        MODERATE,
        words,
        not_by=MAKERS,
        same_person=DECIDED_BY_ANOTHER,
        guards=(visit_is_completed, did_not_make_it, no_review_decided),
        not_from=NOT_WITH_PROVIDER,
        needs_seen=needs_seen,
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
        _moderated(
            "return", ReportStatus.RETURNED, "return an audit to its officer", needs_seen=False
        ),
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
                ReportStatus.REVIEW: REVIEW_DECIDES,
                ReportStatus.FINAL: ALREADY_FINAL,
            },
        ),
        # A corrected draft, one whose email failed, or the final report.
        Transition(
            "send-again",
            (ReportStatus.WITH_PROVIDER, ReportStatus.FINAL),
            None,
            RECORD,
            "send a report to the provider",
            guards=(visit_is_completed,),
            not_from=NOT_WITH_PROVIDER,
        ),
        _heard("record-no-comments", None, "record what the provider says"),
        _heard("record-provider-comment", None, "record what the provider says"),
        _heard("answer-provider-comment", None, "answer what the provider says"),
        _departed("correct", None, "correct a report"),
        _heard("finalise", ReportStatus.FINAL, "make a rating final", needs_seen=True),
        _departed(
            "finalise-otherwise", ReportStatus.FINAL, "give another outcome", needs_seen=True
        ),
        _heard("ask-review", ReportStatus.REVIEW, "ask for a review of a report"),
        Transition(
            "change-reviewer",
            (ReportStatus.REVIEW,),
            None,
            RECORD,
            "ask another reviewer",
            guards=(visit_is_completed,),
            not_from=in_other_states(ReportStatus, "This report is not with a reviewer."),
        ),
        Transition(
            "decide-review",
            (ReportStatus.REVIEW,),
            ReportStatus.WITH_PROVIDER,
            MODERATE,
            "decide a review of a report",
            not_by=(*MAKERS, "moderated_by"),
            same_person=NOT_THE_REVIEWER,
            guards=(visit_is_completed, is_the_reviewer),
            not_from=in_other_states(ReportStatus, "This report is not with a reviewer."),
            needs_seen=True,
        ),
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
    check_seen=check_read,
)


def drafting(procedure: Procedure, *, again: bool) -> str:
    """The transition with which a report begins, or begins again."""
    after = "" if procedure.moderated else "-to-send" if procedure.factual_accuracy else "-as-final"
    return f"draft-again{after}" if again else f"draft{after}"


def moderating(procedure: Procedure) -> str:
    """The transition with which a senior officer confirms or changes the outcome."""
    return "moderate" if procedure.factual_accuracy else "moderate-as-final"
