"""Whether people can be placed: the answer for every combination of formal steps, suspensions and
closure, and the pages that give it.
"""

from datetime import date, timedelta
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import Event
from core.notices import NOTICES
from formal_steps.models import FormalStep, FormalStepOutcome, FormalStepStatus, StepType
from formal_steps.placement import ANSWERS
from providers import placement
from providers.models import Contract, PastClosure, Service, ServiceUnit
from providers.placement import PlacementAnswer
from providers.today import against_placements
from ratings.models import ServiceLocation
from suspensions.models import NOW_IN_FORCE, Suspension, SuspensionKind, SuspensionStatus
from tests.ratings.factories import a_place
from tests.suspensions.conftest import TODAY, at

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OPEN, ASK, NONE, CLOSED = PlacementAnswer
TERMINATIONS = (StepType.END_PACKAGES, StepType.END_CONTRACT)

# Formal steps: (status, first day, how it ended), and when the answer of its type counts.
STEP_STATES = [
    (FormalStepStatus.PROPOSED, None, ""),
    (FormalStepStatus.REFUSED, None, ""),
    (FormalStepStatus.WITHDRAWN, None, ""),
    (FormalStepStatus.ISSUED, TODAY, ""),
    (FormalStepStatus.ISSUED, TODAY + DAY, ""),
    (FormalStepStatus.CLOSED, TODAY - 9 * DAY, FormalStepOutcome.MET),
    (FormalStepStatus.CLOSED, TODAY - 9 * DAY, FormalStepOutcome.TAKEN_BACK),
    (FormalStepStatus.CLOSED, TODAY - 9 * DAY, FormalStepOutcome.CARRIED_OUT),
]
STEPS = [None, *product(StepType, STEP_STATES)]
# Suspensions: status, kind, whether of a unit, first day.
SUSPENSIONS = [
    None,
    "ended-by-closure",
    *product(SuspensionStatus, SuspensionKind, (False, True), (TODAY, TODAY + 10 * DAY)),
]
CLOSURES = ["open", "closed", "closes", "reopened", "not opened"]


def by_steps(case) -> PlacementAnswer:
    if case is None:
        return OPEN
    step_type, (status, starts_on, outcome) = case
    forbids = step_type in TERMINATIONS
    if status == FormalStepStatus.ISSUED and starts_on <= TODAY:
        return NONE if forbids else ASK
    return NONE if forbids and outcome == FormalStepOutcome.CARRIED_OUT else OPEN


def by_suspensions(case) -> PlacementAnswer:
    if case is None:
        return OPEN
    if case == "ended-by-closure":
        return ASK
    status, kind, of_unit, begins = case
    if status not in NOW_IN_FORCE or begins > TODAY:
        return OPEN
    return ASK if of_unit or kind == SuspensionKind.PARTIAL else NONE


def by_closure(case) -> PlacementAnswer:
    return {"closed": CLOSED, "closes": ASK, "not opened": ASK}.get(case, OPEN)


def step_of(service, case, manager, other) -> FormalStep:
    step_type, (status, starts_on, outcome) = case
    decided = status not in (FormalStepStatus.PROPOSED, FormalStepStatus.WITHDRAWN)
    closed = status == FormalStepStatus.CLOSED
    return FormalStep(
        service=service,
        step_type=step_type,
        status=status,
        summary="Falls.",
        clause="4",
        reasons="Falls.",
        evidence="A visit.",
        required="Training.",
        due_on=TODAY + 40 * DAY,
        proposed_by=manager,
        proposed_at=at(TODAY - 20 * DAY),
        decided_by=other if decided else None,
        decided_at=at(TODAY - 10 * DAY) if decided else None,
        decision_recorded_at=at(TODAY - 10 * DAY) if decided else None,
        starts_on=starts_on,
        closed_on=TODAY - DAY if closed else None,
        closed_by=manager if closed else None,
        outcome=outcome,
    )


