"""The steps from an officer's draft to the final rating, the action plan, the next audit and the
band.

Source: the council's own policy (`Procedure`); the provider's check of factual accuracy follows
CQC's practice. Everything here is exempt (Local Government Act 1972, Schedule 12A) until an outcome
is marked public.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from audits.actions import bands
from audits.actions.corrections import CorrectionInput, send_back
from audits.actions.report_rows import locked, record, score_now, set_outcome, stand
from audits.models import AuditReport, Procedure, ReportSending, ReviewMeeting, Visit, VisitKind
from audits.permissions import READ
from audits.rules import reports
from audits.workflow.report import RECORD, REPORT, drafting, moderating
from audits.workflow.visit import VISIT
from core.models import User
from core.workflow import NotAllowed, requires


@dataclass(frozen=True)
class ModerateInput:
    """The outcome that a senior officer puts in the place of the draft's, and why; an empty one
    lets the draft's stand. `seen` is the report that was read (`workflow.reading.token`).
    """

    outcome: str = ""
    note: str = ""
    seen: str = ""


@dataclass(frozen=True)
class ReturnInput:
    """What the officer must look at again."""

    reason: str


@dataclass(frozen=True)
class FinaliseInput:
    """The final outcome, with a reason where it is another than the provider saw. `seen` is the
    report that was read (`workflow.reading.token`).
    """

    outcome: str
    reason: str = ""
    seen: str = ""


@requires(VISIT["complete"], *READ)
@transaction.atomic
def open_report(visit: Visit, *, by: User, now: datetime) -> AuditReport | None:
    """Begin the report of an audit that was just completed, in the transaction that completes it;
    None for a visit without one. Where the council has neither moderation nor a check by the
    provider, the rating is final at once.

    Raises `NotAllowed`: `permission-missing`, and `no-score` of `bands.set_band`.
    """
    # A visit without a score has nothing to report; a standard beside an audit goes with its audit.
    if not visit.outcome or visit.beside_id:
        return None
    procedure = Procedure.current()
    found = AuditReport.objects.filter(visit=visit).first()
    report = found or AuditReport(visit=visit)
    if found:
        _begin_again(found, by, now)
    # The machine's own step: it follows from completing the visit, whose right has been asked.
    REPORT.apply(report, drafting(procedure, again=found is not None), None, now)
    report.drafted_at, report.drafted_by, report.drafted_outcome = now, by, visit.outcome
    report.made_by = visit.officer
    report.scored_outcome = report.standing_outcome = visit.outcome
    report.cap = score_now(visit).cap
    _plan_meeting(visit, procedure)
    if report.is_final:
        return _make_final(report, procedure, by=by, given=FinaliseInput(visit.outcome), now=now)
    report.save()
    return report


def _begin_again(report: AuditReport, by: User, now: datetime) -> None:
    """An audit that was opened again goes its whole way anew; the event keeps where it had come
    to. The provider's points stay, with their answers: it has read those.
    """
    before = {"status": str(report.status), "outcome": str(report.outcome)}
    for name in ("moderated", "final", "plan_agreed", "sent", "standing", "override"):
        setattr(report, f"{name}_by", None)
    report.moderated_at = report.sent_on = report.comments_by = report.no_comments_on = None
    report.final_on = report.plan_due_on = report.plan_agreed_on = report.next_due_on = None
    report.moderated_outcome = report.moderated_note = report.sent_to = ""
    report.final_outcome = report.final_reason = report.override_reason = ""
    report.decided_alone = False
    # Whoever was asked would decide of answers that are no more.
    report.reviews.filter(decided_at=None, ended_at=None).update(ended_at=now)
    record("audit_report.begun_again", report, by, before=before)


def _plan_meeting(visit: Visit, procedure: Procedure) -> None:
    """The contract review meeting that follows an annual audit of the types of service that the
    council names.
    """
    if visit.kind != VisitKind.ANNUAL or visit.service.service_type not in procedure.meeting_types:
        return
    due_on = visit.day + timedelta(weeks=procedure.meeting_weeks)
    ReviewMeeting.objects.get_or_create(
        visit=visit, defaults={"officer": visit.officer, "due_on": due_on}
    )


@requires(REPORT["moderate"], *READ)
@transaction.atomic
def moderate(report_id: int, *, by: User, given: ModerateInput, now: datetime) -> AuditReport:
    """Confirm the draft's outcome or put another in its place; where the provider sees no draft,
    that is the final rating.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `same-person`, `opened-again`,
    `reason-missing`, `above-cap`, `stale-version`, and `no-score` of `bands.set_band`.
    """
    report = locked(report_id)
    procedure = Procedure.current()
    REPORT.apply(report, moderating(procedure), by, now, given.seen)
    outcome = given.outcome or report.drafted_outcome
    report.cap = score_now(report.visit).cap
    reports.check_moderated(report, outcome, given.note)
    reports.check_within_cap(report, outcome, given.note, "note")
    report.moderated_at, report.moderated_by = now, by
    report.moderated_outcome, report.moderated_note = outcome, given.note
    stand(report, outcome, decided_by=by, reason=given.note)
    record("audit_report.moderated", report, by, after={"outcome": outcome})
    if report.is_final:
        return _make_final(
            report, procedure, by=by, given=FinaliseInput(outcome, given.note), now=now
        )
    report.save()
    return report


@requires(REPORT["return"], *READ)
@transaction.atomic
def return_to_officer(
    report_id: int, *, by: User, given: ReturnInput, now: datetime
) -> AuditReport:
    """Open the visit's answers again because the draft does not stand; completing the visit brings
    it back.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `same-person`, `opened-again`,
    `reason-missing`.
    """
    report = locked(report_id)
    REPORT.apply(report, "return", by, now)
    send_back(report.visit_id, by=by, given=CorrectionInput(given.reason), now=now)
    report.returned_reason = given.reason
    report.save()
    record("audit_report.returned", report, by)
    return report


@requires(REPORT["finalise"], *READ)
@transaction.atomic
def finalise(
    report_id: int, *, by: User, given: FinaliseInput, today: date, now: datetime
) -> AuditReport:
    """Make the rating final: it sets the action plan's day, the day of the next audit and the band.

    What stands may be made final by whoever records visits, its own officer too; another outcome
    only by a person who may moderate and took no part in the visit.

    Raises `NotAllowed`: `permission-missing`, `same-person`, `review-decided`, `wrong-state`,
    `opened-again`, `points-unanswered`, `may-comment`, `not-gone`, `reason-missing`, `above-cap`,
    `finding-without-action`, `stale-version`, and `no-score` of `bands.set_band`.
    """
    report = locked(report_id)
    # Read before the stage is set: it is what the provider saw.
    stood = report.standing_outcome
    try:
        step = "finalise" if given.outcome == stood else "finalise-otherwise"
        REPORT.apply(report, step, by, now, given.seen)
    except NotAllowed as refused:
        # Both are about the outcome that was chosen, not about the step.
        if refused.code in ("same-person", "review-decided") or (
            refused.code == "permission-missing" and by.has_perm(RECORD)
        ):
            raise NotAllowed(refused.code, refused.message, "outcome") from refused
        raise
    reports.check_heard(report, report.provider_comments.filter(answered_at=None).count(), today)
    _check_gone(report)
    reports.check_final(stood, given.outcome, given.reason)
    report.cap = score_now(report.visit).cap
    if given.outcome != stood or not report.has_override:
        reports.check_within_cap(report, given.outcome, given.reason, "reason")
    procedure = Procedure.current()
    if reports.plan_due_on(today, given.outcome, procedure) is None:
        findings = report.visit.findings.prefetch_related("actions")
        reports.check_findings_have_actions(list(findings), procedure)
    if given.outcome != stood:
        stand(report, given.outcome, decided_by=by, reason=given.reason)
    return _make_final(report, procedure, by=by, given=given, now=now, on=today)


def _check_gone(report: AuditReport) -> None:
    drafts = ReportSending.objects.filter(
        file__report=report, file__is_final=False, recorded_at__gte=report.drafted_at
    )
    gone = drafts.not_failed()
    reports.check_gone(report, drafts.count(), gone.count())


def _make_final(
    report: AuditReport,
    procedure: Procedure,
    *,
    by: User,
    given: FinaliseInput,
    now: datetime,
    on: date | None = None,
) -> AuditReport:
    """What follows from a final rating; the report's stage has been set."""
    on = on or timezone.localdate(now)
    report.final_on, report.final_by = on, by
    report.final_outcome, report.final_reason = given.outcome, given.reason
    next_due_on = reports.next_due_on(report.visit.day, given.outcome, procedure)
    report.next_due_on = next_due_on
    report.plan_due_on = reports.plan_due_on(on, given.outcome, procedure)
    report.save()
    set_outcome(report.visit, given.outcome)
    # The band comes last: it reads the outcome that was just set.
    after = {"outcome": given.outcome, "next_due_on": next_due_on.isoformat()}
    record("audit_report.final", report, by, after=after)
    if procedure.banding and report.visit.kind == VisitKind.ANNUAL:
        bands.set_band(report.visit, by=by, on=on, now=now)
    return report


@requires(REPORT["agree-plan"], *READ)
@transaction.atomic
def agree_plan(report_id: int, *, by: User, today: date) -> AuditReport:
    """Record that the action plan is agreed: whose each action is, by when, and every finding with
    one.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `no-plan-needed`, `already-agreed`,
    `finding-without-action`, `no-action`.
    """
    report = locked(report_id)
    REPORT.check(report, "agree-plan", by)
    findings = list(report.visit.findings.prefetch_related("actions"))
    reports.check_plan_agreed(report, findings, Procedure.current())
    report.plan_agreed_on, report.plan_agreed_by = today, by
    report.save()
    record("audit_report.plan_agreed", report, by)
    return report
