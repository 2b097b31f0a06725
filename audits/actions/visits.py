from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from audits import rules
from audits.actions.reports import open_report
from audits.models import Answer, Question, Template, Visit, VisitStatus
from carequality import events
from carequality.models import User
from carequality.refusals import Refused
from concerns.models import Concern
from providers.models import Service


@dataclass(frozen=True)
class Entry:
    """An answer as typed. `seen` is the version of the stored answer that the person had before them, 0 for none.

    `sources` is the evidence by where it comes from; when it is given, `evidence` is made of it.
    """

    question_id: int
    value: str = ""
    not_applicable: bool = False
    evidence: str = ""
    note: str = ""
    seen: int = 0
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Saved:
    """What became of the entries: how many changed something, and the stored answers that somebody else has changed meanwhile
    (by question id), whose entries were not saved."""

    changed: int
    overtaken: dict[int, Answer]


@transaction.atomic
def plan_visit(
    *,
    by: User,
    service: Service,
    template: Template | None,
    kind: str,
    planned_for: date,
    officer: User,
    now: datetime,
    announced: bool = False,
    who_came: str = "",
    prompted_by: Concern | None = None,
) -> Visit:
    """Plan a visit. It may be planned for a day that has passed, when it is recorded afterwards. Raises `Refused`."""
    if why_not := rules.why_not_plan(service, template, kind, planned_for, officer):
        raise Refused(why_not)
    visit = Visit.objects.create(
        service=service,
        template=template,
        kind=kind,
        planned_for=planned_for,
        officer=officer,
        announced=announced,
        who_came=who_came,
        prompted_by=prompted_by,
        planned_at=now,
        planned_by=by,
    )
    events.record(
        "visit.planned",
        by=by,
        about=visit,
        after={"kind": kind, "planned_for": planned_for.isoformat(), "officer": officer.pk},
    )
    return visit


@transaction.atomic
def change_plan(
    visit_id: int,
    *,
    by: User,
    template: Template | None,
    kind: str,
    planned_for: date,
    officer: User,
    announced: bool,
    who_came: str,
) -> Visit:
    visit = locked(visit_id)
    why_not = rules.why_not_change_plan(visit) or rules.why_not_plan(
        visit.service, template, kind, planned_for, officer
    )
    if why_not:
        raise Refused(why_not)
    before = {"kind": visit.kind, "planned_for": visit.planned_for.isoformat(), "officer": visit.officer_id}
    visit.template, visit.kind, visit.planned_for = template, kind, planned_for
    visit.officer, visit.announced, visit.who_came = officer, announced, who_came
    visit.save()
    events.record(
        "visit.plan_changed",
        by=by,
        about=visit,
        before=before,
        after={"kind": kind, "planned_for": planned_for.isoformat(), "officer": officer.pk},
    )
    return visit


@transaction.atomic
def begin(visit_id: int, *, by: User, visited_on: date, today: date) -> Visit:
    visit = locked(visit_id)
    if why_not := rules.why_not_begin(visit, visited_on, today):
        raise Refused(why_not)
    visit.status, visit.visited_on = VisitStatus.IN_PROGRESS, visited_on
    visit.save()
    events.record("visit.begun", by=by, about=visit, after={"visited_on": visited_on.isoformat()})
    return visit


@transaction.atomic
def save_answers(visit_id: int, *, by: User, entries: Sequence[Entry], now: datetime) -> Saved:
    """Save answers; what somebody else has changed since it was seen is left alone and handed back.

    Raises `Refused` when the visit takes no answers, `ValueError` for a question that is not of its template or a value that
    its question does not take (forms ask first).
    """
    visit = locked(visit_id)
    if why_not := rules.why_not_answer(visit):
        raise Refused(why_not)
    ids = [entry.question_id for entry in entries]
    questions = {
        question.pk: question
        for question in Question.objects.filter(pk__in=ids, standard__section__template=visit.template_id)
    }
    stored = {answer.question_id: answer for answer in Answer.objects.filter(visit=visit, question__in=ids)}
    overtaken: dict[int, Answer] = {}
    changed: list[str] = []
    for entry in entries:
        question = questions.get(entry.question_id)
        if question is None:
            raise ValueError(f"Question {entry.question_id} is not asked at this visit.")
        if why_not := rules.why_not_value(question, entry.value):
            raise ValueError(f"{question.code}: {why_not}")
        answer = stored.get(question.pk) or Answer(visit=visit, question=question, version=0)
        value = "" if entry.not_applicable else entry.value
        sources = {source: text for source, text in entry.sources.items() if text.strip()}
        evidence = rules.in_one(sources) if sources else entry.evidence
        new = (value, entry.not_applicable, evidence, entry.note)
        if new == (answer.value, answer.not_applicable, answer.evidence, answer.note):
            continue
        if answer.version != entry.seen:
            overtaken[question.pk] = answer
            continue
        answer.value, answer.not_applicable, answer.evidence, answer.note = new
        answer.sources = sources if set(sources) - {"seen"} else {}
        answer.version += 1
        answer.saved_at, answer.saved_by = now, by
        answer.save()
        changed.append(question.code)
    if changed:
        # Which questions were answered, never with what: answers may speak of people.
        events.record("visit.answers_saved", by=by, about=visit, after={"questions": changed})
    return Saved(len(changed), overtaken)


@transaction.atomic
def complete(visit_id: int, *, by: User, summary: str, now: datetime) -> Visit:
    """Complete a visit: score its answers and set its outcome. A visit without a template has neither."""
    visit = locked(visit_id)
    questions = list(Question.objects.of_template(visit.template)) if visit.template else []
    answers = {answer.question_id: answer for answer in visit.answers.all()}
    if why_not := rules.why_not_complete(visit, rules.gaps(questions, answers)):
        raise Refused(why_not)
    if visit.template:
        values = {key: answer.value for key, answer in answers.items() if not answer.not_applicable}
        result = rules.score(visit.template, questions, values)
        visit.score, visit.outcome = result.percent, result.outcome or ""
    visit.status, visit.summary = VisitStatus.COMPLETED, summary
    visit.completed_at, visit.completed_by = now, by
    visit.save()
    events.record(
        "visit.completed",
        by=by,
        about=visit,
        after={
            "score": None if visit.score is None else str(visit.score),
            "outcome": str(visit.outcome),
        },
        happened_at=now,
    )
    open_report(visit, by=by, now=now)
    return visit


@transaction.atomic
def cancel(visit_id: int, *, by: User, reason: str, now: datetime) -> Visit:
    visit = locked(visit_id)
    if why_not := rules.why_not_cancel(visit):
        raise Refused(why_not)
    visit.status, visit.cancelled_reason = VisitStatus.CANCELLED, reason
    visit.cancelled_at, visit.cancelled_by = now, by
    visit.save()
    events.record("visit.cancelled", by=by, about=visit, happened_at=now)
    return visit


@transaction.atomic
def mark_public(visit_id: int, *, by: User, public: bool, now: datetime) -> Visit:
    """Mark an audit's outcome as public, or as exempt again. The rest of the visit stays exempt either way."""
    visit = locked(visit_id)
    if why_not := rules.why_not_mark_public(visit):
        raise Refused(why_not)
    visit.public_at, visit.public_by = (now, by) if public else (None, None)
    visit.save()
    events.record("visit.marked_public" if public else "visit.marked_exempt", by=by, about=visit)
    return visit


def locked(visit_id: int) -> Visit:
    return (
        Visit.objects.select_for_update(of=("self",)).select_related("service", "template").get(pk=visit_id)
    )
