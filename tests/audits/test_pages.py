import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits import files, today
from audits.actions import plans, templates
from audits.actions import visits as visits_actions
from audits.actions.plans import ActionInput, FindingInput
from audits.actions.visits import BeginInput, CompleteInput
from audits.models import Action, Answer, Finding, Question, Template, Visit
from concerns import actions as concerns
from core.models import User
from providers.models import Service
from tests.audits.codes import codes
from tests.audits.factories import change_steps, plan_of

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]
TODAY = date(2026, 3, 2)

TEXT = """
key = "small"
name = "Small"
service_types = ["residential_home"]
[[sections]]
title = "Care"
[[sections.standards]]
title = "Plans"
questions = [
  { code = "a", text = "Are plans good?", kind = "rating", weight = 2, \
evidence_required = true, na_allowed = true },
  { code = "b", text = "Is it clean?", kind = "yes_no" },
  { code = "n", text = "How many vacancies?", kind = "number", na_allowed = true },
  { code = "d", text = "When was the last drill?", kind = "date" },
]
[[sections]]
title = "Leadership"
[[sections.standards]]
title = "Manager"
questions = [
  { code = "m", text = "Which files?", kind = "choice", options = [
    { value = "all", label = "All of them", points = 100 },
    { value = "none", label = "None", points = 0 },
  ] },
  { code = "t", text = "Anything else?", kind = "text" },
]
"""


@pytest.fixture
def template() -> Template:
    draft = templates.load_template(files.parse(TEXT), by=None, now=timezone.now())
    return templates.publish(draft.pk, by=None, now=timezone.now())


@pytest.fixture
def visit(
    service: Callable[..., Service], template: Template, person: Callable[..., User]
) -> Visit:
    officer, day = person("Officer"), timezone.localdate()
    planned = visits_actions.plan_visit(
        by=officer,
        given=plan_of(
            service=service(), template=template, kind="annual", planned_for=day, officer=officer
        ),
        now=timezone.now(),
    )
    return visits_actions.begin(planned.pk, by=officer, given=BeginInput(day), today=day)


def ids(template: Template) -> dict[str, int]:
    return {q.code: q.pk for q in Question.objects.of_template(template)}


def content(response: HttpResponse) -> str:
    return response.content.decode()


def section(visit: Visit, place: int) -> str:
    return reverse("audits:record-answers", args=[visit.pk, place])


def typed(visit: Visit, **answers: Any) -> dict[str, str]:
    """What a browser sends for `a_value="good", a_evidence="x"`."""
    pk = ids(visit.template)
    return {
        f"q{pk[name.split('_')[0]]}-{name.split('_')[1]}": str(value)
        for name, value in answers.items()
    }


FIRST = {
    "a_value": "good",
    "a_evidence": "Four plans read",
    "b_value": "yes",
    "n_na": "on",
    "d_value": "2026-01-05",
}


def test_annual_audit_from_plan_to_outcome(
    client_as: ClientAs,
    service: Callable[..., Service],
    template: Template,
    person: Callable[..., User],
) -> None:
    client, home, day = client_as("Officer"), service(), timezone.localdate()
    url = reverse("audits:plan-visit") + f"?service={home.pk}"
    assert home.name in content(client.get(url))
    plan = {
        "kind": "annual",
        "planned_for": day.isoformat(),
        "officer": person("Officer").pk,
        "announced": "no",
    }
    assert "The visit has been planned." in content(client.post(url, plan, follow=True))
    visit = Visit.objects.get()
    assert visit.template == template

    begun = client.post(
        reverse("audits:begin-visit", args=[visit.pk]), {"visited_on": day.isoformat()}
    )
    assert begun["Location"] == section(visit, 1)
    page = content(client.get(section(visit, 1)))
    assert "Are plans good?" in page
    assert "Manager" not in page.split('class="cq-work__map"')[0]
    assert "points, weight" not in content(
        client.get(reverse("audits:view-visit", args=[visit.pk]))
    )

    visit.refresh_from_db()
    sent = typed(visit, **FIRST) | {"go": "section-2"}
    assert client.post(section(visit, 1), sent)["Location"] == section(visit, 2)
    complete = reverse("audits:complete-visit", args=[visit.pk])
    page = content(client.post(complete, {"summary": "A long summary"}))
    assert "1 question is not answered in full." in page
    assert "Which files?" in page
    assert "A long summary" in page

    client.post(section(visit, 2), typed(visit, m_value="all"))
    page = content(client.post(complete, {"summary": "A good home"}, follow=True))
    # 2 x 75 + 1 x 100 + 1 x 100 = 350 of 400.
    assert "Visit completed. The outcome is Good, 87.5%." in page
    # By question, standard and section: 2 x 75 + 1 x 100 = 250 of 300 in the first, 100 of 100 in
    # the second.
    assert "75 points, weight 2" in page
    assert [page.count(f">{each}<") for each in ("83.3", "100.0")] == [2, 2]
    assert "A good home" in page
    assert "Four plans read" in page
    assert client.get(section(visit, 1)).status_code == 302