def suspension_of(service, unit, case, manager, other) -> Suspension:
    ended = case == "ended-by-closure"
    status, kind, of_unit, begins = (
        (SuspensionStatus.LIFTED, SuspensionKind.FULL, False, TODAY - 30 * DAY) if ended else case
    )
    decided = status not in (SuspensionStatus.PROPOSED, SuspensionStatus.WITHDRAWN)
    lifts = status in (SuspensionStatus.LIFT_PROPOSED, SuspensionStatus.LIFTED)
    lifted = status == SuspensionStatus.LIFTED
    then = at(TODAY - 30 * DAY)
    return Suspension(
        service=service,
        unit=unit if of_unit else None,
        kind=kind,
        limit="Two a week." if kind == SuspensionKind.PARTIAL else "",
        status=status,
        summary="Falls.",
        proposed_by=manager,
        proposed_at=then,
        decided_by=other if decided else None,
        decided_at=then if decided else None,
        decision_recorded_at=then if decided else None,
        in_force_from=begins if decided else None,
        lift_proposed_by=manager if lifts and not ended else None,
        lift_proposed_at=then if lifts and not ended else None,
        lift_decided_by=other if lifted else None,
        lift_decided_at=then if lifted else None,
        lift_recorded_at=then if lifted else None,
        lifted_on=(TODAY - 20 * DAY if ended else begins) if lifted else None,
        is_ended_by_closure=ended,
    )


@pytest.mark.parametrize(
    # Eleven divides none of the lists, so that every two states meet in the short form too.
    "every",
    [pytest.param(11, id="some"), pytest.param(1, id="all", marks=pytest.mark.deep)],
)
def test_the_answer_for_every_combination_of_steps_suspensions_and_closure(
    make_service, manager, other_manager, every
):
    """The strongest of what stands against placements; a closed service is closed whatever else."""
    like = make_service("Like these")
    cases = list(product(STEPS, SUSPENSIONS, CLOSURES))[::every]
    days = {
        "closed": {"closed_on": TODAY},
        "closes": {"closed_on": TODAY + 5 * DAY},
        "not opened": {"opened_on": TODAY + DAY},
    }
    services = Service.objects.bulk_create(
        Service(
            provider=like.provider,
            name=f"Home {number}",
            service_type=like.service_type,
            client_group=like.client_group,
            district=like.district,
            **days.get(closure, {}),
        )
        for number, (_, _, closure) in enumerate(cases)
    )
    units = ServiceUnit.objects.bulk_create(
        ServiceUnit(service=each, name="Rose unit") for each in services
    )
    people = (manager, other_manager)
    told = list(zip(services, units, cases, strict=True))
    FormalStep.objects.bulk_create(
        step_of(service, step, *people) for service, _, (step, _, _) in told if step
    )
    Suspension.objects.bulk_create(
        suspension_of(service, unit, case, *people) for service, unit, (_, case, _) in told if case
    )
    PastClosure.objects.bulk_create(
        PastClosure(service=service, closed_on=TODAY - 25 * DAY, reopened_on=TODAY - 15 * DAY)
        for service, _, (_, _, closure) in told
        if closure == "reopened"
    )

    found = placement.statuses(TODAY)

    wrong = {}
    for service, _, (step, suspension, closure) in told:
        expected = max(by_steps(step), by_suspensions(suspension), by_closure(closure))
        answer = found[service.pk].answer if service.pk in found else OPEN
        if answer != expected:
            wrong[step, suspension, closure] = (answer, expected)
    assert not wrong
    assert len(cases) > 15_000 / every


def test_every_type_of_formal_step_has_an_answer():
    assert set(ANSWERS) == set(StepType)
    assert OPEN not in ANSWERS.values()


@pytest.fixture
def step(service, manager, other_manager):
    def make(step_type=StepType.END_CONTRACT, starts_on=TODAY, outcome="", **more) -> FormalStep:
        status = FormalStepStatus.CLOSED if outcome else FormalStepStatus.ISSUED
        made = step_of(service, (step_type, (status, starts_on, outcome)), manager, other_manager)
        for name, value in more.items():
            setattr(made, name, value)
        made.save()
        return made

    return make


