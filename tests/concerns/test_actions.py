from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from concerns import actions
from concerns.models import Concern, services_with_concerns
from concerns.workflow import CONCERN
from core.models import CouncilProfile, Event, User
from providers.models import Service
from tests.refusals import not_allowed

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
        }
        given = actions.ConcernInput(service_id=service().pk, **(values | also))
        return actions.record_concern(by=officer, given=given, now=NOW)

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
            given = actions.ConcernInput(
                service_id=place.pk,
                kind="quality",
                source="cqc",
                risk="low",
                received_at=NOW,
                summary="x",
            )
            return actions.record_concern(by=officer, given=given, now=NOW).reference
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(one, range(24)))
    assert sorted(given) == [f"C-2026-{number:04}" for number in range(1, 25)]


def test_raised_risk_runs_from_now_and_never_gives_more_time(record: Record, officer: User) -> None:
    concern = record(risk="low", received_at=at("2026-02-23T10:00"))
    raised = actions.change_risk(
        concern.pk, by=officer, given=actions.ChangeRiskInput("very_high", "A fall"), now=NOW
    )
    assert raised.respond_by == at("2026-03-02T16:00")
    late = record(risk="high", received_at=at("2026-02-23T10:00"))
    raised = actions.change_risk(
        late.pk, by=officer, given=actions.ChangeRiskInput("very_high", "A fall"), now=NOW
    )
    assert raised.respond_by == at("2026-02-24T10:00")
    lowered = actions.change_risk(
        late.pk, by=officer, given=actions.ChangeRiskInput("low", "No harm"), now=NOW
    )
    assert lowered.respond_by == at("2026-03-09T10:00")
    assert "Risk changed from Very high to Low: No harm" in lowered.done


def test_concern_is_answered_before_it_is_closed(record: Record, officer: User) -> None:
    concern = record()
    with not_allowed("not-answered"):
        actions.close(concern.pk, by=officer, given=actions.CloseInput("inconclusive", ""), now=NOW)
    answered = actions.respond(
        concern.pk, by=officer, given=actions.RespondInput(NOW, "Rang the manager"), now=NOW
    )
    assert answered.answered_in_time is True
    with not_allowed("already-answered", "at"):
        actions.respond(concern.pk, by=officer, given=actions.RespondInput(NOW, ""), now=NOW)
    closed = actions.close(
        concern.pk, by=officer, given=actions.CloseInput("inconclusive", "Nothing more"), now=NOW
    )
    assert (closed.status, closed.closed_by) == ("closed", officer)
    kinds = list(Event.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["concern.recorded", "concern.answered", "concern.closed"]


def test_safeguarding_concern_waits_for_its_enquiry(record: Record, officer: User) -> None:
    with not_allowed("abuse-missing", "abuse"):
        record(kind="safeguarding")
    concern = record(kind="safeguarding", abuse="neglect", section_42="open")
    actions.respond(concern.pk, by=officer, given=actions.RespondInput(NOW, ""), now=NOW)
    with not_allowed("enquiry-open"):
        actions.close(
            concern.pk, by=officer, given=actions.CloseInput("substantiated", ""), now=NOW
        )
    with not_allowed("outcome-wrong"):
        actions.record_enquiry(
            concern.pk, by=officer, given=actions.EnquiryInput("concluded", ""), now=NOW
        )
    actions.record_enquiry(
        concern.pk, by=officer, given=actions.EnquiryInput("concluded", "partly"), now=NOW
    )
    actions.close(concern.pk, by=officer, given=actions.CloseInput("substantiated", ""), now=NOW)


def test_response_lies_between_receipt_and_now(record: Record, officer: User) -> None:
    concern = record()
    for moment, why in [
        (concern.received_at - timedelta(minutes=1), "before-received"),
        (NOW + timedelta(minutes=1), "in-future"),
    ]:
        with not_allowed(why, "at"):
            actions.respond(concern.pk, by=officer, given=actions.RespondInput(moment, ""), now=NOW)
    with not_allowed("in-future", "received_at"):
        record(received_at=NOW + timedelta(minutes=1))


def test_concern_goes_only_to_someone_who_may_work_on_it(
    record: Record, officer: User, person: Callable[..., User]
) -> None:
    concern = record()
    with not_allowed("may-not-answer", "to"):
        actions.allocate(
            concern.pk, by=officer, given=actions.AllocateInput(person("Practitioner").pk)
        )
    given = actions.AllocateInput(officer.pk)
    assert actions.allocate(concern.pk, by=officer, given=given).allocated_to == officer


def test_open_on_a_past_day_stays_true_after_closing(record: Record, officer: User) -> None:
    concern = record(risk="high")
    actions.respond(concern.pk, by=officer, given=actions.RespondInput(NOW, ""), now=NOW)
    actions.close(
        concern.pk, by=officer, given=actions.CloseInput("partly", ""), now=at("2026-03-05T09:00")
    )
    open_on = [Concern.objects.open_on(date(2026, 3, day)).count() for day in (1, 2, 4, 5)]
    assert open_on == [0, 1, 1, 0]
    assert (
        Concern.objects.high_risk().received_between(date(2026, 3, 2), date(2026, 3, 2)).count()
        == 1
    )
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


def test_closed_concern_takes_what_is_written_and_put_right_and_no_work(
    record: Record, officer: User
) -> None:
    concern = record()
    actions.respond(concern.pk, by=officer, given=actions.RespondInput(NOW, ""), now=NOW)
    actions.close(concern.pk, by=officer, given=actions.CloseInput("partly", ""), now=NOW)
    concern.refresh_from_db()
    able = {step.name for step in CONCERN.available(concern, officer)}
    assert not able & {"allocate", "respond", "close", "record-enquiry"}
    assert {"add-to-log", "reopen", "correct"} <= able
    actions.add_to_log(concern.pk, by=officer, given=actions.LogInput("Read the rotas"), now=NOW)
    with not_allowed("wrong-state"):
        actions.allocate(concern.pk, by=officer, given=actions.AllocateInput(officer.pk))
    entered = actions.LogContactInput(
        concern.service_id, "call", "family", "Told them", NOW, concern.pk
    )
    assert actions.log_contact(by=officer, given=entered, now=NOW).concern == concern


def test_steps_on_a_concern_refused_without_the_right(
    record: Record, person: Callable[..., User]
) -> None:
    concern = record()
    for group in ("Practitioner", "Signatory", "Administrator"):
        by = person(group)
        with not_allowed("permission-missing"):
            actions.add_to_log(concern.pk, by=by, given=actions.LogInput("Read the rotas"), now=NOW)
        with not_allowed("permission-missing"):
            actions.respond(concern.pk, by=by, given=actions.RespondInput(NOW, "Rang"), now=NOW)
        with not_allowed("permission-missing"):
            actions.change_risk(-1, by=by, given=actions.ChangeRiskInput("low", "x"), now=NOW)


def test_enquiry_refused_for_a_concern_that_is_not_about_safeguarding(
    record: Record, officer: User
) -> None:
    with not_allowed("not-safeguarding"):
        actions.record_enquiry(
            record().pk, by=officer, given=actions.EnquiryInput("not_required"), now=NOW
        )
