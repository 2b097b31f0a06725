"""The demonstration council, loaded once for the session into a database of its own, so that no
other test meets its rows.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import connections, transaction
from django.test import Client

from core import roles
from core.models import User
from demo import papers
from demo.load import load
from demo.world import World
from tests.conftest import recreate, use_database

TODAY = date(2026, 3, 11)  # a Wednesday
SERVICES = 40


@dataclass(frozen=True)
class Demonstration:
    """What `demo_council` gives: the world that was loaded, its day, and clients of its people."""

    world: World
    today: date

    def client(self, username: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(username=username))
        return client


@contextmanager
def database(name: str, then: str) -> Iterator[None]:
    use_database(name)
    try:
        yield
    finally:
        use_database(then)


@pytest.fixture(scope="session")
def demo_database(
    django_db_setup: None, django_db_blocker: Any, worker_id: str
) -> tuple[str, World]:
    """The name of a database that holds the demonstration of 40 services, and its world."""
    tests, name = f"{roles.TEST_DATABASE}_{worker_id}", f"{roles.TEST_DATABASE}_{worker_id}_demo"
    with psycopg.connect(os.environ["ADMIN_DATABASE_URL"], autocommit=True) as admin:
        recreate(admin, name, roles.TEST_DATABASE)
    with django_db_blocker.unblock(), database(name, then=tests):
        world = load(SERVICES, TODAY)
        papers.issue(TODAY, print)
    return name, world


@pytest.fixture
def demo_council(
    demo_database: tuple[str, World], django_db_blocker: Any, worker_id: str
) -> Iterator[Demonstration]:
    """A fictitious council of 40 services with two years of work, as at 11 March 2026. What a test
    changes is rolled back.

    Not together with `db` or the fixtures that ask for it (`person`, `client_as`, `council`): those
    have a database of theirs.
    """
    name, world = demo_database
    tests = f"{roles.TEST_DATABASE}_{worker_id}"
    with django_db_blocker.unblock(), database(name, then=tests):
        transaction.set_autocommit(False)
        try:
            with transaction.atomic():
                yield Demonstration(world, TODAY)
                transaction.set_rollback(True)
        finally:
            transaction.rollback()
            transaction.set_autocommit(True)
            for alias in connections:
                connections[alias].close()
