"""The steps from an officer's draft to the final rating, the action plan, the next audit and the
band.

Source: the council's own policy (`Procedure`); the provider's check of factual accuracy follows
CQC's practice. Everything here is exempt (Local Government Act 1972, Schedule 12A) until an outcome
is marked public.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from audits.actions import bands
from audits.actions.corrections import CorrectionInput, send_back
from audits.models import (
    AuditReport,
    Procedure,
    ProviderComment,
    ReviewMeeting,
    Visit,
    VisitKind,
)
from audits.permissions import READ
from audits.rules import reports
from audits.workflow.report import REPORT, drafting, moderating
from audits.workflow.visit import VISIT
from core import events
from core.locking import lock
from core.models import User
from core.workflow import requires


@dataclass(frozen=True)
class ModerateInput:
    """The outcome that a senior officer puts in the place of the draft's, and why; an empty one
    lets the draft's stand.
    """

    outcome: str = ""
    note: str = ""


@dataclass(frozen=True)
class ReturnInput:
    """What the officer must look at again."""

    reason: str


@dataclass(frozen=True)
class SendInput:
    """When the draft went to the provider, and to which post."""

    sent_on: date
    sent_to: str


@dataclass(frozen=True)
class ProviderCommentInput:
    """One point of what the provider says, and the question that it is about, if one."""

    point: str
    received_on: date
    question_id: int | None = None


@dataclass(frozen=True)
class ProviderCommentAnswerInput:
    """Whether the council upholds a point, and what it answers."""

    upheld: bool
    answer: str


@dataclass(frozen=True)
class FinaliseInput:
    """The final outcome, with a reason where it is another than the provider saw."""

    outcome: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ProcedureInput:
    """The council's steps from a score to a plan, as `Procedure` keeps them."""

    rating_hidden: bool
    moderated: bool
    factual_accuracy: bool
    factual_accuracy_days: int
    plan_needed: bool
    plan_days: int
    every_finding_has_action: bool
    months_excellent: int
    months_good: int
    months_requires_improvement: int
    months_poor: int
    meeting_types: Sequence[str]
    meeting_weeks: int
    banding: bool
    offline_hours: int = 72
    offline_passphrase: bool = False


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
        _begin_again(found, by)
    # The machine's own step: it follows from completing the visit, whose right has been asked.
    REPORT.apply(report, drafting(procedure, again=found is not None), None, now)
    report.drafted_at, report.drafted_by, report.drafted_outcome = now, by, visit.outcome
    _plan_meeting(visit, procedure)
    if report.is_final:
        return _make_final(report, procedure, by=by, given=FinaliseInput(visit.outcome), now=now)
    report.save()
    return report


