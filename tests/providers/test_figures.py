"""The register in figures, worked by hand, and the council's own groups of services."""

from datetime import date

import pytest
from django.urls import reverse

from core.models import District
from providers.figures import register_by_district, register_by_type
from providers.groups import ServiceGroup, group_of_kind
from providers.models import Provider, Service
from providers.vocabulary import ClientGroup, ServiceType

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 16)


@pytest.fixture
def register(council):
    made = {}
    for name, kind, client, district, beds, closed_on in (
        ("Elm House", "nursing_home", "ageing_well", "Northmarsh", 40, None),
        ("Oak House", "residential_home", "living_well", "Northmarsh", 8, None),
        ("Ash House", "residential_home", "ageing_well", "Southmarsh", None, None),
        ("Fen Agency", "home_care", "ageing_well", "Southmarsh", None, None),
        ("Gone House", "nursing_home", "ageing_well", "Southmarsh", 20, date(2026, 3, 16)),
    ):
        provider = Provider.objects.get_or_create(
            name="Fen Care" if "Agency" in name else "Marsh Care"
        )[0]
        made[name] = Service.objects.create(
            provider=provider,
            name=name,
            service_type=kind,
            client_group=client,
            district=District.objects.get_or_create(name=district)[0],
            beds=beds,
            closed_on=closed_on,
        )
    return made


def cells(figure, label):
    row = next(row for row in figure.rows if row.cells[0] == label)
    return dict(zip([column.label for column in figure.columns], row.cells, strict=True))


def test_services_providers_and_beds_by_type(register):
    figure = register_by_type(DAY)
    assert [row.cells[0] for row in figure.rows] == [*(kind.label for kind in ServiceType), "All"]
    homes = cells(figure, "Residential home")
    assert (homes["Services"], homes["Providers"], homes["Beds"]) == (2, 1, 8)
    assert (homes["Northmarsh"], homes["Southmarsh"]) == (1, 1)
    everything = cells(figure, "All")
    assert (everything["Services"], everything["Providers"], everything["Beds"]) == (4, 2, 48)


def test_a_service_counts_until_the_day_before_it_closed(register):
    assert cells(register_by_type(date(2026, 3, 15)), "Nursing home")["Services"] == 2
    assert cells(register_by_type(DAY), "Nursing home")["Services"] == 1


def test_by_the_councils_groups(register):
    figure = register_by_type(DAY, by_group=True)
    assert [row.cells[:2] for row in figure.rows] == [
        ("Ageing Well care homes", 2),
        ("Living Well care homes", 1),
        ("Community based", 1),
        ("All", 4),
    ]
    north = cells(register_by_district(DAY, by_group=True), "Northmarsh")
    assert (
        north["Ageing Well care homes"],
        north["Living Well care homes"],
        north["Community based"],
    ) == (
        1,
        1,
        0,
    )


def test_districts_add_up_and_tell_the_types_apart(register):
    figure = register_by_district(DAY)
    south = cells(figure, "Southmarsh")
    assert (south["Services"], south["Providers"], south["Beds"], south["Home care"]) == (
        2,
        2,
        0,
        1,
    )
    assert sum(row.cells[1] for row in figure.rows[:-1]) == figure.rows[-1].cells[1] == 4


def test_a_number_of_providers_leads_to_the_providers(register, client_as):
    address = reverse("figures:list-rows", args=["register-by-type"])
    asked = {"as_at": DAY.isoformat(), "row": "All"}
    client = client_as("Officer")
    providers = client.get(address, asked | {"column": "providers"})
    assert [row.name for row in providers.context["page"]] == ["Fen Care", "Marsh Care"]
    beds = client.get(address, asked | {"column": "beds"})
    assert [row.name for row in beds.context["page"]] == ["Elm House", "Oak House"]


@pytest.mark.parametrize("kind", ServiceType)
@pytest.mark.parametrize("client", ClientGroup)
def test_every_kind_of_service_is_in_one_group(kind, client):
    group = group_of_kind(kind, client)
    if kind in ("nursing_home", "residential_home"):
        assert group.label == f"{client.label} care homes"
    else:
        assert group == ServiceGroup.COMMUNITY
