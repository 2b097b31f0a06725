"""The pages of ratings, as the people who use them meet them."""

import io
from datetime import date, timedelta

import pytest
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from core.models import District, Event, RegionAuthority
from providers.models import Provider, Service
from ratings import rules, today
from ratings.actions import links as links_actions
from ratings.actions.links import LinkInput
from ratings.actions.locations import apply_location
from ratings.cqc.parse import parse_location
from ratings.models import LocationChange, RunKind, ServiceLocation, SyncRun, services_with_ratings
from tests.ratings import payloads
from tests.ratings.payloads import a_location, assessment, group, inspection, past, sample

ATTRIBUTION = "Contains CQC data © Care Quality Commission"
PAGES = ["changes", "list-locations", "list-successors", "list-runs"]
REGIONAL = reverse_lazy("figures:view-figure", args=["regional-comparison"])
BEHIND = reverse_lazy("figures:list-rows", args=["regional-comparison"])


def read(*payloads, at=None) -> None:
    for payload in payloads:
        apply_location(parse_location(payload), noticed_at=at or timezone.now())


@pytest.fixture
def service(council) -> Service:
    return Service.objects.create(
        provider=Provider.objects.create(name="Marsh Care"),
        name="Elm House",
        service_type="residential_home",
        client_group="ageing_well",
        district=District.objects.first(),
    )


@pytest.fixture
def linked(service, person) -> Service:
    read(a_location("1-1", name="Elm House", currentRatings=inspection("Good", "2024-01-01")))
    links_actions.confirm_link(
        "1-1",
        by=person("Officer"),
        given=LinkInput(service.pk, date(2015, 4, 1)),
        now=timezone.now(),
    )
    return service


def lowered() -> dict:
    return a_location(
        "1-1",
        name="Elm House",
        currentRatings=inspection("Inadequate", "2026-01-05"),
        historicRatings=[past("Good", "2024-01-01")],
    )


@pytest.mark.parametrize("name", PAGES)
def test_every_page_says_so_when_it_is_empty_and_names_the_source(client_as, council, name):
    response = client_as("Practitioner").get(reverse(f"ratings:{name}"))
    assert response.status_code == 200
    assert ATTRIBUTION in response.text
    assert "cq-empty" in response.text


@pytest.mark.parametrize("name", PAGES)
def test_the_committee_clerk_may_read_and_a_stranger_may_not(client, client_as, council, name):
    assert client_as("Committee clerk").get(reverse(f"ratings:{name}")).status_code == 200
    assert client.get(reverse(f"ratings:{name}")).status_code == 302


def test_last_nights_changes_with_their_filters_and_files(client_as, linked):
    read(a_location("1-2", name="Oak Lodge", numberOfBeds=40))
    read(lowered(), a_location("1-2", name="Oak Lodge", numberOfBeds=30))
    LocationChange.objects.filter(kind="beds_cut").update(
        noticed_at=timezone.now() - timedelta(days=3)
    )
    client = client_as("Officer")
    url = reverse("ratings:changes")
    page = client.get(url).text
    assert "Elm House" in page
    assert "Rating lowered" in page
    assert "Oak Lodge" not in page
    earlier = client.get(url, {"since": "2020-01-01", "kind": "beds_cut"}).text
    assert "Oak Lodge" in earlier
    ours = client.get(url, {"since": "2020-01-01", "whose": "ours"}).text
    assert "Oak Lodge" not in ours
    file = client.get(url, {"export": "csv"}).getvalue().decode()
    assert "Elm House,1-1,Exampleshire,Rating lowered,,Good,Inadequate,2026-01-05" in file
    assert ATTRIBUTION in file


