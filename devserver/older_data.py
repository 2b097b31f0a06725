"""The demonstration's database of an older checkout, which this one cannot migrate: it is
recognised, and made anew.
"""

import os
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from core import roles
from devserver import embedded

MADE_ANEW = "The demonstration's data is of an older version of carequality, and is made anew."


def remove_if_older(folder: Path = embedded.ROOT) -> bool:
    """Drop and create again a database that was migrated by migrations which this checkout does not
    have; says whether it did.

    Only the embedded database of the demonstration is ever dropped: it holds nothing that anybody
    typed for good.
    """
    if embedded.mode() != "demonstration" or not embedded.is_embedded():
        return False
    applied = _applied()
    # `carequality` held the people and the council before `core` did.
    ours = {path.parent.parent.name for path in folder.glob("*/migrations/__init__.py")} | {
        "carequality"
    }
    if all(
        (folder / app / "migrations" / f"{name}.py").exists()
        for app, name in applied
        if app in ours
    ):
        return False
    admin = os.environ["ADMIN_DATABASE_URL"]
    name = str(conninfo_to_dict(os.environ["OWNER_DATABASE_URL"])["dbname"])
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        roles.ensure_database(connection, name)
    return True


def _applied() -> list[tuple[str, str]]:
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"]) as connection:
        if connection.execute("SELECT to_regclass('public.django_migrations')").fetchone() == (
            None,
        ):
            return []
        return connection.execute("SELECT app, name FROM django_migrations").fetchall()
