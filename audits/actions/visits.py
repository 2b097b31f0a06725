"""Plan, make and complete a visit, and mark its outcome as public.

An annual audit is how the council checks the quality of the care that it pays for. Source: the
council's own monitoring policy. The Care Act 2014 (section 5) asks it to promote a market with high
quality services to choose from, and names no audits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from audits.actions import words
from audits.actions.reports import open_report
from audits.models import Answer, ProgrammeEntry, Question, Visit
from audits.permissions import READ
from audits.rules import answers as answers_rules
from audits.rules import evidence as evidence_rules
from audits.rules import scoring, visits
from audits.workflow.visit import VISIT
from core import events
from core.locking import lock
from core.models import User
from core.taken import refused_if_taken
from core.workflow import requires


@dataclass(frozen=True, kw_only=True)
class PlanInput:
    """What is planned of a visit, as long as it has not begun."""

    kind: str
    planned_for: date
    officer_id: int
    announced: bool = False
    who_came: str = ""
    template_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class NewVisitInput(PlanInput):
    """What is planned of a new visit, with the service that it is to."""

    service_id: int


@dataclass(frozen=True)
class BeginInput:
    """The day on which a visit was made."""

    visited_on: date


@dataclass(frozen=True)
class CompleteInput:
    """The officer's summary of a visit, which its report prints."""

    summary: str


@dataclass(frozen=True)
class CancelInput:
    """Why a visit is cancelled."""

    reason: str


