from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from audits import files
from audits.actions import action_changes, corrections, plans, templates, visits
from audits.actions import plans as plans_actions
from audits.actions import templates as templates_actions
from audits.actions import visits as visits_actions
from audits.actions.corrections import CorrectionInput
from audits.actions.visits import BeginInput, CompleteInput, Entry
from audits.models import (
    Action,
    ActionStatus,
    Answer,
    Question,
    Template,
    Visit,
    VisitStatus,
    services_with_audits,
)
from audits.workflow.action import ACTION
from audits.workflow.visit import VISIT
from core.models import Event, User
from providers.models import Service
from tests.audits.factories import change_steps, plan_of
from tests.refusals import not_allowed

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
NOW = timezone.make_aware(timezone.datetime(2026, 3, 2, 12))
SMALL = """
key = "small"
name = "Small"
service_types = ["residential_home"]
[[sections]]
title = "One"
[[sections.standards]]
title = "One"
questions = [
  { code = "a", text = "A?", kind = "rating", weight = 2, evidence_required = true },
  { code = "b", text = "B?", kind = "yes_no", na_allowed = true },
  { code = "c", text = "C?", kind = "text" },
]
"""


@pytest.fixture
def template() -> Template:
    draft = templates_actions.load_template(files.parse(SMALL), by=None, now=NOW)
    return templates_actions.publish(draft.pk, by=None, now=NOW)


@pytest.fixture
def officer(person: Callable[..., User]) -> User:
    return person("Officer")


@pytest.fixture
def editor(person: Callable[..., User]) -> User:
    """Somebody who may change templates."""
    return person("Senior officer", "editor")


@pytest.fixture
def visit(service: Callable[..., Service], template: Template, officer: User) -> Visit:
    planned = visits_actions.plan_visit(
        by=officer,
        given=plan_of(
            service=service(), template=template, kind="annual", planned_for=TODAY, officer=officer
        ),
        now=NOW,
    )
    return visits_actions.begin(planned.pk, by=officer, given=BeginInput(TODAY), today=TODAY)


def ids(template: Template) -> dict[str, int]:
    return {q.code: q.pk for q in Question.objects.of_template(template)}


def answer_all(visit: Visit, by: User, rating: str = "good") -> None:
    q = ids(visit.template)
    entries = [Entry(q["a"], rating, evidence="Seen"), Entry(q["b"], not_applicable=True)]
    visits_actions.save_answers(visit.pk, by=by, entries=entries, now=NOW)


def test_visit_is_planned_begun_answered_and_completed_with_its_score(
    visit: Visit, officer: User
) -> None:
    answer_all(visit, officer)
    done = visits_actions.complete(visit.pk, by=officer, given=CompleteInput("Fine"), now=NOW)
    assert (done.score, done.outcome) == (Decimal("75.0"), "good")
    kinds = list(
        Event.objects.filter(service_id=visit.service_id)
        .order_by("id")
        .values_list("kind", flat=True)
    )
    assert kinds == ["visit.planned", "visit.begun", "visit.answers_saved", "visit.completed"]


def test_visit_with_gaps_cannot_be_completed(visit: Visit, officer: User) -> None:
    q = ids(visit.template)
    visits_actions.save_answers(visit.pk, by=officer, entries=[Entry(q["a"], "good")], now=NOW)
    with not_allowed("not-answered") as refused:
        visits_actions.complete(visit.pk, by=officer, given=CompleteInput(""), now=NOW)
    assert refused.value.message.startswith("2 questions")


def test_completed_visit_takes_no_more_answers(visit: Visit, officer: User) -> None:
    answer_all(visit, officer)
    visits_actions.complete(visit.pk, by=officer, given=CompleteInput(""), now=NOW)
    with not_allowed("wrong-state"):
        answer_all(visit, officer, "excellent")


