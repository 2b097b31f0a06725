"""Comparisons over time, over the register and over lists, worked out by hand from a few rows."""

from datetime import date

from django.utils import timezone

from core.models import District, Locality
from figures.figure import Share
from providers.models import Contract, Provider, Service
from ratings.figures.cohort import contract_cohort
from ratings.figures.locality import ratings_by_locality
from ratings.figures.low import key_question_signals, repeat_ratings
from ratings.figures.news import since
from ratings.figures.overdue import inspections_overdue
from ratings.figures.shifts import rating_shifts
from ratings.models import ServiceLocation
from tests.ratings.factories import a_place, behind, cell, rate, shares
from tests.refusals import not_allowed

DAY = date(2024, 6, 30)
RATINGS = ["outstanding", "good", "requires_improvement", "inadequate"]


def a_service(person, location=None, kind="home_care", district=0, **more) -> Service:
    number = Service.objects.count()
    provider, _ = Provider.objects.get_or_create(name="Marsh Care")
    service = Service.objects.create(
        **{
            "provider": provider,
            "name": f"Service {number}",
            "service_type": kind,
            "client_group": "ageing_well",
            "district": District.objects.all()[district],
            **more,
        }
    )
    if location:
        ServiceLocation.objects.create(
            service=service,
            location=location,
            since=date(2014, 1, 1),
            confirmed_by=person("Officer"),
            confirmed_at=timezone.now(),
        )
    return service


def test_shifts_name_both_denominators(council):
    first = date(2023, 6, 30)
    improved = a_place("nursing_home", history="R 2020-01-01, G 2024-01-01")
    worse = a_place("nursing_home", history="G 2020-01-01, R 2024-02-01, I 2024-05-01")
    same = a_place("home_care", history="G 2021-01-01, G 2024-03-01")
    a_place("nursing_home", history="G 2020-01-01")  # stands, not re-rated
    a_place("nursing_home", history="G 2024-01-01")  # not rated on the first day
    a_place(
        "nursing_home",
        history="R 2020-01-01, G 2024-01-01",
        is_registered=False,
        deregistered_on=DAY,
    )
    figure = rating_shifts(DAY, first)
    any_rating = ("All services", "Any rating")
    assert cell(figure, "base", *any_rating) == 4
    assert cell(figure, "rerated", *any_rating) == Share(3, 4)
    assert shares(figure, ["improved", "same", "worse"], *any_rating) == [(1, 3), (1, 3), (1, 3)]
    assert cell(figure, "to_inadequate", "Nursing homes", "Good") == 1
    assert shares(figure, ["improved", "worse"], "Nursing homes", "Requires improvement") == [
        (1, 1),
        (0, 1),
    ]
    assert behind(figure, "improved", *any_rating) == {improved.pk}
    assert behind(figure, "worse", *any_rating) == {worse.pk}
    assert behind(figure, "same", *any_rating) == {same.pk}
    assert figure.findings == (
        "Of 4 rated services, 3 were re-rated: 1 improved, 1 kept their rating, 1 got worse.",
    )
    with not_allowed("wrong-way-round", "since"):
        rating_shifts(DAY, DAY)


def test_only_runs_that_end_in_what_stands_are_repeated(council):
    thrice = a_place(
        "home_care", name="Thrice", history="G 2017-01-01, R 2018-01-01, I 2020-01-01, R 2022-03-30"
    )
    a_place("home_care", history="R 2018-01-01, R 2020-01-01, G 2022-01-01")
    a_place("home_care", history="R 2018-01-01")
    a_place("nursing_home", name="Twice", history="R 2019-01-01, R 2021-01-01")
    figure = repeat_ratings(DAY)
    assert [row.cells[:4] for row in figure.rows] == [
        ("Thrice", "Home care agencies", "Requires improvement", 3),
        ("Twice", "Nursing homes", "Requires improvement", 2),
    ]
    assert figure.rows[0].cells[4:] == (
        "Requires improvement then Inadequate then Requires improvement",
        "1 January 2018",
        "30 March 2022",
        "2 years 3 months",
    )
    assert behind(figure, "name", "Thrice") == {thrice.pk}
    assert figure.findings == (
        "50% (2 of 4) of the rated locations were rated low twice or more in a row.",
    )
    # On that day its second low rating stood.
    assert [row.cells[3] for row in repeat_ratings(date(2021, 6, 1)).rows] == [2, 2, 2]


