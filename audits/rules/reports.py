"""When a step from the officer's draft to the final rating and the plan is refused, and what each step sets."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from audits.models import (
    NEEDS_PLAN,
    Finding,
    Procedure,
    Report,
    ReportStage,
    Representation,
    Visit,
    VisitOutcome,
)
from carequality.models import User


def first_stage(procedure: Procedure) -> ReportStage | None:
    """Where the report of an audit begins; None when the council has none of the steps, and the draft is final at once."""
    if procedure.moderated:
        return ReportStage.MODERATION
    return after_moderation(procedure)


def after_moderation(procedure: Procedure) -> ReportStage | None:
    return ReportStage.TO_SEND if procedure.factual_accuracy else None


def may_see_rating(visit: Visit, procedure: Procedure) -> bool:
    """Whether the rating so far may be shown: always once the draft is complete, before that where the council allows it."""
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


OPENED_AGAIN = "The visit has been opened again. Complete it first."


def why_not_moderate(report: Report, by: User, outcome: str = "", note: str = "") -> str | None:
    if not report.visit.is_completed:
        return OPENED_AGAIN
    if report.stage != ReportStage.MODERATION:
        return f"This report is not waiting for moderation: {report.get_stage_display().lower()}."
    if by.pk in (report.drafted_by_id, report.visit.officer_id):
        return "Someone else must moderate an audit that you made."
    if outcome and outcome != report.drafted_outcome and not note.strip():
        return "Say why the outcome differs from the draft."
    return None


def why_not_send(report: Report) -> str | None:
    if not report.visit.is_completed:
        return OPENED_AGAIN
    if report.stage == ReportStage.MODERATION:
        return "A senior officer has not moderated it yet."
    if report.stage != ReportStage.TO_SEND:
        return f"This report is {report.get_stage_display().lower()} already."
    return None


def why_not_hear(report: Report) -> str | None:
    """Why the provider's word on the draft cannot be recorded."""
    if not report.visit.is_completed:
        return OPENED_AGAIN
    if report.stage != ReportStage.WITH_PROVIDER:
        return "The draft is not with the provider."
    return None


def why_not_answer_representation(representation: Representation) -> str | None:
    if representation.answered_at is not None:
        return "This point has been answered already."
    return why_not_hear(representation.report)


def why_not_finalise(
    report: Report, unanswered: int, today: date, outcome: str = "", reason: str = ""
) -> str | None:
    if why_not := why_not_hear(report):
        return why_not
    if unanswered:
        return f"{unanswered} of the provider’s points {'is' if unanswered == 1 else 'are'} not answered yet."
    if report.comments_by is not None and today <= report.comments_by and report.no_comments_on is None:
        return (
            f"The provider may comment until {report.comments_by:%-d %B %Y}. "
            "Record that it has nothing to add if it says so earlier."
        )
    if outcome and outcome != report.outcome and not reason.strip():
        return "Say why the final outcome differs from the draft that the provider saw."
    return None


def why_not_agree_plan(report: Report, findings: Sequence[Finding], procedure: Procedure) -> str | None:
    """`findings` with their actions prefetched."""
    if report.plan_due_on is None:
        return "This outcome needs no action plan."
    if report.plan_agreed_on is not None:
        return "The action plan has been agreed already."
    bare = sum(not finding.actions.all() for finding in findings)
    if bare and procedure.every_finding_has_action:
        return f"{bare} finding{' has' if bare == 1 else 's have'} no action yet."
    if not any(finding.actions.all() for finding in findings):
        return "There is no action yet. Add what was found and agree what puts it right."
    return None
