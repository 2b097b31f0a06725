"""What the environment makes of the settings, read by a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "CAREQUALITY_MODE": "production",
    "DATABASE_URL": "postgresql://carequality_app@127.0.0.1/x",
    "REDIS_URL": "redis://127.0.0.1/0",
    "SECRET_KEY": "of-the-app",
}
PUBLIC = {
    "CAREQUALITY_MODE": "production",
    "CAREQUALITY_PROCESS": "public",
    "PUBLIC_DATABASE_URL": "postgresql://carequality_public@127.0.0.1/x",
    "REDIS_URL": "redis://127.0.0.1/0",
}


def setting(name: str, environment: dict[str, str]) -> str:
    code = f"from carequality import settings; print(settings.{name})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_no_email_of_production_is_printed_to_the_log_and_counted_as_sent():
    assert setting("EMAIL_BACKEND", PRODUCTION) == "django.core.mail.backends.smtp.EmailBackend"
    assert "console" in setting("EMAIL_BACKEND", {**PRODUCTION, "CAREQUALITY_MODE": "demonstration"})


def test_mail_goes_to_the_councils_relay_by_its_login():
    relay = {"EMAIL_PORT": "587", "EMAIL_USE_TLS": "1", "EMAIL_HOST_USER": "cq"}
    assert setting("EMAIL_PORT", {**PRODUCTION, **relay}) == "587"
    assert setting("EMAIL_USE_TLS", {**PRODUCTION, **relay}) == "True"
    assert setting("EMAIL_HOST_USER", {**PRODUCTION, **relay}) == "cq"


def test_the_public_process_needs_no_key_of_the_app_and_does_not_use_one():
    assert len(setting("SECRET_KEY", PUBLIC)) >= 50
    assert setting("SECRET_KEY", {**PUBLIC, "SECRET_KEY": "of-the-app"}) != "of-the-app"
