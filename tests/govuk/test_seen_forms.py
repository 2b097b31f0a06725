"""The step "somebody changed this meanwhile": nothing that was typed is lost, and whose words are
kept is the person's choice.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path, reverse
from django.utils import timezone

from core import versions
from core.models import District, User
from core.permissions import everyone
from govuk.form_page import bind, form_page
from govuk.seen_forms import SeenForm

pytestmark = pytest.mark.urls(__name__)
BEFORE = {"reasons": "Two falls. Staff are kind.", "plan": "Call.", "due_on": "2019-12-09"}


@dataclass(frozen=True)
class ReasonsInput:
    """As an action takes it."""

    reasons: str
    plan: str
    due_on: date
    seen: str


class ReasonsForm(SeenForm):
    input_class = ReasonsInput
    reasons = forms.CharField(label="Reasons", widget=forms.Textarea)
    plan = forms.CharField(label="Plan", widget=forms.Textarea)
    due_on = forms.DateField(label="Due on")


class DecisionForm(SeenForm):
    """A decision on words that another wrote: it asks none of them."""

    input_class = None
    note = forms.CharField(label="Note")


@pytest.fixture
def record(db, council):
    return District.objects.create(name="North")


@pytest.fixture
def ana(db):
    return User.objects.create_user("ana", first_name="Ana", last_name="Green")


def keep(record, by, **fields):
    with transaction.atomic():
        versions.keep(record, {**BEFORE, **fields}, by=by, now=timezone.now())


@everyone
def change_reasons(request: Any, pk: int) -> HttpResponse:
    """A page as every page of a record's words is, with the action that it calls."""
    record = District.objects.get(pk=pk)

    def act(given: ReasonsInput) -> None:
        versions.check_seen(record, given.seen)
        words = {"reasons": given.reasons, "plan": given.plan, "due_on": given.due_on}
        keep(record, request.user, **words)

    form = bind(request, ReasonsForm, of=record)
    template = "includes/task_page.html"
    return form_page(request, form, act, template=template, done="Saved.", url="/signed-in/")


urlpatterns = [
    path("reasons/<int:pk>/", change_reasons, name="change-reasons"),
    path("", include("carequality.urls")),
]


def post(record: District, by: User, **data: Any) -> tuple[Any, Any]:
    """The answer to what is posted, and the form that it shows again, if any."""
    client = Client()
    client.force_login(by)
    answer = client.post(reverse("change-reasons", args=[record.pk]), data)
    return answer, answer.context["form"] if answer.context else None


def typed(form: forms.Form) -> dict[str, str]:
    """What the page's form holds, ready to be sent again."""
    hidden = dict(form.meanwhile.hidden)
    boxes = {"reasons": form["reasons"].value(), "plan": form["plan"].value()}
    days = form["due_on"].value()
    boxes |= (
        {"due_on": days}
        if isinstance(days, str)
        else {f"due_on-{part}": value for part, value in days.items()}
    )
    return {**boxes, "seen": form["seen"].value(), **hidden}


@pytest.fixture
def clash(record, ana, person):
    """Ana changed the reasons and the plan while the other had typed into the reasons."""
    me = person("Manager")
    keep(record, me)
    seen = versions.seen_of(record)
    keep(record, ana, reasons="Three falls. Staff are kind.", plan="Call and visit.")
    answer, form = post(
        record, me, **{**BEFORE, "reasons": "Two falls. Staff are kind. Meals late."}, seen=seen
    )
    return me, answer, form


def test_what_nobody_else_changed_is_saved(record, ana):
    keep(record, ana)
    answer, _form = post(record, ana, **{**BEFORE, "plan": "Visit."}, seen=versions.seen_of(record))
    assert answer.status_code == 302
    assert versions.latest(record).fields["plan"] == "Visit."


def test_a_change_meanwhile_is_shown_by_field_and_nothing_typed_is_lost(record, clash):
    _me, answer, form = clash
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Ana Green changed this while you had it open" in page
    (asked,) = form.meanwhile.clashes
    assert (asked.label, asked.theirs, asked.mine) == (
        "Reasons",
        "Three falls. Staff are kind.",
        "Two falls. Staff are kind. Meals late.",
    )
    assert asked.both == "Three falls. Staff are kind. Meals late."
    assert form["reasons"].value() == "Two falls. Staff are kind. Meals late."
    # What I had left alone is theirs now, without a question.
    assert [changed.label for changed in form.meanwhile.taken] == ["Plan"]
    assert form["plan"].value() == "Call and visit."


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ("mine", "Two falls. Staff are kind. Meals late."),
        ("theirs", "Three falls. Staff are kind."),
        ("both", "Three falls. Staff are kind. Meals late."),
    ],
)
def test_whose_words_are_kept_is_chosen(record, clash, chosen, expected):
    me, _answer, form = clash
    answer, _form = post(record, me, **typed(form), **{"keep-reasons": chosen})
    assert answer.status_code == 302
    last = versions.latest(record)
    assert last.fields == {**BEFORE, "reasons": expected, "plan": "Call and visit."}
    # Whatever was chosen, the other's words stay in the history.
    assert "Three falls. Staff are kind." in [
        one.fields["reasons"] for one in versions.history(record)
    ]


def test_without_a_choice_the_question_stays(record, clash):
    me, _answer, form = clash
    answer, again = post(record, me, **typed(form))
    assert answer.status_code == 200
    assert "Choose which words to keep" in answer.content.decode()
    assert again.meanwhile.clashes[0].is_missing
    assert again["reasons"].value() == "Two falls. Staff are kind. Meals late."
    last, _form = post(record, me, **typed(again), **{"keep-reasons": "both"})
    assert last.status_code == 302


def test_a_second_change_meanwhile_is_shown_again(record, clash, ana):
    me, _answer, form = clash
    keep(record, ana, reasons="Four falls. Staff are kind.", plan="Call and visit.")
    answer, again = post(record, me, **typed(form), **{"keep-reasons": "both"})
    assert answer.status_code == 200
    assert again.meanwhile.clashes[0].both == "Four falls. Staff are kind. Meals late."
    post(record, me, **typed(again), **{"keep-reasons": "both"})
    assert versions.latest(record).fields["reasons"] == "Four falls. Staff are kind. Meals late."


def test_a_day_that_both_changed_is_mine_or_theirs(record, ana):
    keep(record, ana)
    seen = versions.seen_of(record)
    keep(record, ana, due_on="2019-12-20")
    days = {"due_on-day": "15", "due_on-month": "12", "due_on-year": "2019"}
    sent = {name: value for name, value in BEFORE.items() if name != "due_on"}
    _answer, form = post(record, ana, **sent, **days, seen=seen)
    (asked,) = form.meanwhile.clashes
    assert (asked.theirs, asked.mine, asked.both) == ("20 December 2019", "15 December 2019", None)
    post(record, ana, **typed(form), **{"keep-due_on": "theirs"})
    assert versions.latest(record).fields["due_on"] == "2019-12-20"


def test_whoever_decides_is_shown_what_changed_and_decides_again(record, ana):
    keep(record, ana)
    seen = versions.seen_of(record)
    keep(record, ana, reasons="Three falls. Staff are kind.")
    form = DecisionForm({"note": "Agreed.", "seen": seen}, of=record)
    assert form.is_valid()
    with pytest.raises(versions.StaleVersion) as refused:
        versions.check_seen(record, form.cleaned_data["seen"])
    form.show_meanwhile(refused.value)
    assert [changed.label for changed in form.meanwhile.others] == ["Reasons"]
    versions.check_seen(record, form["seen"].value())