def test_a_locations_page_tells_its_whole_history(client_as, council):
    read(sample(payloads.CHARLOTTE_HOUSE))
    url = reverse("ratings:view-location", args=[payloads.CHARLOTTE_HOUSE])
    page = client_as("Officer").get(url).text
    for words in (
        "Charlotte House",
        "4 Apr 2023",
        "25 Apr 2017",
        "inherited from 1-2267307649",
        "Earlier registration",
    ):
        assert words in page
    today_table = page[page.index('aria-label="Current ratings"') : page.index("</thead>")]
    for question in ("Safe", "Effective", "Caring", "Responsive", "Well-led"):
        assert question in today_table
    assert ATTRIBUTION in page
    assert (
        client_as("Officer").get(reverse("ratings:view-location", args=["1-9"])).status_code == 404
    )


def test_a_location_rated_by_service_shows_each(client_as, council):
    rated = [
        assessment("2025-03-01", group("Nursing homes", "Good")),
        assessment(
            "2025-06-01",
            group(
                "Homecare agencies",
                "Requires improvement",
                keyQuestionRatings=[
                    {"name": "Safe", "rating": "Requires improvement", "percentageScore": "58"}
                ],
            ),
        ),
    ]
    read(a_location("1-1", assessment=rated, unpublishedReports=[{"firstVisitDate": "2026-08-01"}]))
    page = client_as("Officer").get(reverse("ratings:view-location", args=["1-1"])).text
    assert "Nursing home" in page
    assert "Home care" in page
    assert "58%" in page
    assert "CQC visited on 1 August 2026" in page


def test_joining_a_location_to_a_service_and_its_rating_to_the_register(client_as, service):
    read(a_location("1-1", currentRatings=inspection("Good", "2024-01-01")))
    url = reverse("ratings:confirm-link", args=["1-1"])
    assert client_as("Practitioner").get(url).status_code == 403
    client = client_as("Officer")
    bad = client.post(url, {"service": service.pk, "since": "31 2 2020"})
    assert "From must be a real date" in bad.text
    done = client.post(url, {"service": service.pk, "since": "2015-04-01"}, follow=True)
    assert "is now linked to this location" in done.text
    again = client.post(url, {"service": service.pk, "since": "2016-04-01"})
    assert "is already linked to this location" in again.text
    [found] = services_with_ratings(Service.objects.all(), date(2026, 1, 1))
    assert (found.cqc_location_id, found.cqc_rating, found.cqc_rated_on) == (
        "1-1",
        "good",
        date(2024, 1, 1),
    )
    assert Event.objects.get(kind="location_link.confirmed").service_id == service.pk


def test_a_successor_is_offered_and_confirmed(client_as, linked):
    new = a_location(
        "1-2",
        name="Elm House",
        registrationDate="2026-02-01",
        relationships=[
            {"relatedLocationId": "1-1", "type": "HSCA Predecessor", "reason": "New Provider"}
        ],
    )
    read(a_location("1-1", registrationStatus="Deregistered", deregistrationDate="2026-02-01"), new)
    client = client_as("Officer")
    page = client.get(reverse("ratings:list-successors")).text
    assert reverse("ratings:confirm-link", args=["1-2"]) in page
    client.post(
        reverse("ratings:confirm-link", args=["1-2"]), {"service": linked.pk, "since": "2026-02-01"}
    )
    links = ServiceLocation.objects.order_by("since").values_list("location_id", "since", "until")
    assert list(links) == [
        ("1-1", date(2015, 4, 1), date(2026, 2, 1)),
        ("1-2", date(2026, 2, 1), None),
    ]
    assert rules.successors_to_confirm(date(2026, 3, 1)) == []


def test_a_link_confirmed_by_mistake_can_be_ended(client_as, linked):
    link = ServiceLocation.objects.get()
    url = reverse("ratings:end-link", args=[link.pk])
    client = client_as("Officer")
    early = client.post(url, {"until": "2015-04-01", "reason": "A mistake"})
    assert "Ends on must be after 1 April 2015" in early.text
    assert "A mistake" in early.text
    client.post(url, {"until": "2020-01-01", "reason": "A mistake"})
    link.refresh_from_db()
    assert link.until == date(2020, 1, 1)
    assert (
        "ended on 1 January 2020" in client.post(url, {"until": "2021-01-01", "reason": "x"}).text
    )


