"""What answers a question, how an answer reads, and what a visit still lacks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from audits.models import SCORED_KINDS, Answer, AnswerKind, Question, VisitOutcome
from audits.rules.scoring import points
from core.dates import day_in_words
from core.workflow import NotAllowed
from documents import dates
from documents.numbers import is_measured

CHOOSE = "Select an answer from the list"
# What stands in the place of an answer that was taken back.
NONE = "no answer"


def check_value(question: Question, value: str, today: date) -> None:
    """Whether `value` can answer the question; an empty one always may, as a gap.

    Raises `NotAllowed`: `not-a-number`, `not-a-date`, `implausible` or `not-offered`.
    """
    if not value:
        return
    if question.kind == AnswerKind.NUMBER:
        if not is_measured(value):
            raise NotAllowed(
                "not-a-number", f"{question.code}: Enter a number, for example 12 or 12.5"
            )
    elif question.kind == AnswerKind.DATE:
        try:
            dates.plausible_day(value, dates.LASTING, today)
        except dates.ImplausibleDay as fault:
            raise NotAllowed(fault.code, f"{question.code}: {fault}") from fault
        except ValueError as fault:
            raise NotAllowed("not-a-date", f"{question.code}: Enter a real date") from fault
    elif question.kind in SCORED_KINDS and points(question, value) is None:
        raise NotAllowed("not-offered", f"{question.code}: {CHOOSE}")


@dataclass(frozen=True)
class Gap:
    """A question that a visit still lacks something of, and what."""

    question: Question
    lacks: str


def gaps(questions: Iterable[Question], answers: Mapping[int, Answer]) -> list[Gap]:
    """What keeps a visit from being complete: each question but a text one needs an answer, and
    evidence where the template says so.
    """
    found = []
    for question in questions:
        answer = answers.get(question.pk)
        if answer is None or not answer.is_given:
            # A text may be left empty: there may be nothing to say.
            if question.kind != AnswerKind.TEXT:
                found.append(Gap(question, "an answer"))
            elif question.evidence_required and not (answer and answer.evidence.strip()):
                found.append(Gap(question, "evidence"))
        elif (
            question.evidence_required and not answer.not_applicable and not answer.evidence.strip()
        ):
            found.append(Gap(question, "evidence"))
    return found


def day_said(day: str | None) -> str:
    """A day as it is stored in words; empty for none."""
    return day_in_words(date.fromisoformat(day)) if day else ""


def in_words(question: Question, answer: Answer | None) -> str:
    """An answer as a person reads it; empty when there is none."""
    if answer is None or not answer.is_given:
        return ""
    if answer.not_applicable:
        return "Not applicable"
    value = answer.value
    if question.kind == AnswerKind.RATING and value in VisitOutcome.values:
        return str(VisitOutcome(value).label)
    if question.kind == AnswerKind.CHOICE:
        return next(
            (option["label"] for option in question.options if option["value"] == value), value
        )
    if question.kind == AnswerKind.DATE:
        return day_said(value)
    return value.capitalize() if question.kind == AnswerKind.YES_NO else value
