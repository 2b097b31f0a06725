import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connections
from django.test import Client, TransactionTestCase
from hypothesis import is_hypothesis_test
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import BrowserContext, expect
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from core import roles
from core.models import CouncilProfile, District, User
from devserver import embedded
from tests.scheduling import TogetherByModule

ROOT = Path(__file__).resolve().parent.parent
URLS = ("DATABASE_URL", "OWNER_DATABASE_URL", "PUBLIC_DATABASE_URL", "BACKUP_DATABASE_URL")
SEEDED = (
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
)


def url_for(variable: str, database: str) -> str:
    parts = conninfo_to_dict(os.environ[variable])
    return embedded.login_url(
        os.environ[variable], str(parts["user"]), str(parts["password"]), database
    )


def use_database(name: str) -> None:
    """Point Django and every process that a test starts at the database of that name."""
    for alias in connections:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
    for variable in URLS:
        os.environ[variable] = url_for(variable, name)


def fingerprint() -> str:
    files = sorted(
        file
        # requirements.txt: some packages bring tables of their own.
        for pattern in (
            "*/migrations/*.py",
            "*/*.sql",
            "core/groups.py",
            "core/roles.py",
            "requirements.txt",
        )
        for file in ROOT.glob(pattern)
    )
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def recreate(admin: psycopg.Connection, name: str, template: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    admin.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(roles.OWNER), sql.Identifier(template)
        )
    )
    roles.limit_database(admin, name)  # a copied database does not keep its own rights


@pytest.fixture(scope="session")
def django_db_setup(worker_id: str, django_db_blocker: Any) -> Iterator[None]:
    """A database of its own for each test process, copied from a migrated one; the default login is
    the app's, which owns nothing.
    """
    name = f"{roles.TEST_DATABASE}_{worker_id}"
    with (
        embedded.locked("test-database"),
        psycopg.connect(os.environ["ADMIN_DATABASE_URL"], autocommit=True) as admin,
    ):
        comment = admin.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [roles.TEST_DATABASE],
        ).fetchone()
        if not comment or comment[0] != fingerprint():
            recreate(admin, roles.TEST_DATABASE, "template0")
            with django_db_blocker.unblock():
                use_database(roles.TEST_DATABASE)
                call_command("migrate", verbosity=0, interactive=False)
                for alias in connections:
                    connections[alias].close()
            admin.execute(
                sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                    sql.Identifier(roles.TEST_DATABASE), sql.Literal(fingerprint())
                )
            )
        recreate(admin, name, roles.TEST_DATABASE)
    settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = os.environ["BROKER_PREFIX"] = (
        f"test-{name}:"
    )
    use_database(name)
    yield
    for alias in connections:
        connections[alias].close()


def flush_as_owner(self: Any) -> None:
    """After a test with committed rows: empty every table but the seeded ones. Only the owner may,
    and only with the record's trigger off.
    """
    for alias in connections:
        connections[alias].close()
    # A request of a browser that has just closed may still be answered, and of two that wait for
    # each other PostgreSQL ends one: what is emptied next time is the same.
    for tries_left in (2, 1, 0):
        try:
            _empty_tables()
        except psycopg.errors.DeadlockDetected:
            if not tries_left:
                raise
        else:
            return


def _empty_tables() -> None:
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"], autocommit=True) as owner:
        owner.execute("SET lock_timeout = '15s'")
        tables = [
            row[0]
            for row in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            if row[0] not in SEEDED
        ]
        guarded = [
            row[0]
            for row in owner.execute(
                "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'append_only'"
            )
        ]
        with owner.transaction():
            for table in guarded:
                owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
            owner.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
            for table in guarded:
                owner.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only")


TransactionTestCase._fixture_teardown = flush_as_owner  # type: ignore[method-assign]  # Django's own flush runs as the app, which may not


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    return getattr(request.config, "workerinput", {}).get("workerid", "main")


@pytest.fixture
def owner(transactional_db: None) -> Iterator[psycopg.Connection]:
    """A committed connection as the schema's owner, beside the app's."""
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"], autocommit=True) as connection:
        yield connection


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Make a person of a group: `person("Manager")`, `person("Manager", username="second")`."""

    def make(group: str, username: str | None = None) -> User:
        username = username or group.lower().replace(" ", ".")
        made, new = User.objects.get_or_create(
            username=username,
            defaults={
                "first_name": username.replace(".", " ").title(),
                "email": f"{username}@example.test",
            },
        )
        if new:
            made.set_password("a long enough password")
            made.save()
            made.groups.add(Group.objects.get(name=group))
        return made

    return make


@pytest.fixture
def client_as(person: Callable[..., User]) -> Callable[..., Client]:
    """A client signed in as a person of that group."""

    def sign_in(group: str, username: str | None = None) -> Client:
        client = Client()
        client.force_login(person(group, username))
        return client

    return sign_in


@pytest.fixture
def council(db: None) -> CouncilProfile:
    """A fictitious council with three districts."""
    for order, name in enumerate(["Northmarsh", "Southmarsh", "Eastmarsh"]):
        District.objects.get_or_create(name=name, defaults={"order": order})
    profile, _ = CouncilProfile.objects.get_or_create(
        pk=1,
        defaults={
            "name": "Exampleshire County Council",
            "short_name": "Exampleshire",
            "is_fictitious": True,
            "committee_name": "Adult Social Care Committee",
            "region_name": "Middle Region",
            "report_of": "Corporate Director, Adult Social Care",
            "signatory_name": "Person One",
            "contact_name": "Person Two",
            "contact_title": "Group Manager, Quality and Market Management",
            "contact_phone": "01632 960000",
            "contact_email": "quality@exampleshire.test",
            "exempt_reasoning": (
                "The information would add little to public understanding and may damage a person's"
                " business affairs."
            ),
        },
    )
    return profile


# Timing never decides a test: what a slow machine needs longer for is waited for, and one example
# that takes more than Hypothesis's 200 ms (the first to import or to compile something) is no
# fault.
hypothesis_settings.register_profile("carequality", deadline=None, max_examples=25)
hypothesis_settings.register_profile("deep", deadline=None, max_examples=400)
hypothesis_settings.load_profile("carequality")
expect.set_options(timeout=60_000)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TogetherByModule:
    """How a parallel run is shared out."""
    return TogetherByModule(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every property is known as one, so that none is left out of the deep run."""
    for item in items:
        if is_hypothesis_test(getattr(item, "function", None)):
            item.add_marker(pytest.mark.property)


@pytest.fixture
def context(context: BrowserContext) -> BrowserContext:
    context.set_default_timeout(90_000)
    return context


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("CHROMIUM")
        or shutil.which("chromium-headless-shell")
        # The whole browser draws its own windows too, and takes a third longer.
        or shutil.which("chromium"),
        "args": [
            "--no-sandbox",
            "--disable-background-networking",
            "--disable-quic",
            "--disable-gpu",
        ],
    }


@pytest.fixture(scope="session")
def public_conninfo(django_db_setup: None) -> str:
    """How the public worker signs in."""
    return make_conninfo(os.environ["PUBLIC_DATABASE_URL"])
