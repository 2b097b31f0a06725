"""Twenty managers decide the same thing at once, over real PostgreSQL."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

from core.inputs import DecisionInput
from core.jobs.models import Job
from core.models import Event, User
from core.workflow import NotAllowed
from formal_steps.actions import steps
from formal_steps.models import StepEventKind
from notifications.models import NotificationKind
from providers.models import ServiceUnit
from suspensions.actions import changing, deciding, notification, sending
from suspensions.actions.changing import ScopeInput
from suspensions.actions.deciding import DecideInput, ProposalInput, UrgentInput
from suspensions.models import Decision, DecisionKind, Suspension, SuspensionKind, SuspensionStatus
from suspensions.workflow.suspension import SUSPENSION
from tests.formal_steps.test_steps import decision, notice
from tests.suspensions import reading
from tests.suspensions.conftest import TODAY, at
from tests.suspensions.test_actions import FULL_RECORD

pytestmark = pytest.mark.django_db(transaction=True)
MANAGERS = 20


@pytest.fixture
def managers(person):
    return [person("Manager", f"manager-{number}") for number in range(MANAGERS)]


def at_once(managers, action: Callable[..., object]) -> tuple[int, list[Exception]]:
    """Let every manager do it at the same moment; how many were let through, and what stopped the
    others.
    """
    start = threading.Barrier(len(managers))
    won: list[object] = []
    stopped: list[Exception] = []

    def run(manager):
        try:
            start.wait(timeout=30)
            won.append(action(manager))
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
    return lambda manager: reading.decide(
        suspension_id,
        by=manager,
        given=DecideInput(
            reason=f"Agreed by {manager}", in_force_from=TODAY, review_on=TODAY + timedelta(days=14)
        ),
        now=at(TODAY, 12),
    )


@pytest.fixture
def proposed(service, manager):
    return deciding.propose(
        service.pk,
        by=manager,
        given=ProposalInput(kind=SuspensionKind.FULL, record=FULL_RECORD),
        now=at(TODAY, 9),
    )


def test_without_the_lock_several_would_win(proposed, managers):
    """The race is there: the same steps without the lock let more than one through."""
    read = threading.Barrier(MANAGERS)

    def naive(manager):
        with transaction.atomic():
            suspension = Suspension.objects.get(pk=proposed.pk)
            assert SUSPENSION.refusal(suspension, "decide", manager) is None
            read.wait(timeout=30)
            suspension.status = SuspensionStatus.IN_FORCE
            suspension.decided_by, suspension.in_force_from = manager, TODAY
            suspension.decided_at = suspension.decision_recorded_at = at(TODAY, 12)
            suspension.save()
            return manager

    won, _stopped = at_once(managers, naive)
    assert won > 1


def test_one_decision_one_event_one_set_of_messages(proposed, managers):
    won, stopped = at_once(managers, decide(proposed.pk))
    assert won == 1
    assert all(isinstance(error, NotAllowed) for error in stopped), stopped
    assert Decision.objects.filter(step=DecisionKind.DECIDED).count() == 1
    assert Event.objects.filter(kind="suspension.decided").count() == 1
    assert Job.objects.filter(kind="suspensions.notify-recipients").count() == 1
    proposed.refresh_from_db()
    assert Event.objects.get(kind="suspension.decided").by_id == proposed.decided_by_id


def test_one_urgent_suspension_of_one_service(service, managers):
    won, stopped = at_once(
        managers,
        lambda manager: deciding.suspend_urgently(
            service.pk,
            by=manager,
            given=UrgentInput(summary="People were harmed."),
            now=at(TODAY, 22),
        ),
    )
    assert won == 1
    assert all(isinstance(error, NotAllowed) for error in stopped), stopped
    assert Suspension.objects.in_force_on(TODAY).count() == 1
    assert Job.objects.filter(kind="suspensions.ask-to-confirm").count() == 1


def test_some_decide_and_some_refuse_and_one_is_heard(proposed, managers):
    def either(manager):
        if manager.pk % 2:
            return decide(proposed.pk)(manager)
        return reading.refuse(
            proposed.pk, by=manager, given=DecisionInput(reason="No."), now=at(TODAY, 12)
        )

    won, stopped = at_once(managers, either)
    assert won == 1
    assert all(isinstance(error, NotAllowed) for error in stopped), stopped
    assert Decision.objects.exclude(step=DecisionKind.PROPOSED).count() == 1


def test_one_decision_on_a_formal_step_and_one_letter(service, manager, managers):
    step = steps.propose(service.pk, by=manager, given=notice(), now=at(TODAY, 9))
    now = at(TODAY, 12)
    won, stopped = at_once(
        managers, lambda one: reading.decide_step(step.pk, by=one, given=decision(now), now=now)
    )
    assert won == 1
    assert [error.code for error in stopped] == ["wrong-state"] * len(stopped), stopped
    assert [entry.kind for entry in step.events.all()] == [
        StepEventKind.PROPOSED,
        StepEventKind.ISSUED,
    ]
    assert Job.objects.filter(kind="formal_steps.make-letter").count() == 1


def test_one_change_is_agreed_once(proposed, manager, managers):
    made = decide(proposed.pk)(managers[0])
    made.recipients.update(notified_at=at(TODAY, 12), how="telephone")
    change = changing.propose_scope(
        made.pk,
        by=manager,
        given=ScopeInput(unit_id=None, kind=SuspensionKind.PARTIAL, limit="One a week", reason="x"),
        now=at(TODAY, 13),
    )
    won, stopped = at_once(
        managers,
        lambda one: reading.agree_change(
            change.pk, by=one, given=DecisionInput(reason="x"), now=at(TODAY, 14)
        ),
    )
    assert won == 1
    assert all(isinstance(error, NotAllowed) for error in stopped), stopped
    assert Event.objects.filter(kind="suspension.changed").count() == 1
    assert Decision.objects.filter(step=DecisionKind.CHANGED).count() == 1


def test_change_agreed_beside_an_urgent_suspension_is_refused_in_words(
    service, unit, row, manager, other_manager
):
    """It waits for whatever else suspends a scope of the service, and sees it."""
    made = row(unit=unit)
    lake = ServiceUnit.objects.create(service=service, name="Lake unit")
    given = ScopeInput(unit_id=lake.pk, kind=SuspensionKind.FULL, limit="", reason="x")
    change = changing.propose_scope(made.pk, by=manager, given=given, now=at(TODAY, 13))
    refused: list[str] = []

    def agree() -> None:
        agreed = DecisionInput(reason="Agreed.")
        try:
            reading.agree_change(change.pk, by=other_manager, given=agreed, now=at(TODAY, 15))
        except NotAllowed as refusal:
            refused.append(refusal.code)

    with ExitStack() as stack, transaction.atomic():
        deciding.suspend_urgently(
            service.pk,
            by=other_manager,
            given=UrgentInput(summary="Harm.", unit_id=lake.pk),
            now=at(TODAY, 14),
        )
        stack.enter_context(beside(agree))
        until_one_waits_for_a_lock()
    assert refused == ["already-suspended"]


class Held(BaseEmailBackend):
    """Mail whose delivery waits for the test: the e-mail has gone, and nobody has recorded it
    yet.
    """

    going, free = threading.Event(), threading.Event()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.going.set()
        assert self.free.wait(timeout=30)
        return len(email_messages)


@contextmanager
def beside(action: Callable[[], object]) -> Iterator[None]:
    """Do it in a thread of its own while the block runs; its end is waited for."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            action()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        Held.free.set()
        thread.join(timeout=60)
    assert failed == []


