"""A disputed report, looked at again by a senior officer who had no part in it.

Source: the council's own policy; a fair hearing asks for somebody who had not decided before
(common law).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from audits.actions.report_rows import locked, record, score_now, stand
from audits.models import AuditReport, ReportReview
from audits.permissions import READ
from audits.rules import reports
from audits.workflow.report import REPORT, open_review, took_part
from core.models import User
from core.workflow import requires


@dataclass(frozen=True)
class AskReviewInput:
    """What the provider disputes, and who is to look at it."""

    disputed: str
    reviewer_id: int


@dataclass(frozen=True)
class ReviewerInput:
    """Who is to look at it instead."""

    reviewer_id: int


@dataclass(frozen=True)
class ReviewInput:
    """The outcome that the reviewer decides on, and why. `seen` is the report that was read
    (`workflow.reading.token`).
    """

    outcome: str
    reason: str
    seen: str = ""


def uninvolved(report: AuditReport) -> Sequence[User]:
    """Who may review a report: whoever may moderate and neither made the visit, nor moderated it,
    nor answered or corrected anything of it, by name.
    """
    involved = {report.moderated_by_id, report.standing_by_id, report.override_by_id}
    involved |= set(report.provider_comments.values_list("answered_by", flat=True))
    involved |= set(report.corrections.values_list("corrected_by", flat=True))
    return [
        person
        for person in REPORT.who_can(report, "decide-review")
        if person.pk not in involved and person.has_perms(READ) and not took_part(report, person)
    ]


@requires(REPORT["ask-review"], *READ)
@transaction.atomic
def ask_review(report_id: int, *, by: User, given: AskReviewInput, now: datetime) -> ReportReview:
    """Give a disputed report to a senior officer who had no part in it.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `opened-again`, `not-uninvolved`.
    """
    report = locked(report_id)
    REPORT.apply(report, "ask-review", by, now)
    report.save()
    return _asked(report, by, given.disputed, given.reviewer_id, now)


@requires(REPORT["change-reviewer"], *READ)
@transaction.atomic
def change_reviewer(
    report_id: int, *, by: User, given: ReviewerInput, now: datetime
) -> ReportReview:
    """Ask somebody else: the reviewer is away, or had a part in it after all.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `opened-again`, `not-uninvolved`.
    """
    report = locked(report_id)
    REPORT.check(report, "change-reviewer", by, now)
    before = open_review(report)
    assert before is not None, "a report with a reviewer has an open review"
    before.ended_at = now
    before.save()
    return _asked(report, by, before.disputed, given.reviewer_id, now)


def _asked(
    report: AuditReport, by: User, disputed: str, reviewer_id: int, now: datetime
) -> ReportReview:
    reports.check_reviewer(report, reviewer_id, [person.pk for person in uninvolved(report)])
    review = ReportReview.objects.create(
        report=report,
        disputed=disputed,
        asked_at=now,
        asked_by=by,
        reviewer_id=reviewer_id,
        made_by=report.made_by,
        drafted_by=report.drafted_by,
        moderated_by=report.moderated_by,
    )
    record("audit_report.review_asked", report, by, after={"reviewer": reviewer_id})
    return review


@requires(REPORT["decide-review"], *READ)
@transaction.atomic
def decide_review(report_id: int, *, by: User, given: ReviewInput, now: datetime) -> ReportReview:
    """Decide which outcome stands. It goes back to the officer to be made final as it stands.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `same-person`, `not-the-reviewer`,
    `opened-again`, `above-cap`, `stale-version`.
    """
    report = locked(report_id)
    REPORT.apply(report, "decide-review", by, now, given.seen)
    review = open_review(report)
    assert review is not None, "the guard found it"
    report.cap = score_now(report.visit).cap
    reports.check_within_cap(report, given.outcome, given.reason, "reason")
    review.decided_at, review.outcome, review.reason = now, given.outcome, given.reason
    review.save()
    stand(report, given.outcome, decided_by=by, reason=given.reason)
    report.save()
    record("audit_report.review_decided", report, by, after={"outcome": given.outcome})
    return review
