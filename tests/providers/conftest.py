from datetime import date

import pytest

from core.models import District
from providers.models import Provider, Service


@pytest.fixture
def provider(council):
    return Provider.objects.create(name="Elm Care Limited", cqc_provider_id="1-100000001")


@pytest.fixture
def service(provider):
    return Service.objects.create(
        provider=provider,
        name="Elm House",
        service_type="residential_home",
        client_group="ageing_well",
        district=District.objects.get(name="Northmarsh"),
        beds=30,
        opened_on=date(2015, 4, 1),
    )
