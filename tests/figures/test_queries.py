"""What a page costs: so many queries for the page, so many for each figure or card, and the same
however much there is.
"""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.today import CARDS
from core.work import WORK
from figures.registration import AREAS, FIGURES
from formal_steps.models import Policy, StepNotTaken
from formal_steps.rules.prompts import prompt_of, prompts_of_all
from providers.models import Service

FEW, MANY = 3, 30
A_PAGE, A_FIGURE = 8, 3
TODAY, A_CARD = 12, 2
# What each area's list computes: the figures whose numbers stand on it.
COMPUTED = {"concerns": 3, "suspensions": 2}


def cost(client: Client, url: str, asked: dict[str, str] | None = None) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url, asked or {}).status_code == 200
    return len(queries)


@pytest.fixture
def manager(client_as: Callable[..., Client], fill: Callable[[int], None]) -> Client:
    client = client_as("Manager")
    fill(FEW)
    # The first page also fills the caches of a process.
    client.get(reverse("figures:list-figures"))
    return client


def test_a_page_of_any_figure(manager: Client, fill: Callable[[int], None]) -> None:
    ways = [
        (name, asked)
        for name in FIGURES.names()
        for asked in ({}, {"groups": "on"}, {"authority": "Otherwich"})
    ]
    few = {
        (name, *asked): cost(manager, reverse("figures:view-figure", args=[name]), asked)
        for name, asked in ways
    }
    fill(MANY - FEW)
    many = {
        (name, *asked): cost(manager, reverse("figures:view-figure", args=[name]), asked)
        for name, asked in ways
    }
    assert few == many
    assert {way: number for way, number in many.items() if number > A_PAGE + A_FIGURE} == {}


def test_the_list_of_an_area(manager: Client, fill: Callable[[int], None]) -> None:
    few = {area.key: cost(manager, reverse("figures:list-area", args=[area.key])) for area in AREAS}
    fill(MANY - FEW)
    many = {
        area.key: cost(manager, reverse("figures:list-area", args=[area.key])) for area in AREAS
    }
    assert few == many
    allowed = {key: A_PAGE + A_FIGURE * COMPUTED.get(key, 0) for key in many}
    assert {key: number for key, number in many.items() if number > allowed[key]} == {}


def test_the_index_of_figures(manager: Client) -> None:
    assert cost(manager, reverse("figures:list-figures")) <= A_PAGE


@pytest.mark.parametrize("group", ["Officer", "Senior officer", "Manager"])
def test_today(client_as: Callable[..., Client], fill: Callable[[int], None], group: str) -> None:
    client = client_as(group)
    fill(FEW)
    client.get(reverse("oversight:today"))
    few = cost(client, reverse("oversight:today"))
    fill(MANY - FEW)
    many = cost(client, reverse("oversight:today"))
    assert few == many
    # One card asks every app: each kind of late work once, and once who has left.
    kinds = sum(work.late is not None for work in WORK)
    assert many <= TODAY + A_CARD * len(CARDS) + kinds + 1


def test_the_prompts_of_all_services_at_once_are_those_of_each(fill: Callable[[int], None]) -> None:
    fill(MANY)
    day, policy = timezone.localdate(), Policy.current()
    policy.default_notices = 2
    one_by_one = [
        (service, prompt)
        for service in Service.objects.order_by("name")
        if (prompt := prompt_of(service, day, policy))
    ]
    assert len(one_by_one) == MANY
    assert prompts_of_all(day, policy) == one_by_one
    answered, _ = one_by_one[4]
    StepNotTaken.objects.create(
        service=answered, on=day, by=answered.lead_officer, notices=2, reason="They improve."
    )
    assert [service for service, _ in prompts_of_all(day, policy)] == [
        service for service, _ in one_by_one if service != answered
    ]