def test_score_stays_hidden_until_the_visit_is_completed(client_as: ClientAs, visit: Visit) -> None:
    client = client_as("Officer")
    client.post(section(visit, 1), typed(visit, **FIRST))
    assert "Score by section" not in content(
        client.get(reverse("audits:view-visit", args=[visit.pk]))
    )


def test_sound_answers_are_saved_and_faulty_ones_stay_as_typed(
    client_as: ClientAs, visit: Visit
) -> None:
    client = client_as("Officer")
    sent = typed(
        visit, a_value="good", a_evidence="Kept words", n_value="many", d_value="31 February 2026"
    )
    page = content(client.post(section(visit, 1), sent))
    assert "There is a problem" in page
    assert "must be a number" in page
    assert 'value="many"' in page
    assert 'value="31"' in page
    assert Answer.objects.get().evidence == "Kept words"
    # The page now sees what it has saved, so saving again is no clash with oneself.
    seen = re.findall(r'name="(q\d+-seen)" value="(\d+)"', page)
    again = sent | dict(seen) | typed(visit, a_value="poor", n_value="3", d_value="2026-01-05")
    client.post(section(visit, 1), again)
    assert set(Answer.objects.values_list("value", flat=True)) == {"poor", "3", "2026-01-05"}


def test_colleagues_change_is_shown_and_never_overwritten_unseen(
    client_as: ClientAs, visit: Visit
) -> None:
    mine, theirs = client_as("Officer"), client_as("Officer", "colleague")
    theirs.post(section(visit, 1), typed(visit, a_value="poor", a_evidence="Two falls"))
    page = content(
        mine.post(
            section(visit, 1), typed(visit, a_value="good", a_evidence="My words", b_value="yes")
        )
    )
    assert "Colleague changed this while you had it open" in page
    assert "Two falls" in page
    assert "My words" in page
    assert sorted(Answer.objects.values_list("value", flat=True)) == ["poor", "yes"]
    seen = dict(re.findall(r'name="(q\d+-(?:seen|first))"\s+value="(\d+)"', page))
    again = typed(visit, a_value="good", a_evidence="My words", b_value="yes") | seen
    # Without a choice the question stays, whatever else is saved.
    page = content(mine.post(section(visit, 1), again))
    assert "Choose which words to keep" in page
    assert sorted(Answer.objects.values_list("value", flat=True)) == ["poor", "yes"]
    mine.post(section(visit, 1), again | {f"q{ids(visit.template)['a']}-keep": "both"})
    assert sorted(Answer.objects.values_list("value", flat=True)) == ["good", "yes"]
    assert Answer.objects.get(value="good").evidence == "Two falls\n\nMy words"
    history = content(mine.get(reverse("audits:view-history", args=[visit.pk])))
    assert "Version 2" in history
    assert "Two falls" in history


