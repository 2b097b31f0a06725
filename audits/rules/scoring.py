"""How an audit is scored. Pure: it takes questions and answers and reads no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from audits.models import AnswerKind, Question, Standard, Template, TemplateSection, VisitOutcome

# What holds an outcome back, on pages, in the printed report and in the rule.
NO_BETTER = "The outcome is no better than Requires improvement"
# The best outcome while a critical question has its worst answer, or a section is too weak.
CAP = VisitOutcome.REQUIRES_IMPROVEMENT
# What an answer is worth, in points of 100: the council's own policy. Good lies above the usual
# threshold of Good (70), Requires improvement at its threshold (40), so that an audit answered
# with one word throughout comes out as that word.
RATING_POINTS: dict[str, int] = {
    VisitOutcome.EXCELLENT: 100,
    VisitOutcome.GOOD: 75,
    VisitOutcome.REQUIRES_IMPROVEMENT: 40,
    VisitOutcome.POOR: 0,
}
YES_NO_POINTS = {"yes": 100, "no": 0}
OUTCOME_ORDER = [
    VisitOutcome.POOR,
    VisitOutcome.REQUIRES_IMPROVEMENT,
    VisitOutcome.GOOD,
    VisitOutcome.EXCELLENT,
]


@dataclass(frozen=True)
class ScoredPart:
    """The score of a section or a standard: per cent to one decimal, or None when nothing in it is
    scored.
    """

    title: str
    percent: Decimal | None


@dataclass(frozen=True)
class Score:
    """The score of an audit. `held_back` says, in sentences, what kept the outcome below what its
    percentage would give; `caps`, in sentences, what allows no better than Requires improvement,
    also where the percentage gives no better by itself.
    """

    percent: Decimal | None
    outcome: VisitOutcome | None
    sections: tuple[ScoredPart, ...] = ()
    standards: tuple[ScoredPart, ...] = ()
    held_back: tuple[str, ...] = ()
    caps: tuple[str, ...] = ()

    @property
    def cap(self) -> str:
        """The best outcome that the answers allow; empty where nothing holds it."""
        return CAP.value if self.caps else ""


def points(question: Question, value: str) -> int | None:
    """What an answer is worth, 0 to 100; None when it is empty or its kind is not scored."""
    if question.kind == AnswerKind.RATING:
        return RATING_POINTS.get(value)
    if question.kind == AnswerKind.YES_NO:
        return YES_NO_POINTS.get(value)
    if question.kind == AnswerKind.CHOICE:
        return next((o["points"] for o in question.options if o["value"] == value), None)
    return None


def worst(question: Question) -> int:
    """The fewest points that the question can give."""
    if question.kind == AnswerKind.CHOICE:
        return min(o["points"] for o in question.options)
    return 0


@dataclass
class _Sum:
    earned: int = 0
    possible: int = 0

    def add(self, weight: int, got: int) -> None:
        self.earned += weight * got
        self.possible += weight * 100

    @property
    def percent(self) -> Decimal | None:
        if not self.possible:
            return None
        # As a fraction until the end: a float would round some halves down.
        exact = Fraction(self.earned * 100, self.possible)
        as_decimal = Decimal(exact.numerator) / Decimal(exact.denominator)
        return as_decimal.quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass
class _Tally:
    whole: _Sum = field(default_factory=_Sum)
    sections: dict[TemplateSection, _Sum] = field(default_factory=dict)
    standards: dict[Standard, _Sum] = field(default_factory=dict)


def score(template: Template, questions: Iterable[Question], values: Mapping[int, str]) -> Score:
    """Score an audit from its questions and the values given (by question id; not applicable and
    unanswered ones left out).

    The percentage of a standard, a section and the whole is the sum of weight x points over the sum
    of weight x 100 of the questions answered, to one decimal, halves up. The whole's percentage
    gives the outcome by the template's thresholds; two things hold it at Requires improvement at
    best: the worst answer to a critical question, and a section below the threshold of Requires
    improvement. Raising an answer therefore never lowers a score or an outcome.
    """
    tally = _Tally()
    critical: list[str] = []
    for question in questions:
        standard, section = question.standard, question.standard.section
        # Before the answer is looked at, so that a section without a scored answer has a row too.
        of_section = tally.sections.setdefault(section, _Sum())
        of_standard = tally.standards.setdefault(standard, _Sum())
        got = points(question, values.get(question.pk, ""))
        # Not applicable or not answered: in neither sum. What a service does not do costs it
        # nothing.
        if got is None:
            continue
        for total in (tally.whole, of_section, of_standard):
            total.add(question.weight, got)
        if question.critical and got == worst(question):
            # Nobody makes up for a critical failure by doing well elsewhere.
            critical.append(f"The critical question “{question.text}” has its worst answer.")
    sections = tuple(
        ScoredPart(section.title, total.percent) for section, total in tally.sections.items()
    )
    weak = [
        f"The section “{part.title}” scored {part.percent}%, below {template.improvement_from}%."
        for part in sections
        if part.percent is not None and part.percent < template.improvement_from
    ]
    percent = tally.whole.percent
    caps = tuple(critical + weak)
    outcome, held_back = None, caps
    if percent is not None:
        outcome = outcome_of(template, percent)
        # An outcome that is no better by itself was not held back, and says nothing of it.
        if held_back and better(outcome, CAP):
            outcome = CAP
        else:
            held_back = ()
    return Score(
        percent=percent,
        outcome=outcome,
        sections=sections,
        standards=tuple(
            ScoredPart(standard.title, total.percent) for standard, total in tally.standards.items()
        ),
        held_back=held_back,
        caps=caps,
    )


def outcome_of(template: Template, percent: Decimal) -> VisitOutcome:
    """The outcome that a percentage alone gives."""
    if percent >= template.excellent_from:
        return VisitOutcome.EXCELLENT
    if percent >= template.good_from:
        return VisitOutcome.GOOD
    if percent >= template.improvement_from:
        return VisitOutcome.REQUIRES_IMPROVEMENT
    return VisitOutcome.POOR


def better(one: VisitOutcome, other: VisitOutcome) -> bool:
    """Whether one outcome is better than another."""
    return OUTCOME_ORDER.index(one) > OUTCOME_ORDER.index(other)


def scale_in_words(template: Template) -> str:
    """The thresholds of the template, in a sentence."""
    return (
        f"{template.excellent_from}% or more is Excellent, {template.good_from}% or more is"
        f" Good, and {template.improvement_from}% or more is Requires improvement. Less is Poor."
    )


def scoring_in_words(template: Template) -> list[str]:
    """The rule as the pages print it."""
    return [
        (
            "A rating of Excellent earns 100 points, Good 75, Requires improvement 40 and Poor 0."
            " Yes earns 100 points and no earns 0. Each answer of a choice has its own points."
            " Text, numbers and dates are not scored."
        ),
        (
            "We multiply the points by the question’s weight. The percentage is the points earned"
            " out of those possible in the questions answered, rounded to one decimal place."
            " Questions that are not applicable do not count."
        ),
        scale_in_words(template),
        (
            f"{NO_BETTER} if a critical question has its worst answer or a section scores less"
            f" than {template.improvement_from}%."
        ),
    ]
