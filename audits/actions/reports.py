"""The steps from an officer's draft to the final rating, the action plan, the next audit and the band."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from audits import rules
from audits.actions import bands
from audits.actions.corrections import reopen
from audits.models import (
    Procedure,
    Question,
    Report,
    ReportStage,
    Representation,
    ReviewMeeting,
    Visit,
    VisitKind,
)
from carequality import events
from carequality.models import User
from carequality.refusals import Refused


def open_report(visit: Visit, *, by: User, now: datetime) -> Report | None:
    """Begin the report of an audit that was just completed, in the transaction that completes it; None for a visit without one."""
    if not visit.outcome or visit.beside_id:
        return None
    procedure = Procedure.current()
    stage = rules.first_stage(procedure)
    report = Report.objects.filter(visit=visit).first() or Report(visit=visit)
    if report.pk:
        _begin_again(report, by)
    report.drafted_at, report.drafted_by, report.drafted_outcome = now, by, visit.outcome
    report.stage = stage or ReportStage.TO_SEND
    report.save()
    _plan_meeting(visit, procedure)
    if stage is None:
        _make_final(report, by=by, outcome=visit.outcome, reason="", on=timezone.localdate(now), now=now)
    return report


def _begin_again(report: Report, by: User) -> None:
    """An audit that was opened again goes its whole way anew; the event keeps where it had come to."""
    before = {"stage": str(report.stage), "outcome": str(report.outcome)}
    for name in ("moderated", "final", "plan_agreed", "sent"):
        setattr(report, f"{name}_by", None)
    report.moderated_at = report.sent_on = report.comments_by = report.no_comments_on = None
    report.final_on = report.plan_due_on = report.plan_agreed_on = report.next_due_on = None
    report.moderated_outcome = report.moderated_note = report.sent_to = ""
    report.final_outcome = report.final_reason = ""
    _record("audit_report.begun_again", report, by, before=before)


def _plan_meeting(visit: Visit, procedure: Procedure) -> None:
    """The contract review meeting that follows an annual audit of the types of service that the council names."""
    if visit.kind != VisitKind.ANNUAL or visit.service.service_type not in procedure.meeting_types:
        return
    due_on = visit.day + timedelta(weeks=procedure.meeting_weeks)
    ReviewMeeting.objects.get_or_create(visit=visit, defaults={"officer": visit.officer, "due_on": due_on})


@transaction.atomic
def moderate(report_id: int, *, by: User, outcome: str, note: str, now: datetime) -> Report:
    """Confirm the draft's outcome or put another in its place."""
    report = _locked(report_id)
    if why_not := rules.why_not_moderate(report, by, outcome, note):
        raise Refused(why_not)
    report.moderated_at, report.moderated_by = now, by
    report.moderated_outcome, report.moderated_note = outcome, note
    stage = rules.after_moderation(Procedure.current())
    report.stage = stage or ReportStage.TO_SEND
    report.save()
    _set_outcome(report.visit, outcome)
    _record("audit_report.moderated", report, by, after={"outcome": outcome})
    if stage is None:
        _make_final(report, by=by, outcome=outcome, reason=note, on=timezone.localdate(now), now=now)
    return report


@transaction.atomic
def return_to_officer(report_id: int, *, by: User, reason: str, now: datetime) -> Report:
    """Open the visit's answers again because the draft does not stand; completing the visit brings it back."""
    report = _locked(report_id)
    if why_not := rules.why_not_moderate(report, by):
        raise Refused(why_not)
    reopen(report.visit_id, by=by, reason=reason, now=now)
    report.stage, report.returned_reason = ReportStage.RETURNED, reason
    report.save()
    _record("audit_report.returned", report, by)
    return report


@transaction.atomic
def send_draft(report_id: int, *, by: User, sent_on: date, sent_to: str, today: date) -> Report:
    """Record that the draft went to the provider; its days for factual accuracy run from then."""
    report = _locked(report_id)
    if why_not := rules.why_not_send(report):
        raise Refused(why_not)
    if sent_on > today:
        raise Refused("It cannot have been sent in the future.")
    if sent_on < timezone.localdate(report.drafted_at):
        raise Refused("It cannot have been sent before the audit was completed.")
    report.stage, report.sent_on, report.sent_by, report.sent_to = (
        ReportStage.WITH_PROVIDER,
        sent_on,
        by,
        sent_to,
    )
    report.comments_by = sent_on + timedelta(days=Procedure.current().factual_accuracy_days)
    report.save()
    _record("audit_report.sent", report, by, after={"comments_by": report.comments_by.isoformat()})
    return report


