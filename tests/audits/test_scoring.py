from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.models import Question, Standard, Template, TemplateSection, VisitOutcome
from audits.rules import scoring

LEVELS = ["poor", "requires_improvement", "good", "excellent"]
OPTIONS = [
    {"value": "all", "label": "All", "points": 100},
    {"value": "none", "label": "None", "points": 10},
]
ANSWERS_RISING = {"rating": LEVELS, "yes_no": ["no", "yes"], "choice": ["none", "all"]}


def a_template(**thresholds: int) -> Template:
    return Template(
        **({"excellent_from": 90, "good_from": 70, "improvement_from": 40} | thresholds)
    )


def questions(*shape: tuple[str, int, int, bool]) -> list[Question]:
    """Questions from (kind, section, weight, critical)."""
    sections = {
        number: TemplateSection(pk=number, title=f"Section {number}") for _, number, _, _ in shape
    }
    standards = {n: Standard(pk=n, title=f"Standard {n}", section=s) for n, s in sections.items()}
    return [
        Question(
            pk=pk,
            text=f"Question {pk}?",
            standard=standards[section],
            kind=kind,
            weight=weight,
            critical=critical,
            options=OPTIONS if kind == "choice" else [],
        )
        for pk, (kind, section, weight, critical) in enumerate(shape, 1)
    ]


def test_worked_example_of_a_good_home() -> None:
    # 3 x 75 + 2 x 100 + 1 x 40 = 465 of (3 + 2 + 1) x 100 = 600: 77.5%.
    asked = questions(("rating", 1, 3, False), ("yes_no", 1, 2, False), ("rating", 2, 1, False))
    result = scoring.score(a_template(), asked, {1: "good", 2: "yes", 3: "requires_improvement"})
    assert (result.percent, result.outcome) == (Decimal("77.5"), VisitOutcome.GOOD)
    assert [(part.title, part.percent) for part in result.sections] == [
        ("Section 1", Decimal("85.0")),
        ("Section 2", Decimal("40.0")),
    ]


def test_worked_example_with_thirds_rounds_halves_up() -> None:
    # 1 x 100 + 1 x 100 + 1 x 75 = 275 of 300: 91.666...%, shown as 91.7.
    asked = questions(*[("rating", 1, 1, False)] * 3)
    assert scoring.score(
        a_template(), asked, {1: "excellent", 2: "excellent", 3: "good"}
    ).percent == Decimal("91.7")
    # 7 x 100 + 1 x 40 = 740 of 800: 92.5%; and 15 x 100 + 1 x 40 = 1540 of 1600: 96.25%, shown as
    # 96.3.
    asked = questions(*[("rating", 1, 1, False)] * 16)
    values = dict.fromkeys(range(1, 16), "excellent") | {16: "requires_improvement"}
    assert scoring.score(a_template(), asked, values).percent == Decimal("96.3")


def test_what_is_not_applicable_or_not_scored_does_not_count() -> None:
    asked = questions(
        ("rating", 1, 3, False),
        ("rating", 1, 3, False),
        ("text", 1, 0, False),
        ("number", 2, 0, False),
    )
    result = scoring.score(a_template(), asked, {1: "excellent", 3: "words", 4: "12"})
    assert (result.percent, result.outcome) == (Decimal("100.0"), VisitOutcome.EXCELLENT)
    assert result.sections[1].percent is None


def test_nothing_scored_gives_no_outcome() -> None:
    result = scoring.score(a_template(), questions(("rating", 1, 1, False)), {})
    assert (result.percent, result.outcome) == (None, None)


def test_worst_answer_to_a_critical_question_holds_the_outcome_back() -> None:
    asked = questions(*[("rating", 1, 10, False)] * 9, ("yes_no", 1, 1, True))
    result = scoring.score(
        a_template(), asked, dict.fromkeys(range(1, 10), "excellent") | {10: "no"}
    )
    assert result.percent == Decimal("98.9")
    assert result.outcome == VisitOutcome.REQUIRES_IMPROVEMENT
    assert result.held_back == ("The critical question “Question 10?” has its worst answer.",)


def test_a_weak_section_holds_the_outcome_back() -> None:
    asked = questions(*[("rating", 1, 5, False)] * 4, ("yes_no", 2, 1, False))
    result = scoring.score(a_template(), asked, dict.fromkeys(range(1, 5), "excellent") | {5: "no"})
    assert result.outcome == VisitOutcome.REQUIRES_IMPROVEMENT
    assert result.held_back == ("The section “Section 2” scored 0.0%, below 40%.",)


@pytest.mark.parametrize(
    ("percent", "outcome"),
    [
        ("100", "excellent"),
        ("90.0", "excellent"),
        ("89.9", "good"),
        ("70.0", "good"),
        ("69.9", "requires_improvement"),
        ("40.0", "requires_improvement"),
        ("39.9", "poor"),
        ("0.0", "poor"),
    ],
)
def test_thresholds_belong_to_the_better_outcome(percent: str, outcome: str) -> None:
    assert scoring.outcome_of(a_template(), Decimal(percent)) == outcome


SHAPE = st.tuples(
    st.sampled_from(sorted(ANSWERS_RISING)), st.integers(1, 4), st.integers(0, 10), st.booleans()
)


@given(st.lists(SHAPE, min_size=1, max_size=12), st.data())
def test_raising_an_answer_never_lowers_a_score_or_an_outcome(
    shape: list[tuple[str, int, int, bool]], data: st.DataObject
) -> None:
    asked = questions(*shape)
    values = {q.pk: data.draw(st.sampled_from(["", *ANSWERS_RISING[q.kind]])) for q in asked}
    raised = data.draw(st.sampled_from(asked))
    rising = ANSWERS_RISING[raised.kind]
    values[raised.pk] = data.draw(st.sampled_from(rising[:-1]))
    better = {**values, raised.pk: rising[rising.index(values[raised.pk]) + 1]}
    low, high = (
        scoring.score(a_template(), asked, values),
        scoring.score(a_template(), asked, better),
    )
    for before, after in [
        (low, high),
        *zip(low.sections, high.sections, strict=True),
        *zip(low.standards, high.standards, strict=True),
    ]:
        assert (before.percent is None) == (after.percent is None)
        assert before.percent is None or after.percent >= before.percent
    assert low.outcome is None or not scoring.better(low.outcome, high.outcome)
