"""Twenty managers decide the same thing at once, over real PostgreSQL."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction

from carequality.models import Event, OutboxMessage
from carequality.refusals import Refused
from suspensions import actions, rules
from suspensions.models import Decision, Deed, Kind, Rung, Status, Step, Suspension
from tests.suspensions.conftest import TODAY, at
from tests.suspensions.test_actions import FULL_RECORD
from tests.suspensions.test_ladder import notice

pytestmark = pytest.mark.django_db(transaction=True)
MANAGERS = 20


@pytest.fixture
def managers(person):
    return [person("Manager", f"manager-{number}") for number in range(MANAGERS)]


def at_once(managers, deed: Callable[..., object]) -> tuple[int, list[Exception]]:
    """Let every manager do it at the same moment; how many were let through, and what stopped the others."""
    start = threading.Barrier(len(managers))
    won: list[object] = []
    stopped: list[Exception] = []

    def run(manager):
        try:
            start.wait(timeout=30)
            won.append(deed(manager))
        except Exception as error:
            stopped.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(manager,)) for manager in managers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(won) + len(stopped) == len(managers)
    return len(won), stopped


def decide(suspension_id):
    return lambda manager: actions.decide(
        suspension_id,
        by=manager,
        reason=f"Agreed by {manager}",
        in_force_from=TODAY,
        review_on=TODAY + timedelta(days=14),
        now=at(TODAY, 12),
    )


@pytest.fixture
def proposed(service, manager):
    return actions.propose(service.pk, by=manager, kind=Kind.FULL, record=FULL_RECORD, now=at(TODAY, 9))


def test_without_the_lock_several_would_win(proposed, managers):
    """The race is there: the same steps without the lock let more than one through."""
    read = threading.Barrier(MANAGERS)

    def naive(manager):
        with transaction.atomic():
            suspension = Suspension.objects.get(pk=proposed.pk)
            assert rules.why_not_decide(suspension, manager) is None
            read.wait(timeout=30)
            suspension.status = Status.IN_FORCE
            suspension.decided_by, suspension.in_force_from = manager, TODAY
            suspension.decided_at = suspension.decision_recorded_at = at(TODAY, 12)
            suspension.save()
            return manager

    won, _stopped = at_once(managers, naive)
    assert won > 1


def test_one_decision_one_event_one_set_of_messages(proposed, managers):
    won, stopped = at_once(managers, decide(proposed.pk))
    assert won == 1
    assert all(isinstance(error, Refused) for error in stopped), stopped
    assert Decision.objects.filter(step=Step.DECIDED).count() == 1
    assert Event.objects.filter(kind="suspension.decided").count() == 1
    assert OutboxMessage.objects.filter(task="suspensions.tell_partners").count() == 1
    proposed.refresh_from_db()
    assert Event.objects.get(kind="suspension.decided").by_id == proposed.decided_by_id


def test_one_urgent_suspension_of_one_service(service, managers):
    won, stopped = at_once(
        managers,
        lambda manager: actions.suspend_urgently(
            service.pk, by=manager, summary="People were harmed.", now=at(TODAY, 22)
        ),
    )
    assert won == 1
    assert all(isinstance(error, Refused) for error in stopped), stopped
    assert Suspension.objects.in_force_on(TODAY).count() == 1
    assert OutboxMessage.objects.filter(task="suspensions.ask_to_confirm").count() == 1


def test_some_decide_and_some_refuse_and_one_is_heard(proposed, managers):
    def either(manager):
        if manager.pk % 2:
            return decide(proposed.pk)(manager)
        return actions.refuse(proposed.pk, by=manager, reason="No.", now=at(TODAY, 12))

    won, stopped = at_once(managers, either)
    assert won == 1
    assert all(isinstance(error, Refused) for error in stopped), stopped
    assert Decision.objects.exclude(step=Step.PROPOSED).count() == 1


def test_one_decision_on_a_formal_step_and_one_letter(service, manager, managers):
    step = actions.propose_formal(
        service.pk, rung=Rung.DEFAULT_NOTICE, notice=notice(), by=manager, now=at(TODAY, 9)
    )
    given = {"reason": "x", "starts_on": TODAY, "review_on": TODAY + timedelta(days=14), "now": at(TODAY, 12)}
    won, stopped = at_once(managers, lambda one: actions.issue(step.pk, by=one, **given))
    assert won == 1
    assert all(isinstance(error, Refused) for error in stopped), stopped
    assert [entry.deed for entry in step.entries.all()] == [Deed.PROPOSED, Deed.ISSUED]
    assert OutboxMessage.objects.filter(task="suspensions.make_letter").count() == 1


def test_one_change_is_agreed_once(proposed, manager, managers):
    made = decide(proposed.pk)(managers[0])
    made.parties.update(told_at=at(TODAY, 12), how="telephone")
    change = actions.propose_scope(
        made.pk,
        by=manager,
        unit_id=None,
        kind=Kind.PARTIAL,
        limit="One a week",
        reason="x",
        now=at(TODAY, 13),
    )
    won, stopped = at_once(
        managers, lambda one: actions.agree_change(change.pk, by=one, reason="x", now=at(TODAY, 14))
    )
    assert won == 1
    assert all(isinstance(error, Refused) for error in stopped), stopped
    assert Event.objects.filter(kind="suspension.changed").count() == 1
    assert Decision.objects.filter(step=Step.CHANGED).count() == 1
