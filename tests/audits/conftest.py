from collections.abc import Callable

import pytest

from core.models import CouncilProfile, District, User
from providers.models import Provider, Service


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
def manager(person: Callable[..., User]) -> User:
    return person("Manager")
