"""The regional comparison as at past days, over years of history: the query, the figure, its
page.
"""

import statistics
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from bench import loading
from bench.table import Measured, seconds

DAYS = [
    date(2018, 8, 31),
    date(2019, 8, 31),
    date(2021, 3, 31),
    date(2023, 5, 31),
    date(2025, 12, 31),
]
PAST = date(2021, 1, 1)
TIMES = 7
REGION = [f"Authority {number:03}" for number in range(1, 80, 8)]

# What a person would write by hand: for each location of the region, the last rating published by
# that day.
LATERAL = """
    SELECT l.local_authority, t.service_type, r.rating, count(*)
    FROM ratings_location l
    CROSS JOIN LATERAL unnest(l.service_types) AS t (service_type)
    LEFT JOIN LATERAL (
        SELECT rating, superseded_on FROM ratings_rating
        WHERE location_id = l.location_id AND key_question = 'overall' AND service_group = ''
          AND retracted_at IS NULL AND published_on <= %(day)s
        ORDER BY published_on DESC LIMIT 1
    ) r ON r.superseded_on IS NULL OR r.superseded_on > %(day)s
    WHERE l.local_authority = ANY(%(names)s) AND l.directorate = 'Adult social care'
      AND (l.registered_on IS NULL OR l.registered_on <= %(day)s)
      AND (l.deregistered_on > %(day)s OR (l.deregistered_on IS NULL AND l.is_registered))
    GROUP BY 1, 2, 3
"""


def comparison() -> list[Measured]:
    """The query, the figure and the page, over the England that is loaded and its past."""
    from django.test import Client
    from django.urls import reverse

    from ratings.figures.regional import regional_comparison

    loading.load(list(loading.batches(1.0, PAST)), PAST)
    loading.settle()
    held = _held()
    _council()
    client = Client(headers={"host": "localhost"})
    client.force_login(_person())
    url = reverse("figures:view-figure", args=["regional-comparison"])

    def page(day: date) -> None:
        response = client.get(url, {"as_at": day.isoformat()})
        assert response.status_code == 200, response.status_code
        assert b"Authority 001" in response.content

    query = _median(lateral)
    figure = _median(regional_comparison)
    whole_page = _median(page)
    return [
        Measured(
            "comparison",
            f"regional comparison as at past days, over {held:,} rating periods",
            seconds(figure),
            figure,
            f"LATERAL query: {seconds(query)}",
            figure / query,
            1.5,
        ),
        Measured(
            "comparison, page",
            "  its page",
            seconds(whole_page),
            whole_page,
            "",
            whole_page * 1000,
            150,
            unit="ms",
        ),
    ]


def lateral(day: date) -> list[Any]:
    """The hand-written query for a day."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(LATERAL, {"day": day, "names": REGION})
        found: list[Any] = cursor.fetchall()
    return found


def figure_alone() -> tuple[float, float]:
    """The medians of the figure and of the query, over what is loaded."""
    from ratings.figures.regional import regional_comparison

    _council()
    return _median(regional_comparison), _median(lateral)


def _median(ask: Callable[[date], object]) -> float:
    took = []
    ask(DAYS[0])
    for _ in range(TIMES):
        for day in DAYS:
            began = time.perf_counter()
            ask(day)
            took.append(time.perf_counter() - began)
    return statistics.median(took)


def _held() -> int:
    from ratings.models import Rating

    return Rating.objects.known_now().count()


def _council() -> None:
    from core.models import CouncilProfile, RegionAuthority

    CouncilProfile.objects.get_or_create(
        pk=1,
        defaults={
            "name": "Authority 001",
            "short_name": "Authority 001",
            "region_name": "East Midlands",
            "is_fictitious": True,
        },
    )
    for name in REGION:
        RegionAuthority.objects.get_or_create(name=name)


def _person() -> Any:
    from django.contrib.auth.models import Group

    from core.models import User

    person, _ = User.objects.get_or_create(username="bench")
    person.groups.add(Group.objects.get(name="Officer"))
    return person
