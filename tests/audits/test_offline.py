"""What devices send arrives once, under the same rules as everything else."""

import json
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits import files
from audits.actions import templates, visits
from audits.actions.visits import BeginInput
from audits.models import (
    Answer,
    Attachment,
    ImmediateRisk,
    LooseNote,
    Question,
    Receipt,
    Template,
    Visit,
)
from concerns.models import Concern
from core.models import User
from documents.text import clean
from providers.models import Service
from tests.audits.factories import plan_of
from tests.documents import made
from tests.documents.made import photograph
from tests.documents.texts import ODD


@pytest.fixture
def template(db: None) -> Template:
    source = files.parse((files.SHIPPED / "day-care.toml").read_text())
    draft = templates.load_template(source, by=None, now=timezone.now())
    return templates.publish(draft.pk, by=None, now=timezone.now())


@pytest.fixture
def visit(
    service: Callable[..., Service], template: Template, person: Callable[..., User]
) -> Visit:
    today, officer = timezone.localdate(), person("Officer")
    plan = {"template": template, "kind": "annual", "planned_for": today, "officer": officer}
    visit = visits.plan_visit(
        by=officer,
        given=plan_of(service=service("Alder Day", "day_care"), **plan),
        now=timezone.now(),
    )
    return visits.begin(visit.pk, by=officer, given=BeginInput(today), today=today)


def an_answer(visit: Visit, seen: int = 0, **more: Any) -> dict[str, Any]:
    question = Question.objects.of_template(visit.template).filter(kind="rating").first()
    body = {"item": "answer", "question": question.pk, "value": "good", "not_applicable": False}
    return {**body, "sources": {"seen": "Clean."}, "note": "", "seen": seen, **more}


def send(client: Client, visit: Visit, body: Any, key: Any = None, **more: Any) -> Any:
    person = User.objects.get(pk=client.session["_auth_user_id"])
    data = {
        "key": str(key or uuid.uuid4()),
        "person": str(person.pk),
        "body": json.dumps(body),
        **more,
    }
    return client.post(reverse("audits:receive-offline", args=[visit.pk]), data)


@pytest.mark.django_db
def test_sent_twice_is_stored_once_and_answered_the_same(
    client_as: Callable[..., Client], visit: Visit
):
    client, key = client_as("Officer"), uuid.uuid4()
    first = send(client, visit, an_answer(visit), key)
    again = send(client, visit, an_answer(visit), key)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert first.json() == {"state": "stored", "version": 1, "reason": "", "theirs": {}}
    assert Answer.objects.get().version == 1


@pytest.mark.django_db
def test_same_key_with_other_content_is_409(client_as: Callable[..., Client], visit: Visit):
    client, key = client_as("Officer"), uuid.uuid4()
    send(client, visit, an_answer(visit), key)
    other = send(client, visit, an_answer(visit, value="poor"), key)
    assert (other.status_code, other.json()["state"]) == (409, "key_reused")
    assert Answer.objects.get().value == "good"


@pytest.mark.django_db
def test_colleagues_change_is_handed_back_and_not_overwritten(
    client_as: Callable[..., Client], visit: Visit
):
    send(client_as("Senior officer"), visit, an_answer(visit, value="excellent"))
    got = send(client_as("Officer"), visit, an_answer(visit, value="poor"))
    assert (got.status_code, got.json()["state"]) == (409, "conflict")
    assert got.json()["theirs"]["in_words"] == "Excellent"
    assert Answer.objects.get().value == "excellent"
    assert Receipt.objects.count() == 1
    got = send(
        client_as("Officer"), visit, an_answer(visit, value="poor", seen=got.json()["version"])
    )
    assert got.json()["state"] == "stored"
    assert Answer.objects.get().value == "poor"


@pytest.mark.django_db
def test_completed_visit_refuses_with_its_reason(client_as: Callable[..., Client], visit: Visit):
    Visit.objects.filter(pk=visit.pk).update(status="planned")
    got = send(client_as("Officer"), visit, an_answer(visit))
    assert got.status_code == 422
    assert got.json()["reason"] == "Begin the visit before recording answers."
    assert not Receipt.objects.exists()


