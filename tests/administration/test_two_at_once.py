"""Two administrators at the same moment: one is done, the other gets a sentence."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from administration.actions import council as actions
from administration.actions import cover
from core.models import Comparator, CouncilProfile, Cover, District, Locality
from notifications.actions import registered_recipients
from notifications.models import RegisteredRecipient
from providers.models import Contract, Provider, Service
from tests.at_once import at_once
from tests.refusals import not_allowed

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()


def test_two_who_stand_in_for_each_other_at_once_are_not_both_taken(person, council):
    first, second = person("Manager", "first"), person("Manager", "second")
    admin = person("Manager", "third")
    day = timezone.localdate(NOW) + timedelta(days=3)

    def away(who, deputy):
        given = cover.CoverInput(who.pk, deputy.pk, day, day)
        return lambda: cover.set_cover(by=admin, given=given, now=NOW)

    assert at_once(away(first, second), away(second, first)) == "deputy-away"
    assert Cover.objects.count() == 1


def test_two_who_make_the_council_at_once_get_one_profile_and_a_sentence(person, council):
    admin = person("Administrator")
    values = {
        field.name: getattr(council, field.name)
        for field in CouncilProfile._meta.fields
        if field.editable and not field.primary_key
    }
    CouncilProfile.objects.all().delete()
    assert (
        at_once(
            lambda: actions.save_council(by=admin, values=values),
            lambda: actions.save_council(by=admin, values=values | {"name": "Another council"}),
        )
        == "taken"
    )
    assert CouncilProfile.current().name == council.name


def test_two_who_add_the_same_similar_council_at_once_get_one_and_a_sentence(person, council):
    admin = person("Administrator")

    def add():
        actions.save_council_row(Comparator(), by=admin, values={"name": "Otherwhere", "code": ""})

    assert at_once(add, add) == "taken"


def test_a_row_that_was_removed_meanwhile_is_not_brought_back_by_a_change(person, council):
    admin, row = person("Administrator"), Comparator.objects.create(name="Otherwhere")
    assert (
        at_once(
            lambda: actions.remove_council_row(Comparator.objects.get(pk=row.pk), by=admin),
            lambda: actions.save_council_row(
                row, by=admin, values={"name": "Elsewhere", "code": ""}
            ),
        )
        == "removed"
    )
    assert not Comparator.objects.exists()


def test_two_who_add_a_recipient_at_once_get_one_and_a_sentence(person, council):
    by = person("Manager")
    given = registered_recipients.RegisteredRecipientInput("cqc", "CQC", "cqc@example.test")

    def add():
        registered_recipients.add_recipient(by=by, given=given, now=NOW)

    assert at_once(add, add) == "on-register"
    assert RegisteredRecipient.objects.count() == 1


# What is used by a contract or a locality alone


def test_district_that_only_a_contract_names_cannot_be_removed(person, council, contract):
    district = District.objects.get(name="Southmarsh")
    contract.districts.add(district)
    with not_allowed("in-use"):
        actions.remove_council_row(district, by=person("Administrator"))
    assert contract.districts.get() == district


def test_district_of_a_locality_cannot_be_removed(person, council):
    district = District.objects.get(name="Southmarsh")
    Locality.objects.create(name="The south").districts.add(district)
    with not_allowed("in-use"):
        actions.remove_council_row(district, by=person("Administrator"))


@pytest.fixture
def contract(council):
    service = Service.objects.create(
        provider=Provider.objects.create(name="A provider"),
        name="A service",
        service_type="home_care",
        client_group="ageing_well",
        district=District.objects.get(name="Northmarsh"),
    )
    return Contract.objects.create(service=service, reference="QMM-1", starts_on=date(2025, 4, 1))
