import json
import os
import subprocess
import sys

import pytest
from django.test import Client

from carequality.models import Heartbeat


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
            "Client(", "Client(headers={'cookie': 'carequality_session=0123456789abcdef0123456789abcdef'}, "
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


@pytest.mark.parametrize("missing", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL"])
def test_production_without_a_setting_fails_with_a_hint(missing):
    environment = {**os.environ, "CAREQUALITY_MODE": "production"}
    del environment[missing]
    result = subprocess.run(
        [sys.executable, "manage.py", "check"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert result.returncode != 0
    assert f"{missing} is not set." in result.stderr


def test_readiness_names_what_is_missing(db):
    response = Client().get("/readyz")
    assert response.status_code == 503
    checks = json.loads(response.content)["checks"]
    assert checks["database"] == checks["broker"] == "ok"
    assert checks["worker"] == "No worker has been heard yet."
    assert not Heartbeat.objects.exists()