@pytest.mark.django_db
def test_what_belongs_to_another_person_is_not_taken(
    client_as: Callable[..., Client], person: Callable[..., User], visit: Visit
):
    body = {"key": str(uuid.uuid4()), "person": str(person("Manager").pk), "body": "{}"}
    got = client_as("Officer").post(reverse("audits:receive-offline", args=[visit.pk]), body)
    assert (got.status_code, got.json()["state"]) == (400, "another_person")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body",
    [
        [],
        {"item": "nothing"},
        {"item": "answer", "question": "1", "sources": {}},
        {"item": "answer", "question": 1, "seen": 0, "sources": {"heard": "x"}},
        {"item": "note", "id": "no", "text": "x", "seen": 0},
        {"item": "risk", "id": str(uuid.uuid4()), "what": "x", "made_at": "yesterday"},
        {"item": "begin", "visited_on": 3},
    ],
)
def test_malformed_is_400_and_leaves_no_trace(
    client_as: Callable[..., Client], visit: Visit, body: Any
):
    assert send(client_as("Officer"), visit, body).status_code == 400
    assert not Receipt.objects.exists()


@pytest.mark.django_db
def test_value_that_a_question_does_not_take_is_said(
    client_as: Callable[..., Client], visit: Visit
):
    got = send(client_as("Officer"), visit, an_answer(visit, value="splendid"))
    assert got.status_code == 422
    assert "Select an answer from the list" in got.json()["reason"]


@pytest.mark.django_db
def test_whatever_letter_a_device_sends_is_kept_as_any_reader_sees_it(
    client_as: Callable[..., Client], visit: Visit
):
    client = client_as("Officer")
    for odd in ODD:
        typed, key = f"Oak\u200b {odd} Lodge", str(uuid.uuid4())
        note = {"item": "note", "id": key, "text": typed, "question": None, "seen": 0}
        got = send(client, visit, {**note, "made_at": timezone.now().isoformat()})
        assert got.json()["state"] == "stored"
        assert visit.loose_notes.get(pk=key).text == clean(typed)


@pytest.mark.parametrize(
    "made_at",
    [
        "0001-01-01T00:00:00+14:00",
        "1970-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "2999-01-01T00:00:00+00:00",
    ],
)
def test_what_a_device_with_a_wrong_clock_kept_is_dated_as_it_came_and_the_visit_stays_readable(
    client_as: Callable[..., Client], visit: Visit, made_at: str
):
    client, before = client_as("Officer"), timezone.now()
    note = {"item": "note", "id": str(uuid.uuid4()), "text": "Chained door", "seen": 0}
    risk = {"item": "risk", "id": str(uuid.uuid4()), "what": "Chained door", "done": ""}
    for item in (note, risk):
        assert send(client, visit, {**item, "made_at": made_at}).json()["state"] == "stored"
    assert before <= LooseNote.objects.get().written_at <= timezone.now()
    assert before <= ImmediateRisk.objects.get().seen_at <= timezone.now()
    assert client.get(reverse("audits:view-visit", args=[visit.pk])).status_code == 200
    assert client.get(reverse("audits:offline-bundle", args=[visit.pk])).status_code == 200
    assert client.get(reverse("audits:offline-bundles")).status_code == 200


@pytest.mark.django_db
def test_letters_that_the_database_does_not_take_are_left_out_and_the_rest_is_kept(
    client_as: Callable[..., Client], visit: Visit
):
    note = {"item": "note", "id": str(uuid.uuid4()), "text": "Cut at \ud83d\0", "seen": 0}
    note["made_at"] = timezone.now().isoformat()
    assert send(client_as("Officer"), visit, note).json()["state"] == "stored"
    assert LooseNote.objects.get().text == "Cut at �"


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["0001-01-01", "0026-02-01", "9999-12-31"])
def test_visit_is_not_begun_in_a_year_that_nobody_meant(
    client_as: Callable[..., Client], visit: Visit, day: str
):
    Visit.objects.filter(pk=visit.pk).update(status="planned", visited_on=None)
    got = send(client_as("Officer"), visit, {"item": "begin", "visited_on": day})
    assert (got.status_code, got.json()["state"]) == (422, "refused")
    assert got.json()["reason"].startswith("Check the year: the date must be")
    assert Visit.objects.get().visited_on is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body",
    [
        "[" * 20_000,
        '{"a":' * 20_000,
        '{"item": []}',
        '{"item": {}}',
        '"\\ud800"',
        "NaN",
        "9" * 5_000,
    ],
)
def test_what_is_nested_too_deeply_or_of_no_kind_is_malformed(
    client_as: Callable[..., Client], visit: Visit, body: str
):
    client = client_as("Officer")
    sent = {"key": str(uuid.uuid4()), "person": client.session["_auth_user_id"], "body": body}
    got = client.post(reverse("audits:receive-offline", args=[visit.pk]), sent)
    assert (got.status_code, got.json()["state"]) == (400, "malformed")
    assert not Receipt.objects.exists()


