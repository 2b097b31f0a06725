"""What the steps from the officer's draft to the final rating and the plan ask beside the report's
stage, and what they set.

Source: the council's own policy, which `Procedure` holds.
"""

from calendar import monthrange
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from audits.models import (
    NEEDS_PLAN,
    Action,
    AuditReport,
    Finding,
    Procedure,
    ProviderComment,
    Visit,
    VisitOutcome,
)
from audits.rules import scoring
from audits.rules.words import not_before, not_in_future
from core.dates import day_in_words
from core.workflow import NotAllowed


def may_see_rating(visit: Visit, procedure: Procedure) -> bool:
    """Whether the rating so far may be shown: always once the draft is complete, before that where
    the council allows it.
    """
    return visit.is_completed or not procedure.rating_hidden


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the last of a month that is shorter."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def next_due_on(visited_on: date, outcome: str, procedure: Procedure) -> date:
    """When the next audit is due: so many months after the visit as its final outcome gives."""
    return add_months(visited_on, procedure.months_after(outcome))


def plan_due_on(final_on: date, outcome: str, procedure: Procedure) -> date | None:
    """By when an action plan is to be agreed; None when the outcome needs none."""
    if not procedure.plan_needed or VisitOutcome(outcome) not in NEEDS_PLAN:
        return None
    return final_on + timedelta(days=procedure.plan_days)


def check_moderated(report: AuditReport, outcome: str, note: str) -> None:
    """Whether a senior officer's outcome that differs from the draft has its reason.

    Raises `NotAllowed`: `reason-missing`.
    """
    if outcome != report.drafted_outcome and not note.strip():
        raise NotAllowed("reason-missing", "Enter why the outcome differs from the draft.", "note")


def check_within_cap(report: AuditReport, outcome: str, reason: str, field: str) -> None:
    """Whether an outcome is within what the answers allow, or has a reason to go above it.

    Raises `NotAllowed`: `above-cap`.
    """
    if is_above_cap(report, outcome) and not reason.strip():
        cap = VisitOutcome(report.cap).label
        raise NotAllowed(
            "above-cap",
            f"The answers allow no better than {cap}. Enter why the outcome is above that. The"
            " report prints your reason.",
            field,
        )


def is_above_cap(report: AuditReport, outcome: str) -> bool:
    """Whether an outcome is better than the answers of a critical question or a section allow."""
    return bool(report.cap) and scoring.better(VisitOutcome(outcome), VisitOutcome(report.cap))


def outcome_after(report: AuditReport, scored: scoring.Score) -> str:
    """What stands once the answers give another score: the new outcome where the one that stood was
    the score's own, or where it would be above what the answers now allow without anybody having
    decided that; else what stood, which a person had decided.
    """
    if scored.outcome is None:
        return report.standing_outcome
    if report.standing_outcome == report.scored_outcome:
        return scored.outcome.value
    above = bool(scored.cap) and scoring.better(
        VisitOutcome(report.standing_outcome), VisitOutcome(scored.cap)
    )
    return scored.outcome.value if above and not report.has_override else report.standing_outcome


def check_upheld(comment: ProviderComment, upheld: bool, nothing_changes: bool) -> None:
    """Whether an answer agrees with what was done: a point that is upheld has changed the report,
    or says that nothing changes.

    Raises `NotAllowed`: `nothing-corrected` or `corrected`.
    """
    corrected = comment.corrections.exists()
    if upheld and not corrected and not nothing_changes:
        raise NotAllowed(
            "nothing-corrected",
            "Correct the finding or the answer first, or confirm that nothing in the report"
            " changes.",
            "upheld",
        )
    if corrected and not upheld:
        raise NotAllowed(
            "corrected",
            "The report was corrected because of this point, so the point is upheld.",
            "upheld",
        )


def check_reviewer(report: AuditReport, reviewer_id: int, able: Collection[int]) -> None:
    """Whether that person had no part in the report and may review it.

    Raises `NotAllowed`: `not-uninvolved`.
    """
    if reviewer_id not in able:
        raise NotAllowed(
            "not-uninvolved",
            "Select a senior officer who had no part in this audit.",
            "reviewer",
        )


def check_gone(report: AuditReport, files: int, gone: int) -> None:
    """Whether a version of the draft has gone to the provider, and did not fail.

    Raises `NotAllowed`: `not-gone`.
    """
    if files and not gone:
        raise NotAllowed(
            "not-gone",
            "The email with the draft has not been sent. Send the draft again before you make the"
            " rating final.",
        )


