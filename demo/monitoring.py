"""What follows the visits: reports on their way, bands, the year's programme, meetings, good
practice, the improvement programme.
"""

from collections import defaultdict
from datetime import date, timedelta
from random import Random

from audits.actions import (
    companions,
    programme,
)
from audits.actions import visits as visits_actions
from audits.actions.visits import CompleteInput
from audits.audit_states import lowest_cqc
from audits.models import (
    Action,
    AuditReport,
    Band,
    BandRule,
    Procedure,
    Question,
    ReportStatus,
    ReviewMeeting,
    Template,
    Topic,
    Visit,
    year_days,
    year_of,
)
from audits.rules import bands as bands_rules
from audits.rules import reports as reports_rules
from concerns import actions as concerns
from concerns.models import HIGH_RISKS, Concern
from core.events import happening_at
from core.models import Event, User
from demo import disputes, practice
from demo.context import DemoContext
from demo.monitoring_texts import LOG
from demo.record import append, at, event
from demo.visits.completed import evidence_for, value_for
from demo.world import SEED
from providers.vocabulary import ServiceType
from suspensions.models import Suspension

# Days after the visit on which each step is usually taken.
MODERATED, SENT, FINAL, PLAN = 4, 6, 22, 31


def load(context: DemoContext) -> None:
    rng = Random(f"{SEED}:monitoring")
    with happening_at(at(context.day(400), 9)):
        _portfolios(context)
    reports = _reports(context, rng)
    _bands(context, [report for report in reports if report.is_final])
    _meetings(context, rng)
    _programme(context)
    _beside(context, rng)
    disputes.load(context)
    practice.load(context, rng)
    _log(context)


def _portfolios(context: DemoContext) -> None:
    senior = context.staff.seniors[0]
    for number, officer in enumerate([*context.staff.officers, *context.staff.seniors]):
        is_senior = officer in context.staff.seniors
        programme.set_capacity(officer, by=senior, audits_a_month=3 if is_senior else 9)
        if not is_senior:
            topic = list(Topic)[number % len(Topic)].value
            programme.set_lead_roles(officer, by=senior, topics=[topic], today=context.day(400))


def _reports(context: DemoContext, rng: Random) -> list[AuditReport]:
    """A report for every audit of the past, as far as its days allow, with the events that the
    actions would have left.
    """
    procedure = Procedure.current()
    made: list[AuditReport] = []
    visits = Visit.objects.completed().filter(beside=None).exclude(outcome="")
    in_order = list(visits.select_related("officer", "report").order_by("visited_on", "pk"))
    held = _held(context, in_order)
    for visit in in_order:
        made.append(_report(context, visit, procedure, rng, held.get(visit.pk)))
    _leave_a_plan_open(made)
    # The suspensions' stories completed their visits through the actions, which began a report of
    # each.
    begun = [report for report in made if report.pk]
    AuditReport.objects.bulk_create([report for report in made if not report.pk], batch_size=500)
    names = [field.name for field in AuditReport._meta.concrete_fields if not field.primary_key]
    AuditReport.objects.bulk_update(begun, names, batch_size=500)
    append(_events(made))
    return made


def _held(context: DemoContext, visits: list[Visit]) -> dict[int, tuple[ReportStatus, int]]:
    """Some of the newest audits that are late on their way, so that no step's list is empty: by
    visit, where each is held, and how many days ago it went to the provider.
    """
    where = [
        (ReportStatus.MODERATION, 0),
        (ReportStatus.MODERATION, 0),
        (ReportStatus.TO_SEND, 0),
        (ReportStatus.WITH_PROVIDER, 3),
        (ReportStatus.WITH_PROVIDER, 9),
        (ReportStatus.WITH_PROVIDER, 17),
    ]
    # Not one of a suspension's story, which tells what came of its visits.
    suspended = set(Suspension.objects.values_list("service", flat=True))
    old_enough = [
        visit.pk
        for visit in visits
        if context.today - visit.day > timedelta(FINAL) and visit.service_id not in suspended
    ]
    return dict(zip(reversed(old_enough), where, strict=False))


