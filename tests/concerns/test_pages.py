from collections.abc import Callable
from datetime import timedelta

import pytest
from django import forms
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from concerns import actions, today
from concerns.forms import ConcernForm
from concerns.models import Concern, ContactLogEntry, Targets
from core.models import User
from formal_steps.models import FormalStep, StepType
from providers.models import Service

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]


def typed(service: Service, **also: str) -> dict[str, str]:
    received = timezone.localtime() - timedelta(hours=1)
    return {
        "service": str(service.pk),
        "kind": "quality",
        "summary": "Calls came late all week.",
        "risk": "medium",
        "source": "family",
        "received_at": f"{received:%Y-%m-%dT%H:%M}",
    } | also


def recorded(service: Service, by: User, **also: object) -> Concern:
    now = timezone.now()
    values = {
        "kind": "quality",
        "source": "family",
        "risk": "medium",
        "summary": "Late",
        "received_at": now,
    }
    given = actions.ConcernInput(service_id=service.pk, **(values | also))
    return actions.record_concern(by=by, given=given, now=now)


def test_concern_is_recorded_with_six_answers(
    client_as: ClientAs, service: Callable[..., Service]
) -> None:
    client, home = client_as("Officer"), service()
    assert client.get(reverse("concerns:add-concern") + f"?service={home.pk}").status_code == 200
    page = client.post(reverse("concerns:add-concern"), typed(home), follow=True)
    concern = Concern.objects.get()
    assert f"{concern.reference} has been recorded." in page.content.decode()
    assert (concern.service, concern.risk, concern.recorded_by.username) == (
        home,
        "medium",
        "officer",
    )


def test_left_to_nobody_it_goes_to_the_lead_officer(
    client_as: ClientAs, service: Callable[..., Service], person: Callable[..., User]
) -> None:
    home = service()
    home.lead_officer = person("Officer", "lead")
    home.save()
    client_as("Officer").post(reverse("concerns:add-concern"), typed(home))
    assert Concern.objects.get().allocated_to == home.lead_officer


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"service": ""}, "Select service"),
        ({"kind": "other"}, "from the list"),
        ({"summary": ""}, "Enter what is wrong"),
        ({"risk": ""}, "Select how great the risk is"),
        ({"received_at": "31 February 2026"}, "received"),
        ({"received_at": f"{timezone.now() + timedelta(days=2):%Y-%m-%dT10:00}"}, "in the past"),
        ({"received_at": "2999-01-01T10:00"}, "must be in the past"),
        ({"received_at": "0001-01-01T00:00"}, "the date must be on or after"),
        ({"received_at": "1926-11-27T10:00"}, "the date must be on or after"),
        ({"kind": "safeguarding"}, "Select the category of abuse"),
        ({"summary": "\x00\u200b"}, "Enter what is wrong"),
    ],
)
def test_bad_input_says_why_and_keeps_what_was_typed(
    client_as: ClientAs, service: Callable[..., Service], wrong: dict[str, str], said: str
) -> None:
    data = typed(service(), summary="Words that took long to type") | wrong
    page = client_as("Officer").post(reverse("concerns:add-concern"), data).content.decode()
    assert "There is a problem" in page
    assert said in page
    if "summary" not in wrong:
        assert "Words that took long to type" in page
    assert not Concern.objects.exists()


def test_what_identifies_a_person_is_asked_about_once(
    client_as: ClientAs, service: Callable[..., Service]
) -> None:
    client = client_as("Officer")
    data = typed(service(), summary="Born 3 March 1941, NHS 943 476 5919")
    page = client.post(reverse("concerns:add-concern"), data).content.decode()
    assert "an NHS number (943 476 5919) and a date of birth (3 March 1941)" in page
    assert "Born 3 March 1941, NHS 943 476 5919</textarea>" in page
    assert 'name="identifiers_confirmed"' in page
    client.post(reverse("concerns:add-concern"), data | {"identifiers_confirmed": "on"})
    assert Concern.objects.count() == 1


def test_a_name_is_marked_and_stops_nobody(
    client_as: ClientAs, service: Callable[..., Service]
) -> None:
    client, data = client_as("Officer"), typed(service(), summary="Kasia Nowak <fell>")
    page = client.post(reverse("concerns:add-concern"), data, follow=True).content.decode()
    assert '<mark class="cq-name">Kasia Nowak</mark> &lt;fell&gt;' in page
    told = client.post(reverse("concerns:mark-names"), {"text": "We told Kasia Nowak."})
    assert told.json()["parts"] == [["We told ", False], ["Kasia Nowak", True], [".", False]]
    assert client.get(reverse("concerns:mark-names")).status_code == 405


