"""What the steps from the officer's draft to the final rating and the plan ask beside the report's
stage, and what they set.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from audits.models import (
    NEEDS_PLAN,
    AuditReport,
    Finding,
    Procedure,
    ProviderComment,
    Visit,
    VisitOutcome,
)
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
    """Raises `NotAllowed`: `reason-missing`."""
    if outcome != report.drafted_outcome and not note.strip():
        raise NotAllowed("reason-missing", "Say why the outcome differs from the draft.", "note")


def check_sent_on(sent_on: date, drafted_on: date, today: date) -> None:
    """Raises `NotAllowed`: `in-future` or `before-drafted`."""
    if sent_on > today:
        raise NotAllowed("in-future", "It cannot have been sent in the future.", "sent_on")
    if sent_on < drafted_on:
        raise NotAllowed(
            "before-drafted", "It cannot have been sent before the audit was completed.", "sent_on"
        )


def check_received_on(report: AuditReport, received_on: date, today: date) -> None:
    """Raises `NotAllowed`: `not-since-sent`."""
    if received_on > today or (report.sent_on and received_on < report.sent_on):
        raise NotAllowed(
            "not-since-sent",
            "It was received between the day on which the draft was sent and today.",
            "received_on",
        )


def check_unanswered(provider_comment: ProviderComment) -> None:
    """Raises `NotAllowed`: `already-answered`."""
    if provider_comment.answered_at is not None:
        raise NotAllowed("already-answered", "This point has been answered already.")


def check_heard(report: AuditReport, unanswered: int, today: date) -> None:
    """Whether the provider has had its say.

    Raises `NotAllowed`: `points-unanswered` or `may-comment`.
    """
    if unanswered:
        verb = "is" if unanswered == 1 else "are"
        raise NotAllowed(
            "points-unanswered", f"{unanswered} of the provider’s points {verb} not answered yet."
        )
    if (
        report.comments_by is not None
        and today <= report.comments_by
        and report.no_comments_on is None
    ):
        raise NotAllowed(
            "may-comment",
            f"The provider may comment until {day_in_words(report.comments_by)}. "
            "Record that it has nothing to add if it says so earlier.",
        )


def check_final(drafted: str, outcome: str, reason: str) -> None:
    """Whether the outcome that the provider saw may become that one.

    Raises `NotAllowed`: `reason-missing`.
    """
    if outcome != drafted and not reason.strip():
        raise NotAllowed(
            "reason-missing",
            "Say why the final outcome differs from the draft that the provider saw.",
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
        raise NotAllowed("no-plan-needed", "This outcome needs no action plan.")
    if report.plan_agreed_on is not None:
        raise NotAllowed("already-agreed", "The action plan has been agreed already.")
    bare = sum(not finding.actions.all() for finding in findings)
    if bare and procedure.every_finding_has_action:
        raise NotAllowed(
            "finding-without-action",
            f"{bare} finding{' has' if bare == 1 else 's have'} no action yet.",
        )
    if not any(finding.actions.all() for finding in findings):
        raise NotAllowed(
            "no-action", "There is no action yet. Add what was found and agree what puts it right."
        )
