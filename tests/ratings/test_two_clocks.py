"""What was true on a day, and what we knew of it at a moment."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from providers.vocabulary import ServiceType
from ratings.actions.locations import apply_location
from ratings.actions.sync import reparse
from ratings.cqc import words
from ratings.cqc.parse import parse_location
from ratings.models import Location, Rating, RawPayload
from tests.ratings.payloads import a_location, assessment, group, inspection, past

WORDS = ["Outstanding", "Good", "Requires improvement", "Inadequate", "Inspected but not rated"]
FIRST = date(2020, 1, 1)


def a_day(chance: random.Random) -> str:
    return (FIRST + timedelta(days=chance.randrange(400))).isoformat()


def a_payload(chance: random.Random) -> dict:
    payload = a_location(
        historicRatings=[
            past(chance.choice(WORDS), a_day(chance)) for _ in range(chance.randrange(4))
        ]
    )
    if chance.random() < 0.8:
        payload["currentRatings"] = inspection(chance.choice(WORDS), a_day(chance))
    if chance.random() < 0.5:
        payload["assessment"] = [
            assessment(
                a_day(chance),
                group(
                    chance.choice(["Nursing homes", "Homecare agencies"]),
                    chance.choice(WORDS),
                    chance.choice(["Current", "Historic"]),
                ),
            )
            for _ in range(chance.randrange(3))
        ]
    return payload


def standing_in_the_database(day: date, moment: datetime) -> set[tuple[str, str, str]]:
    rows = Rating.objects.as_at(day, known_at=moment)
    return set(rows.values_list("service_group", "key_question", "rating"))


def standing_in_the_payload(payload: dict, day: date) -> set[tuple[str, str, str]]:
    return {
        (one.service_group, one.key_question.value, one.rating.value)
        for one in parse_location(payload).ratings
        if one.published_on <= day and (one.superseded_on is None or one.superseded_on > day)
    }


@pytest.mark.parametrize("seed", range(12))
def test_any_day_as_known_at_any_moment_equals_a_replay_of_what_cqc_said_then(db, seed):
    chance = random.Random(seed)
    monday = datetime(2022, 1, 3, 5, tzinfo=UTC)
    said = [a_payload(chance) for _ in range(6)]
    for week, payload in enumerate(said):
        apply_location(parse_location(payload), noticed_at=monday + timedelta(weeks=week))
    for week, payload in enumerate(said):
        known_at = monday + timedelta(weeks=week, days=3)
        for _ in range(10):
            day = FIRST + timedelta(days=chance.randrange(-10, 450))
            assert standing_in_the_database(day, known_at) == standing_in_the_payload(payload, day)
    assert standing_in_the_database(date(2021, 6, 1), monday - timedelta(days=1)) == set()
    last = FIRST + timedelta(days=200)
    assert set(
        Rating.objects.as_at(last).values_list("service_group", "key_question", "rating")
    ) == (standing_in_the_payload(said[-1], last))


def a_rating(location: Location, **more) -> Rating:
    return Rating(
        **{
            "location": location,
            "key_question": "overall",
            "rating": "good",
            "published_on": FIRST,
            "source": "inspection",
            "learned_at": timezone.now(),
            **more,
        }
    )


@pytest.mark.parametrize(
    ("first", "second", "allowed"),
    [
        ({}, {"published_on": date(2021, 1, 1)}, False),
        ({"superseded_on": date(2021, 1, 1)}, {"published_on": date(2021, 1, 1)}, True),
        ({"superseded_on": date(2021, 1, 2)}, {"published_on": date(2021, 1, 1)}, False),
        ({}, {"service_group": "Nursing homes"}, True),
        ({}, {"key_question": "safe"}, True),
        ({"retracted_at": datetime(2099, 1, 1, tzinfo=UTC)}, {}, True),
    ],
)
def test_the_database_refuses_two_ratings_at_once(db, first, second, allowed):
    apply_location(parse_location(a_location("1-1")), noticed_at=timezone.now())
    location = Location.objects.get()
    a_rating(location, **first).save()
    if allowed:
        a_rating(location, **second).save()
    else:
        with pytest.raises(IntegrityError, match="rating_one_at_a_time"), transaction.atomic():
            a_rating(location, **second).save()


def test_two_locations_may_hold_the_same_rating_on_the_same_days(db):
    for location_id in ("1-1", "1-2"):
        apply_location(
            parse_location(
                a_location(location_id, currentRatings=inspection("Good", "2024-01-01"))
            ),
            noticed_at=timezone.now(),
        )
    assert Rating.objects.overall().count() == 2


def test_a_mended_parser_reads_what_was_kept(db):
    payload = a_location("1-1", currentRatings=inspection("Good", "2024-01-01"))
    sha256, body = RawPayload.pack(payload)
    RawPayload.objects.create(
        location_id="1-1",
        fetched_at=timezone.now(),
        sha256=sha256,
        body=body,
        unusable_because="It broke.",
    )
    assert reparse() == {"unchanged": 1}
    assert Rating.objects.overall().get().rating == "good"
    assert RawPayload.objects.get().unusable_because == ""
    assert RawPayload.objects.get().payload() == payload


def test_every_type_that_cqc_registers_has_a_word_of_cqcs_and_no_other_has():
    regulated = {kind for kind in ServiceType if kind.is_regulated}
    assert set(words.SERVICE_TYPES.values()) == regulated
    assert words.service_type_of("Day care") is None
