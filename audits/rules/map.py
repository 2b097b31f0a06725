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
        """The answer as a person reads it; empty when there is none."""
        return in_words(self.question, self.answer)

    @property
    def points(self) -> int | None:
        """What the answer is worth, 0 to 100; None when it does not count."""
        return points(self.question, self.answer.value) if self.answer else None

    @property
    def last_in_words(self) -> str:
        """Last time's answer as a person reads it; empty when there was none."""
        return in_words(self.question, self.last)

    @property
    def has_last(self) -> bool:
        """Whether this was answered last time."""
        return self.last is not None and self.last.is_given

    @property
    def number_and_text(self) -> str:
        """`3.2 Are care plans up to date?`."""
        return f"{self.number} {self.question.text}"

    @property
    def heading(self) -> str:
        """`Question 3.2, critical: needs evidence`, over the question on the page that asks it."""
        critical = ", critical" if self.question.critical else ""
        needs = f": needs {self.lacks}" if self.lacks else ""
        return f"Question {self.number}{critical}{needs}"

    @property
    def sign(self) -> str:
        """What stands under its number on the map of questions."""
        return "○" if self.lacks else "✓"

    @property
    def state(self) -> str:
        """What is read out on the map of questions after the question's own words."""
        return f"Needs {self.lacks}" if self.lacks else "Answered"


@dataclass(frozen=True)
class StandardAsked:
    """A standard of the visit's template with its questions. Its number runs through the visit."""

    number: int
    standard: Standard
    questions: tuple[AskedQuestion, ...]


@dataclass(frozen=True)
class SectionAsked:
    """A section of the visit's template with its standards."""

    section: TemplateSection
    standards: tuple[StandardAsked, ...]

    @property
    def questions(self) -> list[AskedQuestion]:
        """The questions of all its standards, in order."""
        return [asked for standard in self.standards for asked in standard.questions]

    @property
    def lacking(self) -> int:
        """How many of its questions still need something."""
        return sum(bool(asked.lacks) for asked in self.questions)

    @property
    def title_with_gaps(self) -> str:
        """Its title, and how many questions are still to be answered in full."""
        title = self.section.title
        return f"{title} ({self.lacking} to do)" if self.lacking else title


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
