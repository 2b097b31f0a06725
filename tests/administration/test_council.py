import pytest
from django.urls import reverse

from core.models import CouncilProfile, District, Event, RegionAuthority
from providers.models import Provider, Service
from providers.vocabulary import ClientGroup, ServiceType


@pytest.fixture
def admin(client_as, council):
    return client_as("Administrator")


def test_profile_that_lacks_its_committee_is_refused_and_keeps_what_was_typed(admin, council):
    response = admin.post(reverse("council"), {"name": "Otherwhere Council", "committee_name": ""})
    page = response.content.decode()
    assert response.status_code == 200
    assert "Otherwhere Council" in page
    assert 'href="#id_committee_name"' in page
    assert CouncilProfile.current().name == "Exampleshire County Council"


def test_change_of_profile_stands_in_the_record_without_personal_data(admin, council):
    data = {
        f.name: getattr(council, f.name)
        for f in council._meta.fields
        if f.editable and not f.primary_key
    }
    response = admin.post(
        reverse("council"), {**data, "contact_name": "Person Three", "region_name": "West Region"}
    )
    assert response.status_code == 302, response.context["form"].errors
    event = Event.objects.get(kind="council.changed")
    assert event.after == {"contact_name": "(personal)", "region_name": "West Region"}


def test_district_in_use_cannot_be_removed(admin, council):
    district = District.objects.get(name="Northmarsh")
    Service.objects.create(
        provider=Provider.objects.create(name="A provider"),
        name="A service",
        service_type=ServiceType.DAY_CARE,
        client_group=ClientGroup.AGEING_WELL,
        district=district,
    )
    response = admin.post(
        reverse("remove-council-row", args=["districts", district.pk]), follow=True
    )
    assert "You cannot remove Northmarsh because it is in use." in response.content.decode()
    assert not Event.objects.filter(kind="council.district_removed").exists()


def test_authority_that_leaves_before_it_came_is_refused(admin):
    response = admin.post(
        reverse("add-council-row", args=["region"]),
        {"name": "Elsewhere", "since": "2021-04-01", "until": "2020-04-01"},
    )
    assert response.status_code == 200
    assert not RegionAuthority.objects.exists()


def test_unknown_list_is_not_found(admin):
    assert admin.get(reverse("add-council-row", args=["nonsense"])).status_code == 404


def test_officer_does_not_edit_the_council(client_as, council):
    assert client_as("Officer").get(reverse("council")).status_code == 403
