"""Nothing that CQC says of a rating is set aside in silence: the latest published of a service
stands, whichever block it came in, and what could be a rating and was not read is an alarm.
"""

import copy
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.vocabulary import ServiceType
from ratings.actions import registrations
from ratings.actions.locations import apply_location
from ratings.cqc import words
from ratings.cqc.parse import parse_location
from ratings.cqc.records import LocationRecord
from ratings.models import Location
from ratings.vocabulary import KeyQuestion, RatingWord
from tests.ratings import payloads
from tests.ratings.payloads import TYPES, a_location, assessment, group, inspection, past

CASES = Path(__file__).resolve().parent.parent / "data" / "cqc_cases"
NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)


def case(name: str) -> dict[str, Any]:
    return json.loads((CASES / f"{name}.json").read_text())


def standing(record: LocationRecord) -> set[tuple[str, str, str]]:
    """What stands today: service, key question, rating."""
    return {
        (one.service_type or one.service_group, one.key_question.value, one.rating.value)
        for one in record.ratings
        if one.superseded_on is None
    }


def overall(record: LocationRecord) -> list[tuple[str, str, date, date | None]]:
    return [
        (one.service_group, one.rating.value, one.published_on, one.superseded_on)
        for one in record.ratings
        if one.key_question is KeyQuestion.OVERALL
    ]


# The latest published of a service


def test_an_inspection_published_after_an_assessment_stands():
    record = parse_location(case("v1_inspection_newer_than_assessment"))
    assert overall(record) == [
        ("", "inadequate", date(2025, 11, 20), None),
        ("Residential homes", "good", date(2024, 5, 20), date(2025, 11, 20)),
    ]
    assert {one for one in standing(record) if one[1] != "overall"} == {
        ("", "safe", "inadequate"),
        ("", "effective", "requires_improvement"),
        ("", "caring", "good"),
        ("", "responsive", "good"),
        ("", "well_led", "inadequate"),
    }
    assert record.problems == ()


@pytest.mark.parametrize("where", ["currentRatings", "historicRatings"])
def test_a_later_inspection_stands_whichever_block_it_came_in(where):
    later = {
        "currentRatings": inspection("Inadequate", "2025-11-20"),
        "historicRatings": [past("Inadequate", "2025-11-20")],
    }
    payload = a_location(
        assessment=[assessment("2024-05-01", group("Residential homes", "Good"))],
        **{where: later[where]},
    )
    record = parse_location(payload)
    assert ("", "overall", "inadequate") in standing(record)
    assert ("residential_home", "overall", "good") not in standing(record)


def test_an_assessment_told_again_among_the_inspections_is_one_rating():
    payload = a_location(
        currentRatings=inspection("Good", "2024-06-14"),
        assessment=[assessment("2024-05-20", group("Residential homes", "Good"))],
    )
    assert [row for row in overall(parse_location(payload)) if row[0] == ""] == []


def test_an_inspection_between_two_assessments_stands_for_the_service_assessed_before_it():
    both = [TYPES["residential"], TYPES["home care"]]
    payload = a_location(
        gacServiceTypes=both,
        currentRatings=inspection("Inadequate", "2024-09-01"),
        assessment=[
            assessment("2024-03-01", group("Residential homes", "Good")),
            assessment("2025-03-01", group("Homecare agencies", "Good")),
        ],
    )
    assert overall(parse_location(payload)) == [
        ("", "inadequate", date(2024, 9, 1), None),
        ("Homecare agencies", "good", date(2025, 3, 1), None),
        ("Residential homes", "good", date(2024, 3, 1), date(2024, 9, 1)),
    ]


def test_two_names_of_one_type_are_one_service():
    payload = a_location(
        assessment=[
            assessment("2024-03-01", group("Care homes", "Good")),
            assessment("2025-03-01", group("Residential homes", "Inadequate")),
        ],
    )
    assert standing(parse_location(payload)) == {("residential_home", "overall", "inadequate")}


GROUPS = {
    "Residential homes": (ServiceType.RESIDENTIAL_HOME,),
    "Care home service with nursing": (ServiceType.NURSING_HOME,),
    "Homecare agencies": (ServiceType.HOME_CARE,),
    "Care Homes": (ServiceType.NURSING_HOME, ServiceType.RESIDENTIAL_HOME),
    "Nursing homes and residential homes": (
        ServiceType.NURSING_HOME,
        ServiceType.RESIDENTIAL_HOME,
    ),
}
DAYS = st.dates(date(2015, 1, 1), date(2026, 5, 1))
WORDS = st.sampled_from(list(RatingWord))