def test_colleagues_answer_is_never_overwritten_unseen(
    visit: Visit, officer: User, person: Callable[..., User]
) -> None:
    q = ids(visit.template)
    colleague = person("Officer", "colleague")
    visits_actions.save_answers(visit.pk, by=colleague, entries=[Entry(q["a"], "poor")], now=NOW)
    entries = [Entry(q["a"], "good", seen=0), Entry(q["b"], "yes")]
    saved = visits_actions.save_answers(visit.pk, by=officer, entries=entries, now=NOW)
    assert saved.changed == 1
    assert saved.conflict[q["a"]].value == "poor"
    assert Answer.objects.get(question=q["a"]).value == "poor"
    again = visits_actions.save_answers(
        visit.pk, by=officer, entries=[Entry(q["a"], "good", seen=1)], now=NOW
    )
    assert not again.conflict
    assert Answer.objects.get(question=q["a"]).value == "good"


def test_saving_the_same_again_changes_nothing(visit: Visit, officer: User) -> None:
    answer_all(visit, officer)
    answer_all(visit, officer)
    assert set(Answer.objects.values_list("version", flat=True)) == {1}
    assert Event.objects.filter(kind="visit.answers_saved").count() == 1


def test_last_years_answer_is_found_across_versions(
    visit: Visit, officer: User, editor: User, template: Template
) -> None:
    answer_all(visit, officer, "poor")
    visits_actions.complete(visit.pk, by=officer, given=CompleteInput(""), now=NOW)
    draft = templates_actions.start_version(template.pk, by=editor, now=NOW)
    new = templates_actions.publish(draft.pk, by=editor, now=NOW)
    later = visits_actions.plan_visit(
        by=officer,
        given=plan_of(
            service=visit.service,
            template=new,
            kind="annual",
            planned_for=TODAY + timedelta(days=365),
            officer=officer,
        ),
        now=NOW,
    )
    assert {a.question.code: a.value for a in Answer.objects.before(later)} == {
        "a": "poor",
        "b": "",
    }
    assert not Answer.objects.before(visit).exists()


def test_annual_audit_needs_the_current_template_of_the_services_type(
    service: Callable[..., Service], template: Template, officer: User, editor: User
) -> None:
    def plan(home: Service, template: Template | None) -> None:
        given = plan_of(home, officer, template, kind="annual", planned_for=TODAY)
        visits_actions.plan_visit(by=officer, given=given, now=NOW)

    with not_allowed("template-missing", "template"):
        plan(service(), None)
    with not_allowed("template-of-another-type", "template"):
        plan(service("B", "home_care"), template)
    new = templates_actions.start_version(template.pk, by=editor, now=NOW)
    with not_allowed("template-not-current", "template"):
        plan(service(), new)


def test_visit_is_given_only_to_someone_who_may_record_it(
    service: Callable[..., Service], officer: User, person: Callable[..., User]
) -> None:
    given = plan_of(service(), person("Practitioner"), kind="monitoring", planned_for=TODAY)
    with not_allowed("may-not-record", "officer"):
        visits_actions.plan_visit(by=officer, given=given, now=NOW)


def test_visit_is_not_planned_at_a_service_that_is_closed(
    service: Callable[..., Service], officer: User
) -> None:
    home = service()
    home.closed_on = TODAY
    home.save()
    given = plan_of(home, officer, kind="monitoring", planned_for=TODAY)
    with not_allowed("service-closed", "planned_for"):
        visits_actions.plan_visit(by=officer, given=given, now=NOW)


def test_visit_planned_of_the_programme_asks_the_programmes_right(
    service: Callable[..., Service], officer: User, person: Callable[..., User]
) -> None:
    given = plan_of(service(), officer, kind="monitoring", planned_for=TODAY)
    with not_allowed("permission-missing"):
        visits.book_visit(by=officer, given=given, now=NOW)
    assert visits.book_visit(by=person("Senior officer"), given=given, now=NOW).status == "planned"


def test_visit_cannot_begin_in_the_future(service: Callable[..., Service], officer: User) -> None:
    given = plan_of(service(), officer, kind="monitoring", planned_for=TODAY)
    visit = visits_actions.plan_visit(by=officer, given=given, now=NOW)
    with not_allowed("in-future", "visited_on"):
        visits_actions.begin(
            visit.pk, by=officer, given=BeginInput(TODAY + timedelta(days=1)), today=TODAY
        )
    visit.refresh_from_db()
    assert (visit.status, visit.visited_on) == ("planned", None)


