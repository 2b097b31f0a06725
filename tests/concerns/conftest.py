from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from concerns import actions
from concerns.models import Concern
from core.models import CouncilProfile, District, User
from providers.models import Provider, Service

RECEIVED = timezone.make_aware(datetime.fromisoformat("2026-03-02T10:00"))


@pytest.fixture
def service(council: CouncilProfile) -> Callable[..., Service]:
    """Make a service: `service("Alder House", "home_care")`."""

    def make(name: str = "Alder House", service_type: str = "residential_home") -> Service:
        provider, _ = Provider.objects.get_or_create(name="Alder Care Ltd", is_fictitious=True)
        return Service.objects.get_or_create(
            provider=provider,
            name=name,
            service_type=service_type,
            defaults={
                "client_group": "ageing_well",
                "district": District.objects.first(),
                "is_fictitious": True,
            },
        )[0]

    return make


@pytest.fixture
def officer(person: Callable[..., User]) -> User:
    return person("Officer")


@pytest.fixture
def record(service: Callable[..., Service], officer: User) -> Callable[..., Concern]:
    """Record a concern of 2 March 2026 at 10, at midday: `record(risk="high")`."""

    def make(name: str = "Alder House", **also: object) -> Concern:
        values = {
            "kind": "complaint",
            "source": "family",
            "risk": "medium",
            "received_at": RECEIVED,
            "summary": "Calls were late.",
        }
        given = actions.ConcernInput(service_id=service(name).pk, **(values | also))
        return actions.record_concern(by=officer, given=given, now=RECEIVED + timedelta(hours=2))

    return make
