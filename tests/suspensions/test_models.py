"""What PostgreSQL itself refuses, whoever asks and however."""

from datetime import date, timedelta

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from notifications.models import NotificationKind
from providers.models import ServiceUnit
from suspensions.models import (
    Criterion,
    Decision,
    DecisionKind,
    LiftCriterion,
    Recipient,
    Review,
    Suspension,
    SuspensionStatus,
)
from tests.suspensions.conftest import TODAY, at

WEEK = timedelta(days=7)
pytestmark = pytest.mark.django_db


def refused(constraint):
    return pytest.raises(IntegrityError, match=constraint)


def test_nobody_decides_what_they_proposed(row, manager):
    with refused("suspension_decided_by_another"):
        row(decided_by=manager)


def test_nobody_refuses_what_they_proposed(row, manager):
    with refused("suspension_decided_by_another"):
        row(SuspensionStatus.REFUSED, decided_by=manager)


def test_nobody_decides_a_lift_that_they_proposed(row, manager):
    with refused("suspension_lift_decided_by_another"):
        row(SuspensionStatus.LIFTED, lifted_on=TODAY, lift_decided_by=manager)


def test_nobody_confirms_their_own_urgent_suspension(row, manager):
    with refused("suspension_confirmed_by_another"):
        row(
            decided_by=None,
            is_urgent=True,
            confirm_due_on=TODAY,
            confirmed_by=manager,
            confirmed_at=at(TODAY),
        )


def test_only_an_urgent_suspension_is_in_force_on_one_persons_word(row):
    with refused("suspension_in_force_is_decided"):
        row(decided_by=None)


@pytest.mark.parametrize("missing", ["in_force_from", "decided_at", "decision_recorded_at"])
def test_in_force_says_when_it_was_decided_and_from_when(row, missing):
    with refused("suspension_in_force_is_decided"):
        row(**{missing: None})


def test_refusal_has_a_decider(row):
    with refused("suspension_refused_is_decided"):
        row(SuspensionStatus.REFUSED, decided_by=None)


def test_urgent_suspension_has_a_deadline(row):
    with refused("suspension_urgent_has_a_deadline"):
        row(decided_by=None, is_urgent=True)


def test_confirmation_has_a_person_and_a_time(row, other_manager):
    with refused("suspension_confirmed_whole"):
        row(decided_by=None, is_urgent=True, confirm_due_on=TODAY, confirmed_by=other_manager)


def test_partial_suspension_says_its_limit(row):
    with refused("suspension_partial_says_its_limit"):
        row(kind="partial")


def test_lift_proposed_has_a_proposer(row):
    with refused("suspension_lift_has_a_proposer"):
        row(SuspensionStatus.LIFT_PROPOSED, lift_proposed_by=None)


@pytest.mark.parametrize(
    "missing", ["lifted_on", "lift_decided_by", "lift_decided_at", "lift_recorded_at"]
)
def test_lifted_says_who_and_when(row, missing):
    with refused("suspension_lifted_is_decided"):
        row(SuspensionStatus.LIFTED, **({"lifted_on": TODAY} | {missing: None}))


def test_in_force_has_no_day_of_lifting(row):
    with refused("suspension_lifted_is_decided"):
        row(lifted_on=TODAY)


def test_lifted_without_a_proposal_only_when_urgent_and_unconfirmed(row, other_manager):
    with refused("suspension_lifted_is_decided"), transaction.atomic():
        row(SuspensionStatus.LIFTED, lifted_on=TODAY, lift_proposed_by=None)
    row(
        SuspensionStatus.LIFTED,
        lifted_on=TODAY,
        lift_proposed_by=None,
        decided_by=None,
        is_urgent=True,
        confirm_due_on=TODAY,
    )


def test_lift_is_not_before_the_start(row):
    with refused("suspension_lifted_after_start"):
        row(SuspensionStatus.LIFTED, lifted_on=TODAY - WEEK)


def test_status_outside_the_vocabulary_is_refused(row):
    with refused("suspension_status_known"):
        row("paused")


def test_public_name_has_a_person_and_a_reason(row):
    with refused("suspension_public_name_has_a_reason"):
        row(is_public_name=True)