def test_section_is_saved_as_one_goes_and_what_cannot_be_is_left_to_the_button(
    client_as: ClientAs, visit: Visit, person: Callable[..., User]
) -> None:
    client, url, pk = client_as("Officer"), section(visit, 1), ids(visit.template)
    as_one_goes = {"HTTP_X_SAVING": "as-one-goes"}
    got = client.post(url, typed(visit, a_value="good", n_value="many"), **as_one_goes).json()
    assert got["seen"] == {f"q{pk['a']}-seen": 1}
    assert got["left"] == 1
    assert Answer.objects.get().value == "good"
    # The versions that came back are the ones to save over: no change of one's own is taken for a
    # colleague's.
    sent = typed(visit, a_value="poor", a_seen=1)
    assert client.post(url, sent, **as_one_goes).json()["left"] == 0
    theirs = visits_actions.Entry(question_id=pk["a"], value="excellent", seen=2)
    visits_actions.save_answers(
        visit.pk, by=person("Officer", "colleague"), entries=[theirs], now=timezone.now()
    )
    got = client.post(url, typed(visit, a_value="good", a_seen=2), **as_one_goes).json()
    assert got["left"] == 1
    assert f"q{pk['a']}-seen" not in got["seen"]
    assert Answer.objects.get().value == "excellent"


def test_not_applicable_and_gaps_are_kept_apart(client_as: ClientAs, visit: Visit) -> None:
    client = client_as("Officer")
    client.post(section(visit, 1), typed(visit, a_value="not-applicable", n_na="on", n_value="7"))
    assert set(Answer.objects.values_list("value", "not_applicable")) == {("", True)}
    page = content(client.get(section(visit, 1)))
    assert re.search(r'value="not-applicable" checked', page)


@pytest.mark.parametrize(
    "go", ["question-2-999", "question-x-y", "section-99", "section-", "finding-", "map", "rm -rf"]
)
def test_any_button_saves_first_whatever_it_says(
    client_as: ClientAs, visit: Visit, go: str
) -> None:
    response = client_as("Officer").post(section(visit, 1), typed(visit, b_value="no") | {"go": go})
    assert response.status_code == 302
    assert Answer.objects.get().value == "no"


def test_forged_answer_is_refused_by_its_field(client_as: ClientAs, visit: Visit) -> None:
    page = content(client_as("Officer").post(section(visit, 1), typed(visit, b_value="perhaps")))
    assert "from the list" in page
    assert not Answer.objects.exists()


def test_last_years_answer_stands_beside_the_question(
    client_as: ClientAs, visit: Visit, person: Callable[..., User]
) -> None:
    client, officer = client_as("Officer"), person("Officer")
    client.post(section(visit, 1), typed(visit, **FIRST))
    client.post(section(visit, 2), typed(visit, m_value="all"))
    visits_actions.complete(visit.pk, by=officer, given=CompleteInput(""), now=timezone.now())
    Visit.objects.filter(pk=visit.pk).update(visited_on=timezone.localdate() - timedelta(days=365))
    day = timezone.localdate()
    later = visits_actions.plan_visit(
        by=officer,
        given=plan_of(
            service=visit.service,
            template=visit.template,
            kind="annual",
            planned_for=day,
            officer=officer,
        ),
        now=timezone.now(),
    )
    visits_actions.begin(later.pk, by=officer, given=BeginInput(day), today=day)
    page = content(client.get(section(later, 1)))
    assert re.search(r"Last time, [^<]+</strong> Good\s*<br>\s*Four plans read", page)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": ""}, "Answer “What kind of visit is it?”"),
        ({"planned_for": "31 February 2026"}, "must be a real date"),
        ({"officer": "999999"}, "from the list"),
        ({"kind": "joint"}, "Enter who is going with you"),
        ({"announced": ""}, "Answer “Will you announce the visit to the service?”"),
    ],
)
def test_bad_plan_says_why_and_keeps_what_was_typed(
    client_as: ClientAs,
    service: Callable[..., Service],
    template: Template,
    person: Callable[..., User],
    wrong: dict[str, str],
    said: str,
) -> None:
    plan = {
        "service": service().pk,
        "kind": "annual",
        "planned_for": "2031-07-19",
        "officer": person("Officer").pk,
        "announced": "yes",
    }
    page = content(client_as("Officer").post(reverse("audits:plan-visit"), plan | wrong))
    assert "There is a problem" in page
    assert said in page
    if "planned_for" not in wrong:
        assert 'value="2031"' in page
    assert not Visit.objects.exists()


