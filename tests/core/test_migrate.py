"""Migrating: two at once, and one that fails."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from core import roles
from tests.conftest import URLS, recreate, url_for

ROOT = Path(__file__).resolve().parent.parent.parent
NAME = "carequality_test_migrate"


@pytest.fixture
def empty(worker_id: str) -> Iterator[dict[str, str]]:
    """The environment of a process whose database is empty."""
    name = f"{NAME}_{worker_id}"
    with psycopg.connect(os.environ["ADMIN_DATABASE_URL"], autocommit=True) as admin:
        recreate(admin, name, "template0")
        yield {**os.environ, **{variable: url_for(variable, name) for variable in URLS}}
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def migrating(environment: dict[str, str], *only: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "migrate", *only, "--verbosity", "0"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )


def published(environment: dict[str, str]) -> int:
    """How many views the public login finds behind the wall."""
    with psycopg.connect(environment["PUBLIC_DATABASE_URL"]) as public:
        row = public.execute(
            "SELECT count(*) FROM pg_views WHERE schemaname = 'published'"
        ).fetchone()
        assert row is not None
        return int(row[0])


@pytest.mark.deep
def test_two_migrations_at_once_run_one_after_the_other(empty):
    both = [migrating(empty), migrating(empty)]
    said = [one.communicate()[1] for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert published(empty) > 0


@pytest.mark.deep
def test_migration_that_fails_puts_the_wall_back(empty):
    whole = migrating(empty)
    whole.communicate()
    views = published(empty)
    with psycopg.connect(empty["OWNER_DATABASE_URL"], autocommit=True) as owner:
        # The last migration of an app is to be made again, and finds its table there.
        owner.execute("DELETE FROM django_migrations WHERE app = 'reports'")
    failed = migrating(empty)
    assert "already exists" in failed.communicate()[1]
    assert failed.returncode != 0
    assert published(empty) == views
    with (
        psycopg.connect(empty["PUBLIC_DATABASE_URL"]) as public,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        public.execute("SELECT 1 FROM public.suspensions_suspension")
    assert roles.PUBLIC in empty["PUBLIC_DATABASE_URL"]


def test_what_was_typed_as_a_user_name_goes_with_the_tables_that_held_it(empty):
    """django-axes counted by the name as it was typed; people type passwords there."""
    # As far as where the tables were still in use; the rights then miss the tables of the rest.
    migrating(empty, "core", "0007").wait()
    with psycopg.connect(empty["OWNER_DATABASE_URL"], autocommit=True) as owner:
        owner.execute("CREATE TABLE axes_accessattempt (id bigint PRIMARY KEY, username text)")
        owner.execute(
            "CREATE TABLE axes_accessattemptexpiration"
            " (access_attempt_id bigint REFERENCES axes_accessattempt)"
        )
        owner.execute("INSERT INTO axes_accessattempt VALUES (1, 'a password typed there')")
        owner.execute("INSERT INTO axes_accessattemptexpiration VALUES (1)")
        owner.execute(
            "WITH kind AS (INSERT INTO django_content_type (app_label, model)"
            " VALUES ('axes', 'accessattempt') RETURNING id), right_ AS ("
            " INSERT INTO auth_permission (name, content_type_id, codename)"
            " SELECT 'Can view', id, 'view_accessattempt' FROM kind RETURNING id)"
            " INSERT INTO auth_group_permissions (group_id, permission_id)"
            " SELECT g.id, r.id FROM auth_group g, right_ r"
        )
        owner.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('axes', '0001', now())"
        )
        assert migrating(empty).wait() == 0
        for left in (
            "SELECT tablename FROM pg_tables WHERE tablename LIKE 'axes%'",
            "SELECT app FROM django_migrations WHERE app = 'axes'",
            "SELECT app_label FROM django_content_type WHERE app_label = 'axes'",
            "SELECT codename FROM auth_permission WHERE codename = 'view_accessattempt'",
        ):
            assert owner.execute(left).fetchall() == []