# What each step of a visit asks, its table says once.


@pytest.mark.parametrize(
    ("step", "states"),
    [
        ("change-plan", "planned"),
        ("begin", "planned"),
        ("cancel", "planned"),
        ("record-answers", "in_progress"),
        ("take-notes", "in_progress"),
        ("give-feedback", "in_progress"),
        ("complete", "in_progress"),
        ("attach", "planned in_progress"),
        ("add-companion", "in_progress completed"),
        ("raise-risk", "planned in_progress completed stopped"),
        ("reopen", "completed"),
        ("mark-public", "completed"),
        ("withdraw-attachment", "planned in_progress completed cancelled stopped"),
    ],
)
def test_step_starts_from_its_states_alone(
    visit: Visit, manager: User, step: str, states: str
) -> None:
    for status in VisitStatus.values:
        visit.status = status
        refused = VISIT.refusal(visit, step, manager, NOW)
        assert (refused is None) == (status in states.split()), (status, refused)
        assert refused is None or refused.code == "wrong-state"


@pytest.mark.parametrize(
    "name", [name for name, step in VISIT.transitions.items() if step.permissions]
)
def test_visit_is_closed_to_those_without_the_steps_right(
    visit: Visit, person: Callable[..., User], name: str
) -> None:
    refused = VISIT.refusal(visit, name, person("Practitioner"), NOW)
    assert refused is not None
    assert refused.code == "permission-missing"


def test_action_asks_the_right_before_it_looks_anything_up(person: Callable[..., User]) -> None:
    with not_allowed("permission-missing"):
        visits_actions.complete(0, by=person("Signatory"), given=CompleteInput(""), now=NOW)
    with not_allowed("permission-missing"):
        corrections.reopen(0, by=person("Officer"), given=CorrectionInput("Wrong"), now=NOW)


def agree(visit: Visit, by: User, **also: Any) -> Action:
    finding = plans_actions.add_finding(
        visit.pk, by=by, given=plans.FindingInput("Bells not answered"), now=NOW
    )
    values = {
        "text": "Answer bells",
        "due_on": TODAY + timedelta(days=14),
        "owner_name": "The manager",
    } | also
    return plans_actions.agree_action(
        by=by,
        service=visit.service,
        finding=finding,
        given=plans.ActionInput(**values),
        today=TODAY,
    )


def close(
    action: Action, by: User, evidence: str = "Log seen", on: date = TODAY, today: date = TODAY
) -> Action:
    return plans_actions.close_action(
        action.pk, by=by, given=plans.CloseActionInput(on, evidence), today=today
    )


def verify(action: Action, by: User, accepted: bool = True, **said: str) -> Action:
    return plans_actions.verify_action(
        action.pk, by=by, given=plans.VerificationInput(accepted, **said), now=NOW
    )


def test_action_is_verified_by_somebody_other_than_who_closed_it(
    visit: Visit, person: Callable[..., User]
) -> None:
    senior, other = person("Senior officer"), person("Senior officer", "other")
    action = agree(visit, senior)
    with not_allowed("wrong-state"):
        verify(action, other, how="Looked")
    close(action, senior)
    for accepted in (True, False):
        with not_allowed("same-person"):
            verify(action, senior, accepted)
    with pytest.raises(IntegrityError, match="verified_by_another"), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(
            status="verified", verified_by=senior, verified_at=NOW
        )
    with not_allowed("wrong-state") as refused:
        close(action, senior)
    assert refused.value.message == ACTION["close"].not_from[ActionStatus.DONE]
    assert verify(action, other, how="Looked").status == "verified"
    with not_allowed("wrong-state"):
        close(action, senior)


def test_returned_action_is_open_again_with_the_reason(
    visit: Visit, person: Callable[..., User]
) -> None:
    senior, other = person("Senior officer"), person("Senior officer", "other")
    action = agree(visit, senior)
    close(action, senior, "Said so")
    back = verify(action, other, False, reason="Nothing shows it")
    assert (back.status, back.closed_on, back.returned_reason) == ("open", None, "Nothing shows it")


