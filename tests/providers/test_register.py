from datetime import date

import pytest

from carequality.models import Event
from carequality.refusals import Refused
from providers import actions
from providers.models import Service

TODAY = date(2019, 12, 9)


def test_closed_service_stays_open_on_the_days_before(service, person):
    actions.close_service(service.pk, by=person("Senior officer"), closed_on=date(2019, 12, 1), reason="Sold")
    assert Service.objects.open_on(date(2019, 11, 30)).exists()
    assert not Service.objects.open_on(date(2019, 12, 1)).exists()


def test_reopened_service_was_closed_in_between(service, person):
    by = person("Senior officer")
    actions.close_service(service.pk, by=by, closed_on=date(2018, 1, 1), reason="Flood")
    actions.reopen_service(service.pk, by=by, reopened_on=date(2018, 7, 1), reason="Repaired", today=TODAY)
    assert not Service.objects.open_on(date(2018, 6, 30)).exists()
    assert Service.objects.open_on(date(2018, 7, 1)).exists()
    assert Service.objects.open_on(date(2017, 12, 31)).exists()
    assert service.past_closures.get().closed_reason == "Flood"


def test_closure_by_mistake_covers_no_day_and_stays_on_the_record(service, person):
    by = person("Senior officer")
    actions.close_service(service.pk, by=by, closed_on=date(2020, 1, 1), reason="Wrong home")
    actions.reopen_service(
        service.pk, by=by, reopened_on=date(2020, 1, 1), reason="Entered by mistake", today=TODAY
    )
    assert Service.objects.open_on(date(2020, 1, 1)).exists()
    kinds = list(Event.objects.filter(service_id=service.pk).values_list("kind", flat=True))
    assert kinds == ["service.reopened", "service.closed"]


@pytest.mark.parametrize(
    ("closed_on", "why"),
    [(date(2015, 3, 31), "opened on 1 April 2015"), (date(2019, 5, 31), "reopened on 1 June 2019")],
)
def test_close_refused_before_the_service_was_open(service, person, closed_on, why):
    by = person("Senior officer")
    if closed_on.year == 2019:
        actions.close_service(service.pk, by=by, closed_on=date(2019, 1, 1), reason="Flood")
        actions.reopen_service(service.pk, by=by, reopened_on=date(2019, 6, 1), reason="Dry", today=TODAY)
    with pytest.raises(Refused, match=why):
        actions.close_service(service.pk, by=by, closed_on=closed_on, reason="Sold")


def test_close_refused_when_closed_already(service, person):
    by = person("Senior officer")
    actions.close_service(service.pk, by=by, closed_on=date(2019, 1, 1), reason="Sold")
    with pytest.raises(Refused, match="closed already, on 1 January 2019"):
        actions.close_service(service.pk, by=by, closed_on=date(2019, 2, 1), reason="Sold")


def test_reopen_refused_for_a_day_to_come(service, person):
    by = person("Senior officer")
    actions.close_service(service.pk, by=by, closed_on=date(2019, 1, 1), reason="Sold")
    with pytest.raises(Refused, match="future"):
        actions.reopen_service(
            service.pk, by=by, reopened_on=date(2019, 12, 10), reason="New owner", today=TODAY
        )


def test_contract_of_a_closed_service_refused(service, person):
    by = person("Senior officer")
    actions.close_service(service.pk, by=by, closed_on=date(2019, 1, 1), reason="Sold")
    with pytest.raises(Refused, match="is closed"):
        actions.add_contract(
            service.pk, by=by, districts=[], today=TODAY, reference="C1", starts_on=date(2019, 1, 1)
        )


def test_ended_contract_counts_on_its_last_day_and_not_after(service, person):
    by = person("Officer")
    contract = actions.add_contract(
        service.pk,
        by=by,
        districts=[service.district],
        today=TODAY,
        reference="C1",
        starts_on=date(2019, 1, 1),
    )
    actions.end_contract(contract.pk, by=by, ends_on=date(2019, 12, 31), reason="Retendered", today=TODAY)
    assert Service.objects.contracted_on(date(2019, 12, 31)).exists()
    assert not Service.objects.contracted_on(date(2020, 1, 1)).exists()
    with pytest.raises(Refused, match="ended on 31 December 2019"):
        actions.end_contract(
            contract.pk, by=by, ends_on=date(2020, 6, 1), reason="Again", today=date(2020, 1, 1)
        )


def test_change_keeps_both_values_and_no_persons_data_in_the_record(provider, person):
    actions.change_provider(
        provider.pk,
        by=person("Officer"),
        name="Elm Homes Limited",
        cqc_provider_id="1-100000001",
        contact_name="A Real Name",
    )
    event = Event.objects.get(kind="provider.changed")
    assert event.before == {"name": "Elm Care Limited", "contact_name": ""}
    assert event.after == {"name": "Elm Homes Limited", "contact_name": "(personal)"}


def test_change_of_nothing_leaves_no_event(provider, person):
    actions.change_provider(provider.pk, by=person("Officer"), name="Elm Care Limited")
    assert not Event.objects.exists()


def test_second_provider_with_one_cqc_id_refused(provider, person):
    with pytest.raises(Refused, match="CQC provider id"):
        actions.add_provider(by=person("Officer"), name="Other", cqc_provider_id="1-100000001")


def test_unit_once_per_service_whatever_its_capitals(service, person):
    by = person("Officer")
    actions.add_unit(service.pk, by=by, name="Oak unit", today=TODAY)
    with pytest.raises(Refused, match="has a part called"):
        actions.add_unit(service.pk, by=by, name="OAK UNIT", today=TODAY)