@dataclass(frozen=True)
class Entry:
    """An answer as typed. `seen` is the version of the stored answer that the person had before
    them, 0 for none.

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
    """What became of the entries: how many changed something, and the stored answers that somebody
    else has changed meanwhile (by question id), whose entries were not saved.
    """

    changed: int
    conflict: dict[int, Answer]


@requires(VISIT["plan"], *READ)
@transaction.atomic
def plan_visit(
    *, by: User, given: NewVisitInput, now: datetime, prompted_by_id: int | None = None
) -> Visit:
    """Plan a visit. It may be planned for a day that has passed, when it is recorded afterwards.

    Raises `NotAllowed`: `permission-missing`, `service-closed`, `template-missing`,
    `template-beside`, `template-not-current`, `template-of-another-type` or `may-not-record`.
    """
    return _planned("plan", by, given, now, prompted_by_id)


@requires(VISIT["book"], *READ)
@transaction.atomic
def book_visit(
    *, by: User, given: NewVisitInput, now: datetime, entry: ProgrammeEntry | None = None
) -> Visit:
    """Plan a visit that the year's programme has a place for, with the right to plan those.

    Raises `NotAllowed`: `already-planned` where that place has its visit, or as `plan_visit` does.
    """
    taken = f"Somebody has just planned the audit of {entry.service}." if entry else ""
    with refused_if_taken(taken, code="already-planned"):
        return _planned("book", by, given, now, None, entry)


def _planned(
    step: str,
    by: User,
    given: NewVisitInput,
    now: datetime,
    prompted_by_id: int | None,
    entry: ProgrammeEntry | None = None,
) -> Visit:
    visit = Visit(
        **asdict(given),
        prompted_by_id=prompted_by_id,
        programme_entry=entry,
        planned_at=now,
        planned_by=by,
    )
    VISIT.apply(visit, step, by, now)
    visits.check_plan(visit)
    visit.save()
    events.record("visit.planned", by=by, about=visit, after=_plan_of(visit))
    return visit


@requires(VISIT["change-plan"], *READ)
@transaction.atomic
def change_plan(visit_id: int, *, by: User, given: PlanInput) -> Visit:
    """Change what is planned of a visit that has not begun.

    Raises `NotAllowed`: `wrong-state`, or as `plan_visit` does.
    """
    visit = locked(visit_id)
    VISIT.check(visit, "change-plan", by)
    before, template_id = _plan_of(visit), visit.template_id
    for name, value in asdict(given).items():
        setattr(visit, name, value)
    # The version that is planned stands until somebody chooses another: moving the day is no reason
    # to ask other questions than those that an officer has on their device.
    visits.check_plan(visit, is_template_new=visit.template_id != template_id)
    visit.save()
    events.record("visit.plan_changed", by=by, about=visit, before=before, after=_plan_of(visit))
    return visit


def _plan_of(visit: Visit) -> dict[str, object]:
    return {
        "kind": str(visit.kind),
        "planned_for": visit.planned_for.isoformat(),
        "officer": visit.officer_id,
        "template": visit.template_id,
    }


@requires(VISIT["begin"], *READ)
@transaction.atomic
def begin(visit_id: int, *, by: User, given: BeginInput, today: date) -> Visit:
    """Begin a visit.

    Raises `NotAllowed`: `permission-missing`, `wrong-state` or `in-future`.
    """
    visit = locked(visit_id)
    VISIT.apply(visit, "begin", by)
    visits.check_visited_on(given.visited_on, today)
    visit.visited_on = given.visited_on
    visit.save()
    events.record(
        "visit.begun", by=by, about=visit, after={"visited_on": given.visited_on.isoformat()}
    )
    return visit


@requires(VISIT["record-answers"], *READ)
@transaction.atomic
def save_answers(visit_id: int, *, by: User, entries: Sequence[Entry], now: datetime) -> Saved:
    """Save answers; what somebody else has changed since it was seen is left alone and handed back.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, and for a value that its question does
    not take (forms ask first) `not-a-number`, `not-a-date`, `implausible` or `not-offered`;
    `ValueError` for a question that is not of the visit's template.
    """
    visit = locked(visit_id)
    VISIT.check(visit, "record-answers", by, now)
    ids = [entry.question_id for entry in entries]
    questions = {
        question.pk: question
        for question in Question.objects.filter(
            pk__in=ids, standard__section__template=visit.template_id
        )
    }
    # Under the visit's lock: of two who save the same question, the second reads here what the
    # first wrote.
    stored = {
        answer.question_id: answer
        for answer in Answer.objects.filter(visit=visit, question__in=ids)
    }
    conflict: dict[int, Answer] = {}
    changed: list[str] = []
    for entry in entries:
        question = questions.get(entry.question_id)
        if question is None:
            raise ValueError(f"Question {entry.question_id} is not asked at this visit.")
        answers_rules.check_value(question, entry.value, timezone.localdate(now))
        answer = stored.get(question.pk) or Answer(visit=visit, question=question, version=0)
        # Asked before the version: what both have written alike is no conflict.
        if not _differs(entry, answer):
            continue
        if answer.version != entry.seen:
            # The others of the same sending are saved all the same.
            conflict[question.pk] = answer
            continue
        words.keep_standing(answer)
        _put(entry, answer)
        answer.version += 1
        answer.saved_at, answer.saved_by = now, by
        answer.save()
        words.keep(answer, author=by, now=now)
        changed.append(question.code)
    if changed:
        # Which questions were answered, never with what: answers may speak of people.
        events.record("visit.answers_saved", by=by, about=visit, after={"questions": changed})
    return Saved(len(changed), conflict)


def _sources(entry: Entry) -> dict[str, str]:
    return {source: text for source, text in entry.sources.items() if text.strip()}


def _said(entry: Entry) -> tuple[str, bool, str, str]:
    """Value, whether it is not applicable, evidence in one text, and note, as they are stored."""
    sources = _sources(entry)
    evidence = evidence_rules.in_one(sources) if sources else entry.evidence
    return "" if entry.not_applicable else entry.value, entry.not_applicable, evidence, entry.note


def _differs(entry: Entry, answer: Answer) -> bool:
    return _said(entry) != (answer.value, answer.not_applicable, answer.evidence, answer.note)


def _put(entry: Entry, answer: Answer) -> None:
    answer.value, answer.not_applicable, answer.evidence, answer.note = _said(entry)
    sources = _sources(entry)
    # Evidence that was only seen is kept once, as the text.
    answer.sources = sources if set(sources) - {"seen"} else {}


@requires(VISIT["complete"], *READ)
@transaction.atomic
def complete(visit_id: int, *, by: User, given: CompleteInput, now: datetime) -> Visit:
    """Complete a visit: score its answers, set its outcome, draft its report. Without a template it
    has neither.

    The score follows `rules.scoring.score`, the council's own policy; the outcome is a draft until
    its report is final.

    Raises `NotAllowed`: `permission-missing`, `wrong-state` or `not-answered`.
    """
    visit = locked(visit_id)
    VISIT.apply(visit, "complete", by, now)
    questions = list(Question.objects.of_template(visit.template)) if visit.template else []
    answers = {answer.question_id: answer for answer in visit.answers.all()}
    # Under the visit's lock, which saving answers takes too: what is scored is what is stored.
    visits.check_answered(answers_rules.gaps(questions, answers))
    if visit.template:
        values = {key: answer.value for key, answer in answers.items() if not answer.not_applicable}
        result = scoring.score(visit.template, questions, values)
        visit.score, visit.outcome = result.percent, result.outcome or ""
    visit.summary = given.summary
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
    # Last, since it reads the outcome; in the same transaction, so that no completed audit is left
    # without its report.
    open_report(visit, by=by, now=now)
    return visit


@requires(VISIT["cancel"], *READ)
@transaction.atomic
def cancel(visit_id: int, *, by: User, given: CancelInput, now: datetime) -> Visit:
    """Cancel a visit that has not begun; it stays on the record with its reason.

    Raises `NotAllowed`: `permission-missing` or `wrong-state`.
    """
    visit = locked(visit_id)
    VISIT.apply(visit, "cancel", by, now)
    visit.cancelled_reason = given.reason
    visit.cancelled_at, visit.cancelled_by = now, by
    visit.save()
    events.record("visit.cancelled", by=by, about=visit, happened_at=now)
    return visit


@requires(VISIT["mark-public"], *READ)
@transaction.atomic
def mark_public(visit_id: int, *, by: User, public: bool, now: datetime) -> Visit:
    """Mark an audit's outcome as public, or as exempt again. The rest of the visit stays exempt
    either way.

    Source: Local Government Act 1972, Schedule 12A, paragraphs 3 and 10: a provider's business
    affairs are exempt as long as the public interest in maintaining the exemption outweighs that in
    disclosing them, which a person weighs here.

    Raises `NotAllowed`: `permission-missing`, `wrong-state` or `draft-outcome`.
    """
    visit = locked(visit_id)
    VISIT.check(visit, "mark-public", by, now)
    visit.public_at, visit.public_by = (now, by) if public else (None, None)
    visit.save()
    events.record("visit.marked_public" if public else "visit.marked_exempt", by=by, about=visit)
    return visit


def locked(visit_id: int) -> Visit:
    """The visit, which nobody else changes until the transaction ends."""
    return lock(Visit, visit_id, "service", "template")