def until_one_waits_for_a_lock() -> None:
    waiting = (
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname ="
        " current_database()"
    )
    for _ in range(3000):
        with connection.cursor() as cursor:
            # Else a transaction goes on seeing what it saw first.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("Nobody waits for a lock.")


@pytest.fixture
def urgent(service, manager) -> Suspension:
    return deciding.suspend_urgently(
        service.pk, by=manager, given=UrgentInput(summary="Harm."), now=at(TODAY, 22)
    )


def end(urgent: Suspension, by: User) -> Suspension:
    return reading.end_unconfirmed(
        urgent.pk, by=by, given=DecisionInput(reason="Wrong."), now=at(TODAY + timedelta(1))
    )


def test_an_email_on_its_way_when_it_ends_is_followed_by_that_of_the_end(
    urgent, other_manager, settings
):
    settings.EMAIL_BACKEND = "tests.suspensions.test_race.Held"
    Held.going.clear()
    Held.free.clear()
    provider = urgent.recipients.get(kind="provider")
    with beside(lambda: sending.notify_recipient(provider.pk, now=at(TODAY, 23))):
        assert Held.going.wait(timeout=30)
        with beside(lambda: end(urgent, other_manager)):
            until_one_waits_for_a_lock()
            Held.free.set()
    provider.refresh_from_db()
    assert provider.notified_at
    assert [
        recipient.name for recipient in urgent.recipients.filter(notification=NotificationKind.LIFT)
    ] == [provider.name]


def test_who_is_recorded_as_notified_while_it_ends_is_on_the_list_of_the_end(
    urgent, officer, other_manager
):
    cqc = urgent.recipients.get(kind="cqc")
    given = {"by": officer, "notified_at": at(TODAY, 23), "how": "telephone", "now": at(TODAY, 23)}
    with ExitStack() as stack, transaction.atomic():
        end(urgent, other_manager)
        stack.enter_context(beside(lambda: notification.record_notified(cqc.pk, **given)))
        until_one_waits_for_a_lock()
    assert [
        recipient.name for recipient in urgent.recipients.filter(notification=NotificationKind.LIFT)
    ] == [cqc.name]