def test_what_matters_about_our_service_is_an_event_on_its_record(linked):
    read(lowered())
    event = Event.objects.get(kind="location.rating_lowered")
    assert (event.service_id, event.before, event.after["value"]) == (
        linked.pk,
        {"value": "good"},
        "inadequate",
    )


def test_today_shows_what_changed_about_services_of_ours(linked, person):
    read(lowered(), a_location("1-2", name="Oak Lodge"))
    card = today.changes(person("Officer"), timezone.localdate())
    labels = [item.label for item in card.items]
    assert "Elm House" in labels
    assert "Rating lowered" in [item.mark for item in card.items]
    assert card.count == 1
    assert card.urgent  # CQC has never been read by a run here
    assert "not updated from CQC yet" in labels[0]


def test_asking_for_a_run_and_watching_it(client_as, council, settings):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    assert client_as("Officer").get(reverse("ratings:ask-for-run")).status_code == 403
    client = client_as("Senior officer")
    assert client.post(reverse("ratings:ask-for-run"), {}).status_code == 200
    response = client.post(reverse("ratings:ask-for-run"), {"kind": "full"}, follow=True)
    assert "You have asked for an update from CQC" in response.text
    run = SyncRun.objects.get()
    assert (run.kind, run.asked_by.username) == (RunKind.FULL, response.wsgi_request.user.username)
    run.items.create(location_id="1-9", state="unusable", note="ValueError: odd")
    run.items.create(location_id="1-8")
    page = client.get(reverse("ratings:view-run", args=[run.pk])).text
    assert "1 of 2 locations read" in page
    assert "ValueError: odd" in page


@pytest.fixture
def region(council) -> None:
    for name in ("Exampleshire", "Otherwich"):
        RegionAuthority.objects.create(name=name, since=date(1974, 4, 1))
    RegionAuthority.objects.create(
        name="Formershire", since=date(1974, 4, 1), until=date(2021, 4, 1)
    )
    read(
        a_location("1-1", currentRatings=inspection("Good", "2018-01-01")),
        a_location("1-2", currentRatings=inspection("Inadequate", "2019-05-01")),
        a_location("1-3", localAuthority="Otherwich"),
    )


def test_the_comparison_as_at_a_day_with_what_is_behind_each_number(client_as, region):
    client = client_as("Committee clerk")
    url = REGIONAL
    page = client.get(url, {"as_at": "2018-12-31"})
    assert "as at 31 December 2018" in page.text
    assert "Formershire</th>" in page.text
    assert "100%" in page.text
    assert page.text.count('role="img"') == 3
    assert "Formershire</th>" not in client.get(url).text
    behind = client.get(
        BEHIND,
        {"as_at": "2019-12-31", "row": "Exampleshire", "column": "residential_home-inadequate"},
    ).text
    assert "Inadequate: 1 of 2 (50%)" in behind
    assert reverse("ratings:view-location", args=["1-2"]) in behind
    assert reverse("ratings:view-location", args=["1-1"]) not in behind


def test_a_day_that_is_none_says_so_and_keeps_what_was_typed(client_as, region):
    page = client_as("Officer").get(
        REGIONAL, {"as_at-day": "31", "as_at-month": "2", "as_at-year": "2019"}
    )
    assert "must be a real date" in page.text
    assert 'value="31"' in page.text


def test_the_comparisons_files_name_their_source(client_as, region):
    client = client_as("Officer")
    url = REGIONAL
    file = client.get(url, {"as_at": "2019-12-31", "export": "csv"}).getvalue().decode()
    assert "Residential homes: IA (%)" in file
    assert ATTRIBUTION in file
    sheet = b"".join(client.get(url, {"export": "xlsx"}).streaming_content)
    assert io.BytesIO(sheet).read(2) == b"PK"


@pytest.mark.parametrize(
    "query",
    [{}, {"as_at": "x"}, {"as_at": "2019-12-31", "row": "Nowhere", "column": "home_care-good"}],
)
def test_a_number_that_is_not_there_is_not_found(client_as, region, query):
    assert client_as("Officer").get(BEHIND, query).status_code == 404
