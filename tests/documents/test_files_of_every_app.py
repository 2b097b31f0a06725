"""The files of actions, suspensions and formal steps: added by who may write there, read by who may
read there, withdrawn with a reason.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits.actions import plans
from audits.actions.plans import ActionInput, CloseActionInput
from audits.models import ActionFile
from concerns.actions import ConcernInput, record_concern
from concerns.models import ConcernFile
from core.models import CouncilProfile, District, Event, User
from documents.models import AbstractAttachment, FileContent
from formal_steps.models import FormalStep, StepFile
from providers.models import Provider, Service
from suspensions.models import Suspension, SuspensionFile
from tests.documents import made

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nMinutes of the strategy meeting"


@dataclass(frozen=True)
class Place:
    """Where an app keeps files, by the names of its pages."""

    model: type[AbstractAttachment]
    pk: int
    add: str
    download: str
    withdraw: str
    page: str
    event: str


@pytest.fixture
def service(council: CouncilProfile) -> Service:
    provider = Provider.objects.create(name="Alder Care Ltd", is_fictitious=True)
    return Service.objects.create(
        provider=provider,
        name="Alder House",
        service_type="residential_home",
        client_group="ageing_well",
        district=District.objects.first(),
        is_fictitious=True,
    )


def an_action(service: Service, person: Callable[..., User]) -> Place:
    day = timezone.localdate()
    action = plans.agree_action(
        by=person("Officer"),
        service=service,
        given=ActionInput("Mend the fire door.", day + timedelta(30), owner_name="Manager"),
        today=day,
    )
    pages = [f"audits:{name}-action-file" for name in ("add", "download", "withdraw")]
    return Place(ActionFile, action.pk, *pages, "audits:view-action", "action")


def a_suspension(service: Service, person: Callable[..., User]) -> Place:
    suspension = Suspension.objects.create(
        service=service,
        kind="full",
        summary="Medicines were not given safely.",
        status="proposed",
        proposed_by=person("Manager"),
        proposed_at=timezone.now(),
    )
    pages = [f"suspensions:{name}-file" for name in ("add", "download", "withdraw")]
    page = "suspensions:view-suspension"
    return Place(SuspensionFile, suspension.pk, *pages, page, "suspension")


def a_step(service: Service, person: Callable[..., User]) -> Place:
    step = FormalStep.objects.create(
        service=service,
        step_type="default_notice",
        summary="Two visits missed.",
        clause="7",
        reasons="Two visits missed.",
        evidence="The log.",
        required="Cover each visit.",
        due_on=timezone.localdate() + timedelta(30),
        proposed_by=person("Manager"),
        proposed_at=timezone.now(),
    )
    pages = [f"formal_steps:{name}-file" for name in ("add", "download", "withdraw")]
    return Place(StepFile, step.pk, *pages, "formal_steps:view-formal-step", "formal_step")


def a_concern(service: Service, person: Callable[..., User]) -> Place:
    now = timezone.now()
    given = ConcernInput(
        service_id=service.pk,
        kind="complaint",
        summary="The lift is broken.",
        risk="low",
        source="family",
        received_at=now,
    )
    concern = record_concern(by=person("Officer"), given=given, now=now)
    pages = [f"concerns:{name}-file" for name in ("add", "download", "withdraw")]
    return Place(ConcernFile, concern.pk, *pages, "concerns:view-concern", "concern")


@pytest.fixture(params=[an_action, a_suspension, a_step, a_concern])
def place(request: Any, service: Service, person: Callable[..., User]) -> Place:
    made_by: Callable[..., Place] = request.param
    return made_by(service, person)


def add(client: Client, place: Place, name: str = "Minutes für Juni.pdf", data: bytes = PDF) -> Any:
    sent = {"file": SimpleUploadedFile(name, data), "caption": "Strategy meeting"}
    return client.post(reverse(place.add, args=[place.pk]), sent)


def test_file_is_added_shown_and_downloaded(place: Place, client_as: Callable[..., Client]):
    client = client_as("Officer")
    assert "remove what a camera adds" in client.get(reverse(place.add, args=[place.pk])).text
    assert add(client, place).status_code == 302
    held = place.model.objects.get()
    page = client.get(reverse(place.page, args=[place.pk])).text
    url = reverse(place.download, args=[held.pk])
    assert url in page
    assert "Strategy meeting" in page
    assert "Not scanned for viruses" in page
    response = client.get(url)
    assert response.content == PDF
    assert response["Content-Disposition"].startswith("attachment;")
    event = Event.objects.get(kind=f"{place.event}.file_added")
    assert event.after == {"file": held.file_id, "kind": "document", "sha256": held.file.sha256}


def test_file_is_for_those_who_may_read_and_write_there(
    place: Place, client_as: Callable[..., Client]
):
    add(client_as("Officer"), place)
    held = place.model.objects.get()
    for group in ("Administrator", "Practitioner"):
        client = client_as(group)
        assert client.get(reverse(place.download, args=[held.pk])).status_code == 403
        assert add(client, place).status_code == 403
        withdrawn = client.post(reverse(place.withdraw, args=[held.pk]), {"reason": "x"})
        assert withdrawn.status_code == 403
    assert not place.model.objects.get().is_withdrawn


def test_withdrawn_file_is_gone_and_its_reason_stays(
    place: Place, client_as: Callable[..., Client]
):
    client = client_as("Officer")
    add(client, place, "IMG_1.jpg", made.photograph())
    held = place.model.objects.get()
    url = reverse(place.withdraw, args=[held.pk])
    assert "You cannot undo this" in client.get(url).text
    assert client.post(url, {"reason": ""}).status_code == 200
    assert client.post(url, {"reason": "It shows a face"}).status_code == 302
    assert not FileContent.objects.exists()
    assert client.get(reverse(place.download, args=[held.pk])).status_code == 404
    assert "It shows a face" in client.get(reverse(place.page, args=[place.pk])).text
    again = client.post(url, {"reason": "Again"})
    assert "already been withdrawn" in again.text
    assert Event.objects.filter(kind=f"{place.event}.file_withdrawn").count() == 1


def test_refused_file_is_said_by_its_field_and_what_was_typed_stays(
    place: Place, client_as: Callable[..., Client]
):
    response = add(client_as("Officer"), place, "plan.pdf", b"MZ\x90\x00\x03")
    assert response.status_code == 200
    [error] = response.context["form"].errors.as_data()["file"]
    assert error.code == "kind-not-taken"
    assert "Strategy meeting" in response.text
    assert not place.model.objects.exists()


def test_who_verifies_an_action_sees_its_files_and_a_verified_one_takes_no_more(
    service: Service, person: Callable[..., User], client_as: Callable[..., Client]
):
    place, day = an_action(service, person), timezone.localdate()
    add(client_as("Officer"), place)
    given = CloseActionInput(day, "Seen on a second visit.")
    plans.close_action(place.pk, by=person("Officer"), given=given, today=day)
    verifier = client_as("Senior officer")
    verify = reverse("audits:verify-action", args=[place.pk])
    assert "Strategy meeting" in verifier.get(verify).text
    verifier.post(verify, {"accepted": "yes", "how": "I was there."})
    response = add(client_as("Officer"), place)
    assert "already verified" in response.text
    assert ActionFile.objects.count() == 1


def test_infected_file_is_named_with_what_became_of_it(
    place: Place, client_as: Callable[..., Client]
):
    client = client_as("Officer")
    add(client, place)
    file = place.model.objects.get().file
    file.scan, file.found = "infected", "Eicar-Test-Signature"
    file.scanned_at = file.destroyed_at = timezone.now()
    file.save()
    page = client.get(reverse(place.page, args=[place.pk])).text
    assert "Virus found" in page
    assert "Eicar-Test-Signature" in page
    held = place.model.objects.get()
    assert reverse(place.download, args=[held.pk]) not in page
