"""What the environment makes of the settings, read by a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "CAREQUALITY_MODE": "production",
    "DATABASE_URL": "postgresql://carequality_app@127.0.0.1/x",
    "REDIS_URL": "redis://127.0.0.1/0",
    "SECRET_KEY": "of-the-app",
    "DEFAULT_FROM_EMAIL": "Quality Team <quality@example.test>",
}
PUBLIC = {
    "CAREQUALITY_MODE": "production",
    "CAREQUALITY_PROCESS": "public",
    "PUBLIC_DATABASE_URL": "postgresql://carequality_public@127.0.0.1/x",
    "REDIS_URL": "redis://127.0.0.1/0",
}


def read(name: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    code = f"from carequality import settings; print(settings.{name})"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
    )


def setting(name: str, environment: dict[str, str]) -> str:
    done = read(name, environment)
    done.check_returncode()
    return done.stdout.strip()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "quality",
        "quality@",
        "Team <quality",
        "a@example.test, b@example.test",
        "a@example.test\nBcc: b",
    ],
)
def test_production_refuses_to_start_without_one_sender_address(address):
    done = read("DEFAULT_FROM_EMAIL", {**PRODUCTION, "DEFAULT_FROM_EMAIL": address})
    assert done.returncode != 0
    assert "DEFAULT_FROM_EMAIL is not" in done.stderr
    assert "quality@example.gov.uk" in done.stderr


def test_a_malformed_sender_elsewhere_is_a_failure_of_the_job_like_any_other():
    environment = {
        **PRODUCTION,
        "CAREQUALITY_MODE": "demonstration",
        "DEFAULT_FROM_EMAIL": "quality@",
    }
    assert setting("DEFAULT_FROM_EMAIL", environment) == "quality@"


def test_the_public_process_sends_nothing_and_needs_no_sender():
    assert setting("DEFAULT_FROM_EMAIL", PUBLIC) == "carequality@localhost"


def test_no_email_of_production_is_printed_to_the_log_and_counted_as_sent():
    assert setting("EMAIL_BACKEND", PRODUCTION) == "django.core.mail.backends.smtp.EmailBackend"
    assert "console" in setting(
        "EMAIL_BACKEND", {**PRODUCTION, "CAREQUALITY_MODE": "demonstration"}
    )


def test_mail_goes_to_the_councils_relay_by_its_login():
    relay = {"EMAIL_PORT": "587", "EMAIL_USE_TLS": "1", "EMAIL_HOST_USER": "cq"}
    assert setting("EMAIL_PORT", {**PRODUCTION, **relay}) == "587"
    assert setting("EMAIL_USE_TLS", {**PRODUCTION, **relay}) == "True"
    assert setting("EMAIL_HOST_USER", {**PRODUCTION, **relay}) == "cq"


def test_the_public_process_needs_no_key_of_the_app_and_does_not_use_one():
    assert len(setting("SECRET_KEY", PUBLIC)) >= 50
    assert setting("SECRET_KEY", {**PUBLIC, "SECRET_KEY": "of-the-app"}) != "of-the-app"