def test_every_evidence_and_every_return_stays(visit: Visit, person: Callable[..., User]) -> None:
    senior, other = person("Senior officer"), person("Senior officer", "other")
    action = agree(visit, senior)
    for number in ("first", "second"):
        close(action, senior, f"The {number} evidence")
        verify(action, other, False, reason=f"The {number} return")
    close(action, senior, "The third evidence")
    kept = list(action.returns.values_list("evidence", "reason"))
    assert kept == [
        ("The first evidence", "The first return"),
        ("The second evidence", "The second return"),
    ]
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        action.returns.update(reason="Other")


def test_returning_an_action_does_not_move_a_past_day(
    visit: Visit, person: Callable[..., User]
) -> None:
    senior, other = person("Senior officer"), person("Senior officer", "other")
    action = agree(visit, senior, due_on=TODAY)
    close(action, senior, on=TODAY)
    days = [TODAY + timedelta(days=number) for number in range(6)]

    def counts() -> list[int]:
        return [Action.objects.open_on(day).count() for day in days]

    before = counts()
    later = NOW + timedelta(days=4)
    given = plans.VerificationInput(False, reason="Nothing shows it")
    plans_actions.verify_action(action.pk, by=other, given=given, now=later)
    assert before == [0, 0, 0, 0, 0, 0]
    assert counts() == [0, 0, 0, 0, 1, 1]
    with not_allowed("before-returned", "closed_on"):
        close(action, senior, on=days[2], today=days[5])
    close(action, senior, on=days[5], today=days[5])
    assert counts() == [0, 0, 0, 0, 1, 0]


def test_a_later_due_day_leaves_what_was_overdue_before(visit: Visit, officer: User) -> None:
    action = agree(visit, officer, due_on=TODAY + timedelta(days=3))
    moved_at = NOW + timedelta(days=10)
    given = action_changes.DueInput(TODAY + timedelta(days=30), "The part is late.")
    action_changes.change_due(action.pk, by=officer, given=given, now=moved_at)
    overdue = [
        Action.objects.overdue_on(TODAY + timedelta(days=days)).count() for days in (3, 4, 9, 10)
    ]
    assert overdue == [0, 1, 1, 0]
    change = action.changes.get()
    assert (change.due_before, change.reason) == (TODAY + timedelta(days=3), "The part is late.")
    with not_allowed("reason-missing", "reason"):
        given = action_changes.DueInput(TODAY + timedelta(days=40), " ")
        action_changes.change_due(action.pk, by=officer, given=given, now=moved_at)


def test_owner_is_changed_with_a_reason(visit: Visit, officer: User) -> None:
    action = agree(visit, officer)
    given = action_changes.OwnerInput("The manager left.", officer_id=officer.pk)
    changed = action_changes.change_owner(action.pk, by=officer, given=given, now=NOW)
    assert (changed.officer, changed.owner_name) == (officer, "")
    assert action.changes.get().owner_before == "The manager, at the provider"


def test_action_is_withdrawn_with_a_reason_and_counted_until_then(
    visit: Visit, officer: User
) -> None:
    action = agree(visit, officer)
    later = NOW + timedelta(days=5)
    given = action_changes.ActionWithdrawalInput("The wing was closed.")
    done = action_changes.withdraw_action(action.pk, by=officer, given=given, now=later)
    assert done.is_withdrawn
    counts = [Action.objects.open_on(TODAY + timedelta(days=days)).count() for days in (4, 5)]
    assert counts == [1, 0]
    assert not Action.objects.unverified().exists()
    with not_allowed("wrong-state"):
        close(action, officer)


def test_action_has_one_owner_and_a_day_to_come(visit: Visit, officer: User) -> None:
    with not_allowed("one-owner", "owner"):
        agree(visit, officer, officer_id=officer.pk)
    with not_allowed("one-owner", "owner"):
        agree(visit, officer, owner_name="  ")
    with not_allowed("in-past", "due_on"):
        agree(visit, officer, due_on=TODAY - timedelta(days=1))


