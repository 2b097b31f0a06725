"""Visits through the actions: those of the suspensions' stories, and those of the present weeks."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from audits import files
from audits.actions import templates, visits
from audits.actions.visits import BeginInput, CancelInput, CompleteInput, NewVisitInput
from audits.models import (
    AnswerKind,
    Question,
    Template,
    Visit,
    VisitKind,
    VisitOutcome,
)
from core.events import happening_at
from core.models import User
from demo import texts
from demo.context import DemoContext
from demo.record import at
from demo.world import SEED
from providers.models import Service

EVIDENCE = (
    "Records of five people read.",
    "Seen on the day.",
    "Three members of staff asked.",
    "Rota and matrix seen.",
)


def load_templates(context: DemoContext) -> None:
    """Bring the audit templates that come with the product into use, two years ago."""
    now = at(context.today - timedelta(800), 9)
    with happening_at(now):
        for path in sorted(files.SHIPPED.glob("*.toml")):
            source = files.parse(path.read_text(encoding="utf-8"))
            template = templates.load_template(source, by=context.staff.seniors[0], now=now)
            templates.publish(template.pk, by=context.staff.managers[0], now=now)


# The questions, and how somebody would answer them


@dataclass(frozen=True)
class Sheet:
    template: Template
    questions: tuple[Question, ...]


def sheet_for(context: DemoContext, service: Service) -> Sheet | None:
    """The current template of a service's type with its questions; None where there is none."""
    held: dict[str, Sheet | None] = context.__dict__.setdefault("_sheets", {})
    if service.service_type not in held:
        template = Template.objects.current().main().for_service_type(service.service_type).first()
        held[service.service_type] = (
            Sheet(template, tuple(Question.objects.of_template(template))) if template else None
        )
    return held[service.service_type]


def value_for(question: Question, quality: float, rng: Random) -> str:
    """An answer such as a service of that quality (0 to 1) would earn."""
    drawn = rng.gauss(quality, 0.16)
    if question.critical and quality > 0.55:
        drawn = max(drawn, 0.5)
    match question.kind:
        case AnswerKind.RATING:
            if drawn > 0.86:
                return VisitOutcome.EXCELLENT.value
            if drawn > 0.58:
                return VisitOutcome.GOOD.value
            return (VisitOutcome.REQUIRES_IMPROVEMENT if drawn > 0.3 else VisitOutcome.POOR).value
        case AnswerKind.YES_NO:
            return "yes" if drawn > 0.42 else "no"
        case AnswerKind.CHOICE:
            best = min(question.options, key=lambda option: abs(option["points"] - drawn * 115))
            return str(best["value"])
        case AnswerKind.NUMBER:
            return str(rng.randint(0, 9))
        case AnswerKind.DATE:
            return date(2025, rng.randint(1, 12), rng.randint(1, 28)).isoformat()
        case _:
            return ""


def evidence_for(question: Question, rng: Random) -> str:
    return rng.choice(EVIDENCE) if question.evidence_required else ""


# Through the actions


def hold(
    context: DemoContext,
    service: Service,
    officer: User,
    day: date,
    *,
    quality: float,
    rng: Random,
    kind: VisitKind = VisitKind.ANNUAL,
    who_came: str = "",
    prompted_by_id: int | None = None,
) -> Visit:
    """Plan, make and complete a visit that day."""
    visit = _begin(context, service, officer, day, kind, who_came, prompted_by_id)
    sheet = sheet_for(context, service)
    if sheet:
        entries = [
            visits.Entry(
                question.pk, value_for(question, quality, rng), evidence=evidence_for(question, rng)
            )
            for question in sheet.questions
        ]
        with happening_at(at(day, 15)):
            visits.save_answers(visit.pk, by=officer, entries=entries, now=at(day, 15))
    outcome = "poor" if quality < 0.5 else "good" if quality > 0.8 else "requires_improvement"
    summary = CompleteInput(texts.SUMMARIES[outcome])
    return visits.complete(visit.pk, by=officer, given=summary, now=at(day, 16, 30))


def _begin(
    context: DemoContext,
    service: Service,
    officer: User,
    day: date,
    kind: VisitKind,
    who_came: str = "",
    prompted_by_id: int | None = None,
) -> Visit:
    sheet = sheet_for(context, service)
    visit = _plan(
        service,
        officer,
        day,
        now=at(day - timedelta(14), 10),
        template=sheet.template if sheet else None,
        kind=kind,
        who_came=who_came,
        prompted_by_id=prompted_by_id,
    )
    with happening_at(at(day, 10)):
        return visits.begin(visit.pk, by=officer, given=BeginInput(day), today=day)


def _plan(
    service: Service,
    officer: User,
    day: date,
    *,
    now: datetime,
    kind: VisitKind,
    template: Template | None = None,
    who_came: str = "",
    prompted_by_id: int | None = None,
) -> Visit:
    given = NewVisitInput(
        service_id=service.pk,
        template_id=template.pk if template else None,
        kind=kind,
        planned_for=day,
        officer_id=officer.pk,
        who_came=who_came,
    )
    with happening_at(now):
        return visits.plan_visit(by=officer, given=given, now=now, prompted_by_id=prompted_by_id)


def plan_next(context: DemoContext, service: Service, officer: User, rng: Random) -> None:
    """A monitoring visit within the next five weeks."""
    day = context.day_ahead(rng.randint(2, 35))
    now = at(context.today - timedelta(3), 10)
    _plan(service, officer, day, now=now, kind=VisitKind.MONITORING)


def load_present(context: DemoContext, others: list[tuple[int, Service]]) -> None:
    """What is going on this week: visits begun and half answered, one that has slipped, and one
    called off.
    """
    audited = [(number, service) for number, service in others if sheet_for(context, service)]
    for order, (number, service) in enumerate(audited[3 :: max(1, len(audited) // 4)][:3]):
        rng = Random(f"{SEED}:begun:{number}")
        officer = context.staff.officers[order]
        visit = _begin(context, service, officer, context.day(order + 1), VisitKind.ANNUAL)
        sheet = sheet_for(context, service)
        if sheet is None:
            continue
        half = sheet.questions[: len(sheet.questions) // 2]
        entries = [
            visits.Entry(q.pk, value_for(q, 0.75, rng), evidence=evidence_for(q, rng)) for q in half
        ]
        now = at(context.day(order + 1), 15)
        with happening_at(now):
            visits.save_answers(visit.pk, by=officer, entries=entries, now=now)
    # One that has slipped, whatever chance made of the others.
    _plan(
        audited[-2][1],
        context.staff.officers[1],
        context.day(9),
        now=at(context.day(40), 10),
        kind=VisitKind.MONITORING,
    )
    _, service = audited[-1]
    officer = context.staff.officers[0]
    visit = _plan(
        service, officer, context.day(5), now=at(context.day(20), 10), kind=VisitKind.SURGERY
    )
    reason = "An outbreak at the service; a new day will be set."
    visits.cancel(visit.pk, by=officer, given=CancelInput(reason), now=at(context.day(6), 9))
