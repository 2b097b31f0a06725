import json
import os
import subprocess
import sys

import pytest
from django.test import Client
from django.utils import timezone

from core.jobs import names, queue
from core.jobs.models import Job, JobState
from core.models import Heartbeat


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


PAGE = """
import django; django.setup()
from django.test import Client
response = Client(raise_request_exception=False).get("{url}", SERVER_NAME="localhost")
print(response.status_code); print(response.content.decode())
"""


def test_database_away_gets_an_honest_page():
    result = run(
        PAGE.format(url="/sign-in/").replace(
            "Client(",
            "Client(headers={'cookie': 'carequality_session=0123456789abcdef0123456789abcdef'}, ",
        ),
        DATABASE_URL="postgresql://nobody:x@127.0.0.1:1/none",
        DJANGO_SETTINGS_MODULE="carequality.settings",
        CAREQUALITY_MODE="test",
    )
    assert result.stdout.startswith("503"), result.stderr
    assert "Traceback" not in result.stdout


def test_process_is_healthy_while_the_database_is_away():
    result = run(
        PAGE.format(url="/healthz"),
        DATABASE_URL="postgresql://nobody:x@127.0.0.1:1/none",
        DJANGO_SETTINGS_MODULE="carequality.settings",
    )
    assert result.stdout.startswith("200"), result.stderr


@pytest.mark.parametrize(
    "missing", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "DEFAULT_FROM_EMAIL"]
)
def test_production_without_a_setting_fails_with_a_hint(missing):
    environment = {
        **os.environ,
        "CAREQUALITY_MODE": "production",
        "DEFAULT_FROM_EMAIL": "quality@example.test",
    }
    del environment[missing]
    result = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode != 0
    assert f"{missing} is not set." in result.stderr


def test_readiness_says_what_is_not_well_and_that_the_product_can_serve(db):
    response = Client().get("/readyz")
    assert response.status_code == 200
    body = json.loads(response.content)
    assert (body["ready"], body["well"]) == (True, False)
    assert body["checks"]["database"] == body["checks"]["broker"] == "ok"
    assert body["checks"]["worker"] == "No worker has been heard yet."
    assert body["not_done"] == {}
    assert not Heartbeat.objects.exists()


def test_readiness_tells_what_was_given_up(db):
    now = timezone.now()
    for _ in range(2):
        job = queue.add(names.READ_FOOD, now=now)
        Job.objects.filter(pk=job.pk).update(
            state=JobState.GIVEN_UP, finished_at=now, given_up_at=now, args=[job.pk]
        )
    assert json.loads(Client().get("/readyz").content)["not_done"] == {"ratings.read-food": 2}


def test_broker_away_is_said_and_does_not_take_the_product_out_of_service():
    result = run(
        PAGE.format(url="/readyz"),
        REDIS_URL="redis://127.0.0.1:1/0",
        DJANGO_SETTINGS_MODULE="carequality.settings",
    )
    assert result.stdout.startswith("200"), result.stderr
    assert "The broker does not answer." in result.stdout


def test_database_away_is_the_one_thing_that_makes_the_product_unready():
    result = run(
        PAGE.format(url="/readyz"),
        DATABASE_URL="postgresql://nobody:x@127.0.0.1:1/none",
        DJANGO_SETTINGS_MODULE="carequality.settings",
    )
    assert result.stdout.startswith("503"), result.stderr
    assert "The database does not answer." in result.stdout