def test_plan_can_be_changed_and_cancelled_only_before_it_begins(
    client_as: ClientAs, visit: Visit, person: Callable[..., User]
) -> None:
    client = client_as("Officer")
    for page, data in [
        ("cancel-visit", {"reason": "Long words kept"}),
        ("begin-visit", {"visited_on": "2026-01-01"}),
    ]:
        shown = client.post(reverse(f"audits:{page}", args=[visit.pk]), data)
        assert "There is a problem" in content(shown)
        assert [error.code for error in shown.context["form"].errors.as_data()["__all__"]] == [
            "wrong-state"
        ]
    planned = visits_actions.plan_visit(
        by=person("Officer"),
        given=plan_of(
            service=visit.service,
            template=None,
            kind="surgery",
            planned_for=TODAY,
            officer=person("Officer"),
        ),
        now=timezone.now(),
    )
    change = {"kind": "joint", "who_came": "ICB", "planned_for": "2026-04-01", "announced": "yes"}
    change |= {"officer": str(person("Officer").pk)}
    url = reverse("audits:change-plan", args=[planned.pk])
    assert client.get(url).status_code == 200
    assert "The plan has been changed." in content(client.post(url, change, follow=True))
    url = reverse("audits:cancel-visit", args=[planned.pk])
    assert "Visit cancelled." in content(client.post(url, {"reason": "Outbreak"}, follow=True))


def test_finding_leads_to_an_action_closed_with_evidence_and_verified_by_another(
    client_as: ClientAs, visit: Visit
) -> None:
    client, senior = client_as("Officer"), client_as("Senior officer")
    finding_url = reverse("audits:add-finding", args=[visit.pk])
    assert "Answer “What was found?”" in content(client.post(finding_url, {"text": ""}))
    response = client.post(finding_url, {"text": "Bells unanswered"})
    agree = response["Location"]
    due = timezone.localdate() + timedelta(days=14)
    past = (timezone.localdate() - timedelta(days=1)).isoformat()
    bad = {"text": "Long words kept", "owner": "provider", "owner_name": "", "due_on": past}
    page = content(client.post(agree, bad))
    assert "Long words kept" in page
    assert "must be today or in the future" in page
    assert "Enter the name or post" in page
    good = {
        "text": "Answer bells",
        "owner": "provider",
        "owner_name": "Manager",
        "due_on": due.isoformat(),
    }
    assert "Action agreed." in content(client.post(agree, good, follow=True))
    action = Action.objects.get()
    close = reverse("audits:close-action", args=[action.pk])
    response = client.post(close, {"closed_on": "2999-01-01", "evidence": "Long words kept"})
    assert codes(response) == {"closed_on": ["in-future"]}
    assert "Long words kept" in content(response)
    day = timezone.localdate().isoformat()
    page = content(senior.post(close, {"closed_on": day, "evidence": "Log read"}, follow=True))
    assert "You closed this action, so someone else must verify it." in page
    verify = reverse("audits:verify-action", args=[action.pk])
    assert client.get(verify).status_code == 403
    assert codes(senior.post(verify, {"accepted": "yes", "how": "Looked"})) == {
        "__all__": ["same-person"]
    }
    other = client_as("Senior officer", "other")
    assert "Enter how you checked" in content(other.post(verify, {"accepted": "yes"}))
    assert "open again" in content(
        other.post(verify, {"accepted": "no", "reason": "No log"}, follow=True)
    )
    client.post(close, {"closed_on": day, "evidence": "Log seen"})
    assert "verified" in content(
        other.post(verify, {"accepted": "yes", "how": "Looked"}, follow=True)
    )
    assert "Log seen" in content(client.get(reverse("audits:view-action", args=[action.pk])))


