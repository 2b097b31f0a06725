import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import District
from providers.models import Contract, Service

LIST = "/services/"


def names(response):
    return [service.name for service in response.context["page"]]


def exported(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_list_is_for_every_group_that_may_see_services(client_as, service, suspended, linked):
    for group in (
        "Officer",
        "Manager",
        "Practitioner",
        "Administrator",
        "Committee clerk",
        "Signatory",
    ):
        assert "Elm House" in client_as(group).get(LIST).text


def test_officer_sees_rating_age_suspension_actions_and_next_visit(
    client_as, linked, suspended, audited, today
):
    row = exported(client_as("Officer").get(LIST, {"export": "csv"}))[0]
    assert row["CQC rating"] == "Good"
    assert row["Age of rating"].startswith("2 years")
    assert row["Suspension"] == "Full"
    assert row["Open actions"] == "1"
    assert row["Next visit"] == (today + timedelta(days=9)).isoformat()


@pytest.mark.parametrize("group", ["Practitioner", "Administrator", "Committee clerk"])
def test_who_may_not_see_suspensions_learns_of_none_by_page_file_filter_or_sort(
    client_as, group, service, suspended, many
):
    many(2)
    client = client_as(group)
    for query in ({}, {"export": "csv"}, {"export": "xlsx"}):
        response = client.get(LIST, query)
        text = (
            b"".join(response.streaming_content) if response.streaming else response.content
        ).lower()
        # The way to the page that answers whether a service takes placements stands in the menu.
        assert b"suspen" not in text.replace(b"/suspensions/placements/", b""), query
    plain = names(client.get(LIST))
    assert names(client.get(LIST, {"suspended": "true"})) == plain
    assert names(client.get(LIST, {"sort": "-suspension"})) == plain


def test_practitioner_does_not_see_the_work_of_the_team(client_as, audited):
    text = client_as("Practitioner").get(LIST).text
    assert "Open actions" not in text
    assert "Next visit" not in text


def test_number_of_queries_does_not_grow_with_the_list(client_as, linked, suspended, audited, many):
    client = client_as("Manager")
    client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    many(40)
    with CaptureQueriesContext(connection) as more:
        client.get(LIST)
    assert len(more) == len(few) <= 14


@pytest.mark.parametrize("down", ["", "-"])
@pytest.mark.parametrize(
    "key",
    [
        "name",
        "service_type",
        "client_group",
        "district",
        "provider",
        "rating",
        "rating_age",
        "suspension",
        "open_actions",
        "next_visit",
        "lead_officer",
    ],
)
def test_list_sorts_by_every_column(client_as, linked, suspended, audited, many, key, down):
    many(1)
    page = client_as("Manager").get(LIST, {"sort": f"{down}{key}"}).context["page"]
    assert page.sort == f"{down}{key}"
    assert len(list(page)) == 2
    if key in ("rating", "rating_age", "suspension", "next_visit"):
        assert next(iter(page)).name == "Elm House", "what is not known comes last"


def test_rating_sorts_by_its_worth_not_its_letters(client_as, linked, many, service, now, person):
    from ratings.models import Location, Rating, ServiceLocation

    for other, word in zip(
        many(3), ["outstanding", "inadequate", "requires_improvement"], strict=True
    ):
        location = Location.objects.create(
            location_id=f"1-{other.pk}", first_seen_at=now, read_at=now
        )
        ServiceLocation.objects.create(
            service=other,
            location=location,
            since=date(2015, 1, 1),
            confirmed_by=person("Officer"),
            confirmed_at=now,
        )
        Rating.objects.create(
            location=location,
            key_question="overall",
            rating=word,
            published_on=date(2019, 1, 1),
            source="inspection",
            learned_at=now,
        )
    page = client_as("Officer").get(LIST, {"sort": "rating"})
    assert names(page) == ["Oak 000", "Elm House", "Oak 002", "Oak 001"]


def test_filters_narrow_the_list(client_as, linked, suspended, many, person, service):
    many(3)
    service.lead_officer = person("Officer")
    service.save()
    Contract.objects.create(service=service, reference="HC-1", starts_on=date(2019, 1, 1))
    client = client_as("Manager")
    north = District.objects.get(name="Northmarsh").pk
    for query in (
        {"q": "elm ho"},
        {"q": "1-200000001"},
        {"q": "Elm Care"},
        {"service_type": "care_homes"},
        {"service_type": "residential_home"},
        {"client_group": "ageing_well"},
        {"district": north},
        {"rating": "good"},
        {"suspended": "true"},
        {"lead_officer": service.lead_officer_id},
        {"contracted": "true"},
    ):
        if query == {"q": "Elm Care"}:
            assert len(names(client.get(LIST, query))) == 4
        else:
            assert names(client.get(LIST, query)) == ["Elm House"], query
    for query in ({"suspended": "false"}, {"contracted": "false"}, {"rating": "not_linked"}):
        assert "Elm House" not in names(client.get(LIST, query)), query
    assert names(client.get(LIST, {"rating": "not_rated"})) == []


def test_closed_services_are_shown_when_asked_for(client_as, service, many, today):
    many(1)
    Service.objects.filter(pk=service.pk).update(closed_on=today)
    client = client_as("Officer")
    assert names(client.get(LIST)) == ["Oak 000"]
    assert names(client.get(LIST, {"state": "closed"})) == ["Elm House"]
    assert names(client.get(LIST, {"state": "all"})) == ["Elm House", "Oak 000"]


def test_list_pages_by_25_and_its_address_says_where_it_stands(client_as, many):
    many(60)
    response = client_as("Officer").get(
        LIST, {"sort": "-name", "page": "3", "client_group": "living_well"}
    )
    assert names(response) == [f"Oak {number:03}" for number in range(9, -1, -1)]
    assert "sort=-name" in response.context["page"].previous_url
    assert "client_group=living_well" in response.context["page"].csv_url


@pytest.mark.parametrize(
    "query",
    ["district=x", "rating=silver", "page=minus", "sort=nothing", "lead_officer=0", "export=exe"],
)
def test_nonsense_in_the_address_does_no_harm(client_as, service, query):
    assert client_as("Officer").get(f"{LIST}?{query}").status_code == 200


def test_empty_list_says_what_to_do(client_as, council):
    assert "No services have been added yet" in client_as("Officer").get(LIST).text
    assert (
        "No services match these filters" in client_as("Officer").get(LIST, {"q": "nowhere"}).text
    )


def test_list_is_refused_before_it_looks(client, council):
    assert client.get(LIST).status_code == 302
    assert reverse("sign-in") in client.get(LIST)["Location"]
