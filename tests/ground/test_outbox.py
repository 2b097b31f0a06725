import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from carequality import outbox
from carequality.models import Heartbeat, OutboxMessage


def test_promise_falls_with_its_change(transactional_db):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.add("carequality.sweep_outbox")
        raise ZeroDivisionError
    assert not OutboxMessage.objects.exists()


PROMISE = """
import django; django.setup()
from django.db import transaction
from carequality import outbox
with transaction.atomic():
    print(outbox.add("carequality.sweep_outbox").pk)
"""


def test_broker_away_loses_nothing(transactional_db):
    """The page saves its data and the sweep does the work when no nudge could be sent."""
    environment = {
        **os.environ,
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "DJANGO_SETTINGS_MODULE": "carequality.settings",
    }
    saved = subprocess.run(
        [sys.executable, "-c", PROMISE],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "The broker is away" in saved.stderr
    message = OutboxMessage.objects.get(pk=int(saved.stdout))
    assert message.done_at is None
    assert outbox.sweep() == 1
    message.refresh_from_db()
    assert message.done_at is not None


def test_message_is_done_once_however_often_it_is_nudged(transactional_db):
    with transaction.atomic():
        message = outbox.add("carequality.sweep_outbox", due_at=timezone.now())
    assert outbox.deliver(message.pk)
    assert not outbox.deliver(message.pk)


def test_failure_is_kept_and_tried_again_later(transactional_db):
    with transaction.atomic():
        message = outbox.add("carequality.no_such_task", due_at=timezone.now())
    assert not outbox.deliver(message.pk)
    message.refresh_from_db()
    assert message.attempts == 1
    assert "no_such_task" in message.last_error
    assert message.due_at > timezone.now() + timedelta(seconds=20)
    assert outbox.sweep() == 0


def test_worker_that_is_killed_loses_nothing(transactional_db):
    """A real worker, killed with the message in its hands; the next one delivers."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "carequality",
        "worker",
        "-Q",
        "app",
        "-c",
        "1",
        "--loglevel",
        "ERROR",
    ]
    first = subprocess.Popen(command, start_new_session=True, env=os.environ)
    with transaction.atomic():
        message = outbox.add("carequality.sweep_outbox")
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    second = subprocess.Popen(command, start_new_session=True, env=os.environ)
    try:
        deadline = time.monotonic() + 60
        while OutboxMessage.objects.get(pk=message.pk).done_at is None and time.monotonic() < deadline:
            with transaction.atomic():
                outbox.nudge(message.pk)
            time.sleep(0.5)
    finally:
        os.killpg(second.pid, signal.SIGTERM)
        second.wait(30)
    assert OutboxMessage.objects.get(pk=message.pk).done_at is not None
    assert Heartbeat.objects.filter(name="worker").exists()