@given(
    st.lists(st.tuples(DAYS, WORDS), max_size=4, unique_by=lambda one: one[0]),
    st.lists(
        st.tuples(DAYS, st.sampled_from(sorted(GROUPS)), WORDS),
        max_size=5,
        unique_by=lambda one: one[0],
    ),
)
def test_the_latest_published_of_each_service_stands(inspected, assessed):
    """Against a count by hand: for each type of the location, of all that rates it the latest."""
    payload = a_location(
        gacServiceTypes=[TYPES["nursing"], TYPES["residential"], TYPES["home care"]],
        historicRatings=[past(word.label, day.isoformat()) for day, word in inspected[1:]],
        assessment=[
            assessment(day.isoformat(), group(name, word.label)) for day, name, word in assessed
        ],
    )
    if inspected:
        payload["currentRatings"] = inspection(inspected[0][1].label, inspected[0][0].isoformat())
    record = parse_location(payload)
    days = {day for day, _, _ in assessed}
    own = [
        (day, word)
        for day, word in inspected
        if day not in days
        and not any(
            word is other and 0 < (day - before).days <= 92 for before, _, other in assessed
        )
    ]
    stands = {
        one.service_type or one.service_group: one.rating
        for one in record.ratings
        if one.key_question is KeyQuestion.OVERALL and one.superseded_on is None
    }
    for kind in (ServiceType.NURSING_HOME, ServiceType.RESIDENTIAL_HOME, ServiceType.HOME_CARE):
        of_kind = [(day, word) for day, name, word in assessed if kind in GROUPS[name]]
        if of_kind and max(of_kind)[0] > max(own, default=(date.min,))[0]:
            assert stands[kind] is max(of_kind)[1]
        elif own and of_kind:
            assert kind not in stands
            assert stands[""] is max(own)[1]
    assert record.alarms == ()


# What was lost


def test_an_assessment_without_a_status_stands_and_is_told():
    record = parse_location(case("v4_no_status"))
    assert ("residential_home", "overall", "good") in standing(record)
    assert "An assessment of Residential homes without a status: it stands as the latest." in (
        record.problems
    )


def test_an_earlier_assessment_without_a_status_is_history():
    earlier, later = (
        group("Residential homes", rating, status="") for rating in ("Good", "Inadequate")
    )
    payload = a_location(
        assessment=[assessment("2024-03-01", earlier), assessment("2025-03-01", later)]
    )
    assert overall(parse_location(payload)) == [
        ("Residential homes", "good", date(2024, 3, 1), date(2025, 3, 1)),
        ("Residential homes", "inadequate", date(2025, 3, 1), None),
    ]


def test_an_assessment_of_the_whole_location_rates_it():
    record = parse_location(case("v5_overall_in_assessment"))
    assert standing(record) == {
        ("", question, "good")
        for question in ("overall", "safe", "effective", "caring", "responsive", "well_led")
    }
    assert record.alarms == ()


def test_a_group_of_two_types_rates_the_one_that_is_there():
    record = parse_location(case("v7_unknown_group_names"))
    assert {one for one in standing(record) if one[1] == "overall"} == {
        ("residential_home", "overall", "requires_improvement"),
        ("home_care", "overall", "good"),
        # None of our types, and a rating all the same.
        ("Hospice services", "overall", "good"),
    }
    assert record.problems == ()


def test_a_group_of_two_types_rates_both_where_both_are_there():
    payload = a_location(
        gacServiceTypes=[TYPES["nursing"], TYPES["residential"]],
        assessment=[assessment("2025-03-01", group("Care homes", "Good"))],
    )
    assert standing(parse_location(payload)) == {
        ("nursing_home", "overall", "good"),
        ("residential_home", "overall", "good"),
    }


@pytest.mark.parametrize("word", case("cqc-rating-words")["words"])
def test_words_that_say_that_there_is_no_rating_are_no_problem(word):
    payload = a_location(
        currentRatings=inspection(word, "2025-01-01"),
        historicRatings=[past("Good", "2020-01-01")],
    )
    record = parse_location(payload)
    assert standing(record) >= {("", "overall", "good")}
    assert record.problems == ()


@given(
    st.sampled_from(["Not", "Not yet", "Partially / not yet", "Inspected but not", "Not formally"]),
    st.sampled_from(["rated", "scored", "assessed", "inspected"]),
    st.sampled_from(["", " ", "  "]),
)
def test_however_it_is_said_that_there_is_no_rating(says, of_what, after):
    assert words.is_known_rating_word(f"{says} {of_what}{after}")
    assert words.rating_of(f"{says} {of_what}") is None


@pytest.mark.parametrize("word", ["Excellent", "Good overall", "Poor", "Notable", "Nothing"])
def test_a_new_word_is_an_alarm(word):
    record = parse_location(a_location(currentRatings=inspection(word, "2025-01-01")))
    assert record.alarms == (f"A rating word that we do not know: {word!r}.",)


@pytest.mark.django_db
def test_a_payload_without_service_types_changes_no_type_care_home_or_specialism():
    first, second = case("cqc-service-types-left-out")["payloads"]
    for payload in (first, second):
        record = parse_location(payload)
        apply_location(record, noticed_at=NOW)
    held = Location.objects.get(pk=first["locationId"])
    assert held.service_types == ["residential_home"]
    assert held.is_care_home
    assert held.specialisms == ["Dementia"]
    assert record.problems == ("A registered location without service types.",)


