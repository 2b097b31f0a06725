"""Food hygiene ratings: read over real HTTP, matched by name and postcode, decided by a person
where in doubt, shown with their date.
"""

import json
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from core.jobs import names, queue
from core.jobs.models import Job, JobState
from core.models import District, Event
from demo.fsa_server.server import FsaServer, establishment
from providers.models import Provider, Service
from ratings import food_matching, fsa, tasks
from ratings.actions import food
from ratings.api.client import Limits
from ratings.food_matching import Home
from ratings.models import FoodMatch, FoodRating, FoodReading, services_with_food_ratings
from tests.refusals import not_allowed

QUICK = Limits(per_minute=0, tries=3, first_backoff=0.001, longest_backoff=0.01, longest_pause=0.01)
State = FoodMatch.State


@pytest.fixture
def homes(council) -> dict[str, Service]:
    provider = Provider.objects.create(name="Marsh Care")
    district = District.objects.get(name="Northmarsh")
    made = {}
    for name, postcode in [
        ("Elm House", "ZZ1 1ZZ"),
        ("Oak Lodge Care Home", "ZZ2 2ZZ"),
        ("River View", "ZZ3 3ZZ"),
    ]:
        made[name] = Service.objects.create(
            provider=provider,
            name=name,
            service_type="residential_home",
            client_group="ageing_well",
            district=district,
            postcode=postcode,
        )
    Service.objects.create(
        provider=provider,
        name="Marsh Home Care",
        service_type="home_care",
        client_group="ageing_well",
        district=district,
        postcode="ZZ4 4ZZ",
    )
    return made


def read(*establishments, failures=(), clock=timezone.now) -> FoodReading:
    with (
        FsaServer(establishments, failures=failures) as server,
        fsa.Client(user_agent="tests", base_url=server.url, limits=QUICK) as client,
    ):
        reading = food.read_food_ratings(client, clock=clock)
    assert reading is not None
    reading.asked = server.asked
    return reading


def states() -> list[tuple[str, int, str]]:
    return list(
        FoodMatch.objects.order_by("establishment_id").values_list(
            "service__name", "establishment_id", "state"
        )
    )


ELM = establishment(1, "The Elm House Care Home", "ZZ11ZZ", RatingValue="4")
OAK_ELSEWHERE = establishment(2, "Oak Lodge", "ZZ9 9ZZ", RatingValue="1")
RIVER = establishment(
    3, "Rivervue Nursing Home", "ZZ3 3ZZ", RatingValue="AwaitingInspection", RatingDate=None
)
NURSERY = establishment(4, "Busy Bees", "ZZ8 8ZZ")


def test_a_home_is_matched_by_name_and_postcode_and_the_doubtful_wait(homes):
    reading = read(ELM, OAK_ELSEWHERE, RIVER, NURSERY)
    assert (reading.homes, reading.matched, reading.failed_because) == (3, 1, "")
    assert states() == [
        ("Elm House", 1, State.SURE),
        ("Oak Lodge Care Home", 2, State.DOUBTFUL),
        ("River View", 3, State.DOUBTFUL),
    ]
    rating = FoodRating.objects.latest_for(homes["Elm House"])
    assert (rating.in_words, rating.rated_on, rating.structural) == (
        "4, good",
        date(2025, 9, 16),
        5,
    )
    assert str(rating) == "4, good (16 September 2025)"
    assert FoodRating.objects.latest_for(homes["River View"]) is None
    assert not FoodRating.objects.filter(establishment=4).exists()


def test_a_home_under_another_type_of_business_is_found_by_its_postcode(homes):
    cafe = establishment(
        9, "Elm House", "ZZ1 1ZZ", BusinessTypeID=7841, BusinessType="Other catering premises"
    )
    read(cafe)
    assert states() == [("Elm House", 9, State.SURE)]


def test_a_district_that_the_agency_spells_otherwise_is_found_or_told(homes):
    District.objects.create(name="Newark and Marsh")
    reading = read({**NURSERY, "LocalAuthorityName": "Newark & Marsh"}, ELM)
    assert (
        reading.notes
        == "The Food Standards Agency has no authority named Eastmarsh, Southmarsh. We looked for"
        " homes there by postcode."
    )


def test_a_new_rating_takes_the_place_of_the_old_which_is_kept(homes):
    read(ELM)
    lower = {**ELM, "RatingValue": "1", "RatingDate": "2026-02-01T00:00:00"}
    read(lower)
    read(lower)
    assert list(FoodRating.objects.order_by("pk").values_list("value", flat=True)) == ["4", "1"]
    now = FoodRating.objects.latest_for(homes["Elm House"])
    assert (now.value, now.is_low) == ("1", True)
    annotated = services_with_food_ratings(Service.objects.filter(name="Elm House")).get()
    assert (annotated.food_value, annotated.food_rated_on) == ("1", date(2026, 2, 1))


