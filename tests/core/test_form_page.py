"""From a form to an action: a field that has no place in what the action takes is an error, not a
loss.
"""

from dataclasses import dataclass

import pytest
from django import forms

from core.workflow import NotAllowed
from govuk.form_page import form_page, post_action
from govuk.forms import GovForm


@dataclass(frozen=True)
class Given:
    name: str
    number: int


class AskForm(GovForm):
    input_class = Given
    name = forms.CharField()
    number = forms.IntegerField()


def sent(**values):
    form = AskForm(values)
    assert form.is_valid(), form.errors
    return form


def test_form_gives_the_dataclass_whole():
    assert sent(name="Elm", number="3").to_input() == Given("Elm", 3)


def test_field_that_the_dataclass_lacks_is_an_error():
    class Wider(AskForm):
        police_reference = forms.CharField(required=False)

    form = Wider({"name": "Elm", "number": "3", "police_reference": "A1"})
    assert form.is_valid()
    with pytest.raises(TypeError, match="police_reference"):
        form.to_input()


def test_field_that_the_form_lacks_is_an_error():
    @dataclass(frozen=True)
    class Wider(Given):
        police_reference: str = ""

    class Same(AskForm):
        input_class = Wider

    form = Same({"name": "Elm", "number": "3"})
    assert form.is_valid()
    with pytest.raises(TypeError, match="police_reference"):
        form.to_input()


@pytest.fixture
def request_of(rf):
    def make(method: str, **values):
        request = getattr(rf, method)("/", values)
        request._messages = type(
            "Messages", (), {"add": lambda self, level, message, tags="": None}
        )()
        return request

    return make


def refuse(_given):
    raise NotAllowed("too-many", "Three are too many.", "number")


def test_refusal_stands_by_its_field_and_what_was_typed_is_kept(request_of, monkeypatch, db):
    shown = {}
    monkeypatch.setattr(
        "govuk.form_page.render", lambda request, template, context: shown.update(context)
    )
    form = sent(name="Elm", number="3")
    form_page(request_of("post"), form, refuse, template="x.html", done="Done.", url="/done/")
    assert form.errors.as_data()["number"][0].code == "too-many"
    assert shown["form"]["name"].value() == "Elm"


def test_what_was_written_before_a_refusal_is_taken_back(request_of, db):
    from django.contrib.auth.models import Group

    def write_then_refuse():
        Group.objects.create(name="Written")
        raise NotAllowed("too-late", "Too late.")

    response = post_action(
        request_of("post"), write_then_refuse, done="Done.", url="/done/", back="/back/"
    )
    assert response.url == "/back/"
    assert not Group.objects.filter(name="Written").exists()
