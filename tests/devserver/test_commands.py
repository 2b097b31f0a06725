import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from core.models import CouncilProfile, Event, User

ROOT = Path(__file__).resolve().parent.parent.parent
FIRST = {
    "council": "Exampleshire County Council",
    "username": "first",
    "email": "first@example.test",
}


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("FIRST_PASSWORD", "correct horse battery staple")
    return "correct horse battery staple"


def test_begin_makes_an_empty_council_and_an_administrator_who_can_complete_it(
    transactional_db, password
):
    call_command("begin", **FIRST, password_from="FIRST_PASSWORD", stdout=io.StringIO())
    assert CouncilProfile.current().name == "Exampleshire County Council"
    assert not CouncilProfile.current().is_fictitious
    assert Event.objects.get(kind="council.begun").by.username == "first"
    client = Client()
    client.post(reverse("sign-in"), {"username": "first", "password": password})
    assert client.get(reverse("council")).status_code == 200


def test_begin_is_refused_twice(transactional_db, password):
    call_command("begin", **FIRST, password_from="FIRST_PASSWORD", stdout=io.StringIO())
    with pytest.raises(CommandError, match="already has a council"):
        call_command("begin", **FIRST, password_from="FIRST_PASSWORD")


def test_begin_refuses_a_weak_password_and_leaves_nothing(transactional_db, monkeypatch):
    monkeypatch.setenv("FIRST_PASSWORD", "password")
    with pytest.raises(CommandError, match="too short"):
        call_command("begin", **FIRST, password_from="FIRST_PASSWORD")
    assert CouncilProfile.current() is None
    assert not User.objects.exists()


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_a_figure_is_printed_as_at_a_day(council, form):
    out = io.StringIO()
    call_command(
        "figures", "regional-comparison", "--as-at", "2019-08-31", "--format", form, stdout=out
    )
    if form == "json":
        printed = json.loads(out.getvalue())
        assert printed["figure"] == "regional-comparison"
        assert printed["as_at"] == "2019-08-31"
        assert {"authority", "columns", "rows"} <= printed.keys()
    else:
        assert "authority" in out.getvalue().casefold()


def test_figure_that_does_not_exist_is_refused_with_the_names_that_do(db):
    with pytest.raises(CommandError, match="regional-comparison"):
        call_command("figures", "nonsense")


def test_roles_are_not_set_up_without_their_urls():
    environment = {key: value for key, value in os.environ.items() if key != "PUBLIC_DATABASE_URL"}
    result = subprocess.run(
        [sys.executable, "manage.py", "setup_roles"],
        env=environment,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert result.returncode == 1
    assert "Set PUBLIC_DATABASE_URL first." in result.stderr


def test_bare_machine_without_root_is_told_what_is_missing(tmp_path):
    """No root, no sudo, and the system libraries are missing: the script says exactly what to
    install.
    """
    for name, body in {"id": "echo 1000", "sudo": "exit 1", "dpkg-query": "exit 1"}.items():
        stub = tmp_path / name
        stub.write_text(f"#!/bin/sh\n{body}\n")
        stub.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    result = subprocess.run(
        ["script/setup"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert result.returncode == 1
    assert "sudo apt-get install libpango-1.0-0" in result.stderr
    assert "poppler-utils" in result.stderr


def test_deployment_check_is_clean_with_production_variables():
    result = subprocess.run(["script/check-deploy"], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