def test_words_typed_for_a_duplicate_are_kept_when_added_to_the_open_one(
    client_as: ClientAs, service: Callable[..., Service], person: Callable[..., User]
) -> None:
    client, home = client_as("Officer"), service()
    first = recorded(home, person("Officer"))
    data = typed(home, summary="The lift is broken again.")
    page = client.post(reverse("concerns:add-concern"), data).content.decode()
    assert f'name="add_to" value="{first.pk}"' in " ".join(page.split())
    again = client.post(reverse("concerns:add-concern"), data | {"add_to": str(first.pk)})
    form = again.context["form"]
    assert form["note"].value() == "The lift is broken again."
    assert form["with_whom"].value() == "family"
    assert form.form_action.endswith(f"?concern={first.pk}")
    assert form.form_action in again.content.decode()
    assert Concern.objects.count() == 1


def test_open_duplicate_is_offered_until_it_is_another_matter(
    client_as: ClientAs, service: Callable[..., Service], person: Callable[..., User]
) -> None:
    client, home = client_as("Officer"), service()
    first = recorded(home, person("Officer"))
    page = client.post(reverse("concerns:add-concern"), typed(home)).content.decode()
    assert first.reference in page
    assert 'name="not_a_duplicate"' in page
    assert Concern.objects.count() == 1
    client.post(reverse("concerns:add-concern"), typed(home, not_a_duplicate="on"))
    client.post(reverse("concerns:add-concern"), typed(home, kind="complaint"))
    assert Concern.objects.count() == 3


def test_concern_is_answered_given_on_and_closed_through_its_pages(
    client_as: ClientAs, service: Callable[..., Service], person: Callable[..., User]
) -> None:
    client, officer = client_as("Officer"), person("Officer")
    concern = recorded(
        service(),
        officer,
        kind="safeguarding",
        abuse="neglect",
        section_42="open",
        received_at=timezone.now() - timedelta(hours=2),
    )

    def post(page: str, **data: str) -> str:
        return client.post(
            reverse(f"concerns:{page}", args=[concern.pk]), data, follow=True
        ).content.decode()

    def refused(page: str, **data: str) -> str:
        answer = client.post(reverse(f"concerns:{page}", args=[concern.pk]), data)
        [refusal] = answer.context["form"].errors.as_data()["__all__"]
        return str(refusal.code)

    assert (
        "Record the first response"
        in client.get(reverse("concerns:view-concern", args=[concern.pk])).content.decode()
    )
    assert refused("close-concern", outcome="partly", done="x") == "not-answered"
    at = f"{timezone.localtime():%Y-%m-%dT%H:%M}"
    assert "First response recorded." in post("respond-to-concern", at=at, done="Rang the manager")
    page = post("allocate-concern", to=str(officer.pk))
    assert f"Concern allocated to {officer}." in page
    assert "Risk changed." in post("change-risk", risk="high", reason="A second fall")
    assert refused("close-concern", outcome="partly", done="x") == "enquiry-open"
    assert "Select the outcome of the enquiry" in post("record-enquiry", section_42="concluded")
    assert "Section 42 enquiry recorded." in post(
        "record-enquiry", section_42="concluded", outcome="substantiated", decided_on=at[:10]
    )
    page = post("close-concern", outcome="substantiated", done="Staff were trained again")
    assert "Concern closed." in page
    assert "Staff were trained again" in page
    assert "Rang the manager" in page
    concern.refresh_from_db()
    assert (concern.status, concern.outcome, concern.risk) == ("closed", "substantiated", "high")


@pytest.mark.parametrize(
    ("page", "data"),
    [
        ("respond-to-concern", {"done": "Long words kept"}),
        ("respond-to-concern", {"at": "2999-01-01T10:00", "done": "Long words kept"}),
        ("change-risk", {"risk": "medium", "reason": "Long words kept"}),
        ("close-concern", {"done": "Long words kept"}),
        ("close-concern", {"outcome": "partly", "done": "Long words kept by Mrs Smith"}),
    ],
)
def test_bad_input_on_a_task_keeps_what_was_typed(
    client_as: ClientAs,
    service: Callable[..., Service],
    person: Callable[..., User],
    page: str,
    data: dict[str, str],
) -> None:
    concern = recorded(service(), person("Officer"))
    shown = (
        client_as("Officer")
        .post(reverse(f"concerns:{page}", args=[concern.pk]), data)
        .content.decode()
    )
    assert "There is a problem" in shown
    assert "Long words kept" in shown


def test_contact_is_logged_about_a_concern_and_about_a_service(
    client_as: ClientAs, service: Callable[..., Service], person: Callable[..., User]
) -> None:
    client, home = client_as("Officer"), service()
    concern = recorded(home, person("Officer"))
    at = f"{timezone.localtime() - timedelta(minutes=5):%Y-%m-%dT%H:%M}"
    data = {
        "kind": "call",
        "with_whom": "service",
        "note": "They will ring back",
        "happened_at": at,
    }
    page = client.post(
        reverse("concerns:log-contact") + f"?concern={concern.pk}", data, follow=True
    )
    assert "They will ring back" in page.content.decode()
    client.post(reverse("concerns:log-contact"), data | {"service": str(home.pk)})
    assert list(ContactLogEntry.objects.order_by("pk").values_list("concern", "service")) == [
        (concern.pk, home.pk),
        (None, home.pk),
    ]
    page = client.post(
        reverse("concerns:log-contact"), data | {"service": "", "happened_at": "2999-01-01T10:00"}
    )
    assert "They will ring back" in page.content.decode()
    assert ContactLogEntry.objects.count() == 2


