from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import District, Locality
from providers import rules
from providers.models import Contract, Provider, Service


@pytest.fixture
def values(provider):
    return {
        "provider": provider.pk,
        "name": "Oak Lodge",
        "service_type": "nursing_home",
        "client_group": "ageing_well",
        "district": District.objects.get(name="Southmarsh").pk,
        "beds": "40",
        "postcode": "ng27qp",
        "opened_on": "2019-04-01",
    }


def test_officer_adds_a_service(client_as, values):
    response = client_as("Officer").post(reverse("providers:add-service"), values, follow=True)
    service = Service.objects.get(name="Oak Lodge")
    assert service.postcode == "NG2 7QP"
    assert response.redirect_chain == [(reverse("oversight:view-service", args=[service.pk]), 302)]
    assert "Oak Lodge has been added" in response.text


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        ({"name": ""}, "name", "Enter name"),
        ({"service_type": "home_care"}, "beds", "only care homes have them"),
        ({"postcode": "NG2"}, "postcode", "Enter a full postcode"),
        (
            {"opened_on-day": "30", "opened_on-month": "2", "opened_on-year": "2019"},
            "opened_on",
            "Opened on must be a real date",
        ),
        ({"beds": "many"}, "beds", "Beds must be a whole number"),
        ({"beds": "-1"}, "beds", "Beds must be"),
        ({"beds": "99999999"}, "beds", "Beds must be"),
        ({"district": "999999"}, "district", "district from the list"),
        ({"service_type": "castle"}, "service_type", "from the list"),
    ],
)
def test_bad_input_is_said_by_its_field_and_nothing_typed_is_lost(
    client_as, values, wrong, field, message
):
    response = client_as("Officer").post(reverse("providers:add-service"), values | wrong)
    form = response.context["form"]
    assert any(message in error for error in form.errors[field]), form.errors
    assert 'value="Oak Lodge"' in response.text or "name" in wrong
    assert not Service.objects.exists()


def test_same_service_twice_is_said_by_its_name(client_as, service, values):
    again = values | {"name": "Elm House", "service_type": "residential_home"}
    response = client_as("Officer").post(reverse("providers:add-service"), again)
    assert "already" in response.context["form"].errors["name"][0]


def test_locality_must_reach_into_the_district(client_as, values):
    north = Locality.objects.create(name="North")
    north.districts.add(District.objects.get(name="Northmarsh"))
    response = client_as("Officer").post(
        reverse("providers:add-service"), values | {"locality": north.pk}
    )
    errors = response.context["form"].errors
    assert errors["locality"] == ["Select a locality in Southmarsh: North is not"]


def test_closing_warns_of_what_is_open_and_asks_again(client_as, service):
    Contract.objects.create(service=service, reference="HC-1", starts_on=date(2019, 1, 1))
    url = reverse("providers:close-service", args=[service.pk])
    client = client_as("Senior officer")
    assert "Contract HC-1 has no end date" in client.get(url).text
    answers = {"closed_on": timezone.localdate().isoformat(), "reason": "Sold"}
    response = client.post(url, answers)
    assert "confirmed" in response.context["form"].errors
    assert "Sold" in response.text
    client.post(url, answers | {"confirmed": "on"})
    service.refresh_from_db()
    assert (service.closed_on, service.closed_reason) == (timezone.localdate(), "Sold")


def test_closing_needs_no_second_word_when_nothing_is_open(client_as, service):
    url = reverse("providers:close-service", args=[service.pk])
    client_as("Senior officer").post(url, {"closed_on": "2019-12-01", "reason": "Sold"})
    service.refresh_from_db()
    assert service.closed_on == date(2019, 12, 1)


def test_refusal_stands_by_the_day(client_as, service):
    url = reverse("providers:close-service", args=[service.pk])
    response = client_as("Senior officer").post(url, {"closed_on": "2001-12-01", "reason": "Sold"})
    assert "must not be before" in response.context["form"].errors["closed_on"][0]
    assert "Sold" in response.text