def test_a_run_goes_on_where_cqc_begins_to_rate_the_service_by_itself(council):
    home = a_place("home_care", history="R 2020-01-01 to 2024-01-01")
    rate(home, "I 2024-01-01", service_group="Homecare agencies", service_type="home_care")
    assert [row.cells[2:4] for row in repeat_ratings(DAY).rows] == [("Inadequate", 2)]


def test_ratings_by_their_age_to_the_day(council):
    a_place("nursing_home", history="G 2023-07-01")  # a day short of a year
    a_place("nursing_home", history="G 2023-06-30")
    old = a_place("nursing_home", history="R 2021-06-30")
    oldest = a_place("nursing_home", history="R 2016-01-30")
    a_place("nursing_home")
    figure = inspections_overdue(DAY)
    bands = ["under_1", "from_1", "from_2", "from_3", "from_4", "from_5"]
    assert shares(figure, bands, "Nursing homes") == [
        (1, 4),
        (1, 4),
        (0, 4),
        (1, 4),
        (0, 4),
        (1, 4),
    ]
    assert cell(figure, "not_rated", "Nursing homes") == Share(1, 5)
    assert cell(figure, "oldest", "Nursing homes") == "8 years 5 months"
    assert behind(figure, "old", "All services") == {old.pk, oldest.pk}


def test_which_key_questions_go_with_a_low_rating(council):
    for overall, safe, caring in [
        ("R", "R", "G"),
        ("R", "I", "R"),
        ("I", "G", "G"),
        ("G", "R", "G"),
        ("O", "G", "G"),
    ]:
        home = a_place("home_care", history=f"{overall} 2022-01-01")
        rate(home, f"{safe} 2022-01-01", key_question="safe")
        rate(home, f"{caring} 2022-01-01", key_question="caring")
    a_place("home_care", history="R 2022-01-01")  # no key question: in no base
    figure = key_question_signals(DAY)
    columns = ["with_low", "with_good", "follows"]
    assert shares(figure, columns, "Home care agencies", "Safe") == [(2, 3), (1, 2), (2, 3)]
    assert shares(figure, columns, "Home care agencies", "Caring") == [(1, 3), (0, 2), (1, 1)]
    assert shares(figure, columns, "Home care agencies", "Well-led") == [(0, 0), (0, 0), (0, 0)]
    assert (
        "Home care agencies: where the overall rating is low, Safe is most often low too, 67% (2"
        " of 3)." in figure.findings
    )


def test_what_changed_since_the_table_was_reported(council):
    day = date(2019, 8, 31)
    a_place("nursing_home", name="Riser", history="G 2018-01-01, O 2019-10-01")
    a_place("nursing_home", name="Before", history="G 2018-01-01, O 2019-08-31")
    a_place("home_care", name="Faller", history="G 2018-01-01, I 2019-11-01")
    a_place("home_care", name="First", history="G 2019-12-01")
    a_place(
        "home_care",
        name="Gone",
        history="R 2018-01-01",
        is_registered=False,
        deregistered_on=date(2019, 9, 30),
    )
    a_place("home_care", name="New", registered_on=date(2019, 10, 10))
    a_place("home_care", name="Elsewhere", authority="Otherwich", history="O 2019-10-01")
    figure = since(date(2019, 12, 9), day)
    assert [row.cells for row in figure.rows] == [
        ("Riser", "Rating raised", "Nursing home", "Good", "Outstanding", "1 October 2019"),
        ("Faller", "Rating lowered", "Home care", "Good", "Inadequate", "1 November 2019"),
        ("First", "First rating", "Home care", "", "Good", "1 December 2019"),
        (
            "Gone",
            "Registration ended",
            "Home care",
            "Requires improvement",
            "",
            "30 September 2019",
        ),
        ("New", "Newly registered", "Home care", "", "", "10 October 2019"),
    ]
    assert "Now Outstanding: Riser." in figure.findings
    assert "Now Inadequate: Faller." in figure.findings