def test_contact_logged_from_a_service_leads_back_to_its_timeline(
    client_as: ClientAs, service: Callable[..., Service]
) -> None:
    client, home = client_as("Officer"), service()
    at = f"{timezone.localtime() - timedelta(minutes=5):%Y-%m-%dT%H:%M}"
    data = {
        "kind": "call",
        "with_whom": "service",
        "note": "They will ring back",
        "happened_at": at,
    }
    answer = client.post(
        reverse("concerns:log-contact") + f"?service={home.pk}",
        data | {"service": str(home.pk)},
        follow=True,
    )
    assert answer.redirect_chain[-1][0] == reverse("oversight:view-service", args=[home.pk])
    assert "They will ring back" in answer.text


def test_concern_shows_the_formal_steps_that_it_led_to(
    client_as: ClientAs, service: Callable[..., Service], person: Callable[..., User]
) -> None:
    home, manager = service(), person("Manager")
    concern = recorded(home, manager)
    step = FormalStep.objects.create(
        service=home,
        step_type=StepType.IMPROVEMENT_PLAN,
        summary="Late calls",
        clause="14.2",
        reasons="Late calls",
        evidence="The log",
        required="Calls in time",
        due_on=timezone.localdate(),
        proposed_by=manager,
        proposed_at=timezone.now(),
    )
    step.concerns.add(concern)
    page = client_as("Officer").get(reverse("concerns:view-concern", args=[concern.pk])).text
    assert reverse("formal_steps:view-formal-step", args=[step.pk]) in page


def test_refusal_stands_by_the_answer_that_it_is_about(
    client_as: ClientAs, service: Callable[..., Service], person: Callable[..., User]
) -> None:
    concern = recorded(service(), person("Officer"))
    url = reverse("concerns:respond-to-concern", args=[concern.pk])
    page = client_as("Officer").post(url, {"at": "2999-01-01T10:00", "done": "Rang"})
    assert page.context["form"].errors.as_data()["at"][0].code == "in-future"
    assert 'href="#id_at' in page.text


def test_a_question_that_the_action_does_not_know_is_not_lost_in_silence(
    service: Callable[..., Service],
) -> None:
    targets = Targets()
    form = ConcernForm(typed(service()), now=timezone.now(), targets=targets)
    form.fields["police_reference"] = forms.CharField(required=False)
    assert form.is_valid()
    with pytest.raises(TypeError, match="police_reference"):
        form.to_input()


def test_list_is_filtered_sorted_and_exported(
    client_as: ClientAs, service: Callable[..., Service], person: Callable[..., User]
) -> None:
    client, by = client_as("Officer"), person("Officer")
    low = recorded(service("Birch House"), by, risk="low")
    grave = recorded(service("Cedar House"), by, risk="very_high", summary="=HYPERLINK(1)")
    url = reverse("concerns:list-concerns")
    for query in (
        "?risk=high_or_more",
        "?q=cedar",
        "?late=false&risk=very_high",
        "?kind=quality&q=HYPER",
    ):
        page = client.get(url + query).content.decode()
        assert grave.reference in page
        assert low.reference not in page
    page = client.get(url + "?sort=-risk").content.decode()
    assert page.index(grave.reference) < page.index(low.reference)
    assert "No concerns match these filters." in client.get(url + "?status=closed").content.decode()
    file = b"".join(client.get(url + "?export=csv"))
    assert grave.reference.encode() in file
    assert client.get(url + "?export=xlsx")["Content-Type"].endswith("sheet")


@pytest.mark.parametrize("group", ["Practitioner", "Administrator", "Committee clerk"])
def test_concerns_are_closed_to_those_without_the_right(
    client_as: ClientAs, service: Callable[..., Service], person: Callable[..., User], group: str
) -> None:
    concern = recorded(service(), person("Officer"))
    client = client_as(group)
    for name in ("view-concern", "respond-to-concern", "close-concern", "change-risk"):
        assert client.get(reverse(f"concerns:{name}", args=[concern.pk])).status_code == 403
        assert client.get(reverse(f"concerns:{name}", args=[concern.pk + 1])).status_code == 403
    for name in ("list-concerns", "add-concern", "log-contact"):
        assert client.get(reverse(f"concerns:{name}")).status_code == 403


def test_today_tells_officers_what_waits_for_their_answer(
    service: Callable[..., Service], person: Callable[..., User]
) -> None:
    officer = person("Officer")
    recorded(service(), officer, risk="very_high", received_at=timezone.now() - timedelta(days=10))
    card = today.to_answer(officer, timezone.localdate())
    assert card is not None
    assert (card.count, card.urgent, card.items[0].late) == (1, True, True)
    assert today.to_answer(person("Practitioner"), timezone.localdate()) is None