class TestScope:
    def test_one_in_force_per_service(self, row):
        row()
        with refused("suspension_one_in_force_per_scope"):
            row(from_on=TODAY + WEEK)

    def test_a_unit_falls_under_its_whole_service(self, row, unit):
        row()
        with refused("suspension_one_in_force_per_scope"):
            row(unit=unit)

    def test_the_whole_service_meets_its_suspended_unit(self, row, unit):
        row(unit=unit)
        with refused("suspension_one_in_force_per_scope"):
            row()

    def test_two_units_and_two_services_stand_side_by_side(self, row, unit, service, make_service):
        row(unit=unit)
        row(unit=ServiceUnit.objects.create(service=service, name="Lily unit"))
        row(service=make_service("Birch House"))
        assert Suspension.objects.in_force_on(TODAY).count() == 3

    def test_a_new_one_may_start_on_the_day_of_the_lift(self, row):
        row(SuspensionStatus.LIFTED, lifted_on=TODAY + WEEK)
        row(from_on=TODAY + WEEK)
        assert [
            Suspension.objects.in_force_on(TODAY + WEEK * n).count() for n in (-1, 0, 1, 2)
        ] == [
            0,
            1,
            1,
            1,
        ]

    def test_a_past_one_does_not_overlap_either(self, row):
        row(SuspensionStatus.LIFTED, lifted_on=TODAY + WEEK)
        with refused("suspension_one_in_force_per_scope"):
            row(SuspensionStatus.LIFTED, from_on=TODAY + WEEK / 7, lifted_on=TODAY + 2 * WEEK)

    def test_one_proposal_at_a_time(self, row, unit):
        row(SuspensionStatus.PROPOSED)
        with refused("suspension_one_proposal_per_scope"):
            row(SuspensionStatus.PROPOSED, unit=unit)

    def test_refused_and_withdrawn_ones_stand_in_nobodys_way(self, row):
        row(SuspensionStatus.REFUSED)
        row(SuspensionStatus.WITHDRAWN)
        row(SuspensionStatus.PROPOSED)
        row()
        assert Suspension.objects.in_force_on(TODAY).count() == 1

    def test_a_unit_of_another_service_is_refused(self, row, unit, make_service):
        with refused("suspension_unit_is_of_its_service"):
            row(service=make_service("Birch House"), unit=unit)


def test_past_days_stay_right_after_a_lift(row):
    row(SuspensionStatus.LIFTED, from_on=date(2026, 1, 5), lifted_on=date(2026, 2, 2))
    days = {
        date(2026, 1, 4): 0,
        date(2026, 1, 5): 1,
        date(2026, 2, 1): 1,
        date(2026, 2, 2): 0,
    }
    assert {day: Suspension.objects.in_force_on(day).count() for day in days} == days


def test_override_needs_a_reason(row, manager):
    with refused("lift_override_has_a_reason"):
        LiftCriterion.objects.create(
            suspension=row(),
            attempt=1,
            criterion=Criterion.CQC_VIEW,
            is_met=False,
            recorded_by=manager,
            overridden_by=manager,
        )


def test_notified_says_how(row):
    with refused("recipient_notified_says_how"):
        Recipient.objects.create(
            suspension=row(),
            notification=NotificationKind.LIFT,
            kind="cqc",
            name="CQC",
            notified_at=at(TODAY),
        )


def test_next_review_lies_after_this_one(row, officer):
    with refused("review_next_after_this"):
        Review.objects.create(
            suspension=row(), done_on=TODAY, by=officer, outcome="No change", next_on=TODAY
        )


def test_decision_is_recorded_after_it_was_made(row, manager):
    with refused("decision_recorded_after_it_was_made"):
        Decision.objects.create(
            suspension=row(),
            step=DecisionKind.PROPOSED,
            by=manager,
            decided_at=at(TODAY, 12),
            recorded_at=at(TODAY, 11),
        )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE suspensions_decision SET reason = 'other'",
        "DELETE FROM suspensions_decision",
        "TRUNCATE suspensions_decision",
    ],
)
def test_decisions_are_append_only_even_to_the_owner(row, manager, owner, statement):
    decision = Decision.objects.create(
        suspension=row(),
        step=DecisionKind.PROPOSED,
        by=manager,
        decided_at=at(TODAY),
        recorded_at=at(TODAY),
    )
    with pytest.raises(psycopg.errors.RestrictViolation):
        owner.execute(statement)
    if not statement.startswith("TRUNCATE"):
        with pytest.raises(IntegrityError, match="never changed"), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(TypeError):
        decision.save()
    assert Decision.objects.get().reason == ""
