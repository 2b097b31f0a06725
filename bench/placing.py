"""Whether people can be placed: the search for a service and its answer, in a register of a large
council.
"""

import statistics
import time
from datetime import date, datetime, timedelta
from typing import Any

from bench import database
from bench.table import Measured, seconds

SERVICES, SUSPENDED, STEPS = 10_000, 200, 400
TIMES = 30
LIMIT = 0.15  # seconds


def placement() -> list[Measured]:
    """The pages that brokerage opens in a call: the empty search, what it finds, the answer."""
    from django.test import Client
    from django.urls import reverse

    services = _register()
    client = Client(headers={"host": "localhost"})
    client.force_login(_practitioner())
    search = reverse("suspensions:find-placement-status")
    answer = reverse("suspensions:view-placement-status", args=[services[0]])
    pages: list[tuple[str, str, str, dict[str, str]]] = [
        ("placement, search", "placement status: the page of the search", search, {}),
        ("placement, found", "  what it finds, by a part of a name", search, {"q": "lodge 99"}),
        ("placement, answer", "  the answer for a service, its reading recorded", answer, {}),
    ]
    found = []
    for key, what, url, query in pages:
        took = _median(client, url, query)
        found.append(
            Measured(
                key,
                f"{what}, {SERVICES:,} services",
                seconds(took),
                took,
                seconds(LIMIT),
                took / LIMIT,
                1.0,
            )
        )
    return found


def _median(client: Any, url: str, query: dict[str, str]) -> float:
    took = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        response = client.get(url, query)
        took.append(time.perf_counter() - begun)
        assert response.status_code == 200, response.status_code
    return statistics.median(took[TIMES // 3 :])


def _register() -> list[int]:
    """Ten thousand services, of which some are suspended and some under formal steps; the ids of
    the services, a suspended one first.
    """
    from django.utils import timezone

    from core.models import District, User
    from formal_steps.models import FormalStep, FormalStepStatus, StepType
    from providers.models import Provider, Service
    from suspensions.models import Suspension, SuspensionKind, SuspensionStatus

    database.empty("providers_provider", "core_district")
    one, other = (User.objects.get_or_create(username=f"bench-{name}")[0] for name in "ab")
    districts = [District.objects.create(name=f"District {number}") for number in range(8)]
    providers = Provider.objects.bulk_create(
        Provider(name=f"Provider {number}") for number in range(SERVICES // 4)
    )
    services = Service.objects.bulk_create(
        Service(
            provider=providers[number // 4],
            name=f"{('Elm', 'Oak', 'Mill')[number % 3]} Lodge {number}",
            service_type=("nursing_home", "residential_home", "home_care")[number % 3],
            client_group="ageing_well",
            district=districts[number % 8],
            postcode=f"ZZ{number % 90 + 1} {number % 10}AA",
        )
        for number in range(SERVICES)
    )
    now: datetime = timezone.now()
    today: date = timezone.localdate()
    begun = today - timedelta(days=60)
    decided = {
        "proposed_by": one,
        "proposed_at": now,
        "decided_by": other,
        "decided_at": now,
        "decision_recorded_at": now,
    }
    Suspension.objects.bulk_create(
        Suspension(
            service=service,
            kind=SuspensionKind.FULL,
            status=SuspensionStatus.IN_FORCE,
            summary="Falls.",
            in_force_from=begun,
            **decided,
        )
        for service in services[:SUSPENDED]
    )
    FormalStep.objects.bulk_create(
        FormalStep(
            service=service,
            step_type=StepType.DEFAULT_NOTICE,
            status=FormalStepStatus.ISSUED,
            summary="Falls.",
            clause="4",
            reasons="Falls.",
            evidence="A visit.",
            required="Training.",
            due_on=today + timedelta(days=60),
            starts_on=begun,
            **decided,
        )
        for service in services[:STEPS]
    )
    with database.owner() as connection:
        connection.execute("ANALYZE")
    return [service.pk for service in services]


def _practitioner() -> Any:
    from django.contrib.auth.models import Group

    from core.models import User

    person, _ = User.objects.get_or_create(username="bench-practitioner")
    person.groups.add(Group.objects.get(name="Practitioner"))
    return person
