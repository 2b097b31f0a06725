"""Until a second manager has confirmed an urgent suspension, every page of that service says so."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audits.models import Visit, VisitKind
from concerns import actions as concerns
from providers.models import Contract
from suspensions.actions import deciding
from suspensions.actions.deciding import UrgentInput

SAYS = "Another manager has not confirmed this yet"


@pytest.fixture
def pages(service, manager, person):
    """A page of each kind about the service."""
    now = timezone.now()
    officer = person("Officer")
    concern = concerns.record_concern(
        by=officer,
        given=concerns.ConcernInput(
            service_id=service.pk,
            kind="quality",
            source="family",
            risk="low",
            received_at=now,
            summary="Calls came late.",
        ),
        now=now,
    )
    visit = Visit.objects.create(
        service=service,
        kind=VisitKind.MONITORING,
        planned_for=timezone.localdate(),
        planned_at=now,
        planned_by=officer,
        officer=officer,
    )
    contract = Contract.objects.create(
        service=service, reference="EX/1", starts_on=date(2020, 1, 1)
    )
    deciding.suspend_urgently(
        service.pk,
        by=manager,
        given=UrgentInput(summary="Two people were harmed."),
        now=now - timedelta(minutes=1),
    )
    return [
        reverse("oversight:view-service", args=[service.pk]),
        reverse("concerns:view-concern", args=[concern.pk]),
        reverse("audits:view-visit", args=[visit.pk]),
        reverse("providers:change-contract", args=[contract.pk]),
        reverse("providers:change-service", args=[service.pk]),
    ]


def test_every_page_of_the_service_says_that_nobody_has_confirmed(pages, client_as):
    client = client_as("Officer")
    for address in pages:
        assert client.get(address).content.decode().count(SAYS) == 1, address


def test_who_may_not_know_is_not_notified(pages, client_as):
    for group in ("Administrator", "Practitioner"):
        client = client_as(group)
        for address in pages:
            assert SAYS not in client.get(address).content.decode()
