from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from audits.models import Action, ProgrammeEntry, Visit
from concerns.models import Concern, ConcernKind, ConcernRisk
from core.models import Comparator, CouncilProfile, District, RegionAuthority, User
from formal_steps.models import FormalStep
from providers.models import Contract, Provider, Service
from providers.vocabulary import ClientGroup, ServiceType
from ratings.models import LocationChange, ServiceLocation
from suspensions.models import Suspension
from tests.ratings.factories import a_place, rate

DAY = timedelta(days=1)


@pytest.fixture
def fill(council: CouncilProfile, person: Callable[..., User]) -> Callable[[int], None]:
    """Make so many further services, each with something of everything that figures and cards
    count.
    """
    today, now = timezone.localdate(), timezone.now()
    first, second, officer = (
        person("Manager", "first"),
        person("Manager", "second"),
        person("Officer", "third"),
    )
    for name in (council.short_name, "Otherwich"):
        RegionAuthority.objects.create(name=name, since=date(1974, 4, 1))
    Comparator.objects.create(name="Farshire")
    a_place("home_care", authority="Otherwich", history="G 2020-01-01")

    def make(count: int) -> None:
        for _ in range(count):
            number = Service.objects.count()
            service = Service.objects.create(
                provider=Provider.objects.create(name=f"Provider {number}"),
                name=f"House {number}",
                service_type=list(ServiceType)[number % len(ServiceType)],
                client_group=list(ClientGroup)[number % 2],
                district=list(District.objects.all())[number % 2],
                beds=10 + number if number % len(ServiceType) < 2 else None,
                lead_officer=officer,
            )
            contract = Contract.objects.create(
                service=service,
                reference=f"C-{number}",
                framework="Homes",
                starts_on=date(2020, 1, 1),
            )
            contract.districts.set(District.objects.all())
            about(service, number).contracts.add(contract)

    def about(service: Service, number: int) -> Suspension:
        low = number % 4 == 0
        history = "R 2019-01-01, R 2022-01-01" if low else "R 2019-01-01, G 2024-01-01"
        place = a_place(
            list(ServiceType)[number % 3], authority=council.short_name, history=history
        )
        if low:
            rate(place, "I 2022-01-01", key_question="safe")
        ServiceLocation.objects.create(
            service=service,
            location=place,
            since=date(2015, 4, 1),
            confirmed_by=officer,
            confirmed_at=now,
        )
        LocationChange.objects.create(
            location=place,
            kind="rating_raised",
            key_question="overall",
            before="good",
            noticed_at=now,
        )
        Concern.objects.create(
            reference=f"C-{number}",
            service=service,
            kind=ConcernKind.QUALITY,
            source="family",
            risk=list(ConcernRisk)[number % 4],
            received_at=now - number % 300 * DAY,
            respond_by=now - (number % 300 - 1) * DAY,
            recorded_at=now,
            recorded_by=officer,
        )
        visits(service, today, now)
        for _ in range(2):
            step(service, today, now)
        return suspension(service, today, now)

    def visits(service: Service, today: date, now: datetime) -> None:
        for status, done in (("planned", {}), ("completed", {"visited_on": today - 40 * DAY})):
            if done:
                done |= {
                    "completed_at": now,
                    "completed_by": officer,
                    "score": 30,
                    "outcome": "poor",
                }
            Visit.objects.create(
                service=service,
                kind="monitoring",
                status=status,
                planned_for=today if not done else today - 40 * DAY,
                officer=officer,
                planned_at=now,
                planned_by=officer,
                **done,
            )
        Action.objects.create(
            service=service,
            text="Mend the call bells",
            owner_name="Manager",
            agreed_on=today - 40 * DAY,
            agreed_by=officer,
            due_on=today - DAY,
        )
        ProgrammeEntry.objects.create(
            year=today.year if today.month >= 4 else today.year - 1,
            service=service,
            due_on=today,
            placed_at=now,
            placed_by=officer,
        )

    def step(service: Service, today: date, now: datetime) -> FormalStep:
        return FormalStep.objects.create(
            service=service,
            step_type="default_notice",
            status="issued",
            due_on=today + 9 * DAY,
            review_on=today,
            proposed_by=first,
            proposed_at=now - 300 * DAY,
            decided_by=second,
            decided_at=now - 3 * DAY,
            decision_recorded_at=now - 3 * DAY,
            starts_on=today - 3 * DAY,
        )

    def suspension(service: Service, today: date, now: datetime) -> Suspension:
        return Suspension.objects.create(
            service=service,
            kind="full",
            summary="Medicines were not given safely.",
            status="in_force",
            proposed_by=first,
            proposed_at=now - 90 * DAY,
            decided_by=second,
            decided_at=now - 89 * DAY,
            decision_recorded_at=now - 89 * DAY,
            in_force_from=today - 89 * DAY,
            review_on=today - DAY,
            planned_until=today,
            lead_officer=officer,
        )

    return make
