"""A service is found, and lists stand in order, however a name is spelt."""

import csv
from pathlib import Path

import pytest
from django.urls import reverse

from core.models import District
from documents.folding import name_key
from providers.models import Provider, Service
from ratings.models import Location

CASES = Path(__file__).parent.parent / "data" / "names" / "search-names.csv"
with CASES.open(encoding="utf-8") as file:
    TYPED = [tuple(row.values()) for row in csv.DictReader(file)]
NAMES = [name for name, _typed, _must in TYPED]


@pytest.fixture
def services(council, provider):
    district = District.objects.get(name="Northmarsh")
    return Service.objects.bulk_create(
        Service(
            provider=provider,
            name=name,
            service_type="home_care",
            client_group="ageing_well",
            district=district,
        )
        for name in ["Zeta House", "elmfield house", *NAMES, "Oak Lodge"]
    )


@pytest.mark.parametrize(("name", "typed", "must"), TYPED)
def test_service_is_found_as_its_name_is_typed(client_as, services, name, typed, must):
    page = client_as("Officer").get(reverse("oversight:list-services"), {"q": typed})
    found = [service.name for service in page.context["page"]]
    assert found == ([name] if must == "yes" else [])


@pytest.mark.parametrize(("name", "typed", "must"), TYPED)
def test_provider_and_location_are_found_as_their_names_are_typed(
    client_as, council, now, name, typed, must
):
    Provider.objects.bulk_create(Provider(name=each) for each in NAMES)
    Location.objects.bulk_create(
        Location(location_id=f"1-{number}", name=each, first_seen_at=now, read_at=now)
        for number, each in enumerate(NAMES)
    )
    for address in ("providers:list-providers", "ratings:list-locations"):
        page = client_as("Officer").get(reverse(address), {"q": typed}).context["page"]
        assert [row.name for row in page] == ([name] if must == "yes" else []), address


@pytest.mark.parametrize("down", [False, True])
def test_services_are_listed_in_the_order_of_the_alphabet(client_as, services, down):
    sort = "-name" if down else "name"
    page = client_as("Officer").get(reverse("oversight:list-services"), {"sort": sort})
    listed = [service.name for service in page.context["page"]]
    assert listed == sorted(listed, key=name_key, reverse=down)
    asked = [listed.index(name) for name in ("D'Arcy Court", "Éire Lodge", "elmfield house")]
    assert asked == sorted(asked, reverse=down)


@pytest.mark.parametrize(
    "address",
    [
        "audits:list-visits",
        "audits:list-actions",
        "concerns:list-concerns",
        "concerns:list-contacts",
        "formal_steps:list-formal-steps",
        "suspensions:list-suspensions",
        "reports:list-papers",
    ],
)
@pytest.mark.parametrize("typed", ["O'Brien", "’", "[", "\\", "%", "(?", "ß", "𝕬"])
def test_lists_take_whatever_is_typed(client_as, council, address, typed):
    response = client_as("Manager").get(
        reverse(address), {"q": typed, "service": typed, "text": typed}
    )
    assert response.status_code == 200