@pytest.mark.django_db
def test_photograph_and_risk_arrive_once(client_as: Callable[..., Client], visit: Visit):
    client = client_as("Officer")
    made_at = "2026-01-05T10:00:00.000Z"
    photo = {
        "item": "file",
        "id": str(uuid.uuid4()),
        "name": "a.jpg",
        "caption": "",
        "question": None,
    }
    risk = {
        "item": "risk",
        "id": str(uuid.uuid4()),
        "what": "Chained door",
        "done": "",
        "made_at": made_at,
    }
    keys = uuid.uuid4(), uuid.uuid4()
    for _ in range(3):
        file = SimpleUploadedFile("file", photograph())
        assert send(client, visit, photo, keys[0], file=file).json()["state"] == "stored"
        assert send(client, visit, risk, keys[1]).json()["state"] == "stored"
    assert Attachment.objects.get().file.kind == "photograph"
    assert Concern.objects.get().risk == "very_high"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["rota.odt", "program.pdf", "drawing.svg", "cut.jpg"])
def test_file_that_is_not_taken_is_refused_in_words_and_stops_nothing_behind_it(
    name: str, client_as: Callable[..., Client], visit: Visit
):
    data = {
        "rota.odt": made.damaged_package(),
        "program.pdf": b"MZ\x90\x00\x03",
        "drawing.svg": made.SVG,
        "cut.jpg": photograph()[:200],
    }[name]
    item = {"item": "file", "id": str(uuid.uuid4()), "name": name, "caption": "", "question": None}
    got = send(
        client_as("Officer"), visit, item, uuid.uuid4(), file=SimpleUploadedFile("file", data)
    )
    assert (got.status_code, got.json()["state"]) == (422, "refused")
    assert got.json()["reason"].endswith(".")
    assert not Attachment.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "photo-odd-exif-ResolutionUnit.jpg",
        "photo-odd-exif-Software.jpg",
        "photo-odd-exif-XResolution.jpg",
        "scan-16bit-grey.png",
        "turned.heic",
        "word-online-document2.docx",
    ],
)
def test_file_that_a_device_keeps_arrives_whatever_program_wrote_it(
    name: str, client_as: Callable[..., Client], visit: Visit
):
    item = {"item": "file", "id": str(uuid.uuid4()), "name": name, "caption": "", "question": None}
    file = SimpleUploadedFile("file", made.case(name))
    got = send(client_as("Officer"), visit, item, uuid.uuid4(), file=file)
    assert got.json()["state"] == "stored"
    assert Attachment.objects.get().file.name.startswith(name.rpartition(".")[0])


@pytest.mark.django_db
def test_expired_session_is_led_to_sign_in_and_stores_nothing(client: Client, visit: Visit):
    got = client.post(
        reverse("audits:receive-offline", args=[visit.pk]), {"key": str(uuid.uuid4())}
    )
    assert got.status_code == 302
    assert not Receipt.objects.exists()


@pytest.mark.django_db
def test_shell_and_worker_say_nothing_of_anybody(client_as: Callable[..., Client], visit: Visit):
    officer = client_as("Officer")
    for name in ("audits:offline-visits", "service-worker"):
        text = officer.get(reverse(name)).text
        assert text == Client().get(reverse(name)).text
        assert "csrf" not in text.lower()
    worker = officer.get("/sw.js")
    assert worker["Cache-Control"] == "no-cache"
    assert worker["Content-Type"] == "text/javascript"


@pytest.mark.django_db
def test_each_person_has_a_key_of_their_own(client_as: Callable[..., Client]):
    url = reverse("audits:offline-session")
    officer, senior = client_as("Officer"), client_as("Senior officer")
    assert officer.get(url).json()["key"] == officer.get(url).json()["key"]
    assert officer.get(url).json()["key"] != senior.get(url).json()["key"]


@pytest.mark.django_db(transaction=True)
def test_twenty_parallel_attempts_store_one(client_as: Callable[..., Client], visit: Visit):
    body, key = an_answer(visit), uuid.uuid4()
    clients = [client_as("Officer") for _ in range(20)]
    start, got = threading.Barrier(20), []

    def attempt(client: Client) -> None:
        start.wait()
        try:
            got.append(send(client, visit, body, key).json())
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each["state"] for each in got] == ["stored"] * 20
    assert {each["version"] for each in got} == {1}
    assert Receipt.objects.count() == Answer.objects.count() == 1