def _begin_again(report: AuditReport, by: User) -> None:
    """An audit that was opened again goes its whole way anew; the event keeps where it had come
    to. The provider's points stay, with their answers: it has read those.
    """
    before = {"status": str(report.status), "outcome": str(report.outcome)}
    for name in ("moderated", "final", "plan_agreed", "sent"):
        setattr(report, f"{name}_by", None)
    report.moderated_at = report.sent_on = report.comments_by = report.no_comments_on = None
    report.final_on = report.plan_due_on = report.plan_agreed_on = report.next_due_on = None
    report.moderated_outcome = report.moderated_note = report.sent_to = ""
    report.final_outcome = report.final_reason = ""
    _record("audit_report.begun_again", report, by, before=before)


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
    `reason-missing`, and `no-score` of `bands.set_band`.
    """
    report = _locked(report_id)
    procedure = Procedure.current()
    REPORT.apply(report, moderating(procedure), by, now)
    outcome = given.outcome or report.drafted_outcome
    reports.check_moderated(report, outcome, given.note)
    report.moderated_at, report.moderated_by = now, by
    report.moderated_outcome, report.moderated_note = outcome, given.note
    _set_outcome(report.visit, outcome)
    _record("audit_report.moderated", report, by, after={"outcome": outcome})
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
    report = _locked(report_id)
    REPORT.apply(report, "return", by, now)
    send_back(report.visit_id, by=by, given=CorrectionInput(given.reason), now=now)
    report.returned_reason = given.reason
    report.save()
    _record("audit_report.returned", report, by)
    return report


@requires(REPORT["send"], *READ)
@transaction.atomic
def send_draft(report_id: int, *, by: User, given: SendInput, today: date) -> AuditReport:
    """Record that the draft went to the provider; its days for factual accuracy run from then.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `opened-again`, `in-future`,
    `before-drafted`.
    """
    report = _locked(report_id)
    REPORT.apply(report, "send", by)
    reports.check_sent_on(given.sent_on, timezone.localdate(report.drafted_at), today)
    report.sent_on, report.sent_by, report.sent_to = given.sent_on, by, given.sent_to
    # Kept, not worked out later: a change of the council's days does not move what it promised.
    comments_by = given.sent_on + timedelta(days=Procedure.current().factual_accuracy_days)
    report.comments_by = comments_by
    report.save()
    _record("audit_report.sent", report, by, after={"comments_by": comments_by.isoformat()})
    return report


@requires(REPORT["record-no-comments"], *READ)
@transaction.atomic
def record_no_comments(report_id: int, *, by: User, today: date) -> AuditReport:
    """Record that the provider says it has nothing (more) to add, before its days are over.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `opened-again`.
    """
    report = _locked(report_id)
    REPORT.check(report, "record-no-comments", by)
    report.no_comments_on = today
    report.save()
    _record("audit_report.nothing_to_add", report, by)
    return report


@requires(REPORT["record-provider-comment"], *READ)
@transaction.atomic
def record_provider_comment(
    report_id: int, *, by: User, given: ProviderCommentInput, now: datetime
) -> ProviderComment:
    """Record something that the provider says is not right.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `opened-again`, `not-since-sent`.
    """
    report = _locked(report_id)
    REPORT.check(report, "record-provider-comment", by, now)
    reports.check_received_on(report, given.received_on, timezone.localdate(now))
    made = ProviderComment.objects.create(
        report=report, recorded_at=now, recorded_by=by, **asdict(given)
    )
    _record(
        "audit_report.provider_comment_recorded", report, by, after={"provider_comment": made.pk}
    )
    return made


@requires(REPORT["answer-provider-comment"], *READ)
@transaction.atomic
def answer_provider_comment(
    provider_comment_id: int, *, by: User, given: ProviderCommentAnswerInput, now: datetime
) -> ProviderComment:
    """Record the council's answer to a point, once.

    Raises `NotAllowed`: `permission-missing`, `already-answered`, `wrong-state`, `opened-again`.
    """
    # The point alone is held: two who answer it at once come one after the other, the second is
    # refused.
    found = (
        ProviderComment.objects.select_for_update(of=("self",))
        .select_related("report__visit")
        .get(pk=provider_comment_id)
    )
    reports.check_unanswered(found)
    REPORT.check(found.report, "answer-provider-comment", by, now)
    found.upheld, found.answer, found.answered_at, found.answered_by = (
        given.upheld,
        given.answer,
        now,
        by,
    )
    found.save()
    _record(
        "audit_report.provider_comment_answered",
        found.report,
        by,
        after={"provider_comment": found.pk, "upheld": given.upheld},
    )
    return found


@requires(REPORT["finalise"], *READ)
@transaction.atomic
def finalise(
    report_id: int, *, by: User, given: FinaliseInput, today: date, now: datetime
) -> AuditReport:
    """Make the rating final: it sets the action plan's day, the day of the next audit and the band.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `opened-again`, `points-unanswered`,
    `may-comment`, `reason-missing`, and `no-score` of `bands.set_band`.
    """
    report = _locked(report_id)
    # Read before the stage is set: it is what the provider saw.
    stood = report.outcome
    REPORT.apply(report, "finalise", by, now)
    reports.check_heard(report, report.provider_comments.filter(answered_at=None).count(), today)
    reports.check_final(stood, given.outcome, given.reason)
    return _make_final(report, Procedure.current(), by=by, given=given, now=now, on=today)


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
    _set_outcome(report.visit, given.outcome)
    # The band comes last: it reads the outcome that was just set.
    after = {"outcome": given.outcome, "next_due_on": next_due_on.isoformat()}
    _record("audit_report.final", report, by, after=after)
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
    report = _locked(report_id)
    REPORT.check(report, "agree-plan", by)
    findings = list(report.visit.findings.prefetch_related("actions"))
    reports.check_plan_agreed(report, findings, Procedure.current())
    report.plan_agreed_on, report.plan_agreed_by = today, by
    report.save()
    _record("audit_report.plan_agreed", report, by)
    return report


@requires("audits.change_procedure")
@transaction.atomic
def change_procedure(*, by: User, given: ProcedureInput) -> Procedure:
    """Set the council's steps. Reports under way go on from where they are.

    Raises `NotAllowed`: `permission-missing`.
    """
    # The row is made first, so that there is one to hold; two who change it come one after another.
    Procedure.objects.get_or_create(pk=1)
    procedure = Procedure.objects.select_for_update().get(pk=1)
    values = asdict(given)
    before = {name: str(getattr(procedure, name)) for name in values}
    for name, value in values.items():
        setattr(procedure, name, value)
    procedure.save()
    after = {name: str(value) for name, value in values.items()}
    events.record("audit_procedure.changed", by=by, about=procedure, before=before, after=after)
    return procedure


def _set_outcome(visit: Visit, outcome: str) -> None:
    if visit.outcome != outcome:
        visit.outcome = outcome
        visit.save(update_fields=["outcome"])


def _record(kind: str, report: AuditReport, by: User, **more: Any) -> None:
    events.record(kind, by=by, about=report, service_id=report.visit.service_id, **more)


def _locked(report_id: int) -> AuditReport:
    # The visit is held too: its outcome is set with the report's, and it must not be opened again
    # between the check and the step.
    return lock(AuditReport, report_id, "visit__service", also=("visit",))
