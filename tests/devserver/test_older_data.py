"""A database of an older checkout is made anew; one of this checkout, or one that is not ours to
drop, is left alone.
"""

import os
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from core import roles
from devserver import embedded, older_data


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch, worker_id: str):
    """A database as a demonstration has one, on the tests' own server."""
    monkeypatch.setenv("CAREQUALITY_VAR", str(embedded.var()))
    monkeypatch.setenv("CAREQUALITY_MODE", "demonstration")
    if not embedded.is_embedded():
        pytest.skip(
            "the suite runs on a server of the machine's own, where nothing is ever dropped"
        )
    name = f"carequality_older_{worker_id}"
    admin, owner = os.environ["ADMIN_DATABASE_URL"], os.environ["OWNER_DATABASE_URL"]
    password = str(psycopg.conninfo.conninfo_to_dict(owner)["password"])
    monkeypatch.setenv("OWNER_DATABASE_URL", embedded.login_url(admin, roles.OWNER, password, name))
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )
        roles.ensure_database(connection, name)
        yield
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def migrated(*applied: tuple[str, str]) -> None:
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"], autocommit=True) as owner:
        owner.execute("CREATE TABLE django_migrations (app text, name text)")
        for row in applied:
            owner.execute("INSERT INTO django_migrations VALUES (%s, %s)", row)


def has_table() -> bool:
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"]) as owner:
        return owner.execute("SELECT to_regclass('public.django_migrations')").fetchone() != (None,)


@pytest.mark.parametrize(
    "row", [("carequality", "0001_initial"), ("suspensions", "0003_evidence_people_and_parties")]
)
def test_database_of_an_older_checkout_is_made_anew(database, row):
    migrated(("core", "0001_initial"), row)
    assert older_data.remove_if_older()
    assert not has_table()


def test_database_of_this_checkout_is_left_alone(database):
    migrated(("core", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length"))
    assert not older_data.remove_if_older()
    assert has_table()


def test_database_never_migrated_is_left_alone(database):
    assert not older_data.remove_if_older()


def test_database_that_is_not_the_embedded_one_is_never_dropped(database, monkeypatch, tmp_path):
    monkeypatch.setenv("CAREQUALITY_VAR", str(tmp_path))
    migrated(("carequality", "0001_initial"))
    assert not older_data.remove_if_older()
    assert has_table()


def test_each_app_has_one_initial_migration_and_one_leaf():
    for folder in sorted(Path(embedded.ROOT).glob("*/migrations")):
        initial = [path.name for path in folder.glob("0001*.py")]
        assert initial == ["0001_initial.py"], folder