def test_only_a_manager_marks_an_outcome_or_a_finding_public(
    client_as: ClientAs, visit: Visit, person: Callable[..., User]
) -> None:
    officer, client = person("Officer"), client_as("Officer")
    change_steps(person("Manager"), moderated=False, factual_accuracy=False)
    client.post(section(visit, 1), typed(visit, **FIRST))
    client.post(section(visit, 2), typed(visit, m_value="all"))
    finding = plans.add_finding(
        visit.pk, by=officer, given=FindingInput("Good garden"), now=timezone.now()
    )
    visits_actions.complete(visit.pk, by=officer, given=CompleteInput(""), now=timezone.now())
    for name, row in (("mark-public", visit), ("mark-finding-public", finding)):
        url = reverse(f"audits:{name}", args=[row.pk])
        assert client.post(url).status_code == 403
        manager = client_as("Manager")
        assert manager.get(url).status_code == 200
        for is_public in (True, False):
            manager.post(url)
            row.refresh_from_db()
            assert (row.public_at is not None) is is_public
    assert Finding.objects.get().public_at is None


def test_lists_are_filtered_sorted_and_exported(
    client_as: ClientAs, visit: Visit, person: Callable[..., User], service: Callable[..., Service]
) -> None:
    client, officer, day = client_as("Officer"), person("Officer"), timezone.localdate()
    long_ago = day - timedelta(days=60)
    old, new = (
        ActionInput("Mend the roof", long_ago, "Manager"),
        ActionInput("Paint the door", day, "Manager"),
    )
    plans.agree_action(by=officer, service=visit.service, given=old, today=long_ago)
    plans.agree_action(by=officer, service=service("Birch House"), given=new, today=day)
    url = reverse("audits:list-actions")
    page = content(client.get(url))
    assert page.index("Mend the roof") < page.index("Paint the door")
    page = content(client.get(url + "?overdue=true&status=unverified"))
    assert "Mend the roof" in page
    assert "Paint the door" not in page
    assert b"Paint the door" in b"".join(client.get(url + "?export=csv&q=birch"))
    visits = reverse("audits:list-visits")
    assert visit.service.name in content(
        client.get(visits + f"?status=waiting&kind=annual&officer={officer.pk}")
    )
    assert "No visits match these filters." in content(client.get(visits + "?outcome=poor"))
    for key in ("service", "type", "kind", "day", "officer", "status", "score", "outcome"):
        assert client.get(visits + f"?sort=-{key}").status_code == 200
    assert visit.service.name.encode() in b"".join(client.get(visits + "?export=csv"))


def test_template_is_changed_as_a_new_version(client_as: ClientAs, template: Template) -> None:
    client = client_as("Senior officer")
    page = content(client.post(reverse("audits:start-version", args=[template.pk]), follow=True))
    assert "New version started." in page
    draft = Template.objects.get(status="draft")
    first = Question.objects.of_template(draft).first()
    add = reverse("audits:add-part", args=["question", first.standard_id])
    assert client.get(add).status_code == 200
    new = {
        "text": "Long words kept?",
        "code": "a",
        "kind": "choice",
        "weight": "3",
        "position": "1",
    }
    page = content(client.post(add, new | {"choices": "Only one = 100"}))
    assert "already has this one" in page
    assert "at least two answers" in page
    assert "Long words kept?" in page
    page = content(client.post(add, new | {"code": "z", "choices": "Yes\nNo = 0"}))
    assert "Add an equals sign" in page
    client.post(add, new | {"code": "z", "choices": "Both = 100\nNeither = 0"})
    assert [q.code for q in Question.objects.of_template(draft)][:2] == ["z", "a"]
    client.post(reverse("audits:remove-part", args=["question", first.pk]))
    standard = reverse("audits:change-part", args=["standard", first.standard_id])
    client.post(standard, {"title": "Renamed", "statement": "", "position": "1"})
    thresholds = {"name": "Small", "service_types": ["residential_home"], "introduction": ""}
    change = reverse("audits:change-template", args=[draft.pk])
    wrong = thresholds | {"excellent_from": "50", "good_from": "60", "improvement_from": "40"}
    assert "must rise" in content(client.post(change, wrong))
    client.post(
        change, thresholds | {"excellent_from": "95", "good_from": "60", "improvement_from": "40"}
    )
    publish = reverse("audits:publish-template", args=[draft.pk])
    assert "Answer “What changed in this version?”" in content(
        client.post(publish, {"changes": ""})
    )
    assert "is now in use" in content(client.post(publish, {"changes": "Stricter"}, follow=True))
    template.refresh_from_db()
    current = Template.objects.current().get()
    assert (template.status, current.version, current.excellent_from) == ("retired", 2, 95)
    later = thresholds | {"excellent_from": "9", "good_from": "6", "improvement_from": "4"}
    assert codes(client.post(change, later)) == {"__all__": ["wrong-state"]}
    later = {"title": "Later", "statement": "", "position": "1"}
    assert codes(client.post(standard, later)) == {"__all__": ["wrong-state"]}


