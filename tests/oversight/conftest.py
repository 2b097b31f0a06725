from datetime import date, timedelta

import pytest
from django.utils import timezone

from audits.models import Action, Visit
from concerns.models import Concern
from core.models import District
from providers.models import Service
from ratings.models import Location, Rating, ServiceLocation
from ratings.vocabulary import KeyQuestion, RatingSource
from suspensions.models import Suspension
from tests.providers.conftest import provider, service

__all__ = ["provider", "service"]


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def linked(service, person, now):
    """The service as a CQC location, rated Good overall two years ago and Requires improvement
    before that.
    """
    location = Location.objects.create(
        location_id="1-200000001", name="Elm House", first_seen_at=now, read_at=now
    )
    day = now.date()
    ServiceLocation.objects.create(
        service=service,
        location=location,
        since=date(2015, 4, 1),
        confirmed_by=person("Officer"),
        confirmed_at=now,
    )
    first, second = day - timedelta(days=1500), day.replace(year=day.year - 2, day=1)
    for question in KeyQuestion:
        common = {
            "location": location,
            "key_question": question,
            "source": RatingSource.INSPECTION,
            "learned_at": now,
        }
        Rating.objects.create(
            rating="requires_improvement", published_on=first, superseded_on=second, **common
        )
        Rating.objects.create(
            rating="good", published_on=second, inherited_from="1-199999999", **common
        )
    return location


@pytest.fixture
def suspended(service, person, now, today):
    """A suspension in force; its text holds a canary."""
    return Suspension.objects.create(
        service=service,
        kind="full",
        status="in_force",
        summary="CANARY-SUSPENSION",
        proposed_by=person("Manager", "first.manager"),
        proposed_at=now - timedelta(days=11),
        decided_by=person("Manager", "second.manager"),
        decided_at=now - timedelta(days=10),
        decision_recorded_at=now - timedelta(days=10),
        in_force_from=today - timedelta(days=10),
    )


@pytest.fixture
def concern(service, person, now):
    return Concern.objects.create(
        reference="C-2019-0001",
        service=service,
        kind="quality",
        source="family",
        risk="high",
        received_at=now,
        summary="CANARY-CONCERN",
        respond_by=now + timedelta(days=1),
        recorded_at=now,
        recorded_by=person("Officer"),
    )


@pytest.fixture
def audited(service, person, now, today):
    """An audit with an outcome, a visit to come, an action overdue."""
    officer = person("Officer")
    Visit.objects.create(
        service=service,
        kind="monitoring",
        status="completed",
        planned_for=today - timedelta(days=40),
        visited_on=today - timedelta(days=40),
        officer=officer,
        planned_at=now,
        planned_by=officer,
        completed_at=now,
        completed_by=officer,
        score=30,
        outcome="poor",
    )
    Visit.objects.create(
        service=service,
        kind="follow_up",
        planned_for=today + timedelta(days=9),
        officer=officer,
        planned_at=now,
        planned_by=officer,
    )
    return Action.objects.create(
        service=service,
        text="Mend the call bells",
        owner_name="Home manager",
        agreed_on=today - timedelta(days=40),
        agreed_by=officer,
        due_on=today - timedelta(days=1),
    )


@pytest.fixture
def many(provider):
    """Makes that many further services."""

    def make(count):
        district = District.objects.get(name="Southmarsh")
        return Service.objects.bulk_create(
            Service(
                provider=provider,
                name=f"Oak {number:03}",
                service_type="home_care",
                client_group="living_well",
                district=district,
            )
            for number in range(count)
        )

    return make