# Homes that are registered twice


def counted(day: date) -> list[str]:
    return sorted(Location.objects.counted_on(day).values_list("pk", flat=True))


def hold(*all_payloads: dict[str, Any]) -> None:
    for payload in all_payloads:
        apply_location(parse_location(payload), noticed_at=NOW)
    registrations.count_once()


@pytest.mark.django_db
def test_a_home_registered_for_two_providers_counts_once_and_names_the_other():
    first, second = case("cqc-dual-registration")["payloads"]
    hold(first, second)
    assert counted(NOW.date()) == [first["locationId"]]
    # Found again, it changes nothing.
    assert registrations.count_once() == 0
    assert Location.objects.get(pk=second["locationId"]).counts_as_id == first["locationId"]


@pytest.mark.django_db
def test_the_registration_that_is_rated_counts_whichever_was_first():
    first, second = case("cqc-dual-registration")["payloads"]
    first["currentRatings"], second["currentRatings"] = (
        second["currentRatings"],
        first["currentRatings"],
    )
    hold(first, second)
    assert counted(NOW.date()) == [second["locationId"]]


@pytest.mark.django_db
def test_before_and_after_the_two_registrations_overlap_each_counts():
    first, second = case("cqc-dual-registration")["payloads"]
    second |= {"registrationDate": "2020-01-01", "deregistrationDate": "2022-01-01"}
    second["registrationStatus"] = "Deregistered"
    first["registrationDate"] = "2021-01-01"
    hold(first, second)
    ids = [first["locationId"], second["locationId"]]
    assert counted(date(2020, 6, 1)) == ids[1:]
    assert counted(date(2021, 6, 1)) == ids[:1]
    assert counted(date(2023, 6, 1)) == ids[:1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "differs",
    [
        {"name": "Example Lodge"},
        {"postalCode": "ZZ9 9ZZ"},
        {"localAuthority": "Othershire"},
        {"careHome": "N"},
        {"providerId": "1-900000002"},
        {"registrationDate": "2016-01-01", "deregistrationDate": "2015-01-01"},
    ],
)
def test_two_places_that_are_not_the_same_home_both_count(differs):
    first, second = case("cqc-dual-registration")["payloads"]
    hold({**first, "deregistrationDate": ""}, {**second, **differs})
    gone = "deregistrationDate" in differs
    assert len(counted(NOW.date())) == (1 if gone else 2)
    assert not Location.objects.exclude(counts_as=None).exists()


# Mutants of every payload at hand

CLEAN = {
    **{path.stem: json.loads(path.read_text()) for path in sorted(CASES.glob("v*.json"))},
    **{one["locationId"]: one for one in payloads.samples()},
    "two services": a_location(
        gacServiceTypes=[TYPES["residential"], TYPES["home care"]],
        historicRatings=[past("Inadequate", "2018-01-01"), past("Good", "2020-01-01")],
        assessment=[
            assessment("2024-05-01 10:00:00", group("Residential homes", "Good")),
            assessment("2025-05-01 10:00:00", group("Homecare agencies", "Inadequate")),
        ],
    ),
}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every key at or below which something speaks of a rating."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, (*path, number))


def at(payload: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        payload = payload[step]
    return payload


def mutants(payload: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in places(payload):
        if path[0] not in ("currentRatings", "historicRatings", "assessment"):
            continue
        for what in ("rename", "nest", "move", "duplicate", "new word", "missing"):
            changed = copy.deepcopy(payload)
            holder, key = at(changed, path[:-1]), path[-1]
            value = holder[key]
            if what == "rename":
                holder[f"{key}New"] = holder.pop(key)
            elif what == "nest":
                holder[key] = {"latest": value}
            elif what == "move":
                if len(path) == 1:
                    changed["more"] = {key: holder.pop(key)}
                else:
                    changed[f"moved{str(key).title()}"] = holder.pop(key)
            elif what == "duplicate":
                holder[f"{key}2"] = copy.deepcopy(value)
            elif what == "new word":
                if not words.rating_of(str(value)):
                    continue
                holder[key] = "Excellent"
            elif key == "status":
                del holder[key]
            else:
                continue
            yield f"{what} {'.'.join(map(str, path))}", changed


@pytest.mark.parametrize("name", sorted(CLEAN))
def test_no_clean_payload_alarms(name):
    assert parse_location(CLEAN[name]).alarms == ()


@pytest.mark.parametrize("name", sorted(CLEAN))
def test_a_mutant_that_loses_a_rating_alarms(name):
    clean = standing(parse_location(CLEAN[name]))
    silent = [
        what
        for what, mutant in mutants(CLEAN[name])
        if not (record := parse_location(mutant, "1-1")).alarms and not clean <= standing(record)
    ]
    assert silent == []