def test_template_goes_out_and_comes_in_as_a_file(client_as: ClientAs, template: Template) -> None:
    client = client_as("Senior officer")
    file = client.get(reverse("audits:export-template", args=[template.pk])).content
    assert files.parse(file.decode()) == files.parse(TEXT)
    url = reverse("audits:import-template")
    assert client.get(url).status_code == 200
    for bad, said in [(b"key = 3", "must be text"), (b"\xff", "UTF-8"), (b"", "empty")]:
        page = content(client.post(url, {"file": SimpleUploadedFile("a.toml", bad)}))
        assert said in page
    page = content(client.post(url, {"file": SimpleUploadedFile("a.toml", file)}, follow=True))
    assert "Template imported." in page
    again = client.post(url, {"file": SimpleUploadedFile("a.toml", file)})
    assert codes(again) == {"file": ["draft-exists"]}
    draft = Template.objects.get(status="draft")
    assert client.get(reverse("audits:discard-draft", args=[draft.pk])).status_code == 200
    client.post(reverse("audits:discard-draft", args=[draft.pk]))
    assert not Template.objects.filter(status="draft").exists()


def test_new_template_is_built_from_nothing(client_as: ClientAs) -> None:
    client = client_as("Senior officer")
    data = {
        "name": "Shared",
        "key": "shared",
        "service_types": ["shared_lives"],
        "introduction": "",
    }
    data |= {"excellent_from": "90", "good_from": "70", "improvement_from": "40"}
    assert "small letters" in content(
        client.post(reverse("audits:add-template"), data | {"key": "a--b"})
    )
    client.post(reverse("audits:add-template"), data)
    template = Template.objects.get()
    client.post(
        reverse("audits:add-part", args=["section", template.pk]),
        {"title": "Safe", "position": "1"},
    )
    section = template.sections.get()
    standard = {"title": "Calm", "statement": "", "position": "1"}
    client.post(reverse("audits:add-part", args=["standard", section.pk]), standard)
    publish = reverse("audits:publish-template", args=[template.pk])
    assert codes(client.post(publish, {"changes": "First"})) == {"__all__": ["nothing-scored"]}
    taken = client.post(reverse("audits:add-template"), data)
    assert codes(taken) == {"key": ["key-taken"]}


@pytest.mark.parametrize("group", ["Practitioner", "Administrator", "Committee clerk"])
def test_audits_are_closed_to_those_without_the_right(
    client_as: ClientAs, visit: Visit, group: str
) -> None:
    client = client_as(group)
    for name in (
        "list-visits",
        "plan-visit",
        "list-actions",
        "agree-action",
        "list-templates",
        "add-template",
    ):
        assert client.get(reverse(f"audits:{name}")).status_code == 403
    for name in ("view-visit", "complete-visit", "begin-visit", "mark-public"):
        assert client.get(reverse(f"audits:{name}", args=[visit.pk + 1])).status_code == 403


def test_signatory_reads_and_does_not_record(client_as: ClientAs, visit: Visit) -> None:
    client = client_as("Signatory")
    assert client.get(reverse("audits:view-visit", args=[visit.pk])).status_code == 200
    assert client.get(section(visit, 1)).status_code == 403
    assert client.post(reverse("audits:complete-visit", args=[visit.pk])).status_code == 403