def test_districts_and_localities_against_the_whole(council, person):
    good, low = (
        a_place("nursing_home", history="G 2020-01-01"),
        a_place("nursing_home", history="R 2020-01-01"),
    )
    both = a_place("nursing_home", "home_care", history="R 2020-01-01")
    rate(both, "O 2021-01-01", service_group="Homecare agencies", service_type="home_care")
    locality = Locality.objects.create(name="North")
    homes = [
        a_service(person, good, "nursing_home", locality=locality),
        a_service(person, low, "nursing_home", 1),
    ]
    agency = a_service(person, both, "home_care", 1, locality=locality)
    a_service(person, None, "day_care", 2)
    figure = ratings_by_locality(DAY)
    assert [row.cells[0] for row in figure.rows] == [
        "Whole area",
        "Northmarsh",
        "Southmarsh",
        "Eastmarsh",
    ]
    assert shares(figure, RATINGS, "Whole area") == [(1, 3), (1, 3), (1, 3), (0, 3)]
    # The agency counts by the rating of its own service at the location.
    assert shares(figure, ["outstanding", "good_or_better"], "Southmarsh") == [(1, 2), (1, 2)]
    assert cell(figure, "gap", "Southmarsh") == "-16.7"
    assert cell(figure, "gap", "Eastmarsh") is None
    assert behind(figure, "outstanding", "Southmarsh") == {str(agency.pk)}
    by_locality = ratings_by_locality(DAY, by="locality")
    assert behind(by_locality, "counted", "North") == {str(homes[0].pk), str(agency.pk)}
    assert behind(by_locality, "counted", "No locality given") == {str(homes[1].pk)}
    assert "Not counted: 1 open service without such a link." in figure.notes
    with not_allowed("unknown-place", "by"):
        ratings_by_locality(DAY, by="street")


def under_contract(
    person, framework: str, letter: str, day: str, starts: date, ends: date | None
) -> None:
    service = a_service(person, a_place("home_care", history=f"{letter} {day}" if letter else ""))
    Contract.objects.create(
        service=service,
        reference=f"C{service.pk}",
        framework=framework,
        starts_on=starts,
        ends_on=ends,
    )


def test_the_table_of_two_contracts_that_a_council_published_in_january_2024(council, person):
    """13 services in 2018, 15 in the second quarter of 2023. The paper prints 7.95% where 1 of 13
    is 7.7%, which also makes its column add up to 100.6; the counts are those that give every other
    percentage of it.
    """
    for letter, number in (("O", 1), ("G", 5), ("R", 4), ("I", 1), ("", 2)):
        for _ in range(number):
            under_contract(
                person, "Previous", letter, "2017-01-01", date(2015, 4, 1), date(2020, 3, 31)
            )
    for letter, number in (("O", 1), ("G", 12), ("R", 2)):
        for _ in range(number):
            under_contract(person, "Home care DPS", letter, "2022-01-01", date(2020, 4, 1), None)
    figure = contract_cohort(
        date(2023, 9, 30), date(2018, 9, 30), framework="Home care DPS", framework_before="Previous"
    )
    assert [(row.cells[0], str(row.cells[1]), str(row.cells[2])) for row in figure.rows] == [
        ("Outstanding", "7.7%", "6.7%"),
        ("Good", "38.5%", "80.0%"),
        ("Requires improvement", "30.8%", "13.3%"),
        ("Inadequate", "7.7%", "0.0%"),
        ("Not inspected", "15.4%", "0.0%"),
    ]
    assert figure.findings == (
        "13 services on 30 September 2018, 15 services on 30 September 2023; 0 on both.",
    )
    with not_allowed("unknown-contract", "framework"):
        contract_cohort(date(2023, 9, 30), framework="Nothing")


def test_a_service_without_a_location_stays_in_the_base_of_its_contract(council, person):
    service = a_service(person, None, "day_care")
    Contract.objects.create(
        service=service, reference="C1", framework="Days", starts_on=date(2020, 1, 1)
    )
    figure = contract_cohort(DAY, date(2023, 1, 1), framework="Days")
    assert cell(figure, "after", "Not inspected") == Share(1, 1, 1)
    assert behind(figure, "before", "Not inspected") == {str(service.pk)}
