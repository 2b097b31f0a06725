"""Visits, places of the programme, reports, actions and meetings go to another officer."""

from datetime import datetime

from django.db import transaction

from audits.actions import programme
from audits.models import Action, AuditReport, ProgrammeEntry, ReviewMeeting, Visit
from audits.permissions import READ
from audits.rules import programme as programme_rules
from audits.workflow.action import ACTION
from audits.workflow.report import REPORT
from audits.workflow.visit import PLAN, VISIT
from core import events
from core.locking import lock
from core.models import User
from core.workflow import requires


@requires(VISIT["hand-over"], *READ)
@transaction.atomic
def hand_over_visit(visit_id: int, *, by: User, to: User, now: datetime) -> Visit:
    """Another officer makes the visit, or completes it.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`.
    """
    visit = lock(Visit, visit_id)
    VISIT.apply(visit, "hand-over", by, now)
    before, visit.officer = visit.officer_id, to
    visit.save(update_fields=["officer"])
    _record("visit.handed_over", by, visit, before, to)
    return visit


@requires(programme.PROGRAMME_ENTRY["change"], *READ)
@transaction.atomic
def hand_over_entry(entry_id: int, *, by: User, to: User) -> ProgrammeEntry:
    """Another officer has that place in the programme; its day stays.

    Raises `NotAllowed`: `permission-missing`, `officer-without-right`.
    """
    entry = lock(ProgrammeEntry, entry_id)
    given = programme.ProgrammeEntryInput(entry.due_on, to.pk, entry.left_out_reason)
    return programme.change_programme_entry(entry_id, by=by, given=given)


@requires(REPORT["hand-over"], *READ)
@transaction.atomic
def hand_over_report(report_id: int, *, by: User, to: User, now: datetime) -> AuditReport:
    """Another officer carries the report on to its final rating and its plan. Whose visit it was
    stays, and with it who may not moderate.

    Raises `NotAllowed`: `permission-missing`, `nothing-left`.
    """
    report = lock(AuditReport, report_id, "visit")
    REPORT.check(report, "hand-over", by, now)
    before, report.carried_on_by = report.in_hand.pk, to
    report.save(update_fields=["carried_on_by"])
    _record("audit_report.handed_over", by, report, before, to)
    return report


@requires(ACTION["hand-over"], *READ)
@transaction.atomic
def hand_over_action(action_id: int, *, by: User, to: User, now: datetime) -> Action:
    """Another officer of the council owns the action.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `provider-owns`.
    """
    action = lock(Action, action_id)
    ACTION.check(action, "hand-over", by, now)
    before, action.officer = action.officer_id, to
    action.save(update_fields=["officer"])
    _record("action.handed_over", by, action, before, to)
    return action


@requires(PLAN, *READ)
@transaction.atomic
def hand_over_meeting(meeting_id: int, *, by: User, to: User) -> ReviewMeeting:
    """Another officer holds the contract review meeting.

    Raises `NotAllowed`: `permission-missing`, `already-held`.
    """
    meeting = lock(ReviewMeeting, meeting_id, "visit")
    programme_rules.check_not_held(meeting)
    before, meeting.officer = meeting.officer_id, to
    meeting.save(update_fields=["officer"])
    _record("review_meeting.handed_over", by, meeting, before, to)
    return meeting


def _record(
    kind: str,
    by: User,
    about: Visit | AuditReport | Action | ReviewMeeting,
    before: int | None,
    to: User,
) -> None:
    events.record(kind, by=by, about=about, before={"officer": before}, after={"officer": to.pk})