def test_today_names_slipped_visits_and_overdue_actions(
    visit: Visit, person: Callable[..., User], service: Callable[..., Service]
) -> None:
    officer, day = person("Officer"), timezone.localdate()
    other = person("Officer", "other")
    visits_actions.plan_visit(
        by=officer,
        given=plan_of(
            service=visit.service,
            template=None,
            kind="monitoring",
            planned_for=day - timedelta(days=3),
            officer=officer,
        ),
        now=timezone.now(),
    )
    card = today.my_visits(officer, day)
    assert card is not None
    assert (card.count, card.urgent, card.items[0].late) == (2, True, True)
    empty = today.my_visits(other, day)
    assert empty is not None
    assert empty.count == 0
    past = day - timedelta(days=30)
    plans.agree_action(
        by=officer, service=visit.service, given=ActionInput("Mend", past, "Manager"), today=past
    )
    counts = {
        who.username: today.actions_overdue(who, day)
        for who in (officer, other, person("Senior officer"))
    }
    assert {name: card and card.count for name, card in counts.items()} == {
        "officer": 0,
        "other": 0,
        "senior.officer": 1,
    }
    assert today.my_visits(person("Practitioner"), day) is None
    assert today.actions_overdue(person("Practitioner"), day) is None


def test_visit_and_action_that_a_concern_led_to_are_shown_on_it(
    client_as: ClientAs, service: Callable[..., Service], person: Callable[..., User]
) -> None:
    client, officer, now = client_as("Officer"), person("Officer"), timezone.now()
    values = {
        "kind": "quality",
        "source": "cqc",
        "risk": "high",
        "received_at": now,
        "summary": "Late calls",
    }
    given = concerns.ConcernInput(service_id=service().pk, **values)
    concern = concerns.record_concern(by=officer, given=given, now=now)
    day = timezone.localdate().isoformat()
    plan = {"kind": "monitoring", "planned_for": day, "officer": officer.pk, "announced": "no"}
    client.post(reverse("audits:plan-visit") + f"?concern={concern.pk}", plan)
    agreed = {
        "text": "Keep a log of calls",
        "owner": "officer",
        "officer": officer.pk,
        "due_on": day,
    }
    client.post(reverse("audits:agree-action") + f"?concern={concern.pk}", agreed)
    page = content(client.get(reverse("concerns:view-concern", args=[concern.pk])))
    assert "Monitoring visit" in page
    assert "Keep a log of calls" in page
    assert concern.reference in content(
        client.get(reverse("audits:view-visit", args=[Visit.objects.get().pk]))
    )
    assert concern.reference in content(
        client.get(reverse("audits:view-action", args=[Action.objects.get().pk]))
    )


def test_visits_pages_ask_the_database_the_same_number_of_times_however_much_is_answered(
    client_as: ClientAs,
    service: Callable[..., Service],
    person: Callable[..., User],
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    client, officer, day = client_as("Officer"), person("Officer"), timezone.localdate()
    source = files.parse((files.SHIPPED / "care-home.toml").read_text())
    draft = templates.load_template(source, by=None, now=timezone.now())
    template = templates.publish(draft.pk, by=None, now=timezone.now())
    plan = {"template": template, "kind": "annual", "planned_for": day, "officer": officer}
    visit = visits_actions.plan_visit(
        by=officer, given=plan_of(service=service(), **plan), now=timezone.now()
    )
    visits_actions.begin(visit.pk, by=officer, given=BeginInput(day), today=day)
    for url in (section(visit, 3), reverse("audits:view-visit", args=[visit.pk])):
        with django_assert_max_num_queries(32):
            assert client.get(url).status_code == 200


def test_templates_that_come_with_carequality_are_loaded_by_one_button(client_as: ClientAs) -> None:
    client = client_as("Senior officer")
    assert "Load the templates that come" in content(client.get(reverse("audits:list-templates")))
    assert "Now in use: Care home quality audit" in content(
        client.post(reverse("audits:load-shipped"), follow=True)
    )
    assert "already have all" in content(client.post(reverse("audits:load-shipped"), follow=True))
    assert Template.objects.current().count() == 6
    assert client_as("Officer").post(reverse("audits:load-shipped")).status_code == 403
