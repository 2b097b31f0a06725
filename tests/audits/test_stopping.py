"""A visit begun by mistake, one that ends early, and one whose day is recorded wrongly."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from audits import audit_states, files
from audits.actions import evidence, stopping, templates, visits
from audits.actions.stopping import DayInput, StopInput
from audits.actions.visits import BeginInput, CompleteInput, Entry
from audits.models import Answer, Question, Visit, VisitStatus
from core import versions
from core.models import Event, User
from providers.models import Service
from tests.audits.factories import plan_of
from tests.audits.test_actions import NOW, SMALL, TODAY
from tests.refusals import not_allowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(person: Callable[..., User]) -> User:
    return person("Officer")


@pytest.fixture
def begun(service: Callable[..., Service], officer: User) -> Visit:
    draft = templates.load_template(files.parse(SMALL), by=None, now=NOW)
    template = templates.publish(draft.pk, by=None, now=NOW)
    planned = visits.plan_visit(
        by=officer,
        given=plan_of(service(), officer, template, kind="annual", planned_for=TODAY),
        now=NOW,
    )
    return visits.begin(planned.pk, by=officer, given=BeginInput(TODAY), today=TODAY)


def answer(visit: Visit, by: User, code: str = "a", value: str = "good", **more) -> Answer:
    question = Question.objects.of_template(visit.template).get(code=code)
    entry = Entry(question_id=question.pk, value=value, **more)
    visits.save_answers(visit.pk, by=by, entries=[entry], now=NOW)
    return Answer.objects.get(visit=visit, question=question)


def stop(visit: Visit, by: User, **more) -> Visit:
    given = {"how": "part_completed", "reason": "Outbreak", "again_on": None} | more
    return stopping.stop(visit.pk, by=by, given=StopInput(**given), now=NOW)


def test_begin_is_taken_back_while_nothing_is_recorded(begun: Visit, officer: User):
    planned = stopping.undo_begin(begun.pk, by=officer, now=NOW)
    assert (planned.status, planned.visited_on) == (VisitStatus.PLANNED, None)
    assert Event.objects.filter(kind="visit.begin_undone").exists()
    visits.begin(begun.pk, by=officer, given=BeginInput(TODAY), today=TODAY)


def test_begin_is_not_taken_back_once_something_is_recorded(begun: Visit, officer: User):
    answer(begun, officer)
    with not_allowed("something-recorded"):
        stopping.undo_begin(begun.pk, by=officer, now=NOW)


def test_a_visit_stopped_early_keeps_what_was_seen_and_has_no_outcome(
    begun: Visit, officer: User, service: Callable[..., Service]
):
    seen = answer(begun, officer, evidence="Two falls")
    stopped = stop(begun, officer)
    assert (stopped.status, stopped.outcome, stopped.score) == (VisitStatus.STOPPED, "", None)
    assert not hasattr(stopped, "report")
    assert Answer.objects.get(pk=seen.pk).evidence == "Two falls"
    assert stopped not in Visit.objects.completed()
    assert stopped not in Visit.objects.rated()
    # The programme's place is to be planned again.
    year = (TODAY.replace(month=1, day=1), TODAY.replace(month=12, day=31))
    assert audit_states.audits_between([service().pk], *year) == {}
    with not_allowed("wrong-state"):
        answer(begun, officer, value="poor")
    with not_allowed("wrong-state"):
        visits.complete(begun.pk, by=officer, given=CompleteInput("All"), now=NOW)


def test_a_visit_stopped_early_is_planned_again(begun: Visit, officer: User):
    stop(begun, officer, again_on=TODAY + timedelta(days=14))
    again = Visit.objects.get(status=VisitStatus.PLANNED)
    assert (again.kind, again.planned_for) == ("annual", TODAY + timedelta(days=14))
    assert (again.service, again.officer) == (begun.service, officer)


def test_stopping_needs_a_reason_and_the_database_holds_it(begun: Visit, officer: User):
    with not_allowed("reason-missing"):
        stop(begun, officer, reason=" ")
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.filter(pk=begun.pk).update(status=VisitStatus.STOPPED)


def test_a_day_is_corrected_with_its_reason_and_the_template_stays(begun: Visit, officer: User):
    day = TODAY - timedelta(days=1)
    given = DayInput(day, "Typed a day late")
    corrected = stopping.correct_day(begun.pk, by=officer, given=given, now=NOW, today=TODAY)
    assert (corrected.visited_on, corrected.template_id) == (day, begun.template_id)
    told = versions.history(corrected)
    assert [one.fields["visited_on"] for one in told] == [TODAY.isoformat(), day.isoformat()]
    assert told[-1].fields["reason"] == "Typed a day late"


@pytest.mark.parametrize(
    ("day", "reason", "code"),
    [
        (TODAY, "Wrong", "same-day"),
        (TODAY + timedelta(days=1), "Wrong", "in-future"),
        (TODAY - timedelta(days=1), "", "reason-missing"),
    ],
)
def test_a_day_is_not_corrected_so(begun: Visit, officer: User, day: date, reason: str, code: str):
    with not_allowed(code):
        stopping.correct_day(
            begun.pk, by=officer, given=DayInput(day, reason), now=NOW, today=TODAY
        )


def test_every_version_of_an_answer_a_note_and_the_sheet_is_kept(
    begun: Visit, officer: User, person: Callable[..., User]
):
    other = person("Officer", "colleague")
    answer(begun, officer, evidence="Two falls")
    kept = answer(begun, other, value="poor", evidence="Two falls. No call bell.", seen=1)
    assert [one.by for one in versions.history(kept)] == [officer, other]
    assert versions.authors(kept, ["evidence"]) == [officer, other]
    given = evidence.FeedbackInput(good="Warm", change_now="", next_steps="", given_to="", seen=0)
    sheet = evidence.save_feedback(begun.pk, by=officer, given=given, now=NOW).row
    assert versions.latest(sheet).fields["good"] == "Warm"


def test_what_was_written_before_versions_were_kept_is_kept_at_its_first_change(
    begun: Visit, officer: User, person: Callable[..., User]
):
    question = Question.objects.of_template(begun.template).get(code="a")
    old = Answer.objects.create(
        visit=begun,
        question=question,
        value="good",
        evidence="Old words",
        version=5,
        saved_at=timezone.now(),
        saved_by=officer,
    )
    answer(begun, person("Officer", "colleague"), value="poor", seen=5)
    assert [(one.number, one.fields["evidence"]) for one in versions.history(old)] == [
        (5, "Old words"),
        (6, ""),
    ]
