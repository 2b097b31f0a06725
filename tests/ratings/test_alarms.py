"""What may be a rating at CQC and was not read: told at once to whoever looks after CQC's data,
until CQC no longer says it or somebody has looked.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.models import District, Event, User
from core.workflow import NotAllowed
from providers.models import Provider, Service
from ratings.actions import alarms
from ratings.actions.alarms import EndAlarmInput
from ratings.actions.sync import settling
from ratings.actions.sync.settling import reparse
from ratings.cqc.client import Fetched
from ratings.models import (
    Location,
    RatingAlarm,
    RunKind,
    RunState,
    ServiceLocation,
    SyncItem,
    SyncRun,
)
from ratings.readiness import ratings_missed
from tests.ratings.payloads import a_location, inspection

NIGHT = datetime(2026, 9, 22, 4, 10, tzinfo=UTC)
NEW_BLOCK = {"sectorFramework": {"overall": {"judgement": "Inadequate"}}}


def read(payload, now=NIGHT):
    """One reading of one location, as the nightly run does it."""
    run = SyncRun.objects.create(kind=RunKind.CHANGES, state=RunState.RUNNING, asked_at=now)
    SyncItem.objects.create(run=run, location_id=payload["locationId"])
    settling.settle(run, [Fetched(payload["locationId"], payload, None)], lambda: now)
    return run


@pytest.fixture
def service(council):
    return Service.objects.create(
        provider=Provider.objects.create(name="Marsh Care"),
        name="Elm House",
        service_type="residential_home",
        client_group="ageing_well",
        district=District.objects.first(),
    )


def link(service, location):
    confirmed_by = User.objects.create(username="who-confirmed")
    ServiceLocation.objects.create(
        service=service,
        location=location,
        since=date(2015, 4, 1),
        confirmed_at=NIGHT,
        confirmed_by=confirmed_by,
    )


@pytest.fixture
def rated(council):
    payload = a_location(currentRatings=inspection("Good", "2022-02-02"))
    read(payload, NIGHT - timedelta(days=1))
    return payload


def test_a_rating_in_a_new_block_is_an_alarm_on_today_and_in_readyz(rated, client_as, client):
    read({**rated, **NEW_BLOCK})
    [alarm] = RatingAlarm.objects.open()
    assert "sectorFramework.overall.judgement says 'Inadequate'" in alarm.said
    page = client_as("Senior officer").get("/", follow=True).text
    assert "Ratings at CQC that we may have missed" in page
    assert alarm.said.replace("'", "&#x27;") in page
    body = client.get("/readyz").json()
    assert (
        body["checks"]["ratings_missed"]
        == "CQC’s data holds 1 entry that may be a rating that we missed."
    )
    assert not body["well"]


def test_a_clean_reading_raises_nothing_and_shows_no_card(rated, client_as):
    assert not RatingAlarm.objects.exists()
    assert ratings_missed() is None
    assert "that we may have missed" not in client_as("Senior officer").get("/", follow=True).text


def test_an_alarm_is_of_no_concern_to_who_does_not_look_after_cqcs_data(rated, client_as):
    read({**rated, **NEW_BLOCK})
    assert "that we may have missed" not in client_as("Officer").get("/", follow=True).text


def test_the_same_again_is_the_same_alarm(rated):
    read({**rated, **NEW_BLOCK})
    read({**rated, **NEW_BLOCK, "website": "new"}, NIGHT + timedelta(days=1))
    [alarm] = RatingAlarm.objects.all()
    assert (alarm.noticed_at, alarm.last_noticed_at) == (NIGHT, NIGHT + timedelta(days=1))


def test_an_alarm_ends_when_cqc_no_longer_says_it(rated):
    read({**rated, **NEW_BLOCK})
    read({**rated, "website": "new"}, NIGHT + timedelta(days=1))
    [alarm] = RatingAlarm.objects.all()
    assert (alarm.ended_at, alarm.ended_by, alarm.reason) == (NIGHT + timedelta(days=1), None, "")


def test_a_first_reading_alarms_too(db):
    read({**a_location(), **NEW_BLOCK})
    assert RatingAlarm.objects.open().count() == 1


def test_reading_the_kept_payloads_again_raises_and_ends_alarms(rated):
    read({**rated, **NEW_BLOCK})
    RatingAlarm.objects.all().delete()
    reparse(clock=lambda: NIGHT)
    assert RatingAlarm.objects.open().count() == 1


def test_whoever_looked_says_what_they_found(rated, client_as):
    read({**rated, **NEW_BLOCK})
    [alarm] = RatingAlarm.objects.all()
    client = client_as("Senior officer")
    url = reverse("ratings:end-alarm", args=[alarm.pk])
    assert "Answer “What did you find?”" in client.post(url, {"reason": ""}).text
    assert client.post(url, {"reason": "CQC’s page says Good"}).status_code == 302
    alarm.refresh_from_db()
    assert alarm.reason == "CQC’s page says Good"
    assert alarm.ended_by.groups.get().name == "Senior officer"
    assert Event.objects.filter(kind="rating_alarm.ended", about_id=str(alarm.pk)).count() == 1
    assert "CQC’s page says Good" in client.get(reverse("ratings:list-alarms")).text
    assert "has ended already" in client.post(url, {"reason": "again"}).text


def test_an_alarm_is_ended_by_who_looks_after_cqcs_data_alone(rated, person):
    read({**rated, **NEW_BLOCK})
    [alarm] = RatingAlarm.objects.all()
    with pytest.raises(NotAllowed):
        alarms.end_alarm(alarm.pk, by=person("Officer"), given=EndAlarmInput("x"), now=NIGHT)


def test_the_database_refuses_an_end_by_somebody_without_a_reason(rated, person):
    read({**rated, **NEW_BLOCK})
    with pytest.raises(IntegrityError), transaction.atomic():
        RatingAlarm.objects.update(ended_at=NIGHT, ended_by=person("Senior officer"))


# Inspected, and no rating published since


@pytest.mark.parametrize(
    ("inspected", "rated_on", "raised"),
    [
        (date(2026, 7, 1), "2022-02-02", 1),
        (date(2026, 9, 1), "2022-02-02", 0),  # CQC takes weeks to publish
        (date(2026, 7, 1), "2026-08-20", 0),
        (None, "2022-02-02", 0),
    ],
)
def test_a_service_inspected_long_ago_without_a_rating_since_is_an_alarm(
    db, service, inspected, rated_on, raised
):
    read(a_location(currentRatings=inspection("Good", rated_on)))
    Location.objects.update(last_inspected_on=inspected)
    link(service, Location.objects.get())
    assert alarms.note_unpublished(now=NIGHT) == raised
    assert alarms.note_unpublished(now=NIGHT) == 0
    assert RatingAlarm.objects.open().count() == raised


def test_one_that_somebody_has_looked_at_is_not_raised_again(db, service, person):
    read(a_location(currentRatings=inspection("Good", "2022-02-02")))
    Location.objects.update(last_inspected_on=date(2026, 7, 1))
    link(service, Location.objects.get())
    alarms.note_unpublished(now=NIGHT)
    [alarm] = RatingAlarm.objects.all()
    given = EndAlarmInput("CQC publishes in October")
    alarms.end_alarm(alarm.pk, by=person("Senior officer"), given=given, now=NIGHT)
    assert alarms.note_unpublished(now=NIGHT + timedelta(days=1)) == 0