@transaction.atomic
def record_no_comments(report_id: int, *, by: User, today: date) -> Report:
    """Record that the provider says it has nothing (more) to add, before its days are over."""
    report = _locked(report_id)
    if why_not := rules.why_not_hear(report):
        raise Refused(why_not)
    report.no_comments_on = today
    report.save()
    _record("audit_report.nothing_to_add", report, by)
    return report


@transaction.atomic
def record_representation(
    report_id: int,
    *,
    by: User,
    point: str,
    received_on: date,
    now: datetime,
    question: Question | None = None,
) -> Representation:
    report = _locked(report_id)
    if why_not := rules.why_not_hear(report):
        raise Refused(why_not)
    if received_on > timezone.localdate(now) or (report.sent_on and received_on < report.sent_on):
        raise Refused("It was received between the day on which the draft was sent and today.")
    made = Representation.objects.create(
        report=report,
        question=question,
        received_on=received_on,
        point=point,
        recorded_at=now,
        recorded_by=by,
    )
    _record("audit_report.representation_recorded", report, by, after={"representation": made.pk})
    return made


@transaction.atomic
def answer_representation(
    representation_id: int, *, by: User, upheld: bool, answer: str, now: datetime
) -> Representation:
    found = Representation.objects.select_for_update().select_related("report").get(pk=representation_id)
    if why_not := rules.why_not_answer_representation(found):
        raise Refused(why_not)
    found.upheld, found.answer, found.answered_at, found.answered_by = upheld, answer, now, by
    found.save()
    _record(
        "audit_report.representation_answered",
        found.report,
        by,
        after={"representation": found.pk, "upheld": upheld},
    )
    return found


@transaction.atomic
def finalise(report_id: int, *, by: User, outcome: str, reason: str, today: date, now: datetime) -> Report:
    """Make the rating final: it sets the action plan's day, the day of the next audit and the band."""
    report = _locked(report_id)
    unanswered = report.representations.filter(answered_at=None).count()
    if why_not := rules.why_not_finalise(report, unanswered, today, outcome, reason):
        raise Refused(why_not)
    return _make_final(report, by=by, outcome=outcome, reason=reason, on=today, now=now)


def _make_final(report: Report, *, by: User, outcome: str, reason: str, on: date, now: datetime) -> Report:
    procedure = Procedure.current()
    report.stage, report.final_on, report.final_by = ReportStage.FINAL, on, by
    report.final_outcome, report.final_reason = outcome, reason
    report.next_due_on = rules.next_due_on(report.visit.day, outcome, procedure)
    report.plan_due_on = rules.plan_due_on(on, outcome, procedure)
    report.save()
    _set_outcome(report.visit, outcome)
    _record(
        "audit_report.final",
        report,
        by,
        after={"outcome": outcome, "next_due_on": report.next_due_on.isoformat()},
    )
    if procedure.banding and report.visit.kind == VisitKind.ANNUAL:
        bands.set_band(report.visit, by=by, on=on, now=now)
    return report


@transaction.atomic
def agree_plan(report_id: int, *, by: User, today: date) -> Report:
    """Record that the action plan is agreed: whose each action is, by when, and every finding with one."""
    report = _locked(report_id)
    findings = list(report.visit.findings.prefetch_related("actions"))
    if why_not := rules.why_not_agree_plan(report, findings, Procedure.current()):
        raise Refused(why_not)
    report.plan_agreed_on, report.plan_agreed_by = today, by
    report.save()
    _record("audit_report.plan_agreed", report, by)
    return report


@transaction.atomic
def change_procedure(*, by: User, **values: Any) -> Procedure:
    """Set the council's steps. Reports under way go on from where they are."""
    Procedure.objects.get_or_create(pk=1)
    procedure = Procedure.objects.select_for_update().get(pk=1)
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


def _record(kind: str, report: Report, by: User, **more: Any) -> None:
    events.record(kind, by=by, about=report, service_id=report.visit.service_id, **more)


def _locked(report_id: int) -> Report:
    return (
        Report.objects.select_for_update(of=("self", "visit"))
        .select_related("visit__service")
        .get(pk=report_id)
    )