def contract(service, reference, starts_on) -> Contract:
    return Contract.objects.create(service=service, reference=reference, starts_on=starts_on)


class TestTerminationCarriedOut:
    def answer(self, service) -> PlacementAnswer:
        return placement.status_of(service.pk, TODAY).answer

    def test_stands_while_no_contract_began_since(self, service, step):
        contract(service, "OLD/1", TODAY - 400 * DAY)
        step(starts_on=TODAY - 90 * DAY, outcome=FormalStepOutcome.CARRIED_OUT)
        assert self.answer(service) == NONE

    def test_is_over_once_a_contract_begins_after_it(self, service, step):
        step(starts_on=TODAY - 90 * DAY, outcome=FormalStepOutcome.CARRIED_OUT)
        contract(service, "NEW/1", TODAY)
        assert self.answer(service) == OPEN

    def test_of_one_contract_asks_where_another_runs_on(self, service, step):
        ended = contract(service, "OLD/1", TODAY - 400 * DAY)
        contract(service, "OTHER/1", TODAY - 300 * DAY)
        step(starts_on=TODAY - 90 * DAY, outcome=FormalStepOutcome.CARRIED_OUT, contract=ended)
        assert self.answer(service) == ASK


def test_location_that_cqc_no_longer_registers_is_ask_first(service, manager):
    place = a_place("residential_home", deregistered_on=TODAY, is_registered=False)
    link = {"confirmed_by": manager, "confirmed_at": at(TODAY)}
    ServiceLocation.objects.create(service=service, location=place, since=date(2020, 1, 1), **link)
    assert placement.status_of(service.pk, TODAY - DAY).answer == OPEN
    assert placement.status_of(service.pk, TODAY).answer == ASK


def status_page(client_as, service) -> str:
    page = client_as("Practitioner").get(
        reverse("suspensions:view-placement-status", args=[service.pk])
    )
    return " ".join(page.text.split())