def _leave_a_plan_open(reports: list[AuditReport]) -> None:
    """The newest two action plans that were asked for are not agreed yet."""
    asked = [report for report in reports if report.plan_due_on]
    for report in sorted(asked, key=lambda report: report.plan_due_on or date.min)[-2:]:
        report.plan_agreed_on = report.plan_agreed_by = None


def _report(
    context: DemoContext,
    visit: Visit,
    procedure: Procedure,
    rng: Random,
    held: tuple[ReportStatus, int] | None,
) -> AuditReport:
    senior = next(one for one in context.staff.seniors if one.pk != visit.officer_id)
    visited = visit.day
    report = getattr(visit, "report", None) or AuditReport(
        visit=visit,
        status=ReportStatus.MODERATION,
        drafted_at=visit.completed_at or at(visited, 16),
        drafted_by=visit.officer,
        drafted_outcome=visit.outcome,
    )
    report.visit, report.made_by = visit, visit.officer
    report.scored_outcome = report.standing_outcome = visit.outcome
    if visited + timedelta(MODERATED) >= context.today or (
        held and held[0] == ReportStatus.MODERATION
    ):
        return report
    report.status = ReportStatus.TO_SEND
    report.moderated_at, report.moderated_by = at(visited + timedelta(MODERATED), 11), senior
    report.moderated_outcome, report.standing_by = visit.outcome, senior
    sent_on = context.day(held[1]) if held and held[1] else visited + timedelta(SENT)
    if sent_on >= context.today or (held and held[0] == ReportStatus.TO_SEND):
        return report
    report.status, report.sent_on, report.sent_by = (
        ReportStatus.WITH_PROVIDER,
        sent_on,
        visit.officer,
    )
    report.sent_to = "Registered manager"
    report.comments_by = sent_on + timedelta(procedure.factual_accuracy_days)
    final_on = visited + timedelta(FINAL + rng.randint(0, 4))
    if final_on >= context.today or held:
        return report
    report.status, report.final_on, report.final_by = ReportStatus.FINAL, final_on, visit.officer
    report.final_outcome = visit.outcome
    report.next_due_on = reports_rules.next_due_on(visited, visit.outcome, procedure)
    report.plan_due_on = reports_rules.plan_due_on(final_on, visit.outcome, procedure)
    agreed_on = final_on + timedelta(rng.randint(5, 12))
    if report.plan_due_on and agreed_on < context.today and rng.random() > 0.05:
        report.plan_agreed_on, report.plan_agreed_by = agreed_on, visit.officer
    return report


def _events(reports: list[AuditReport]) -> list[Event]:
    found = []
    for report in reports:
        service_id = report.visit.service_id
        steps: list[tuple[str, date | None, User | None]] = [
            ("sent", report.sent_on, report.sent_by),
            ("final", report.final_on, report.final_by),
            ("plan_agreed", report.plan_agreed_on, report.plan_agreed_by),
        ]
        if report.moderated_at:
            steps.insert(0, ("moderated", report.moderated_at.date(), report.moderated_by))
        for verb, day, by in steps:
            if day is not None:
                moment = at(day, 11)
                found.append(
                    event(
                        f"audit_report.{verb}",
                        report,
                        by=by,
                        happened_at=moment,
                        service_id=service_id,
                    )
                )
    return found


