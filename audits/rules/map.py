"""The questions of a visit in their order and numbers, each with its answer, last time's, and what
it lacks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from audits.models import Answer, Question, Standard, TemplateSection
from audits.rules.answers import gaps, in_words
from audits.rules.scoring import points


@dataclass(frozen=True)
class AskedQuestion:
    """A question as it stands at a visit. `number` is its standard's number and its own: 3.2."""

    number: str
    question: Question
    answer: Answer | None
    last: Answer | None
    lacks: str

    @property
    def in_words(self) -> str:
        return in_words(self.question, self.answer)

    @property
    def points(self) -> int | None:
        """What the answer is worth, 0 to 100; None when it does not count."""
        return points(self.question, self.answer.value) if self.answer else None

    @property
    def last_in_words(self) -> str:
        return in_words(self.question, self.last)


@dataclass(frozen=True)
class StandardAsked:
    number: int
    standard: Standard
    questions: tuple[AskedQuestion, ...]


@dataclass(frozen=True)
class SectionAsked:
    section: TemplateSection
    standards: tuple[StandardAsked, ...]

    @property
    def questions(self) -> list[AskedQuestion]:
        return [asked for standard in self.standards for asked in standard.questions]

    @property
    def lacking(self) -> int:
        return sum(bool(asked.lacks) for asked in self.questions)


def question_map(
    questions: Iterable[Question], answers: Mapping[int, Answer], last: Mapping[str, Answer]
) -> list[SectionAsked]:
    """The map of a visit from its questions in order, its answers by question id, and last time's
    by question code.
    """
    questions = list(questions)
    lacks = {gap.question.pk: gap.lacks for gap in gaps(questions, answers)}
    sections = []
    number = 0
    for section, of_section in groupby(questions, key=lambda question: question.standard.section):
        standards = []
        for standard, of_standard in groupby(of_section, key=lambda question: question.standard):
            number += 1
            asked = tuple(
                AskedQuestion(
                    number=f"{number}.{place}",
                    question=question,
                    answer=answers.get(question.pk),
                    last=last.get(question.code),
                    lacks=lacks.get(question.pk, ""),
                )
                for place, question in enumerate(of_standard, 1)
            )
            standards.append(StandardAsked(number, standard, asked))
        sections.append(SectionAsked(section, tuple(standards)))
    return sections