def test_what_a_person_decided_stays_decided(homes, person):
    read(OAK_ELSEWHERE, RIVER)
    officer, now = person("Officer"), timezone.now()
    oak, river = FoodMatch.objects.order_by("establishment_id")
    food.confirm_food_match(oak.pk, by=officer, now=now)
    food.refuse_food_match(river.pk, by=officer, now=now)
    moved = {**OAK_ELSEWHERE, "BusinessName": "Catering by Marsh", "RatingValue": "3"}
    reading = read(moved, RIVER)
    assert states() == [
        ("Oak Lodge Care Home", 2, State.CONFIRMED),
        ("River View", 3, State.REFUSED),
    ]
    assert FoodRating.objects.latest_for(homes["Oak Lodge Care Home"]).value == "3"
    assert FoodRating.objects.latest_for(homes["River View"]) is None
    assert reading.matched == 1
    assert Event.objects.filter(kind="food_match.confirmed", service_id=oak.service_id).count() == 1


def test_a_matched_establishment_that_is_no_longer_listed_keeps_its_rating(homes):
    read(ELM)
    reading = read(NURSERY)
    assert "/Establishments/1" in reading.asked
    assert FoodRating.objects.latest_for(homes["Elm House"]).value == "4"


def test_a_second_match_is_refused_until_the_first_is_undone(homes, person):
    read(OAK_ELSEWHERE, establishment(5, "Oak Lodge Ltd", "ZZ7 7ZZ"))
    first, second = FoodMatch.objects.order_by("establishment_id")
    officer, now = person("Officer"), timezone.now()
    food.confirm_food_match(first.pk, by=officer, now=now)
    with not_allowed("other-match"):
        food.confirm_food_match(second.pk, by=officer, now=now)
    second.refresh_from_db()
    assert second.state == State.REFUSED
    food.refuse_food_match(first.pk, by=officer, now=now)
    food.confirm_food_match(second.pk, by=officer, now=now)
    with not_allowed("refused-already"):
        food.refuse_food_match(first.pk, by=officer, now=now)


@pytest.mark.parametrize("failures", [[500], [503, 429], ["truncated"], [502, "truncated"]])
def test_what_may_pass_is_tried_again(homes, failures):
    assert read(ELM, failures=failures).failed_because == ""
    assert states() == [("Elm House", 1, State.SURE)]


def test_an_outage_is_told_and_tried_again_the_next_day(homes):
    reading = read(ELM, failures=[500] * 3)
    assert "answered 500" in reading.failed_because
    assert food.is_food_due(timezone.now())
    read(ELM)
    assert not food.is_food_due(timezone.now() + timedelta(days=6))
    assert food.is_food_due(timezone.now() + timedelta(days=7))


def test_the_weekly_task_reads_once_a_week_and_nobody_without_an_address(homes, settings):
    settings.FSA_API_URL = ""
    tasks.ask_for_food_ratings()
    assert not Job.objects.exists()
    with pytest.raises(CommandError, match="FSA_API_URL"):
        call_command("read_food_ratings")
    with FsaServer([ELM]) as server:
        settings.FSA_API_URL = server.url
        tasks.ask_for_food_ratings()
        tasks.ask_for_food_ratings()
        assert queue.work(names.Lane.SYNC) == 1
        tasks.ask_for_food_ratings()
        assert queue.work(names.Lane.SYNC) == 0
    assert FoodReading.objects.count() == 1


def test_a_reading_that_fails_is_tried_again_and_then_given_up(homes, settings, monkeypatch):
    settings.FSA_API_URL = "http://127.0.0.1:1"
    # Nobody listens there; what is waited between two tries of one reading is not what is tested.
    monkeypatch.setattr(fsa, "LIMITS", QUICK)
    tasks.ask_for_food_ratings()
    later = timezone.now()
    for _ in range(names.READ_FOOD.attempts):
        assert queue.work(names.Lane.SYNC, clock=lambda moment=later: moment) == 0
        later += timedelta(hours=7)
    job = Job.objects.get()
    assert (job.state, job.attempts) == (JobState.GIVEN_UP, names.READ_FOOD.attempts)
    assert job.error == FoodReading.objects.order_by("pk").last().failed_because != ""


def test_two_readings_at_once_the_second_steps_aside(homes, owner):
    owner.execute("SELECT pg_advisory_lock(hashtext('ratings.food'))")
    with (
        FsaServer([ELM]) as server,
        fsa.Client(user_agent="tests", base_url=server.url, limits=QUICK) as client,
    ):
        assert food.read_food_ratings(client) is None
    assert server.asked == []


