"""What people have in hand of visits, the programme, reports, actions and meetings, and what of it
is late.
"""

from collections.abc import Collection
from datetime import date, datetime
from operator import attrgetter
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from audits.actions import handing_over
from audits.audit_states import AuditState, audits_between, re_audits, state_of
from audits.models import (
    Action,
    AuditReport,
    ProgrammeEntry,
    ReportStatus,
    ReviewMeeting,
    Template,
    TemplateStatus,
    Visit,
    year_days,
    year_of,
)
from audits.models.programme import MeetingQuerySet, ProgrammeEntryQuerySet
from audits.models.reports import ReportQuerySet
from audits.models.visits import VisitQuerySet
from audits.permissions import READ
from core.calendar import add_working_days
from core.dates import day_in_words
from core.models import User
from core.work import HandingOver, Piece, Work, register_work
from providers.models import Service

RECORD = "audits.record_visit"
OFFICER = attrgetter("officer_id")
VISITS, ENTRIES, REPORTS, ACTIONS, MEETINGS = (
    "visits",
    "programme",
    "reports",
    "actions",
    "meetings",
)
# A report may rest so many working days where it is before the team hears of it.
RESTS = 5


# Visits


def visits_held(people: Collection[User], _day: date) -> list[Piece]:
    return _visits(Visit.objects.waiting().filter(officer__in=people))


def visits_late(day: date) -> list[Piece]:
    """Planned for a day that is over, and not begun."""
    return _visits(Visit.objects.slipped_on(day))


def _visits(visits: VisitQuerySet) -> list[Piece]:
    return [
        Piece(
            label=visit.service_and_kind,
            url=reverse("audits:view-visit", args=[visit.pk]),
            note=f"{visit.get_status_display()}, {day_in_words(visit.day)}",
            holder=visit.officer,
            since=visit.planned_for,
            work=VISITS,
            pk=visit.pk,
        )
        for visit in visits.select_related("service", "officer")
    ]


def give_visit(pk: int, by: User, to: User, _reason: str, now: datetime) -> Visit:
    return handing_over.hand_over_visit(pk, by=by, to=to, now=now)


# The programme


def entries_held(people: Collection[User], day: date) -> list[Piece]:
    """Places of this year and later of which no audit has begun."""
    entries = ProgrammeEntry.objects.filter(year__gte=year_of(day), officer__in=people)
    return _entries(day, entries.filter(left_out_reason=""), late=False)


def entries_late(day: date) -> list[Piece]:
    """Places of this year whose day is over without a planned visit: one that is planned and has
    slipped is among the visits.
    """
    return _entries(day, ProgrammeEntry.objects.of(year_of(day)).filter(due_on__lt=day), late=True)


def _entries(day: date, entries: ProgrammeEntryQuerySet, *, late: bool) -> list[Piece]:
    found = []
    rows = list(entries.select_related("service", "officer"))
    for year in sorted({row.year for row in rows}):
        of_year = [row for row in rows if row.year == year]
        made = audits_between([row.service_id for row in of_year], *year_days(year))
        for row in of_year:
            visit = made.get(row.service_id)
            if visit is not None or row.service.is_closed_on(day):
                continue
            if not late or state_of(row, visit, day) == AuditState.SLIPPED:
                found.append(_entry(row))
    return found


def _entry(row: ProgrammeEntry) -> Piece:
    return Piece(
        label=f"{row.service}, annual audit",
        url=_plan_url(row.service, row.due_on),
        note=f"Due {day_in_words(row.due_on)}, no visit planned",
        holder=row.officer,
        since=row.due_on,
        work=ENTRIES,
        pk=row.pk,
    )


def give_entry(pk: int, by: User, to: User, _reason: str, _now: datetime) -> ProgrammeEntry:
    return handing_over.hand_over_entry(pk, by=by, to=to)


def re_audits_late(day: date) -> list[Piece]:
    """Due again by the last rating, with no visit planned for it."""
    # From the year before on: what was due longer ago has a place in this year's programme.
    first = year_days(year_of(day) - 1)[0]
    return [
        Piece(
            label=f"{due.service}, audit due again",
            url=_plan_url(due.service, day),
            note=f"Due {day_in_words(due.due_on)} by the last rating, no visit planned",
            holder=due.service.lead_officer,
            since=due.due_on,
            # Who leads on the service plans it.
            work="services",
            pk=due.service.pk,
        )
        for due in re_audits(first, day)
        if due.visit is None
    ]


def _plan_url(service: Service, day: date) -> str:
    query = urlencode({"service": service.pk, "planned_for": day.isoformat()})
    return f"{reverse('audits:plan-visit')}?{query}"


# Reports and plans


def reports_held(people: Collection[User], _day: date) -> list[Piece]:
    open_ones = AuditReport.objects.filter(
        ~Q(status=ReportStatus.FINAL) | Q(plan_due_on__isnull=False, plan_agreed_on=None)
    )
    return _reports(open_ones.in_hand_of(people))


def reports_late(day: date) -> list[Piece]:
    """At rest for too long before the provider has them, or after the provider's time is over."""
    return [
        piece
        for piece in _reports(
            AuditReport.objects.unfinished().exclude(
                status=ReportStatus.WITH_PROVIDER, comments_by__gte=day
            )
        )
        if piece.since and add_working_days(piece.since, RESTS) < day
    ]


