"""A database for measuring: migrated and granted as the real one, emptied before and dropped
after.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from core import roles
from devserver import embedded

NAME = "carequality_bench"
version = ""


@contextmanager
def prepared() -> Iterator[None]:
    """Point Django at a fresh database of the embedded server (or of the one that the environment
    names).
    """
    os.environ.setdefault("CAREQUALITY_MODE", "demonstration")
    embedded.provide()
    admin = os.environ["ADMIN_DATABASE_URL"]
    _drop(admin)
    passwords = {
        short: str(psycopg.conninfo.conninfo_to_dict(os.environ[variable])["password"])
        for short, variable in (
            ("owner", "OWNER_DATABASE_URL"),
            ("app", "DATABASE_URL"),
            ("public", "PUBLIC_DATABASE_URL"),
            ("backup", "BACKUP_DATABASE_URL"),
        )
    }
    roles.set_up(admin, passwords, database=NAME)
    for short, variable in (("owner", "OWNER_DATABASE_URL"), ("app", "DATABASE_URL")):
        os.environ[variable] = embedded.login_url(admin, roles.NAMES[short], passwords[short], NAME)
    os.environ["DJANGO_SETTINGS_MODULE"] = "carequality.settings"
    os.environ["STATIC_ROOT"] = str(embedded.var() / "bench-static")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    global version
    with owner() as connection:
        version = str(connection.info.parameter_status("server_version"))
    try:
        yield
    finally:
        for alias in connections:
            connections[alias].close()
        _drop(admin)


@contextmanager
def owner() -> Iterator[psycopg.Connection]:
    """A connection as the schema's owner."""
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"], autocommit=True) as connection:
        yield connection


def empty(*tables: str) -> None:
    """Empty tables of the app and settle the server, so that each measurement begins alike."""
    with owner() as connection:
        named = sql.SQL(", ").join(map(sql.Identifier, tables))
        connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(named))
    with psycopg.connect(os.environ["ADMIN_DATABASE_URL"], autocommit=True) as connection:
        connection.execute("CHECKPOINT")


def _drop(admin: str) -> None:
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME))
        )
