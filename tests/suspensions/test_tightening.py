"""A service that is suspended already, but not in full, can be suspended in full at once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.inputs import DecisionInput
from providers import placement
from providers.models import ServiceUnit
from providers.placement import PlacementAnswer
from suspensions.actions import changing, deciding
from suspensions.actions.changing import ScopeInput
from suspensions.actions.deciding import ConfirmInput, UrgentInput
from suspensions.figures.in_force import by_type
from suspensions.models import Suspension, SuspensionKind, SuspensionStatus
from tests.refusals import not_allowed
from tests.suspensions import reading
from tests.suspensions.conftest import TODAY, at
from tests.suspensions.test_actions import FULL_RECORD

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def at_once(service, by, unit=None, day=TODAY, hour=20, **more) -> Suspension:
    return deciding.suspend_urgently(
        service.pk,
        by=by,
        given=UrgentInput(summary="Two people were harmed.", unit_id=unit and unit.pk, **more),
        now=at(day, hour),
    )


LIGHTER = {
    "partial": {"kind": "partial", "limit": "Two a week."},
    "voluntary": {"kind": "voluntary"},
    "of a unit": {"of_unit": True},
    "lift proposed": {"status": SuspensionStatus.LIFT_PROPOSED},
    "to begin": {"from_on": TODAY + 10 * DAY, "proposed_at": at(TODAY, 9)},
}


@pytest.fixture
def lighter(row, unit):
    def make(name) -> Suspension:
        given = dict(LIGHTER[name])
        of_unit = given.pop("of_unit", False)
        if "from_on" in given:
            given |= {"decided_at": at(TODAY), "decision_recorded_at": at(TODAY)}
        return row(unit=unit if of_unit else None, **given)

    return make


@pytest.mark.parametrize("name", LIGHTER)
def test_what_is_lighter_does_not_shut_the_urgent_route(lighter, service, manager, name):
    before = lighter(name)
    made = at_once(service, manager)
    assert placement.status_of(service.pk, TODAY).answer == PlacementAnswer.NONE
    before.refresh_from_db()
    # What two people decided is not changed on one person's word.
    assert (before.status, before.lifted_on) == (
        LIGHTER[name].get("status", SuspensionStatus.IN_FORCE),
        None,
    )
    assert made.is_unconfirmed


@pytest.mark.parametrize("name", LIGHTER)
def test_not_confirmed_leaves_what_stood_before(lighter, service, manager, other_manager, name):
    before = lighter(name)
    was = placement.status_of(service.pk, TODAY + DAY).answer
    made = at_once(service, manager)
    given = DecisionInput(reason="The report was wrong.")
    reading.end_unconfirmed(made.pk, by=other_manager, given=given, now=at(TODAY + DAY))
    assert placement.status_of(service.pk, TODAY + DAY).answer == was
    before.refresh_from_db()
    assert before.is_now_in_force


def test_confirmed_by_another_it_stands_over_the_lighter_one(
    lighter, service, manager, other_manager
):
    lighter("partial")
    made = at_once(service, manager)
    reading.complete(made.pk, by=manager, given=FULL_RECORD, now=at(TODAY, 21))
    given = ConfirmInput(reason="Seen.", review_on=TODAY + 14 * DAY)
    with not_allowed("same-person"):
        reading.confirm(made.pk, by=manager, given=given, now=at(TODAY + DAY))
    confirmed = reading.confirm(made.pk, by=other_manager, given=given, now=at(TODAY + DAY))
    assert not confirmed.is_unconfirmed
    # One service, under two kinds.
    figure = by_type(TODAY)
    cells = dict(zip([c.key for c in figure.columns], figure.rows[-1].cells, strict=True))
    assert (cells["full"], cells["partial"], cells["services"]) == (1, 1, 1)


def test_service_in_full_is_not_suspended_again(row, service, unit, manager):
    row()
    for part in (None, unit):
        with not_allowed("already-suspended"):
            at_once(service, manager, part)


def test_unit_in_full_does_not_shut_the_whole_and_is_not_suspended_again(
    row, service, unit, manager
):
    row(unit=unit)
    with not_allowed("already-suspended"):
        at_once(service, manager, unit)
    at_once(service, manager)
    with not_allowed("already-suspended"):
        at_once(service, manager, hour=21)


def test_only_a_full_suspension_is_put_over_another(lighter, service, manager):
    lighter("voluntary")
    with not_allowed("already-suspended"):
        at_once(service, manager, kind=SuspensionKind.PARTIAL, limit="None after noon.")


def test_proposal_is_no_urgent_route(lighter, service, manager):
    lighter("partial")
    given = deciding.ProposalInput(kind=SuspensionKind.FULL, record=FULL_RECORD)
    with not_allowed("already-suspended"):
        deciding.propose(service.pk, by=manager, given=given, now=at(TODAY, 20))


def test_the_database_holds_one_in_each_layer_and_only_urgent_ones_over_others(
    row, manager, other_manager
):
    row(kind="partial", limit="Two.")
    urgent = {"is_urgent": True, "confirm_due_on": TODAY, "decided_by": None, "layer": 1}
    row(**urgent)
    for again in (urgent, {}, {"layer": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            row(**again)


class TestScopeByItsDays:
    """A scope counts from the day on which it became that."""

    @pytest.fixture
    def of_unit(self, row, unit) -> Suspension:
        return row(unit=unit, from_on=TODAY - 60 * DAY)

    def widen(self, suspension, by, other, day=TODAY):
        given = ScopeInput(unit_id=None, kind="full", limit="", reason="Both floors.")
        change = changing.propose_scope(suspension.pk, by=by, given=given, now=at(day, 9))
        return reading.agree_change(
            change.pk, by=other, given=DecisionInput(reason="Agreed."), now=at(day, 11)
        )

    def test_unit_once_suspended_does_not_shut_the_whole_for_good(
        self, of_unit, row, service, manager, other_manager
    ):
        lake = ServiceUnit.objects.create(service=service, name="Lakeside unit")
        row(
            SuspensionStatus.LIFTED,
            unit=lake,
            from_on=TODAY - 50 * DAY,
            lifted_on=TODAY - 20 * DAY,
        )
        self.widen(of_unit, manager, other_manager)
        of_unit.refresh_from_db()
        assert (of_unit.unit, of_unit.scope_from) == (None, TODAY)
        assert of_unit.scope_on(TODAY - DAY)[0].name == "Rose unit"

    def test_unit_still_suspended_does(self, of_unit, row, service, manager):
        lake = ServiceUnit.objects.create(service=service, name="Lakeside unit")
        row(unit=lake, from_on=TODAY - 50 * DAY)
        given = ScopeInput(unit_id=None, kind="full", limit="", reason="Both floors.")
        with not_allowed("already-suspended"):
            changing.propose_scope(of_unit.pk, by=manager, given=given, now=at(TODAY, 9))

    def test_past_days_of_a_scope_that_was_left_stay_its_own(
        self, row, service, unit, manager, other_manager
    ):
        """A decision by telephone cannot put in force on days that another covered."""
        lake = ServiceUnit.objects.create(service=service, name="Lakeside unit")
        waiting = row(SuspensionStatus.PROPOSED, unit=lake, from_on=TODAY - 60 * DAY)
        for field in ("reasons", "evidence", "provider_notified", "welfare"):
            setattr(waiting, field, "Words.")
        waiting.save()
        waiting.recipients.create(notification="suspension", kind="cqc", name="CQC")
        whole = row(from_on=TODAY - 30 * DAY)
        given = ScopeInput(unit_id=unit.pk, kind="full", limit="", reason="One floor.")
        change = changing.propose_scope(whole.pk, by=manager, given=given, now=at(TODAY, 9))
        reading.agree_change(
            change.pk, by=other_manager, given=DecisionInput(reason="Yes."), now=at(TODAY, 10)
        )
        decision = {"reason": "By telephone.", "review_on": TODAY + 9 * DAY}
        early = deciding.DecideInput(
            in_force_from=TODAY - 10 * DAY, decided_at=at(TODAY - 10 * DAY), **decision
        )
        with not_allowed("was-suspended"):
            reading.decide(waiting.pk, by=other_manager, given=early, now=at(TODAY, 12))
        today = deciding.DecideInput(in_force_from=TODAY, **decision)
        reading.decide(waiting.pk, by=other_manager, given=today, now=at(TODAY, 12))


class TestPages:
    def test_page_offers_the_urgent_route_while_something_is_left_to_tighten(
        self, client_as, row, service
    ):
        today = timezone.localdate()
        client = client_as("Manager")
        url = reverse("suspensions:suspend-service-now", args=[service.pk])
        held = row(kind="partial", limit="Two.", from_on=today)
        assert "put over the suspension in force" in client.get(url).text
        page = client.get(reverse("oversight:view-service", args=[service.pk])).text
        assert url in page
        Suspension.objects.filter(pk=held.pk).update(kind="full", limit="")
        page = client.get(url).text
        assert "is already suspended" in page
        assert 'name="summary"' not in page
        page = client.get(reverse("oversight:view-service", args=[service.pk])).text
        assert url not in page

    def test_one_that_begins_later_is_not_called_in_force(self, client_as, row, service):
        today = timezone.localdate()
        row(from_on=today + 10 * DAY)
        begins = f"Begins on {today + 10 * DAY:%-d %B %Y}"
        client = client_as("Officer")
        for url in (
            reverse("suspensions:list-suspensions"),
            reverse("oversight:view-service", args=[service.pk]),
            reverse("suspensions:view-suspension", args=[service.suspensions.get().pk]),
        ):
            assert begins in " ".join(client.get(url).text.split()), url
