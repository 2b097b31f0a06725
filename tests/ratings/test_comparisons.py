"""Comparisons worked out by hand from a few rows, and what every one of them holds to."""

import json
import random
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core.models import Comparator, RegionAuthority
from figures.figure import Figure, Share
from figures.registration import FIGURES, named
from ratings.figures.domains import ratings_by_domain
from ratings.figures.league import league
from ratings.figures.ranks import rank_of
from ratings.figures.rated_locations import rated_locations
from ratings.figures.regional import regional_comparison
from ratings.models import Location, with_rating_as_at
from tests.ratings.factories import a_place, behind, cell, rate, shares

DAY = date(2024, 6, 30)
RATINGS = ["outstanding", "good", "requires_improvement", "inadequate"]


@pytest.fixture
def region(council):
    for name in ("Exampleshire", "Otherwich", "Thirdham"):
        RegionAuthority.objects.create(name=name, since=date(1974, 4, 1))


def percent(whole: int) -> Share:
    return Share(whole, 100)


@pytest.mark.parametrize(
    ("own", "others", "expected"),
    [
        (7, {"A": 5, "B": 5}, "the highest"),
        (6, {"A": 10, "Nottingham": 6, "C": 1}, "the second highest, with Nottingham"),
        (3, {"A": 10, "B": 9, "C": 8}, "the lowest"),
        (0, {"A": 10, "B": 0, "C": 0}, "the lowest, with B and C"),
        (4, {"A": 4, "B": 4}, "the same as every other"),
        (4, {}, "the only one"),
        (9, {"A": 20, "B": 15, "C": 12, "D": 1, "E": 2}, "the third lowest"),
    ],
)
def test_a_rank_names_everyone_who_shares_it(own, others, expected):
    values = {"Us": percent(own), **{name: percent(value) for name, value in others.items()}}
    assert str(rank_of("Us", values)) == expected


def test_a_rank_is_by_what_is_printed_and_leaves_out_who_has_nothing_to_count():
    values = {
        "Us": Share(1, 15),
        "Derby": Share(13, 200),
        "Rutland": Share(0, 0),
    }  # 6.7% and 6.5%: both print 7%
    rank = rank_of("Us", values)
    assert (rank.short, rank.of, rank.shared_with) == ("1=", 2, ("Derby",))
    assert rank_of("Rutland", values) is None


def test_the_regional_comparison_says_where_the_council_stands(region):
    for authority, history in [
        ("Exampleshire", "O 2020-01-01"),
        ("Exampleshire", "G 2020-01-01"),
        ("Otherwich", "O 2020-01-01"),
        ("Thirdham", "G 2020-01-01"),
        ("Thirdham", "I 2020-01-01"),
    ]:
        a_place("nursing_home", authority=authority, history=history)
    findings = regional_comparison(DAY).findings
    assert "Outstanding nursing homes: 50% (1 of 2), the second highest" in findings
    assert "Good nursing homes: 50% (1 of 2), the highest, with Thirdham" in findings
    assert "Inadequate nursing homes: 0% (0 of 2), the lowest, with Otherwich" in findings
    theirs = regional_comparison(DAY, authority="Thirdham").findings
    assert "Inadequate nursing homes: 50% (1 of 2), the highest" in theirs


def test_ratings_by_key_question_and_sector(region):
    mixed = a_place("nursing_home", "home_care", history="R 2023-01-01")
    rate(mixed, "G 2023-01-01", key_question="safe")
    rate(
        mixed,
        "I 2023-06-01",
        key_question="safe",
        service_group="Homecare agencies",
        service_type="home_care",
    )
    other = a_place("nursing_home", history="G 2022-01-01")
    a_place("nursing_home")
    a_place("nursing_home", authority="Otherwich", history="I 2022-01-01")
    figure = ratings_by_domain(DAY)
    assert shares(figure, RATINGS, "Nursing homes", "Overall") == [(0, 2), (1, 2), (1, 2), (0, 2)]
    assert cell(figure, "not_rated", "Nursing homes", "Overall") == Share(1, 3)
    assert cell(figure, "counted", "Nursing homes", "Safe") == 3
    assert shares(figure, RATINGS, "Nursing homes", "Safe") == [(0, 1), (1, 1), (0, 1), (0, 1)]
    # Home care is judged by its own rating; all services by the location's.
    assert shares(figure, RATINGS, "Home care agencies", "Safe") == [(0, 1), (0, 1), (0, 1), (1, 1)]
    assert shares(figure, RATINGS, "All services", "Safe") == [(0, 1), (1, 1), (0, 1), (0, 1)]
    assert behind(figure, "good", "Nursing homes", "Overall") == {other.pk}
    assert behind(figure, "rated", "All services", "Overall") == {other.pk, mixed.pk}