def test_the_agencys_own_rows_are_read(tmp_path):
    """As captured: a rating without a date, exempt, a place without a whole postcode, unknown and
    missing keys.
    """
    rows = [
        {
            "FHRSID": 747485,
            "BusinessName": "A",
            "PostCode": "DE75",
            "RatingValue": "Exempt",
            "scores": None,
            "New": 1,
        },
        {
            "FHRSID": 2,
            "RatingValue": "5",
            "RatingDate": "2016-09-16T00:00:00",
            "scores": {"Hygiene": 5},
        },
        {"FHRSID": 3, "RatingValue": "5", "RatingDate": "0001-01-01T00:00:00"},
        {"FHRSID": None, "RatingValue": "5"},
        {"FHRSID": 4},
        "nonsense",
    ]
    body = json.dumps({"establishments": rows, "meta": {"totalPages": 1}})
    import httpx

    transport = httpx.MockTransport(lambda request: httpx.Response(200, text=body))
    with fsa.Client(user_agent="tests", limits=QUICK, transport=transport) as client:
        found = list(client.caring_premises(48))
    assert [(one.fhrs_id, one.value, one.rated_on, one.hygiene) for one in found] == [
        (747485, "Exempt", None, None),
        (2, "5", date(2016, 9, 16), 5),
        (3, "5", None, None),
    ]


def test_pages_are_read_to_the_last(monkeypatch):
    monkeypatch.setattr(fsa, "PAGE_SIZE", 2)
    rows = [establishment(number, f"Home {number}", "ZZ1 1ZZ") for number in range(5)]
    with (
        FsaServer(rows) as server,
        fsa.Client(user_agent="tests", base_url=server.url, limits=QUICK) as client,
    ):
        [authority] = client.authorities()
        assert len(list(client.caring_premises(authority.authority_id))) == 5


@pytest.mark.parametrize(
    ("ours", "theirs", "why"),
    [
        (("Elm House", "ZZ1 1ZZ"), ("ELM HOUSE", "zz11zz"), "Same name, same postcode"),
        (
            ("Elm House", "ZZ1 1ZZ"),
            ("The Elm Residential Home Ltd", "ZZ1 1ZZ"),
            "Same name, same postcode",
        ),
        (
            ("St. Mary's & All Saints", "ZZ1 1ZZ"),
            ("St Marys and All Saints", "ZZ1 1ZZ"),
            "Same name, same postcode",
        ),
        (("Elm House", "ZZ1 1ZZ"), ("Elm Kitchen", "ZZ1 1ZZ"), "Similar name, same postcode"),
        (("Elm House", "ZZ1 1ZZ"), ("Marsh School", "ZZ1 1ZZ"), "Another name, same postcode"),
        (("Elm House", "ZZ1 1ZZ"), ("Elm House", "ZZ5 5ZZ"), "Same name, another postcode"),
        (("Elm House", "ZZ1 1ZZ"), ("Elm Kitchen", "ZZ5 5ZZ"), None),
        (("The Care Home", "ZZ1 1ZZ"), ("A Nursing Home", "ZZ5 5ZZ"), None),
    ],
)
def test_what_speaks_for_a_match(ours, theirs, why):
    home = Home(1, (ours[0],), (ours[1],))
    server_row = fsa._establishment(establishment(1, *theirs))
    found = food_matching.candidates(home, [server_row])
    assert [one.why for one in found] == ([why] if why else [])
    assert [one.is_sure for one in found] == ([why == "Same name, same postcode"] if why else [])


def test_two_of_the_same_name_and_postcode_are_both_doubtful():
    rows = [fsa._establishment(establishment(number, "Elm House", "ZZ1 1ZZ")) for number in (1, 2)]
    found = food_matching.candidates(Home(1, ("Elm House",), ("ZZ1 1ZZ",)), rows)
    assert [one.is_sure for one in found] == [False, False]


# Pages


def test_the_pages_show_ratings_with_their_dates_and_let_a_person_decide(homes, client_as):
    client = client_as("Officer")
    assert "We have not got them yet." in client.get(reverse("ratings:list-food-ratings")).text
    read(ELM, OAK_ELSEWHERE)
    text = client.get(reverse("ratings:list-food-ratings")).text
    assert "4, good" in text
    assert "16 September 2025" in text
    assert "1 match to decide" in text
    assert "Food hygiene ratings: Food Standards Agency" in text
    assert "Same name, another postcode" in client.get(reverse("ratings:list-food-matches")).text
    match = FoodMatch.objects.get(state=State.DOUBTFUL)
    response = client.post(reverse("ratings:confirm-food-match", args=[match.pk]), follow=True)
    assert "You confirmed that Oak Lodge is Oak Lodge Care Home." in response.text
    assert "There are no matches to decide." in response.text
    response = client.post(reverse("ratings:refuse-food-match", args=[match.pk]), follow=True)
    assert "We will not suggest it again" in response.text
    exported = b"".join(
        client.get(reverse("ratings:list-food-ratings") + "?export=csv").streaming_content
    ).decode()
    assert 'Elm House,Northmarsh,"4, good",2025-09-16' in exported


def test_only_who_may_confirm_links_decides(homes, client_as):
    read(OAK_ELSEWHERE)
    match = FoodMatch.objects.get()
    client = client_as("Practitioner")
    assert client.get(reverse("ratings:list-food-ratings")).status_code == 200
    assert client.get(reverse("ratings:list-food-matches")).status_code == 403
    assert client.post(reverse("ratings:confirm-food-match", args=[match.pk])).status_code == 403
