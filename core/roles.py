"""The database's own roles: who owns the schema, who serves the pages, and who may see only what
may be public.

- `carequality_owner` owns the schema and runs the migrations;
- `carequality_app` serves web and worker, and owns nothing;
- `carequality_public` computes and renders public papers, and sees the schema `published` alone;
- `carequality_backup` reads everything, writes nothing.

Roles belong to the whole server and not to a dump of one database, so they are made here
(`manage.py setup_roles`); what each may do in the schema comes with the schema (`core/grants.sql`
and `reports/published.sql`, run after every `migrate`).
"""

from collections.abc import Mapping

import psycopg
from psycopg import sql

OWNER = "carequality_owner"
APP = "carequality_app"
PUBLIC = "carequality_public"
BACKUP = "carequality_backup"
NAMES = {"owner": OWNER, "app": APP, "public": PUBLIC, "backup": BACKUP}
TEST_DATABASE = "carequality_test"


def set_up(admin_url: str, passwords: Mapping[str, str], *, database: str) -> None:
    """Create what is missing of the roles and the database, and set the passwords; safe to run
    again.

    Raises `psycopg.Error` when the login of `admin_url` may not create roles or databases.
    """
    # PostgreSQL refuses to create a database inside a transaction.
    with psycopg.connect(admin_url, autocommit=True) as connection:
        # One at a time: two entry points starting together would otherwise both find a role
        # missing.
        connection.execute("SELECT pg_advisory_lock(hashtext('carequality roles'))")
        for short, name in NAMES.items():
            _ensure_role(connection, name, passwords[short])
        connection.execute(sql.SQL("GRANT pg_read_all_data TO {}").format(sql.Identifier(BACKUP)))
        connection.execute(
            sql.SQL("ALTER ROLE {} SET search_path = published").format(sql.Identifier(PUBLIC))
        )
        ensure_database(connection, database)


def _ensure_role(connection: psycopg.Connection, name: str, password: str) -> None:
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    verb = "ALTER" if exists else "CREATE"
    # The backup lives by a membership, and the owner holds the schema as PostgreSQL's own
    # pg_database_owner; the two that serve must hold every right in their own name.
    inherit = "INHERIT" if name in (BACKUP, OWNER) else "NOINHERIT"
    connection.execute(
        sql.SQL(
            f"{verb} ROLE {{}} WITH LOGIN {inherit} NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD"
            " {}"
        ).format(sql.Identifier(name), sql.Literal(password))
    )


def ensure_database(connection: psycopg.Connection, database: str) -> None:
    """Create the database if it is missing, owned by the owner's role, and limit who may do what
    there.
    """
    if not connection.execute(
        "SELECT 1 FROM pg_database WHERE datname = %s", [database]
    ).fetchone():
        # The admin may be no superuser: it must be a member of the role that it makes an owner.
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
                sql.Identifier(database), sql.Identifier(OWNER)
            )
        )
    limit_database(connection, database)


def limit_database(connection: psycopg.Connection, database: str) -> None:
    """Let the product's roles connect and nobody else; none but the owner may create anything,
    temporary tables included.
    """
    for statement in (
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {app}, {public}, {backup}",
        # CQC's files are staged in tables of the session.
        "GRANT TEMPORARY ON DATABASE {database} TO {app}",
        "GRANT ALL ON DATABASE {database} TO {owner}",
    ):
        connection.execute(
            sql.SQL(statement).format(
                database=sql.Identifier(database),
                **{short: sql.Identifier(name) for short, name in NAMES.items()},
            )
        )
