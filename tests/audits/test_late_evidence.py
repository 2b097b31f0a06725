"""What a device held when the visit took it no more: answers find their question in every version
of the template, the plan keeps its version, and the rest is kept with the visit, unscored.
"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits import files
from audits.actions import templates, visits
from audits.actions.templates import PublishInput
from audits.actions.visits import BeginInput, CancelInput
from audits.models import (
    Answer,
    Attachment,
    DeviceKey,
    LateEvidence,
    LooseNote,
    Question,
    Receipt,
    Template,
    Visit,
)
from core.models import User
from providers.models import Service
from tests.audits.factories import change_steps, plan_of
from tests.audits.test_offline import an_answer, send
from tests.documents.made import photograph

TOLD = {"reason": "This visit is already completed.", "made_at": "2026-11-20T10:00:00Z"}


@pytest.fixture
def template(db: None) -> Template:
    source = files.parse((files.SHIPPED / "day-care.toml").read_text())
    draft = templates.load_template(source, by=None, now=timezone.now())
    return templates.publish(draft.pk, by=None, now=timezone.now())


@pytest.fixture
def visit(
    service: Callable[..., Service], template: Template, person: Callable[..., User]
) -> Visit:
    """An audit that is planned and has not begun."""
    plan = {"template": template, "kind": "annual", "planned_for": timezone.localdate()}
    given = plan_of(service=service("Alder Day", "day_care"), officer=person("Officer"), **plan)
    return visits.plan_visit(by=person("Officer"), given=given, now=timezone.now())


def next_version(template: Template, by: User) -> Template:
    draft = templates.start_version(template.pk, by=by, now=timezone.now())
    return templates.publish(
        draft.pk, by=by, now=timezone.now(), given=PublishInput(changes="Clearer words.")
    )


def plan_as_shown(client: Client, visit: Visit) -> dict[str, Any]:
    """What the page of the plan sends when nothing in it is changed."""
    form = client.get(reverse("audits:change-plan", args=[visit.pk])).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    sent = {**shown, "announced": "yes" if shown["announced"] else "no"}
    return {name: value for name, value in sent.items() if value is not None}


@pytest.mark.django_db
def test_moving_the_day_keeps_the_version_of_the_template(
    client_as: Callable[..., Client], person: Callable[..., User], visit: Visit
):
    newer = next_version(visit.template, person("Senior officer"))
    client, later = client_as("Senior officer"), visit.planned_for + timedelta(days=3)
    sent = plan_as_shown(client, visit)
    day = {"planned_for": later.isoformat()}
    url = reverse("audits:change-plan", args=[visit.pk])
    assert client.post(url, {**sent, **day}).status_code == 302
    stands, planned = visit.template_id, visit
    planned.refresh_from_db()
    assert (planned.planned_for, planned.template_id) == (later, stands)
    # Another version is taken when somebody chooses it.
    client.post(url, {**sent, **day, "template": newer.pk})
    planned.refresh_from_db()
    assert planned.template_id == newer.pk


def ask_anew(visit: Visit, by: User) -> Question:
    """Plan the visit with the next version, begin it, and give its first question of a rating."""
    newer = next_version(visit.template, by)
    Visit.objects.filter(pk=visit.pk).update(template=newer)
    today = timezone.localdate()
    visits.begin(visit.pk, by=by, given=BeginInput(today), today=today)
    return Question.objects.of_template(newer).filter(kind="rating").first()


@pytest.mark.django_db
def test_answer_written_under_an_older_version_arrives_at_its_question(
    client_as: Callable[..., Client], person: Callable[..., User], visit: Visit
):
    held = an_answer(visit)
    now_asked = ask_anew(visit, person("Senior officer"))
    assert held["question"] != now_asked.pk
    client = client_as("Officer")
    assert send(client, visit, held).json()["state"] == "stored"
    assert Answer.objects.get().question == now_asked
    note = {"item": "note", "id": str(uuid.uuid4()), "text": "x", "seen": 0, **TOLD}
    assert send(client, visit, {**note, "question": held["question"]}).json()["state"] == "stored"
    assert LooseNote.objects.get().question == now_asked
    # The device learns from the visit which questions are the same.
    got = client.get(reverse("audits:offline-bundle", args=[visit.pk])).json()
    asked = [q for s in got["sections"] for p in s["standards"] for q in p["questions"]]
    assert held["question"] in next(q for q in asked if q["id"] == now_asked.pk)["same"]


@pytest.mark.django_db
def test_answer_to_a_question_that_is_asked_no_more_is_refused_in_words(
    client_as: Callable[..., Client], person: Callable[..., User], visit: Visit
):
    held = an_answer(visit)
    source = files.parse((files.SHIPPED / "care-home.toml").read_text())
    other = templates.load_template(source, by=None, now=timezone.now())
    begun = {"status": "in_progress", "visited_on": timezone.localdate()}
    Visit.objects.filter(pk=visit.pk).update(template=other, **begun)
    got = send(client_as("Officer"), visit, held)
    assert (got.status_code, got.json()["state"]) == (422, "refused")
    assert "no longer asks that question" in got.json()["reason"]


def cancelled(visit: Visit, by: User) -> Visit:
    return visits.cancel(visit.pk, by=by, given=CancelInput("Outbreak."), now=timezone.now())


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["answer", "note", "feedback", "risk"])
def test_late_evidence_is_kept_once_with_the_visit_and_shown_on_its_page(
    kind: str, client_as: Callable[..., Client], person: Callable[..., User], visit: Visit
):
    cancelled(visit, person("Officer"))
    late = {"item": "late", "id": str(uuid.uuid4()), "kind": kind, **TOLD}
    late |= {"about": "Question 4: Are people safe?", "text": "Seen: ✓ the fire door"}
    client, key = client_as("Officer"), uuid.uuid4()
    for _ in range(2):
        assert send(client, visit, late, key).json()["state"] == "stored"
    kept = LateEvidence.objects.get()
    assert (kept.visit, kept.kind, kept.text) == (visit, kind, "Seen: ✓ the fire door")
    assert Receipt.objects.count() == 1
    page = client.get(reverse("audits:view-visit", args=[visit.pk])).text
    assert "Late evidence" in page
    assert "the fire door" in page
    assert "is not scored" in page
    assert not Answer.objects.exists()
    assert client.get(reverse("audits:offline-bundle", args=[visit.pk])).json()["late"]


@pytest.mark.django_db
def test_late_photograph_is_kept_and_says_that_it_is_late(
    client_as: Callable[..., Client], person: Callable[..., User], visit: Visit
):
    cancelled(visit, person("Officer"))
    late = {"item": "late", "id": str(uuid.uuid4()), "kind": "file", "caption": "Door", **TOLD}
    file = SimpleUploadedFile("file", photograph())
    client = client_as("Officer")
    got = send(client, visit, {**late, "name": "door.jpg"}, file=file)
    assert got.json()["state"] == "stored"
    assert Attachment.objects.get().is_late
    page = client.get(reverse("audits:view-visit", args=[visit.pk])).text
    assert "late evidence, not scored" in page


@pytest.mark.django_db
def test_late_evidence_without_a_word_or_of_no_kind_is_not_kept(
    client_as: Callable[..., Client], visit: Visit
):
    late = {"item": "late", "id": str(uuid.uuid4()), "kind": "answer", "text": " ", **TOLD}
    client = client_as("Officer")
    assert send(client, visit, late).status_code == 422
    assert send(client, visit, {**late, "kind": "score", "text": "x"}).status_code == 400
    assert not LateEvidence.objects.exists()


@pytest.mark.django_db
def test_council_says_for_how_long_and_how_a_download_opens(
    client_as: Callable[..., Client], manager: User
):
    url = reverse("audits:offline-session")
    got = client_as("Officer").get(url).json()
    assert (got["hours"], got["passphrase"], got["may_send"]) == (72, False, True)
    assert abs(got["now"] / 1000 - timezone.now().timestamp()) < 3600
    change_steps(manager, offline_hours=24, offline_passphrase=True)
    got = client_as("Officer").get(url).json()
    assert (got["hours"], got["passphrase"]) == (24, True)


@pytest.mark.django_db
def test_whoever_lost_the_right_gets_the_key_of_what_they_wrote_and_no_visit(
    client_as: Callable[..., Client], person: Callable[..., User], visit: Visit
):
    client = client_as("Officer")
    key = client.get(reverse("audits:offline-session")).json()["key"]
    person("Officer").groups.clear()
    got = client.get(reverse("audits:offline-session")).json()
    assert (got["may_send"], got["key"]) == (False, key)
    for name, args in (("offline-bundles", []), ("offline-bundle", [visit.pk])):
        assert client.get(reverse(f"audits:{name}", args=args)).status_code == 403
    # Nobody gets one who never recorded visits.
    got = client_as("Practitioner").get(reverse("audits:offline-session")).json()
    assert (got["may_send"], got["key"]) == (False, "")
    assert DeviceKey.objects.count() == 1
