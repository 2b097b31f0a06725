"""A broker that hangs, as one that was stopped by SIGSTOP does: it takes connections and says
nothing. No page waits for it.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import readiness
from core.jobs.models import Job
from devserver import valkey
from tests.providers.conftest import provider, service

__all__ = ["provider", "service"]

ROOT = Path(__file__).resolve().parent.parent.parent
LONGEST = 1.0  # seconds


@pytest.fixture
def silent(settings) -> Iterator[socket.socket]:
    """A server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        settings.REDIS_URL = f"redis://:password@127.0.0.1:{server.getsockname()[1]}/0"
        yield server


def test_readiness_says_that_a_frozen_broker_does_not_answer_within_its_bound(silent):
    # The bound itself, and no clock of this machine: the client is told to wait no longer, once.
    assert 2 * readiness.BROKER_WITHIN < LONGEST
    assert readiness.CHECKS["broker"]() == "The broker does not answer."


ASK = """
import time
import django; django.setup()
from django.test import Client
client = Client(HTTP_HOST="localhost")
client.get("/healthz")
print("there", flush=True)
input()
for url in ("/readyz",) * 4:
    begun = time.monotonic()
    client.get(url)
    print(time.monotonic() - begun, flush=True)
"""


@pytest.fixture
def frozen(tmp_path) -> Iterator[str]:
    """The address of a Valkey of this test's own, which was stopped while it ran."""
    command = valkey.command(tmp_path, "password")
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"redis://:password@127.0.0.1:{valkey.port(tmp_path)}/0"
    try:
        for _ in range(100):
            try:
                redis.Redis.from_url(url, socket_timeout=5).ping()
                break
            except redis.RedisError:
                time.sleep(0.1)
        os.kill(process.pid, signal.SIGSTOP)
        yield url
    finally:
        os.kill(process.pid, signal.SIGCONT)
        process.terminate()
        process.wait(30)


@pytest.mark.deep
def test_no_page_waits_longer_than_a_second_for_a_frozen_broker(frozen, transactional_db):
    asks = subprocess.Popen(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env={
            **os.environ,
            "REDIS_URL": frozen,
            "DJANGO_SETTINGS_MODULE": "carequality.settings",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert asks.stdout is not None
    assert asks.stdout.readline().strip() == "there"
    took = asks.communicate("\n", timeout=120)[0].split()
    # The first also loads what it needs, and a busy machine may hold one up: a broker that is
    # waited for would hold up each of them.
    assert min(map(float, took[1:])) < LONGEST, took


def test_an_urgent_suspension_asks_nothing_of_the_broker(silent, settings, person, service):
    settings.CELERY_BROKER_URL = settings.REDIS_URL
    client = Client()
    client.force_login(person("Manager"))
    url = reverse("suspensions:suspend-service-now", args=[service.pk])
    answer = {"kind": "full", "summary": "Two people were harmed."}
    response = client.post(url, answer | {"in_force_from": timezone.localdate().isoformat()})
    assert response.status_code == 302, response.context["form"].errors
    # Who is promised an email is a row; nobody knocked at the broker.
    assert Job.objects.filter(kind="suspensions.ask-to-confirm").exists()
    with pytest.raises(BlockingIOError):
        silent.accept()