def plans_late(day: date) -> list[Piece]:
    return _reports(AuditReport.objects.plan_due().filter(plan_due_on__lt=day))


def _reports(reports: ReportQuerySet) -> list[Piece]:
    found = reports.select_related("visit__service", "visit__officer", "carried_on_by")
    return [_report(report) for report in found]


def _report(report: AuditReport) -> Piece:
    if report.has_plan_to_agree:
        since, note = report.plan_due_on, "Action plan to be agreed"
    elif report.is_with_provider:
        since, note = report.comments_by, "The provider’s time to comment has ended"
    else:
        # The step that it rests at began with the one before.
        at = report.moderated_at if report.is_to_send else None
        since = timezone.localdate(at or report.drafted_at)
        note = report.get_status_display()
    return Piece(
        label=f"{report.visit.service}, audit report",
        url=reverse("audits:view-report", args=[report.visit_id]),
        note=note,
        holder=report.in_hand,
        since=since,
        work=REPORTS,
        pk=report.pk,
    )


def give_report(pk: int, by: User, to: User, _reason: str, now: datetime) -> AuditReport:
    return handing_over.hand_over_report(pk, by=by, to=to, now=now)


# Actions and meetings


def actions_held(people: Collection[User], _day: date) -> list[Piece]:
    return [
        Piece(
            label=f"{action.service}: {action.text[:80]}",
            url=reverse("audits:view-action", args=[action.pk]),
            note=f"Due {day_in_words(action.due_on)}",
            holder=action.officer,
            since=action.due_on,
            work=ACTIONS,
            pk=action.pk,
        )
        for action in Action.objects.open()
        .filter(officer__in=people)
        .select_related("service", "officer")
    ]


def give_action(pk: int, by: User, to: User, _reason: str, now: datetime) -> Action:
    return handing_over.hand_over_action(pk, by=by, to=to, now=now)


def meetings_held(people: Collection[User], _day: date) -> list[Piece]:
    return _meetings(ReviewMeeting.objects.waiting().filter(officer__in=people))


def meetings_late(day: date) -> list[Piece]:
    return _meetings(ReviewMeeting.objects.waiting().filter(due_on__lt=day))


def _meetings(meetings: MeetingQuerySet) -> list[Piece]:
    return [
        Piece(
            label=str(meeting),
            url=reverse("audits:record-meeting", args=[meeting.pk]),
            note=f"Due {day_in_words(meeting.due_on)}",
            holder=meeting.officer,
            since=meeting.due_on,
            work=MEETINGS,
            pk=meeting.pk,
        )
        for meeting in meetings.select_related("visit__service", "officer")
    ]


def give_meeting(pk: int, by: User, to: User, _reason: str, _now: datetime) -> ReviewMeeting:
    return handing_over.hand_over_meeting(pk, by=by, to=to)


def drafts_held(people: Collection[User], _day: date) -> list[Piece]:
    drafts = Template.objects.filter(status=TemplateStatus.DRAFT, created_by__in=people)
    return [
        Piece(str(draft), reverse("audits:view-template", args=[draft.pk]), holder=draft.created_by)
        for draft in drafts.select_related("created_by")
    ]


register_work(
    Work(
        VISITS,
        "visit to make",
        "visits to make",
        READ,
        held_by=visits_held,
        late=visits_late,
        late_title="Visits that have slipped",
        handing_over=HandingOver(Visit, OFFICER, RECORD, give_visit),
    ),
    order=20,
)
register_work(
    Work(
        ENTRIES,
        "place in the audit programme",
        "places in the audit programme",
        READ,
        held_by=entries_held,
        late=entries_late,
        late_title="Audits due without a visit",
        handing_over=HandingOver(ProgrammeEntry, OFFICER, RECORD, give_entry),
    ),
    order=21,
)
register_work(
    Work(
        "re-audits",
        "audit due again",
        "audits due again",
        READ,
        late=re_audits_late,
        late_title="Audits due again by the last rating",
    ),
    order=22,
)
register_work(
    Work(
        "plans",
        "action plan to agree",
        "action plans to agree",
        READ,
        late=plans_late,
        late_title="Action plans overdue",
    ),
    order=23,
)
register_work(
    Work(
        REPORTS,
        "audit report to finish",
        "audit reports to finish",
        READ,
        held_by=reports_held,
        late=reports_late,
        late_title=f"Audit reports at rest for more than {RESTS} working days",
        handing_over=HandingOver(AuditReport, attrgetter("in_hand.pk"), RECORD, give_report),
    ),
    order=24,
)
register_work(
    Work(
        ACTIONS,
        "action of the council’s",
        "actions of the council’s",
        READ,
        held_by=actions_held,
        handing_over=HandingOver(Action, OFFICER, "audits.change_action", give_action),
    ),
    order=25,
)
register_work(
    Work(
        MEETINGS,
        "contract review meeting",
        "contract review meetings",
        READ,
        held_by=meetings_held,
        late=meetings_late,
        late_title="Contract review meetings overdue",
        handing_over=HandingOver(ReviewMeeting, OFFICER, RECORD, give_meeting),
    ),
    order=26,
)
register_work(
    Work(
        "template-drafts",
        "draft of an audit template",
        "drafts of audit templates",
        READ,
        held_by=drafts_held,
        instead="Whoever edits templates can go on with a draft.",
    ),
    order=27,
)
