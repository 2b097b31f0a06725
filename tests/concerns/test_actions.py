from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from carequality.models import CouncilProfile, Event, User
from carequality.refusals import Refused
from concerns import actions
from concerns.models import Concern, services_with_concerns
from providers.models import Service

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


NOW = at("2026-03-02T12:00")
Record = Callable[..., Concern]


@pytest.fixture
def officer(person: Callable[..., User]) -> User:
    return person("Officer")


@pytest.fixture
def record(service: Callable[..., Service], officer: User) -> Record:
    def make(**also: Any) -> Concern:
        values = {
            "kind": "quality",
            "source": "family",
            "risk": "medium",
            "received_at": at("2026-03-02T10:00"),
            "summary": "Calls were late.",
            "now": NOW,
        }
        return actions.record_concern(by=officer, service_id=service().pk, **(values | also))

    return make


def test_references_count_up_within_a_year(record: Record) -> None:
    assert record().reference == "C-2026-0001"
    assert record().reference == "C-2026-0002"
    assert record(received_at=at("2025-12-31T23:30")).reference == "C-2025-0001"


@pytest.mark.django_db(transaction=True)
def test_no_reference_is_given_twice_when_many_record_at_once(
    service: Callable[..., Service], council: CouncilProfile, person: Callable[..., User]
) -> None:
    place, officer = service(), person("Officer")

    def one(_: int) -> str:
        try:
            return actions.record_concern(
                by=officer,
                service_id=place.pk,
                kind="quality",
                source="cqc",
                risk="low",
                received_at=NOW,
                summary="x",
                now=NOW,
            ).reference
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(one, range(24)))
    assert sorted(given) == [f"C-2026-{number:04}" for number in range(1, 25)]


def test_raised_risk_runs_from_now_and_never_gives_more_time(record: Record, officer: User) -> None:
    concern = record(risk="low", received_at=at("2026-02-23T10:00"))
    raised = actions.change_risk(concern.pk, by=officer, risk="very_high", reason="A fall", now=NOW)
    assert raised.respond_by == at("2026-03-02T16:00")
    late = record(risk="high", received_at=at("2026-02-23T10:00"))
    raised = actions.change_risk(late.pk, by=officer, risk="very_high", reason="A fall", now=NOW)
    assert raised.respond_by == at("2026-02-24T10:00")
    lowered = actions.change_risk(late.pk, by=officer, risk="low", reason="No harm", now=NOW)
    assert lowered.respond_by == at("2026-03-09T10:00")
    assert "Risk changed from Very high to Low: No harm" in lowered.done


def test_concern_is_answered_before_it_is_closed(record: Record, officer: User) -> None:
    concern = record()
    with pytest.raises(Refused, match="first response"):
        actions.close(concern.pk, by=officer, outcome="inconclusive", done="", now=NOW)
    answered = actions.respond(concern.pk, by=officer, at=NOW, done="Rang the manager", now=NOW)
    assert answered.answered_in_time is True
    with pytest.raises(Refused, match="already"):
        actions.respond(concern.pk, by=officer, at=NOW, done="", now=NOW)
    closed = actions.close(concern.pk, by=officer, outcome="inconclusive", done="Nothing more", now=NOW)
    assert (closed.status, closed.closed_by) == ("closed", officer)
    kinds = list(Event.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["concern.recorded", "concern.answered", "concern.closed"]


def test_safeguarding_concern_waits_for_its_enquiry(record: Record, officer: User) -> None:
    with pytest.raises(Refused, match="category of abuse"):
        record(kind="safeguarding")
    concern = record(kind="safeguarding", abuse="neglect", section_42="open")
    actions.respond(concern.pk, by=officer, at=NOW, done="", now=NOW)
    with pytest.raises(Refused, match="section 42"):
        actions.close(concern.pk, by=officer, outcome="substantiated", done="", now=NOW)
    with pytest.raises(Refused, match="has an outcome"):
        actions.record_enquiry(concern.pk, by=officer, section_42="concluded", outcome="")
    actions.record_enquiry(concern.pk, by=officer, section_42="concluded", outcome="partly")
    actions.close(concern.pk, by=officer, outcome="substantiated", done="", now=NOW)


def test_response_lies_between_receipt_and_now(record: Record, officer: User) -> None:
    concern = record()
    for moment, why in [
        (concern.received_at - timedelta(minutes=1), "before"),
        (NOW + timedelta(minutes=1), "future"),
    ]:
        with pytest.raises(Refused, match=why):
            actions.respond(concern.pk, by=officer, at=moment, done="", now=NOW)
    with pytest.raises(Refused, match="future"):
        record(received_at=NOW + timedelta(minutes=1))


def test_concern_goes_only_to_someone_who_may_work_on_it(
    record: Record, officer: User, person: Callable[..., User]
) -> None:
    concern = record()
    with pytest.raises(Refused, match="may not work on concerns"):
        actions.allocate(concern.pk, by=officer, to=person("Practitioner"))
    assert actions.allocate(concern.pk, by=officer, to=officer).allocated_to == officer


def test_open_on_a_past_day_stays_true_after_closing(record: Record, officer: User) -> None:
    concern = record(risk="high")
    actions.respond(concern.pk, by=officer, at=NOW, done="", now=NOW)
    actions.close(concern.pk, by=officer, outcome="partly", done="", now=at("2026-03-05T09:00"))
    open_on = [Concern.objects.open_on(date(2026, 3, day)).count() for day in (1, 2, 4, 5)]
    assert open_on == [0, 1, 1, 0]
    assert Concern.objects.high_risk().received_between(date(2026, 3, 2), date(2026, 3, 2)).count() == 1
    assert not Concern.objects.received_between(date(2026, 3, 3), date(2026, 3, 9)).exists()
    on_the_4th = services_with_concerns(Service.objects.all(), date(2026, 3, 4)).get()
    assert (on_the_4th.open_concerns, on_the_4th.high_risk_concerns) == (1, 1)
    on_the_5th = services_with_concerns(Service.objects.all(), date(2026, 3, 5)).get()
    assert (on_the_5th.open_concerns, on_the_5th.high_risk_concerns) == (0, 0)


def test_database_itself_refuses_a_half_closed_concern(record: Record) -> None:
    concern = record()
    with pytest.raises(IntegrityError, match="concern_closed_whole"), transaction.atomic():
        Concern.objects.filter(pk=concern.pk).update(status="closed")
    with pytest.raises(IntegrityError, match="abuse_if_safeguarding"), transaction.atomic():
        Concern.objects.filter(pk=concern.pk).update(abuse="neglect")