def test_action_is_closed_with_evidence_between_the_agreement_and_today(
    visit: Visit, officer: User
) -> None:
    action = agree(visit, officer)
    with not_allowed("no-evidence", "evidence"):
        close(action, officer, " ")
    with not_allowed("in-future", "closed_on"):
        close(action, officer, on=TODAY + timedelta(days=1))
    with not_allowed("before-agreed", "closed_on"):
        close(action, officer, on=TODAY - timedelta(days=1))
    action.refresh_from_db()
    assert (action.status, action.closed_by, action.evidence) == ("open", None, "")


def test_action_is_refused_to_who_lacks_the_right_before_anything_is_looked_up(
    visit: Visit, officer: User, person: Callable[..., User]
) -> None:
    action = agree(visit, officer)
    nobody = person("Signatory")
    with not_allowed("permission-missing"):
        agree(visit, nobody)
    with not_allowed("permission-missing"):
        close(action, nobody)
    with not_allowed("permission-missing"):
        plans_actions.close_action(
            0, by=nobody, given=plans.CloseActionInput(TODAY, "x"), today=TODAY
        )
    close(action, officer)
    with not_allowed("permission-missing"):
        verify(action, person("Officer", "other"), how="Looked")
    assert Action.objects.get().status == "done"


def test_finding_belongs_to_a_visit_that_has_begun(visit: Visit, officer: User) -> None:
    Visit.objects.filter(pk=visit.pk).update(status="planned", visited_on=None)
    with not_allowed("not-begun"):
        agree(visit, officer)


def test_open_and_overdue_are_true_of_the_day_asked(visit: Visit, officer: User) -> None:
    action = agree(visit, officer, due_on=TODAY + timedelta(days=3))
    done_on = TODAY + timedelta(days=9)
    close(action, officer, "Seen", on=done_on, today=done_on)
    counts = [
        Action.objects.open_on(TODAY + timedelta(days=days)).count() for days in (-1, 0, 8, 9)
    ]
    assert counts == [0, 1, 1, 0]
    assert [Action.objects.overdue_on(TODAY + timedelta(days=d)).count() for d in (3, 4, 8, 9)] == [
        0,
        1,
        1,
        0,
    ]


def test_a_services_audits_are_told_in_one_query(
    visit: Visit,
    officer: User,
    service: Callable[..., Service],
    django_assert_num_queries: Callable[..., object],
    manager: User,
) -> None:
    change_steps(manager, moderated=False, factual_accuracy=False)
    answer_all(visit, officer)
    visits_actions.complete(visit.pk, by=officer, given=CompleteInput(""), now=NOW)
    agree(visit, officer)
    agree(visit, officer, due_on=TODAY)
    visits_actions.plan_visit(
        by=officer,
        given=plan_of(
            service=visit.service,
            template=None,
            kind="follow_up",
            planned_for=TODAY + timedelta(days=30),
            officer=officer,
        ),
        now=NOW,
    )
    service("Empty House")
    with django_assert_num_queries(1):
        audited = {
            s.name: s
            for s in services_with_audits(Service.objects.all(), TODAY + timedelta(days=1))
        }
    alder, empty = audited["Alder House"], audited["Empty House"]
    assert (alder.open_actions, alder.overdue_actions) == (2, 1)
    assert (alder.next_visit_on, alder.last_visit_on) == (TODAY + timedelta(days=30), TODAY)
    assert (alder.last_audit_on, alder.last_outcome) == (TODAY, "good")
    assert (empty.open_actions, empty.next_visit_on, empty.last_outcome) == (0, None, None)


DATE = templates.QuestionInput(
    text="D?",
    code="d",
    guidance="",
    kind="date",
    options=[],
    weight=0,
    na_allowed=False,
    evidence_required=False,
    critical=False,
    position=1,
)