def check_sent_on(sent_on: date, drafted_on: date, today: date) -> None:
    """Whether the draft can have gone to the provider on that day.

    Raises `NotAllowed`: `in-future` or `before-drafted`.
    """
    if sent_on > today:
        raise NotAllowed("in-future", not_in_future("The date the draft was sent"), "sent_on")
    if sent_on < drafted_on:
        raise NotAllowed(
            "before-drafted",
            not_before("The audit was completed", drafted_on),
            "sent_on",
        )


def check_received_on(report: AuditReport, received_on: date, today: date) -> None:
    """Whether a point can have come from the provider on that day.

    Raises `NotAllowed`: `not-since-sent`.
    """
    if received_on > today or (report.sent_on and received_on < report.sent_on):
        raise NotAllowed(
            "not-since-sent",
            "The date must be between the day the draft was sent and today.",
            "received_on",
        )


def check_unanswered(provider_comment: ProviderComment) -> None:
    """Whether a point still waits for its answer: what the provider has read is not rewritten.

    Raises `NotAllowed`: `already-answered`.
    """
    if provider_comment.answered_at is not None:
        raise NotAllowed("already-answered", "This point has already been answered.")


def check_heard(report: AuditReport, unanswered: int, today: date) -> None:
    """Whether the provider has had its say.

    Raises `NotAllowed`: `points-unanswered` or `may-comment`.
    """
    if unanswered:
        points = "1 point" if unanswered == 1 else f"{unanswered} points"
        raise NotAllowed(
            "points-unanswered",
            f"Answer {points} from the provider before you make the rating final.",
        )
    # The last day is the provider's too: only the day after it is over.
    if (
        report.comments_by is not None
        and today <= report.comments_by
        and report.no_comments_on is None
    ):
        raise NotAllowed(
            "may-comment",
            f"The provider can comment until {day_in_words(report.comments_by)}. If it says before"
            " then that it has nothing to add, record that.",
        )


def check_final(drafted: str, outcome: str, reason: str) -> None:
    """Whether the outcome that the provider saw may become that one.

    Raises `NotAllowed`: `reason-missing`.
    """
    if outcome != drafted and not reason.strip():
        raise NotAllowed(
            "reason-missing",
            "Enter why the final rating differs from the draft that the provider saw.",
            "reason",
        )


def check_plan_agreed(
    report: AuditReport, findings: Sequence[Finding], procedure: Procedure
) -> None:
    """Whether the action plan can be agreed; `findings` with their actions prefetched.

    Raises `NotAllowed`: `no-plan-needed`, `already-agreed`, `finding-without-action` or
    `no-action`.
    """
    if report.plan_due_on is None:
        raise NotAllowed("no-plan-needed", "This outcome does not need an action plan.")
    if report.plan_agreed_on is not None:
        raise NotAllowed("already-agreed", "The action plan is already agreed.")
    # A finding without an action is nobody's to put right: most councils want one for each.
    bare = sum(not _standing_actions(finding) for finding in findings)
    if bare and procedure.every_finding_has_action:
        findings_bare = "1 finding has" if bare == 1 else f"{bare} findings have"
        raise NotAllowed(
            "finding-without-action", f"{findings_bare} no action yet. Agree one for each finding."
        )
    # Also where the council does not ask for an action for each finding: a plan has at least one.
    if not any(_standing_actions(finding) for finding in findings):
        raise NotAllowed(
            "no-action", "The plan has no action yet. Add a finding and agree an action on it."
        )


def check_findings_have_actions(findings: Sequence[Finding], procedure: Procedure) -> None:
    """Whether a final report leaves no finding without its action, whatever the outcome is; one
    that needs a plan gets them with the plan. `findings` with their actions prefetched.

    Raises `NotAllowed`: `finding-without-action`.
    """
    bare = sum(not _standing_actions(finding) for finding in findings)
    if bare and procedure.every_finding_has_action:
        raise NotAllowed(
            "finding-without-action",
            f"{'1 finding has' if bare == 1 else f'{bare} findings have'} no action yet. Agree one"
            " for each finding before you make the rating final.",
        )


def _standing_actions(finding: Finding) -> list[Action]:
    return [action for action in finding.actions.all() if not action.is_withdrawn]