class TestPages:
    """On the machine's own day, as the pages ask it."""

    @pytest.fixture
    def today(self) -> date:
        return timezone.localdate()

    def test_status_under_termination_and_special_measures_is_do_not_place(
        self, client_as, service, step, today
    ):
        step(StepType.SPECIAL_MEASURES, today)
        step(StepType.END_PACKAGES, today)
        page = status_page(client_as, service)
        assert "Do not place" in page
        assert "You can place" not in page
        # No reason: whoever places people has no right to know which steps they are.
        assert "ermination" not in page
        assert "easures" not in page
        event = Event.objects.get(kind="placement_status.read")
        assert event.after["answer"] == "none"

    def test_status_of_a_default_notice_is_ask_first(self, client_as, service, step, today):
        step(StepType.DEFAULT_NOTICE, today)
        page = status_page(client_as, service)
        assert "Ask before you place" in page
        assert page.count(placement.ASK_FIRST) == 1

    def test_step_to_come_is_said_with_its_day(self, client_as, service, step, today):
        step(StepType.END_CONTRACT, today + DAY)
        page = status_page(client_as, service)
        assert "You can place" in page
        assert f"From {today + DAY:%-d %B %Y}: {placement.NOWHERE}" in page

    def test_closed_service_is_closed_whatever_else(self, client_as, service, step, row, today):
        row(from_on=today)
        step(StepType.END_CONTRACT, today + DAY)
        Service.objects.filter(pk=service.pk).update(closed_on=today)
        page = status_page(client_as, service)
        assert "This service closed on" in page
        for words in ("You can place", "Do not place", "From "):
            assert words not in page

    def test_closing_ahead_is_ask_first_with_its_day(self, client_as, service, today):
        Service.objects.filter(pk=service.pk).update(closed_on=today + 9 * DAY)
        page = status_page(client_as, service)
        assert "Ask before you place" in page
        assert f"closes on {today + 9 * DAY:%-d %B %Y}" in page

    def test_every_page_of_the_service_says_it_to_those_who_may_know(
        self, client_as, service, step, today
    ):
        made = step(StepType.END_CONTRACT, today)
        contract(service, "EX/1", today)
        url = reverse("providers:change-service", args=[service.pk])
        link = reverse("formal_steps:view-formal-step", args=[made.pk])
        assert link in client_as("Officer").get(url).text
        for group in ("Practitioner", "Administrator"):
            assert link not in client_as(group).get(url).text

    def test_steps_stand_on_the_page_of_the_service(self, client_as, service, step, today):
        step(StepType.SPECIAL_MEASURES, today + DAY)
        url = reverse("oversight:view-service", args=[service.pk])
        page = " ".join(client_as("Officer").get(url).text.split())
        assert "Special-measures improvement plan" in page
        assert f"Begins on {today + DAY:%-d %B %Y}" in page
        assert "Special-measures" not in client_as("Practitioner").get(url).text

    def test_today_names_what_stands_the_gravest_first(
        self, service, make_service, step, row, officer, person, today
    ):
        step(StepType.END_CONTRACT, today)
        row(service=make_service("Birch House"), kind="partial", limit="Two.", from_on=today)
        gone = make_service("Cedar House", closed_on=today)
        row(service=gone, from_on=today)
        card = against_placements(officer, today)
        assert [(item.label, item.mark) for item in card.items] == [
            ("Alder House", "Do not place"),
            ("Birch House", "Ask before you place"),
        ]
        assert against_placements(person("Practitioner"), today) is None
        service.lead_officer = officer
        service.save()
        assert against_placements(officer, today).count == 1

    def test_pages_cost_the_same_whatever_else_the_register_holds(
        self, client_as, service, make_service, row, step, today
    ):
        client = client_as("Practitioner")
        pages = [
            (reverse("suspensions:view-placement-status", args=[service.pk]), {}),
            (reverse("suspensions:find-placement-status"), {}),
            (reverse("suspensions:find-placement-status"), {"q": "alder"}),
        ]

        def cost() -> list[int]:
            found = []
            for url, query in pages:
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(url, query).status_code == 200
                found.append(len(queries))
            return found

        # Once before: what is kept between requests is read by the first.
        cost()
        before = cost()
        for number in range(20):
            row(service=make_service(f"Home {number}"), from_on=today)
        assert cost() == before

    def test_service_is_searched_and_never_listed(self, client_as, make_service):
        for number in range(30):
            make_service(f"Home {number}")
        url = reverse("suspensions:find-placement-status")
        client = client_as("Practitioner")
        assert "Home 1" not in client.get(url).text
        page = client.get(url, {"q": "home"}).text
        assert page.count("/suspensions/services/") == 20
        assert "More services match" in page
        page = client.get(url, {"q": "home 17"}).text
        assert "Home 17" in page
        assert "No service matches" in client.get(url, {"q": "Nowhere"}).text

    def test_closed_service_is_found_for_its_status_and_not_to_be_suspended(
        self, client_as, make_service, today
    ):
        make_service("Cedar House", closed_on=today)
        found = client_as("Practitioner").get(
            reverse("suspensions:find-placement-status"), {"q": "cedar"}
        )
        assert "Cedar House" in found.text
        found = client_as("Manager").get(reverse("suspensions:suspend-now"), {"q": "cedar"})
        assert "No service matches" in found.text


def test_a_kind_that_an_app_registers_later_stands_everywhere(service, officer, monkeypatch):
    """Nothing but the registry has to know of it: status, banner and Today ask it."""
    later = placement.Restriction(
        service.pk, NONE, "Do not place.", "Later kind", needs=("core.read_exempt",)
    )
    registry = type(placement.RESTRICTIONS)("kinds of this test")
    registry.add("later", lambda day, services: [later])
    monkeypatch.setattr(placement, "RESTRICTIONS", registry)
    assert placement.status_of(service.pk, TODAY).answer == NONE
    said = "".join(notice(officer, service.pk, TODAY) for notice in NOTICES)
    assert "Later kind" in said
    assert [item.note for item in against_placements(officer, TODAY).items] == ["Later kind"]