def _bands(context: DemoContext, reports: list[AuditReport]) -> None:
    """The band that each final annual audit gave, by what was known of the service that day."""
    actions_of: dict[int, list[Action]] = defaultdict(list)
    for action in Action.objects.all():
        actions_of[action.service_id].append(action)
    concerns_of: dict[int, list[Concern]] = defaultdict(list)
    for concern in Concern.objects.filter(risk__in=HIGH_RISKS):
        concerns_of[concern.service_id].append(concern)
    by_day: dict[date, list[AuditReport]] = defaultdict(list)
    for report in reports:
        if report.final_on and report.visit.kind == "annual" and report.visit.score is not None:
            by_day[report.final_on].append(report)
    kept = BandRule.current()
    bands = []
    for day, final in sorted(by_day.items()):
        cqc = lowest_cqc([report.visit.service_id for report in final], day)
        for report in final:
            service_id, score = report.visit.service_id, report.visit.score
            if score is None:
                continue
            overdue = [
                a
                for a in actions_of[service_id]
                if a.due_on < day and (not a.closed_on or a.closed_on > day)
            ]
            moment = at(day, 23, 59)
            worrying = [
                c
                for c in concerns_of[service_id]
                if c.received_at <= moment and (c.closed_at is None or c.closed_at > moment)
            ]
            basis = bands_rules.BandBasis(
                report.final_outcome, score, cqc.get(service_id, ""), len(overdue), len(worrying)
            )
            banded = bands_rules.band_for(basis, kept)
            bands.append(
                Band(
                    service_id=service_id,
                    visit=report.visit,
                    band=banded.band,
                    from_on=day,
                    why=list(banded.why),
                    set_at=at(day, 11),
                    set_by=report.final_by,
                )
            )
    Band.objects.bulk_create(bands, batch_size=500)
    append(
        event(
            "service_band.set",
            band,
            by=band.set_by,
            happened_at=band.set_at,
            after={"band": band.band},
        )
        for band in bands
    )


def _meetings(context: DemoContext, rng: Random) -> None:
    audits = Visit.objects.completed().filter(
        kind="annual", service__service_type=ServiceType.SUPPORTED_LIVING, review_meeting=None
    )
    meetings = []
    for visit in audits.order_by("visited_on", "pk"):
        due_on = visit.day + timedelta(weeks=6)
        held = due_on + timedelta(rng.randint(-3, 6))
        is_held = held < context.today and rng.random() < 0.92
        note = (
            "Hours, voids and the action plan gone through; the next meeting follows the next"
            " audit."
        )
        meetings.append(
            ReviewMeeting(
                visit=visit,
                officer_id=visit.officer_id,
                due_on=due_on,
                held_on=held if is_held else None,
                note=note if is_held else "",
            )
        )
    ReviewMeeting.objects.bulk_create(meetings)


def _programme(context: DemoContext) -> None:
    """Drawn up when the year began, for every type of service."""
    year = year_of(context.today)
    began = year_days(year)[0]
    now = at(began, 9)
    with happening_at(now):
        for service_type in ServiceType:
            programme.draw_up_programme(
                year, service_type, by=context.staff.seniors[0], today=began, now=now
            )


def _beside(context: DemoContext, rng: Random) -> None:
    """The Experts by Experience standard beside the latest audits of home care."""
    template = Template.objects.current().filter(beside_main=True).first()
    if template is None:
        return
    questions = list(Question.objects.of_template(template))
    audits = Visit.objects.completed().filter(
        kind="annual", service__service_type=ServiceType.HOME_CARE
    )
    for visit in audits.select_related("officer").order_by("-visited_on", "-pk")[:6]:
        now = at(visit.day, 16)
        with happening_at(now):
            beside = companions.add_companion(
                visit.pk, by=visit.officer, template=template, now=now
            )
            entries = [
                visits_actions.Entry(
                    one.pk, value_for(one, 0.72, rng), evidence=evidence_for(one, rng)
                )
                for one in questions
            ]
            visits_actions.save_answers(beside.pk, by=visit.officer, entries=entries, now=now)
            done = CompleteInput("Five people telephoned.")
            visits_actions.complete(beside.pk, by=visit.officer, given=done, now=now)


def _log(context: DemoContext) -> None:
    for number, concern in enumerate(Concern.objects.open().order_by("-received_at", "pk")[:10]):
        if concern.first_response_at is None:
            continue
        now = concern.first_response_at + timedelta(minutes=40)
        if now < at(context.today, 0, 1):
            by = concern.allocated_to or context.staff.officers[0]
            concerns.add_to_log(
                concern.pk, by=by, given=concerns.LogInput(LOG[number % len(LOG)]), now=now
            )
