"""A name that the register holds already, in whatever spelling, is offered before another is
added.
"""

import threading
from datetime import date

import pytest
from django.db import connection
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings

from core.models import District, Event
from providers import same_names
from providers.actions import providers as provider_actions
from providers.actions import services, units
from providers.models import FundedPeople, Provider, Service
from tests.documents.test_folding import respelt
from tests.refusals import not_allowed

TODAY = date(2019, 12, 9)


@pytest.fixture
def answers(service):
    return {
        "provider": service.provider_id,
        "name": "ELM\u200b House ",
        "service_type": "nursing_home",
        "client_group": "living_well",
        "beds": "44",
        "district": service.district_id,
        "postcode": "ZZ1 1ZZ",
        "address": "12 High Street",
    }


def shown(form):
    return [
        [str(held.record), *(label for label, _held, _typed in held.differs)] for held in form.held
    ]


def test_second_service_of_a_name_is_offered_the_first_and_nothing_is_lost(
    client_as, service, answers
):
    client = client_as("Officer")
    response = client.post(reverse("providers:add-service"), answers)
    form = response.context["form"]
    assert Service.objects.count() == 1
    assert "is_another" in form.errors
    [[name, *differs]] = shown(form)
    assert name == "Elm House"
    assert differs == [
        "Name",
        "Service type",
        "Client group",
        "Beds",
        "Opened on",
        "Address",
        "Postcode",
    ]
    assert reverse("oversight:view-service", args=[service.pk]) in response.text
    for typed in ("12 High Street", "ZZ1 1ZZ", 'value="44"'):
        assert typed in response.text

    seen = form["seen_of_that_name"].value()
    confirmed = answers | {"is_another": "on", "seen_of_that_name": seen}
    assert client.post(reverse("providers:add-service"), confirmed).status_code == 302
    added = Service.objects.exclude(pk=service.pk).get()
    assert (added.address, added.beds) == ("12 High Street", 44)
    assert Event.objects.get(kind="service.added").after["another_than"] == [service.pk]


def test_confirmation_is_about_what_was_shown(client_as, service, answers):
    """One that was added meanwhile is shown too."""
    client = client_as("Officer")
    form = client.post(reverse("providers:add-service"), answers).context["form"]
    other = Service.objects.create(
        provider=Provider.objects.create(name="Other"),
        name="Elm-House",
        service_type="nursing_home",
        client_group="ageing_well",
        district=service.district,
    )
    confirmed = answers | {
        "is_another": "on",
        "seen_of_that_name": form["seen_of_that_name"].value(),
    }
    form = client.post(reverse("providers:add-service"), confirmed).context["form"]
    assert {name for name, *_ in shown(form)} == {"Elm House", "Elm-House"}
    assert not form["is_another"].value()
    confirmed["seen_of_that_name"] = form["seen_of_that_name"].value()
    assert str(other.pk) in confirmed["seen_of_that_name"]
    assert client.post(reverse("providers:add-service"), confirmed).status_code == 302


def test_closed_service_is_offered_with_its_closing(client_as, service, answers):
    service.closed_on = date(2019, 1, 1)
    service.save()
    form = client_as("Officer").post(reverse("providers:add-service"), answers).context["form"]
    [held] = form.held
    assert (same_names.CLOSED, "Closed on 1 January 2019", "Open") in held.differs


def test_change_that_leaves_the_name_is_not_asked_about_it(client_as, service, answers):
    twin = Service.objects.create(
        provider=service.provider,
        name="Elm House",
        service_type="home_care",
        client_group="ageing_well",
        district=service.district,
    )
    url = reverse("providers:change-service", args=[twin.pk])
    kept = answers | {"name": "Elm house", "service_type": "home_care", "beds": ""}
    assert client_as("Officer").post(url, kept).status_code == 302
    response = client_as("Officer").post(
        reverse("providers:change-service", args=[service.pk]), kept | {"name": "Oak House"}
    )
    assert response.status_code == 302
    again = client_as("Officer").post(
        reverse("providers:change-service", args=[service.pk]),
        kept | {"name": "Élm House", "service_type": "nursing_home"},
    )
    assert "is_another" in again.context["form"].errors