def test_draft_is_edited_part_by_part_and_keeps_its_order(template: Template, editor: User) -> None:
    draft = templates_actions.start_version(template.pk, by=editor, now=NOW)
    with not_allowed("draft-exists"):
        templates_actions.start_version(template.pk, by=editor, now=NOW)
    with not_allowed("draft-exists"):
        templates_actions.load_template(files.parse(SMALL), by=editor, now=NOW)
    first = Question.objects.of_template(draft).first()
    new = Question(standard=first.standard)
    templates_actions.save_part(new, by=editor, given=DATE)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert [q.code for q in Question.objects.of_template(draft)] == ["d", "a", "b", "c"]
    templates_actions.remove_part(Question.objects.get(pk=first.pk), by=editor)
    assert [q.code for q in Question.objects.of_template(draft)] == ["d", "b", "c"]
    changes = templates.PublishInput("Dates")
    published = templates_actions.publish(draft.pk, by=editor, now=NOW, given=changes)
    template.refresh_from_db()
    assert (published.version, published.status, template.status) == (2, "current", "retired")
    assert published.changes == "Dates"
    with not_allowed("wrong-state"):
        templates_actions.save_part(new, by=editor, given=DATE)
    with not_allowed("wrong-state"):
        templates_actions.publish(template.pk, by=editor, now=NOW)
    with not_allowed("wrong-state"):
        templates_actions.discard_draft(published.pk, by=editor)


def test_draft_with_nothing_to_score_or_a_code_twice_is_not_published(
    template: Template, editor: User
) -> None:
    draft = templates_actions.start_version(template.pk, by=editor, now=NOW)
    Question.objects.of_template(draft).filter(code="b").update(code="a")
    with not_allowed("code-twice"):
        templates_actions.publish(draft.pk, by=editor, now=NOW)
    Question.objects.of_template(draft).update(weight=0)
    with not_allowed("nothing-scored"):
        templates_actions.publish(draft.pk, by=editor, now=NOW)
    draft.refresh_from_db()
    template.refresh_from_db()
    assert (draft.status, template.status) == ("draft", "current")


def test_templates_are_refused_to_who_may_not_edit_them(template: Template, officer: User) -> None:
    with not_allowed("permission-missing"):
        templates_actions.start_version(template.pk, by=officer, now=NOW)
    with not_allowed("permission-missing"):
        templates_actions.load_template(files.parse(SMALL), by=officer, now=NOW)
    with not_allowed("permission-missing"):
        templates_actions.publish(0, by=officer, now=NOW)
    assert Template.objects.count() == 1


def test_outcome_is_exempt_until_marked_public_after_completion(
    visit: Visit, officer: User, manager: User
) -> None:
    with not_allowed("wrong-state"):
        visits_actions.mark_public(visit.pk, by=manager, public=True, now=NOW)
    change_steps(manager, moderated=False, factual_accuracy=False)
    answer_all(visit, officer)
    done = visits_actions.complete(visit.pk, by=officer, given=CompleteInput(""), now=NOW)
    assert done.public_at is None
    assert (
        visits_actions.mark_public(visit.pk, by=manager, public=True, now=NOW).public_by == manager
    )
    assert visits_actions.mark_public(visit.pk, by=manager, public=False, now=NOW).public_at is None


@pytest.mark.django_db(transaction=True)
def test_twenty_saving_the_same_question_at_once_leave_one_answer_and_tell_the_rest(
    service: Callable[..., Service], person: Callable[..., User]
) -> None:
    officer = person("Officer")
    draft = templates_actions.load_template(files.parse(SMALL), by=None, now=NOW)
    template = templates_actions.publish(draft.pk, by=None, now=NOW)
    plan = {"template": template, "kind": "annual", "planned_for": TODAY, "officer": officer}
    visit = visits_actions.plan_visit(by=officer, given=plan_of(service=service(), **plan), now=NOW)
    visits_actions.begin(visit.pk, by=officer, given=BeginInput(TODAY), today=TODAY)
    question = ids(template)["a"]

    def one(number: int) -> int:
        try:
            entry = Entry(question, "good", evidence=f"Seen by {number}")
            return visits_actions.save_answers(
                visit.pk, by=officer, entries=[entry], now=NOW
            ).changed
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        changed = list(pool.map(one, range(20)))
    assert sum(changed) == 1
    assert Answer.objects.get().version == 1
    assert Event.objects.filter(kind="visit.answers_saved").count() == 1