def test_the_league_with_region_england_and_the_family(region):
    for name in ("Farshire", "Nearham", "Exampleshire"):
        Comparator.objects.create(name=name)
    for authority, histories in {
        "Exampleshire": ["G", "G", "O", "R"],  # 3 of 4
        "Otherwich": ["G", "R"],  # 1 of 2
        "Thirdham": ["G", "G", "G", "I"],  # 3 of 4
        "Farshire": ["G", "G", "G", "G", "R"],  # 80%
        "Nearham": ["G", "R", "R"],  # 33.3%
        "Elsewhere": ["I"],
    }.items():
        for letter in histories:
            a_place("residential_home", authority=authority, history=f"{letter} 2021-01-01")
    figure = league(DAY)
    assert cell(figure, "all-good", "Region", "Exampleshire") == Share(3, 4)
    assert cell(figure, "residential_home-rank", "Region", "Exampleshire") == "1="
    assert cell(figure, "residential_home-rank", "Region", "Otherwich") == "3"
    assert cell(figure, "all-good", "Averages", "Region") == Share(7, 10)
    assert cell(figure, "all-good", "Averages", "England") == Share(12, 19)
    assert cell(figure, "all-good", "Similar councils", "Median of similar councils") == "56.7%"
    assert cell(figure, "all-good", "Similar councils", "Gap to that median") == "+18.3"
    assert cell(figure, "nursing_home-good", "Similar councils", "Gap to that median") is None
    assert len(behind(figure, "all-good", "Region", "Thirdham")) == 3
    finding = figure.findings[0]
    assert (
        "75% (3 of 4) Good or Outstanding, the highest of 3 in the region, with Thirdham" in finding
    )
    assert "18.3 points above the median of similar councils (56.7%)" in finding


def test_the_region_of_the_league_is_that_of_the_day(region):
    RegionAuthority.objects.filter(name="Thirdham").update(since=date(2021, 4, 1))
    a_place("nursing_home", authority="Thirdham", history="G 2018-01-01")
    a_place("nursing_home", history="R 2018-01-01")
    before, after = league(date(2020, 1, 1)), league(DAY)
    assert cell(before, "all-good", "Averages", "Region") == Share(0, 1)
    assert cell(after, "all-good", "Averages", "Region") == Share(1, 2)
    assert cell(before, "all-good", "Averages", "England") == Share(1, 2)


RATINGS_FIGURES = sorted(figure.name for figure in FIGURES if figure.area_key == "ratings")


@pytest.mark.parametrize("name", RATINGS_FIGURES)
def test_every_comparison_as_json_with_the_day_the_authority_and_counts(region, name):
    a_place("nursing_home", authority="Otherwich", history="R 2020-01-01, I 2022-01-01")
    a_place("nursing_home", "home_care", history="R 2020-01-01, I 2024-01-01")
    out = StringIO()
    call_command(
        "figures",
        name,
        "--as-at",
        "2024-06-30",
        "--known-at",
        "2024-07-01",
        "--format",
        "json",
        stdout=out,
    )
    found = json.loads(out.getvalue())
    assert {"figure", "as_at", "authority", "columns", "rows"} <= found.keys()
    assert (found["figure"], found["as_at"], found["authority"]) == (
        name,
        "2024-06-30",
        "Exampleshire",
    )
    figure = named(name)(date(2024, 6, 30))
    assert Figure.from_json(found).columns == figure.columns
    for kind in ("table", "csv"):
        call_command("figures", name, "--as-at", "2024-06-30", "--format", kind, stdout=StringIO())


