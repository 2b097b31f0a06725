"""What CQC's payloads mean."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.vocabulary import ServiceType
from ratings.api.errors import ErrorKind
from ratings.cqc.errors import CqcError
from ratings.cqc.parse import parse_location
from ratings.cqc.records import LocationRecord
from ratings.vocabulary import KeyQuestion, RatingSource, RatingWord
from tests.ratings import payloads
from tests.ratings.payloads import a_location, assessment, group, inspection, past, sample


def overall(record: LocationRecord) -> list[tuple[str, str, date, date | None]]:
    return [
        (one.service_group, one.rating.value, one.published_on, one.superseded_on)
        for one in record.ratings
        if one.key_question is KeyQuestion.OVERALL
    ]


def test_every_sample_parses_without_problems_or_unknown_keys():
    for payload in payloads.samples():
        record = parse_location(payload)
        assert record.problems == ()
        assert record.unknown_keys == ()
        assert record.name == payload["name"]


def test_a_care_home():
    record = parse_location(sample(payloads.HENLEY_HOUSE))
    assert record.location_id == "1-10000302982"
    assert record.provider_id == "1-102642938"
    assert record.brand_name == "Greensleeves"
    assert record.is_registered
    assert record.registered_on == date(2020, 12, 11)
    assert record.manager_absent_on == date(2026, 3, 11)
    assert record.is_care_home
    assert record.beds == 66
    assert record.service_types == (ServiceType.RESIDENTIAL_HOME,)
    assert record.local_authority == "Suffolk"
    assert record.postcode == "IP1 6TB"
    assert record.address == "333 Henley Road, Ipswich"
    assert record.specialisms[1] == "Dementia"
    assert overall(record) == [("", "good", date(2022, 4, 20), None)]
    assert len(record.ratings) == 6
    assert {one.inherited_from for one in record.ratings} == {""}


def test_a_long_history_where_reports_without_a_rating_end_nothing():
    record = parse_location(sample(payloads.CHARLOTTE_HOUSE))
    assert overall(record) == [
        ("", "requires_improvement", date(2017, 4, 25), date(2018, 6, 21)),
        # Two visits of 2021 and 2022 were "Inspected but not rated": Good stood until May 2022.
        ("", "good", date(2018, 6, 21), date(2022, 5, 24)),
        ("", "requires_improvement", date(2022, 5, 24), date(2023, 4, 4)),
        ("", "good", date(2023, 4, 4), None),
    ]
    inherited = [
        one.inherited_from for one in record.ratings if one.key_question is KeyQuestion.OVERALL
    ]
    assert inherited == ["1-2267307649", "1-2267307649", "", ""]
    [before] = record.relationships
    assert (before.related_location_id, before.is_predecessor) == ("1-2267307649", True)


def test_a_deregistered_location():
    record = parse_location(sample(payloads.CUSTOM_CARE))
    assert not record.is_registered
    assert record.deregistered_on == date(2021, 8, 2)
    assert record.ratings == ()
    assert record.beds == 0


def test_an_unrated_dentist():
    record = parse_location(sample(payloads.DENTIST))
    assert record.ratings == ()
    assert record.service_types == ()
    assert record.primary_type is None
    assert record.directorate == "Primary medical services"


def test_inherited_ratings_name_the_location_before():
    record = parse_location(sample(payloads.ACER_CARE))
    assert overall(record) == [
        ("", "good", date(2017, 3, 28), date(2019, 12, 19)),
        ("", "good", date(2019, 12, 19), None),
    ]
    assert {one.inherited_from for one in record.ratings} == {"1-2718185457"}


def test_two_service_types_have_one_primary():
    record = parse_location(sample(payloads.ARCH))
    assert record.service_types == (ServiceType.HOME_CARE, ServiceType.SUPPORTED_LIVING)
    assert record.primary_type is ServiceType.HOME_CARE


# The single assessment framework


def test_a_current_assessment_takes_the_place_of_a_stale_inspection():
    payload = a_location(
        currentRatings=inspection("Good", "2021-02-01"),
        assessment=[
            assessment(
                "2024-05-01 10:30:00",
                group(
                    "Care home service without nursing",
                    "Requires Improvement",
                    keyQuestionRatings=[
                        {"name": "Safe", "rating": "Inadequate", "percengtageScore": "38"}
                    ],
                ),
            )
        ],
    )
    record = parse_location(payload)
    assert overall(record) == [
        ("", "good", date(2021, 2, 1), date(2024, 5, 1)),
        ("Care home service without nursing", "requires_improvement", date(2024, 5, 1), None),
    ]
    safe = record.ratings[-1]
    assert (safe.key_question, safe.rating, safe.score) == (
        KeyQuestion.SAFE,
        RatingWord.INADEQUATE,
        38,
    )
    assert (safe.source, safe.service_type) == (
        RatingSource.ASSESSMENT,
        ServiceType.RESIDENTIAL_HOME,
    )
    # Caring was not assessed: what the inspection said of it stands.
    [caring] = [one for one in record.ratings if one.key_question is KeyQuestion.CARING]
    assert (caring.source, caring.superseded_on) == (RatingSource.INSPECTION, None)


def test_two_services_hold_two_ratings_at_once():
    payload = a_location(
        currentRatings=inspection("Not Rated", "2025-01-01"),
        assessment=[
            assessment("2024-05-01T00:00:00Z", group("Residential homes", "Good")),
            assessment("2025-01-01T00:00:00Z", group("Homecare agencies", "Inadequate")),
        ],
    )
    assert overall(parse_location(payload)) == [
        ("Homecare agencies", "inadequate", date(2025, 1, 1), None),
        ("Residential homes", "good", date(2024, 5, 1), None),
    ]


def test_of_two_current_assessments_of_a_service_the_later_published_holds():
    payload = a_location(
        assessment=[
            assessment("2025-01-10 15:00:00", group("Residential homes", "Good")),
            assessment("2025-01-10 09:00:00", group("Residential homes", "Outstanding")),
            assessment("2024-03-01 09:00:00", group("Residential homes", "Inadequate")),
        ],
    )
    assert overall(parse_location(payload)) == [
        ("Residential homes", "inadequate", date(2024, 3, 1), date(2025, 1, 10)),
        ("Residential homes", "good", date(2025, 1, 10), None),
    ]


def test_without_a_current_assessment_the_inspection_holds():
    payload = a_location(
        currentRatings=inspection("Good", "2021-02-01"),
        assessment=[
            assessment("2024-05-01", group("Residential homes", "Inadequate", status="Withdrawn"))
        ],
    )
    assert overall(parse_location(payload)) == [("", "good", date(2021, 2, 1), None)]


def test_an_assessment_that_rates_nothing_ends_nothing():
    payload = a_location(
        currentRatings=inspection("Good", "2021-02-01"),
        assessment=[
            assessment("2024-05-01", group("Residential homes", "Insufficient evidence to rate"))
        ],
    )
    assert overall(parse_location(payload)) == [("", "good", date(2021, 2, 1), None)]


def test_a_moment_in_summer_time_is_the_day_in_england():
    payload = a_location(
        assessment=[assessment("2024-06-30T23:30:00Z", group("Residential homes", "Good"))]
    )
    assert overall(parse_location(payload))[0][2] == date(2024, 7, 1)


# Ratings by inspection


def test_ties_of_one_day_are_broken_alike_in_any_order():
    reports = [
        past("Good", "2020-01-01"),
        past("Inadequate", "2020-01-01"),
        past("Outstanding", "2020-01-01"),
    ]
    for order in (reports, reports[::-1]):
        record = parse_location(a_location(historicRatings=order))
        assert overall(record) == [("", "inadequate", date(2020, 1, 1), None)]
    current = a_location(historicRatings=reports, currentRatings=inspection("Good", "2020-01-01"))
    assert overall(parse_location(current)) == [("", "good", date(2020, 1, 1), None)]


def test_ratings_of_single_services_are_kept_apart_from_the_whole():
    services = [{"name": "care", "rating": "Good", "reportDate": "2020-02-02"}]
    current = {**inspection("Requires improvement", "2021-01-01"), "serviceRatings": services}
    assert overall(parse_location(a_location(currentRatings=current))) == [
        ("", "requires_improvement", date(2021, 1, 1), None),
        ("care", "good", date(2020, 2, 2), None),
    ]


@pytest.mark.parametrize(
    "word", ["Requires Improvement", "REQUIRES IMPROVEMENT", " requires  improvement"]
)
def test_rating_words_without_regard_to_case(word):
    record = parse_location(a_location(currentRatings=inspection(word, "2021-01-01")))
    assert {one.rating for one in record.ratings} == {RatingWord.REQUIRES_IMPROVEMENT}


@pytest.mark.parametrize(
    "word",
    ["No published rating", "Inspected but not rated", "Insufficient evidence to rate", "Not Rated",
     "Not applicable", "Not Yet Inspected", ""],
)  # fmt: skip
def test_words_that_are_no_rating(word):
    record = parse_location(
        a_location(
            currentRatings=inspection(word, "2021-01-01"),
            historicRatings=[past("Good", "2020-01-01")],
        )
    )
    assert overall(record) == [("", "good", date(2020, 1, 1), None)]
    assert record.problems == ()


def test_what_cannot_be_used_is_named():
    payload = a_location(
        currentRatings=inspection("Splendid", "2021-01-01"),
        historicRatings=[{"overall": {"rating": "Good"}}],
        deregistrationDate="31/02/2020",
        brandNewKey=1,
        assessment=[{"ratings": {"asgRatings": [{"colour": "red"}]}}],
    )
    record = parse_location(payload)
    assert record.unknown_keys == ("assessment.ratings.asgRatings.colour", "brandNewKey")
    assert any("Splendid" in problem for problem in record.problems)
    assert any("without a date" in problem for problem in record.problems)
    assert any("deregistrationDate" in problem for problem in record.problems)


def test_a_visit_not_yet_published():
    payload = a_location(
        unpublishedReports=[{"firstVisitDate": "2026-08-01"}, {"firstVisitDate": ""}]
    )
    assert parse_location(payload).visited_unpublished_on == date(2026, 8, 1)


@pytest.mark.parametrize("payload", [[], "text", None, {}, {"locationId": ""}])
def test_what_is_no_location_is_unreadable(payload):
    with pytest.raises(CqcError) as raised:
        parse_location(payload)
    assert raised.value.kind is ErrorKind.UNREADABLE


# Properties


def keys_of(value, path=()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from keys_of(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from keys_of(inner, (*path, number))


def without(value, dropped, path=()):
    if isinstance(value, dict):
        return {
            k: without(v, dropped, (*path, k))
            for k, v in value.items()
            if (*path, k) not in dropped
        }
    if isinstance(value, list):
        return [without(inner, dropped, (*path, number)) for number, inner in enumerate(value)]
    return value


FULL = {
    **sample(payloads.CHARLOTTE_HOUSE),
    "assessment": [
        assessment(
            "2024-05-01",
            group("Nursing homes", "Good", keyQuestionRatings=[{"name": "Safe", "rating": "Good"}]),
        )
    ],
    "unpublishedReports": [{"firstVisitDate": "2026-01-01"}],
}
ALL_KEYS = sorted(keys_of(FULL), key=str)


@given(st.sets(st.sampled_from(ALL_KEYS)))
def test_any_subset_of_keys_may_be_missing(dropped):
    record = parse_location(without(FULL, dropped), location_id=payloads.CHARLOTTE_HOUSE)
    assert record.location_id == payloads.CHARLOTTE_HOUSE
    assert_no_two_at_once(record)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(FULL)), JUNK, max_size=12))
def test_values_of_any_shape_are_survived(junk):
    parse_location({**FULL, **junk}, location_id="1-1")


RATINGS = st.sampled_from(
    ["Outstanding", "Good", "Requires improvement", "Inadequate", "Inspected but not rated", "?"]
)
DAYS = st.integers(1, 28).map(lambda day: f"2024-01-{day:02}")


@given(
    st.lists(st.builds(past, RATINGS, DAYS), max_size=5),
    st.none() | st.builds(inspection, RATINGS, DAYS),
    st.lists(
        st.builds(
            assessment,
            DAYS,
            st.builds(
                group,
                st.sampled_from(["Nursing homes", "Residential homes"]),
                RATINGS,
                st.sampled_from(["Current", "Historic"]),
            ),
        ),
        max_size=5,
    ),
    st.randoms(use_true_random=False),
)
def test_never_two_ratings_at_once_whatever_the_order(history, current, assessments, shuffler):
    payload = a_location(historicRatings=history, assessment=assessments)
    if current:
        payload["currentRatings"] = current
    record = parse_location(payload)
    assert_no_two_at_once(record)
    shuffler.shuffle(history)
    shuffler.shuffle(assessments)
    assert parse_location(payload).ratings == record.ratings


def assert_no_two_at_once(record: LocationRecord) -> None:
    last: dict[tuple[str, KeyQuestion], date | None] = {}
    for one in record.ratings:
        key = (one.service_group, one.key_question)
        if key in last:
            assert last[key] is not None
            assert last[key] <= one.published_on
        assert one.superseded_on is None or one.superseded_on > one.published_on
        last[key] = one.superseded_on