def test_contract_is_added_changed_and_ended(client_as, service):
    client = client_as("Officer")
    north = District.objects.get(name="Northmarsh")
    day = timezone.localdate()
    values = {
        "reference": "HC-1",
        "tier": "lead",
        "districts": [north.pk],
        "starts_on": "2019-04-01",
    }
    client.post(reverse("providers:add-contract", args=[service.pk]), values)
    contract = service.contracts.get()
    change = reverse("providers:change-contract", args=[contract.pk])
    client.post(change, values | {"zone": "North 1"})
    response = client.post(change, values | {"ends_on": "2018-01-01"})
    assert "must not be before" in response.context["form"].errors["ends_on"][0]
    ends_on = day + timedelta(days=30)
    client.post(
        reverse("providers:end-contract", args=[contract.pk]),
        {"ends_on": ends_on.isoformat(), "reason": "Retendered"},
    )
    contract.refresh_from_db()
    assert (contract.zone, contract.ends_on, contract.ended_reason) == (
        "North 1",
        ends_on,
        "Retendered",
    )


def test_contract_reference_is_unique_and_says_so(client_as, service):
    Contract.objects.create(service=service, reference="HC-1", starts_on=date(2019, 1, 1))
    values = {"reference": "HC-1", "districts": [service.district_id], "starts_on": "2019-04-01"}
    response = client_as("Officer").post(
        reverse("providers:add-contract", args=[service.pk]), values
    )
    assert response.context["form"].errors["reference"] == [rules.REFERENCE_TAKEN[0]]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"cqc_provider_id": "one"}, "cqc_provider_id"),
        ({"cqc_provider_id": "1-100000001"}, "cqc_provider_id"),
        ({"companies_house_number": "12A"}, "companies_house_number"),
        ({"contact_email": "nobody"}, "contact_email"),
    ],
)
def test_provider_bad_input_is_said_by_its_field(client_as, provider, wrong, field):
    response = client_as("Officer").post(
        reverse("providers:add-provider"), {"name": "New Care", **wrong}
    )
    assert list(response.context["form"].errors) == [field]
    assert Provider.objects.count() == 1


def test_provider_without_numbers_may_stand_beside_another(client_as, council):
    client = client_as("Officer")
    for name in ("One", "Two"):
        client.post(
            reverse("providers:add-provider"), {"name": name, "companies_house_number": "1234567"}
        )
    assert set(Provider.objects.values_list("companies_house_number", "cqc_provider_id")) == {
        ("01234567", None)
    }
    assert Provider.objects.count() == 2


def test_units_are_named_renamed_and_taken_out_of_use(client_as, service):
    client = client_as("Officer")
    client.post(reverse("providers:add-unit", args=[service.pk]), {"name": "Oak"})
    unit = service.units.get()
    client.post(reverse("providers:rename-unit", args=[unit.pk]), {"name": "Ash"})
    client.post(reverse("providers:close-unit", args=[unit.pk]), {})
    unit.refresh_from_db()
    assert (unit.name, unit.closed_on) == ("Ash", timezone.localdate())


def test_provider_page_shows_its_services(client_as, service):
    response = client_as("Officer").get(
        reverse("providers:view-provider", args=[service.provider_id])
    )
    assert "Elm House" in response.text
    listed = client_as("Officer").get(reverse("providers:list-providers"), {"q": "elm"})
    assert "Elm Care Limited" in listed.text


@pytest.mark.parametrize(
    "name", ["change-provider", "view-provider", "change-service", "close-service"]
)
def test_missing_thing_is_404_for_who_may_and_403_for_who_may_not(client_as, council, name):
    url = reverse(f"providers:{name}", args=[12345])
    assert client_as("Senior officer").get(url).status_code == 404
    assert client_as("Practitioner").get(url).status_code == 403


def test_change_of_a_colleague_in_between_is_shown_and_not_overwritten(client_as, service):
    url = reverse("providers:change-service", args=[service.pk])
    mine = client_as("Officer")
    form = mine.get(url).context["form"]
    values = {
        name: form.initial[name] or ""
        for name in ("provider", "name", "service_type", "client_group")
    }
    values |= {
        "district": service.district_id,
        "beds": "30",
        "phone": "01632 960123",
        "seen": form.initial["seen"],
    }
    client_as("Senior officer").post(url, values | {"beds": "28", "phone": ""})

    response = mine.post(url, values)
    assert "changed beds" in response.text
    assert "01632 960123" in response.text
    service.refresh_from_db()
    assert (service.beds, service.phone) == (28, "")

    again = response.context["form"].data["seen"]
    assert mine.post(url, values | {"seen": again}).status_code == 302
    service.refresh_from_db()
    assert service.beds == 30
