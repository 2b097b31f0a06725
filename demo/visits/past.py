"""Two years of audits, some 30,000 answers, in bulk: scored by the rule, with the events that the
actions would have left.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from audits.models import (
    Action,
    ActionStatus,
    Answer,
    Finding,
    Visit,
    VisitKind,
    VisitOutcome,
    VisitStatus,
)
from audits.rules import scoring
from core.models import Event, User
from demo import texts
from demo.context import DemoContext
from demo.record import append, at, event
from demo.visits.completed import Sheet, evidence_for, sheet_for, value_for
from demo.world import SEED
from providers.models import Service
from ratings.vocabulary import RatingWord

QUALITY = {
    RatingWord.OUTSTANDING: 0.86,
    RatingWord.GOOD: 0.75,
    RatingWord.REQUIRES_IMPROVEMENT: 0.58,
    RatingWord.INADEQUATE: 0.44,
    None: 0.72,
}
YEARLY = 365


@dataclass
class Ledger:
    """What will be written, in the order in which it can be."""

    visits: list[Visit] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)


def load_past(context: DemoContext, others: list[tuple[int, Service]]) -> None:
    """Two years of audits of the services named, with their plans, and the next visit of each."""
    ledger = Ledger()
    for number, service in others:
        _history(context, number, service, ledger)
    Visit.objects.bulk_create(ledger.visits, batch_size=500)
    Answer.objects.bulk_create(ledger.answers, batch_size=2000)
    Finding.objects.bulk_create(ledger.findings)
    Action.objects.bulk_create(ledger.actions)
    append(_events(ledger))


def _history(context: DemoContext, number: int, service: Service, ledger: Ledger) -> None:
    rng = Random(f"{SEED}:audits:{number}")
    sheet = sheet_for(context, service)
    opened = service.opened_on or context.today - timedelta(2000)
    officer = service.lead_officer or context.staff.officers[0]
    since_last = rng.randint(25, 390)
    worst_rating = context.worst_rating(number)
    if service.closed_on is not None:
        since_last = max(since_last, (context.today - service.closed_on).days + 20)
    for years in (1, 0):
        day = context.day(since_last + years * YEARLY)
        if day < opened + timedelta(60):
            continue
        quality = min(0.97, max(0.3, rng.gauss(QUALITY[worst_rating], 0.08) - 0.02 * years))
        kind = VisitKind.ANNUAL if sheet else VisitKind.MONITORING
        _made(context, service, officer, day, kind, sheet, quality, rng, ledger)
    if (
        worst_rating in (RatingWord.REQUIRES_IMPROVEMENT, RatingWord.INADEQUATE)
        and since_last > 130
    ):
        day = context.day(rng.randint(20, 110))
        if service.closed_on is None and day > opened:
            _made(context, service, officer, day, VisitKind.MONITORING, None, 0.7, rng, ledger)
    if service.closed_on is None:
        _planned(context, service, officer, since_last, sheet, rng, ledger)


def _planned(
    context: DemoContext,
    service: Service,
    officer: User,
    since_last: int,
    sheet: Sheet | None,
    rng: Random,
    ledger: Ledger,
) -> None:
    """The next audit, a year after the last: those audited longest ago have slipped."""
    day = context.day_ahead(YEARLY - since_last + rng.randint(-10, 20))
    if rng.random() < 0.1:
        return  # not yet planned
    ledger.visits.append(
        Visit(
            service=service,
            template=sheet.template if sheet else None,
            kind=VisitKind.ANNUAL if sheet else VisitKind.MONITORING,
            planned_for=day,
            officer=officer,
            announced=rng.random() < 0.3,
            planned_at=at(context.day(since_last - 7 if since_last > 7 else 0), 10),
            planned_by=officer,
        )
    )


def _made(
    context: DemoContext,
    service: Service,
    officer: User,
    day: date,
    kind: VisitKind,
    sheet: Sheet | None,
    quality: float,
    rng: Random,
    ledger: Ledger,
) -> None:
    visit = Visit(
        service=service,
        template=sheet.template if sheet else None,
        kind=kind,
        planned_for=day - timedelta(rng.choice((0, 0, 0, 6))),
        visited_on=day,
        officer=officer,
        announced=rng.random() < 0.3,
        status=VisitStatus.COMPLETED,
        planned_at=at(day - timedelta(40), 10),
        planned_by=officer,
        completed_at=at(day, 16, 30),
        completed_by=officer,
    )
    outcome = VisitOutcome.GOOD
    if sheet:
        values = {question.pk: value_for(question, quality, rng) for question in sheet.questions}
        for question in sheet.questions:
            evidence = evidence_for(question, rng)
            if values[question.pk] or evidence:
                ledger.answers.append(
                    Answer(
                        visit=visit,
                        question=question,
                        value=values[question.pk],
                        evidence=evidence,
                        saved_at=at(day, 15),
                        saved_by=officer,
                    )
                )
        scored = scoring.score(sheet.template, sheet.questions, values)
        visit.score, outcome = scored.percent, scored.outcome or outcome
        visit.outcome = outcome
    visit.summary = texts.SUMMARIES[outcome.value]
    ledger.visits.append(visit)
    count = {
        VisitOutcome.EXCELLENT: 0,
        VisitOutcome.GOOD: rng.randint(0, 1),
        VisitOutcome.REQUIRES_IMPROVEMENT: rng.randint(2, 3),
        VisitOutcome.POOR: 4,
    }[outcome]
    for fault in rng.sample(texts.FINDINGS, count):
        finding = Finding(
            visit=visit, text=fault.found, recorded_at=at(day, 16), recorded_by=officer
        )
        ledger.findings.append(finding)
        ledger.actions.append(_action(context, service, officer, day, finding, fault, rng))


def _action(
    context: DemoContext,
    service: Service,
    officer: User,
    day: date,
    finding: Finding,
    fault: texts.Fault,
    rng: Random,
) -> Action:
    is_ours = rng.random() < 0.12
    action = Action(
        service=service,
        finding=finding,
        text=fault.action,
        owner_name=""
        if is_ours
        else rng.choice(("Registered manager", "Deputy manager", "Nominated individual")),
        officer=officer if is_ours else None,
        agreed_on=day,
        agreed_by=officer,
        due_on=day + timedelta(rng.choice((28, 42, 56, 84))),
    )
    done_on = day + timedelta(rng.randint(10, 100))
    stays_open = rng.random() < 0.2 and (context.today - day).days < 150
    if done_on >= context.today - timedelta(1) or stays_open:
        return action
    action.status, action.evidence = ActionStatus.DONE, fault.shown_by
    action.closed_on, action.closed_by = done_on, officer
    verified_on = done_on + timedelta(rng.randint(3, 40))
    if verified_on < context.today and rng.random() < 0.95:
        senior = next(one for one in context.staff.seniors if one != officer)
        action.status, action.verified_how = ActionStatus.VERIFIED, "Seen at the service."
        action.verified_at, action.verified_by = at(verified_on, 11), senior
    return action


def _events(ledger: Ledger) -> Iterator[Event]:
    for visit in ledger.visits:
        planned = {
            "kind": visit.kind,
            "planned_for": visit.planned_for.isoformat(),
            "officer": visit.officer_id,
        }
        yield event(
            "visit.planned", visit, by=visit.planned_by, happened_at=visit.planned_at, after=planned
        )
        if visit.completed_at:
            begun = {"visited_on": visit.day.isoformat()}
            yield event(
                "visit.begun", visit, by=visit.officer, happened_at=at(visit.day, 10), after=begun
            )
            done = {
                "score": None if visit.score is None else str(visit.score),
                "outcome": str(visit.outcome),
            }
            yield event(
                "visit.completed",
                visit,
                by=visit.officer,
                happened_at=visit.completed_at,
                after=done,
            )
    for finding in ledger.findings:
        yield event(
            "finding.added",
            finding,
            by=finding.recorded_by,
            happened_at=finding.recorded_at,
            after={"visit": finding.visit_id},
        )
    for action in ledger.actions:
        agreed = {"due_on": action.due_on.isoformat(), "finding": action.finding_id}
        yield event(
            "action.agreed",
            action,
            by=action.agreed_by,
            happened_at=at(action.agreed_on, 17),
            after=agreed,
        )
        if action.closed_on:
            closed = {"closed_on": action.closed_on.isoformat()}
            yield event(
                "action.closed",
                action,
                by=action.closed_by,
                happened_at=at(action.closed_on, 12),
                after=closed,
            )
        if action.verified_at:
            yield event(
                "action.verified", action, by=action.verified_by, happened_at=action.verified_at
            )
