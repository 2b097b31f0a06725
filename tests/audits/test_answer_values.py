"""What may answer a question of a number or of a day, at a desk and from a device."""

from datetime import date

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from audits.forms.answers import AnswersForm
from audits.models import Question
from audits.rules.answers import check_value
from core.workflow import NotAllowed
from documents.dates import LASTING

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("date", "0202-05-20", "implausible"),
        ("date", "0001-01-01", "implausible"),
        ("date", "9999-12-31", "implausible"),
        ("date", "2026-W01-1", "not-a-date"),
        ("date", "20260101", "not-a-date"),
        ("number", "1e19", "not-a-number"),
        ("number", "１２", "not-a-number"),
        ("number", "NaN", "not-a-number"),
        ("number", "1_000", "not-a-number"),
    ],
)
def test_answer_that_could_not_be_shown_in_its_box_again_is_refused(
    kind: str, value: str, code: str
):
    with pytest.raises(NotAllowed) as refused:
        check_value(Question(code="A1", kind=kind), value, TODAY)
    assert refused.value.code == code


def at_a_desk(question: Question, value: str) -> bool:
    form = AnswersForm({f"q{question.pk}-value": value}, questions=[question], answers={})
    return form.is_valid()


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2).map(str) | st.text(max_size=20))
def test_a_number_that_a_device_may_send_is_taken_at_a_desk_too(value: str):
    question = Question(pk=1, code="A1", kind="number", text="How many?")
    try:
        check_value(question, value, TODAY)
    except NotAllowed:
        return
    assert at_a_desk(question, value)


@given(st.data())
def test_a_day_that_a_device_may_send_is_taken_at_a_desk_too(data: st.DataObject):
    today = timezone.localdate()
    value = data.draw(st.dates(LASTING.first(today), LASTING.last(today))).isoformat()
    question = Question(pk=1, code="A1", kind="date", text="When?")
    check_value(question, value, today)
    assert at_a_desk(question, value)
