from datetime import date

import pytest

from core.models import Event
from providers.actions import contracts, services, units
from providers.actions import providers as provider_actions
from providers.models import Service
from tests.refusals import not_allowed

TODAY = date(2019, 12, 9)


def test_closed_service_stays_open_on_the_days_before(service, person):
    services.close_service(
        service.pk,
        by=person("Senior officer"),
        given=services.ClosingInput(date(2019, 12, 1), "Sold"),
    )
    assert Service.objects.open_on(date(2019, 11, 30)).exists()
    assert not Service.objects.open_on(date(2019, 12, 1)).exists()


def test_reopened_service_was_closed_in_between(service, person):
    by = person("Senior officer")
    services.close_service(
        service.pk, by=by, given=services.ClosingInput(date(2018, 1, 1), "Flood")
    )
    services.reopen_service(
        service.pk, by=by, given=services.ReopeningInput(date(2018, 7, 1), "Repaired"), today=TODAY
    )
    assert not Service.objects.open_on(date(2018, 6, 30)).exists()
    assert Service.objects.open_on(date(2018, 7, 1)).exists()
    assert Service.objects.open_on(date(2017, 12, 31)).exists()
    assert service.past_closures.get().closed_reason == "Flood"


def test_closure_by_mistake_covers_no_day_and_stays_on_the_record(service, person):
    by = person("Senior officer")
    services.close_service(
        service.pk, by=by, given=services.ClosingInput(date(2020, 1, 1), "Wrong home")
    )
    services.reopen_service(
        service.pk,
        by=by,
        given=services.ReopeningInput(date(2020, 1, 1), "Entered by mistake"),
        today=TODAY,
    )
    assert Service.objects.open_on(date(2020, 1, 1)).exists()
    kinds = list(Event.objects.filter(service_id=service.pk).values_list("kind", flat=True))
    assert kinds == ["service.reopened", "service.closed"]


@pytest.mark.parametrize(
    ("closed_on", "why"),
    [(date(2015, 3, 31), "before-opened"), (date(2019, 5, 31), "before-reopened")],
)
def test_close_refused_before_the_service_was_open(service, person, closed_on, why):
    by = person("Senior officer")
    if closed_on.year == 2019:
        services.close_service(
            service.pk, by=by, given=services.ClosingInput(date(2019, 1, 1), "Flood")
        )
        services.reopen_service(
            service.pk, by=by, given=services.ReopeningInput(date(2019, 6, 1), "Dry"), today=TODAY
        )
    with not_allowed(why, "closed_on"):
        services.close_service(service.pk, by=by, given=services.ClosingInput(closed_on, "Sold"))


def test_close_refused_when_closed_already(service, person):
    by = person("Senior officer")
    services.close_service(service.pk, by=by, given=services.ClosingInput(date(2019, 1, 1), "Sold"))
    with not_allowed("already-closed", "closed_on"):
        services.close_service(
            service.pk, by=by, given=services.ClosingInput(date(2019, 2, 1), "Sold")
        )


def test_reopen_refused_for_a_day_to_come(service, person):
    by = person("Senior officer")
    services.close_service(service.pk, by=by, given=services.ClosingInput(date(2019, 1, 1), "Sold"))
    with not_allowed("in-future", "reopened_on"):
        services.reopen_service(
            service.pk,
            by=by,
            given=services.ReopeningInput(date(2019, 12, 10), "New owner"),
            today=TODAY,
        )


def test_contract_of_a_closed_service_refused(service, person):
    by = person("Senior officer")
    services.close_service(service.pk, by=by, given=services.ClosingInput(date(2019, 1, 1), "Sold"))
    with not_allowed("service-closed"):
        contracts.add_contract(
            service.pk, by=by, given=contracts.ContractInput("C1", date(2019, 1, 1)), today=TODAY
        )


def test_ended_contract_counts_on_its_last_day_and_not_after(service, person):
    by = person("Officer")
    contract = contracts.add_contract(
        service.pk,
        by=by,
        given=contracts.ContractInput("C1", date(2019, 1, 1), districts=[service.district]),
        today=TODAY,
    )
    contracts.end_contract(
        contract.pk,
        by=by,
        given=contracts.ContractEndInput(date(2019, 12, 31), "Retendered"),
        today=TODAY,
    )
    assert Service.objects.contracted_on(date(2019, 12, 31)).exists()
    assert not Service.objects.contracted_on(date(2020, 1, 1)).exists()
    with not_allowed("already-ended", "ends_on"):
        contracts.end_contract(
            contract.pk,
            by=by,
            given=contracts.ContractEndInput(date(2020, 6, 1), "Again"),
            today=date(2020, 1, 1),
        )


def test_change_keeps_both_values_and_no_persons_data_in_the_record(provider, person):
    provider_actions.change_provider(
        provider.pk,
        by=person("Officer"),
        given=provider_actions.ProviderInput(
            name="Elm Homes Limited", cqc_provider_id="1-100000001", contact_name="A Real Name"
        ),
    )
    event = Event.objects.get(kind="provider.changed")
    assert event.before == {"name": "Elm Care Limited", "contact_name": ""}
    assert event.after == {"name": "Elm Homes Limited", "contact_name": "(personal)"}


def test_change_of_nothing_leaves_no_event(provider, person):
    provider_actions.change_provider(
        provider.pk,
        by=person("Officer"),
        given=provider_actions.ProviderInput("Elm Care Limited", "1-100000001"),
    )
    assert not Event.objects.exists()


def test_second_provider_with_one_cqc_id_refused(provider, person):
    with not_allowed("taken", "cqc_provider_id"):
        provider_actions.add_provider(
            by=person("Officer"), given=provider_actions.ProviderInput("Other", "1-100000001")
        )


def test_unit_once_per_service_whatever_its_capitals(service, person):
    by = person("Officer")
    units.add_unit(service.pk, by=by, given=units.UnitInput("Oak unit"), today=TODAY)
    with not_allowed("taken", "name"):
        units.add_unit(service.pk, by=by, given=units.UnitInput("OAK UNIT"), today=TODAY)