@pytest.mark.parametrize("name", RATINGS_FIGURES)
def test_as_many_stand_behind_a_share_as_it_says(region, name):
    for kind, history in [
        ("nursing_home", "G 2019-01-01, R 2023-12-01"),
        ("home_care", "I 2023-09-01"),
        ("residential_home", "R 2018-01-01, R 2020-01-01, I 2024-02-01"),
        ("nursing_home", ""),
    ]:
        a_place(kind, history=history)
    figure = named(name)(DAY)
    keys = [column.key for column in figure.columns]
    for row in figure.rows:
        for key, ids in row.behind:
            number = row.cells[keys.index(key)]
            assert len(set(ids)) == len(ids)
            if isinstance(number, Share):
                assert len(ids) == number.numerator
            elif isinstance(number, int):
                assert len(ids) == number


def test_as_we_knew_it_then(region):
    home = a_place("nursing_home", history="G 2020-01-01 to 2024-01-01")
    rate(home, "I 2024-01-01", learned_at=datetime(2024, 3, 5, 4, tzinfo=UTC))
    out = StringIO()
    call_command(
        "figures",
        "ratings-by-domain",
        "--as-at",
        "2024-02-01",
        "--known-at",
        "2024-03-04",
        "--format",
        "json",
        stdout=out,
    )
    overall = json.loads(out.getvalue())["rows"][0]
    assert overall["inadequate"]["numerator"] == 0
    assert cell(
        ratings_by_domain(date(2024, 2, 1)), "inadequate", "All services", "Overall"
    ) == Share(1, 1)


def test_an_authority_that_nothing_bears_and_an_option_that_a_figure_lacks_are_refused(region):
    with pytest.raises(CommandError, match="We hold no locations in Nowhere"):
        call_command("figures", "league", "--authority", "Nowhere")
    with pytest.raises(CommandError, match="does not take --framework"):
        call_command("figures", "league", "--framework", "DPS")
    with pytest.raises(CommandError, match="Write the time as"):
        call_command("figures", "league", "--known-at", "yesterday")


def test_a_figure_of_the_councils_own_records_is_of_no_other_authority(region, council):
    out = StringIO()
    call_command(
        "figures",
        "contract-cohort",
        "--authority",
        council.short_name,
        "--format",
        "json",
        stdout=out,
    )
    assert json.loads(out.getvalue())["authority"] == council.short_name
    with pytest.raises(CommandError, match="it has no other authority"):
        call_command("figures", "ratings-by-locality", "--authority", "Elsewhere")


@pytest.mark.parametrize("seed", range(6))
def test_what_counts_on_any_day_is_what_the_database_says_stood_then(council, seed):
    chance = random.Random(seed)
    first = date(2018, 1, 1)
    groups = [
        ("", ""),
        ("Homecare agencies", "home_care"),
        ("Nursing homes", "nursing_home"),
        ("Odd service", ""),
    ]
    for _ in range(12):
        place = a_place("nursing_home", "home_care")
        for group, kind in chance.sample(groups, chance.randrange(4)):
            days = sorted(
                {
                    first + timedelta(days=chance.randrange(900))
                    for _ in range(chance.randrange(1, 5))
                }
            )
            history = ", ".join(f"{chance.choice('OGRI')} {day}" for day in days)
            if chance.random() < 0.3:
                history += f" to {days[-1] + timedelta(days=60)}"
            rate(place, history, service_group=group, service_type=kind)
    last = first + timedelta(days=1000)
    found = {
        each.location_id: each
        for each in rated_locations(first, last, authorities=["Exampleshire"])
    }
    assert len(found) == 12
    for _ in range(12):
        day = first + timedelta(days=chance.randrange(-5, 1000))
        if day < first:
            continue
        said = dict(with_rating_as_at(Location.objects.all(), day).values_list("pk", "rating"))
        assert {pk: place.rating_on(day) for pk, place in found.items()} == said
        assert {place.location_id: place.rating_on(day) for place in rated_locations(day)} == said