def test_second_provider_of_a_name_is_offered_the_first(client_as, provider):
    client, url = client_as("Officer"), reverse("providers:add-provider")
    typed = {"name": "ELM CARE limited", "contact_name": "A Person"}
    form = client.post(url, typed).context["form"]
    assert shown(form) == [["Elm Care Limited", "Name", "CQC provider id", "Contact name"]]
    typed |= {"is_another": "on", "seen_of_that_name": form["seen_of_that_name"].value()}
    assert client.post(url, typed).status_code == 302
    assert Provider.objects.filter(name_key=provider.name_key).count() == 2


def test_second_part_of_a_name_is_offered_the_first(client_as, service):
    client, url = client_as("Officer"), reverse("providers:add-unit", args=[service.pk])
    client.post(url, {"name": "St Mary’s & Oak"})
    form = client.post(url, {"name": "Saint Marys and Oak"}).context["form"]
    assert shown(form) == [["St Mary’s & Oak", "Name of the part"]]
    typed = {"name": "Saint Marys and Oak", "is_another": "on"}
    typed["seen_of_that_name"] = form["seen_of_that_name"].value()
    assert client.post(url, typed).status_code == 302
    assert service.units.count() == 2


def test_part_spelt_alike_is_refused_whoever_confirms(client_as, service):
    client, url = client_as("Officer"), reverse("providers:add-unit", args=[service.pk])
    client.post(url, {"name": "Oak"})
    unit = service.units.get()
    typed = {"name": "Oak", "is_another": "on", "seen_of_that_name": str(unit.pk)}
    assert "name" in client.post(url, typed).context["form"].errors
    assert service.units.count() == 1


@pytest.mark.django_db
@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=respelt())
def test_action_refuses_every_spelling_unless_it_names_the_first(names, council, person):
    name, other = names
    by = person("Officer")
    Provider.objects.all().delete()
    first = provider_actions.add_provider(by=by, given=provider_actions.ProviderInput(name))
    with not_allowed("taken", "name"):
        provider_actions.add_provider(by=by, given=provider_actions.ProviderInput(other))
    provider_actions.add_provider(
        by=by, given=provider_actions.ProviderInput(other, another_than=[first.pk])
    )


@pytest.mark.django_db(transaction=True)
def test_of_two_who_add_a_service_at_once_the_second_is_told(service, person):
    by = [person("Officer", f"adder{number}") for number in range(6)]
    district = District.objects.get(name="Northmarsh")
    spelt = ["Oak Court", "OAK COURT", "Oak-Court", "Ōak Court", "Oakcourt", "oak court"]
    start, refused = threading.Barrier(len(by)), []

    def add(who, name):
        try:
            start.wait(timeout=30)
            services.add_service(
                by=who,
                given=services.ServiceInput(
                    service.provider, name, "home_care", "ageing_well", district
                ),
            )
        except Exception as error:
            refused.append(getattr(error, "code", error))
        finally:
            connection.close()

    threads = [threading.Thread(target=add, args=each) for each in zip(by, spelt, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert refused == ["taken"] * 5
    assert Service.objects.filter(name_key__same_as="oak court").count() == 1


def test_people_of_one_funder_are_counted_once_however_it_is_spelt(client_as, service):
    client, url = client_as("Officer"), reverse("providers:count-people", args=[service.pk])
    counted = {"funder": "authority", "counted_on": "2019-12-01"}
    client.post(url, counted | {"name": "St. Helens Council", "people": 3})
    client.post(url, counted | {"name": "St Helens council", "people": 4})
    held = FundedPeople.objects.get()
    assert (held.name, held.people) == ("St. Helens Council", 4)


def test_unit_renamed_to_anothers_name_refused(service, person):
    by = person("Officer")
    units.add_unit(service.pk, by=by, given=units.UnitInput("Oak"), today=TODAY)
    other = units.add_unit(service.pk, by=by, given=units.UnitInput("Ash"), today=TODAY)
    with not_allowed("taken", "name"):
        units.rename_unit(other.pk, by=by, given=units.UnitInput("OAK"))
    assert units.rename_unit(other.pk, by=by, given=units.UnitInput("ASH")).name == "ASH"
