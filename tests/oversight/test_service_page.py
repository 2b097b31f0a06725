from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audits.models import Action
from core import events
from providers.actions import contracts, services
from providers.models import Contract

EVERY_GROUP = [
    "Officer",
    "Senior officer",
    "Manager",
    "Signatory",
    "Committee clerk",
    "Practitioner",
    "Administrator",
]
SEES_EXEMPT_WORK = ["Officer", "Senior officer", "Manager", "Signatory"]


@pytest.fixture
def url(service):
    return reverse("oversight:view-service", args=[service.pk])


@pytest.fixture
def contract(service):
    return Contract.objects.create(service=service, reference="C-1", starts_on=date(2020, 1, 1))


@pytest.mark.parametrize("group", EVERY_GROUP)
def test_page_shows_each_group_its_own_and_no_more(
    client_as, url, group, linked, suspended, concern, audited
):
    text = client_as(group).get(url).text
    assert "Elm House" in text
    assert "1-200000001" in text, "CQC's ratings are public"
    works = group in SEES_EXEMPT_WORK
    assert ("Suspended" in text) == works
    assert (concern.reference in text) == works
    assert ("Mend the call bells" in text) == works
    assert ("Poor" in text) == works
    if not works:
        assert "CANARY" not in text


def test_ratings_are_shown_with_age_and_where_they_come_from(client_as, url, linked):
    text = client_as("Officer").get(url).text
    assert "Well-led" in text
    assert "2 years" in text
    assert "Inherited from location 1-199999999" in text
    assert "Earlier overall ratings" in text
    assert "Requires improvement" in text


def test_practitioner_is_led_to_the_placement_status_without_a_reason(
    client_as, url, service, suspended
):
    text = client_as("Practitioner").get(url).text
    assert reverse("suspensions:view-placement-status", args=[service.pk]) in text
    assert "CANARY" not in text


def test_why_a_contract_or_a_service_ended_is_for_who_may_read_exempt_matter(
    client_as, url, service, contract, person, today
):
    senior = person("Senior officer")
    contracts.end_contract(
        contract.pk,
        by=senior,
        given=contracts.ContractEndInput(today, "CANARY-CONTRACT"),
        today=today,
    )
    services.close_service(
        service.pk, by=senior, given=services.ClosingInput(today, "CANARY-CLOSURE")
    )
    for group in ("Practitioner", "Administrator"):
        assert "CANARY" not in client_as(group).get(url).text
    reopen = reverse("providers:reopen-service", args=[service.pk])
    assert "CANARY" not in client_as("Administrator").get(reopen).text
    text = client_as("Officer").get(url).text
    assert "CANARY-CONTRACT" in text
    assert "CANARY-CLOSURE" in text


def test_formal_steps_stand_in_the_timeline_of_who_may_know(client_as, url, service, person):
    with transaction.atomic():
        events.record("formal_step.proposed", by=person("Manager"), about=service)
    assert "Formal step: proposed" in client_as("Officer").get(url).text
    assert "Formal step" not in client_as("Administrator").get(url).text


def test_many_notified_at_one_moment_are_one_line_of_the_timeline(
    client_as, url, service, person, today
):
    at = datetime.combine(today, time(10), UTC)
    with transaction.atomic():
        for moment in (at, at, at, at + timedelta(hours=1)):
            events.record(
                "suspension.recipient_notified",
                by=person("Manager"),
                about=service,
                happened_at=moment,
            )
    text = client_as("Officer").get(url).text
    assert text.count("Suspension: recipient notified") == 2
    assert "Suspension: recipient notified (3 times)</strong>" in text


def test_next_things_are_by_permission(client_as, url, service):
    manager, officer, clerk = (
        client_as(group).get(url).text for group in ("Manager", "Officer", "Committee clerk")
    )
    propose = reverse("suspensions:propose-for-service", args=[service.pk])
    record = f"{reverse('concerns:add-concern')}?service={service.pk}"
    assert propose in manager
    assert propose not in officer
    assert record in officer
    assert record not in clerk


def test_closed_service_says_so_and_offers_to_reopen(client_as, url, service, person, today):
    services.close_service(
        service.pk, by=person("Senior officer"), given=services.ClosingInput(today, "Sold")
    )
    text = client_as("Senior officer").get(url).text
    assert "Closed" in text
    assert "Sold" in text
    assert reverse("providers:reopen-service", args=[service.pk]) in text


def test_what_happened_is_told_newest_first_and_by_permission(
    client_as, url, service, person, linked, today
):
    with_more_beds = services.ServiceInput(
        **{
            field.name: getattr(service, field.name)
            for field in fields(services.ServiceInput)
            if hasattr(service, field.name)
        }
        | {"beds": 31}
    )
    services.change_service(service.pk, by=person("Officer"), given=with_more_beds)
    response = client_as("Officer").get(url)
    moments = [moment.what for moment in response.context["page"].timeline]
    assert moments[0] == "Service: changed"
    assert moments[1:] == ["CQC: rated Good", "CQC: rated Requires improvement"]


def test_number_of_queries_does_not_grow_with_the_work(
    client_as, url, service, audited, linked, concern
):
    client = client_as("Manager")
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(20):
        Action.objects.create(
            service=service,
            text=f"Action {number}",
            officer=audited.agreed_by,
            agreed_on=audited.agreed_on,
            agreed_by=audited.agreed_by,
            due_on=audited.due_on,
        )
    with CaptureQueriesContext(connection) as more:
        client.get(url)
    assert len(more) == len(few)


def test_empty_parts_say_so(client_as, url):
    text = client_as("Manager").get(url).text
    for said in (
        "no contract with this service",
        "not linked to a CQC location",
        "never been suspended",
        "No visits have been made",
        "No actions are open",
        "No concerns have been recorded",
    ):
        assert said in text


def test_closing_warns_of_what_the_person_may_know_of(
    client_as, service, suspended, concern, audited
):
    close = reverse("providers:close-service", args=[service.pk])
    text = client_as("Senior officer").get(close).text
    for said in (
        "Suspension of Elm House: in force",
        "Concern C-2019-0001, high risk",
        "1 action is not yet",
    ):
        assert said in text
    other = client_as("Administrator").get(close).text
    assert "C-2019-0001" not in other
    assert "Suspension of" not in other
    assert "We do not show you exempt work" in other
