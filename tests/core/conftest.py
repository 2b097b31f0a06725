"""The small demonstration that the walks over every form and every address share: loaded and
crawled once.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.utils import timezone

from core import roles
from core.models import User
from demo.load import load
from tests.conftest import recreate
from tests.core.form_cases import FIRST, SECOND, starts
from tests.core.form_pages import CLOCK, MOMENT, Crawled, crawl
from tests.demo.conftest import database

SERVICES = 20  # the fewest with which the demonstration holds every state that is walked


@dataclass(frozen=True)
class Council:
    """A small demonstration in a database of its own: what links lead to in it, and two people who
    may do everything.
    """

    database: str
    crawled: Crawled
    clients: list[Client]


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def served(name: str, then: str, uploads: Path) -> Iterator[None]:
    """Within, the pages are those of that database, at the moment of the walk."""
    with pytest.MonkeyPatch.context() as patch, database(name, then=then):
        patch.setattr(timezone, "now", lambda: CLOCK.now)
        patch.setattr(settings, "UPLOAD_ROOT", uploads)
        yield


@pytest.fixture(scope="session")
def uploads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("uploads")


@pytest.fixture(scope="session")
def loaded_council(
    django_db_setup: None, django_db_blocker: Any, worker_id: str, uploads: Path
) -> Council:
    tests, name = f"{roles.TEST_DATABASE}_{worker_id}", f"{roles.TEST_DATABASE}_{worker_id}_forms"
    with psycopg.connect(os.environ["ADMIN_DATABASE_URL"], autocommit=True) as admin:
        recreate(admin, name, roles.TEST_DATABASE)
    with django_db_blocker.unblock(), served(name, tests, uploads):
        load(SERVICES, MOMENT.date())
        clients = []
        for username in (FIRST, SECOND):
            person = User.objects.create(
                username=username, first_name=username.title(), last_name="Right"
            )
            person.groups.set(Group.objects.all())
            clients.append(Client())
            clients[-1].force_login(person)
        with undone():
            crawled = crawl(clients[0], starts())
    return Council(name, crawled, clients)


@pytest.fixture(scope="module")
def council_of_forms(
    loaded_council: Council, django_db_blocker: Any, worker_id: str, uploads: Path
) -> Iterator[Council]:
    """That council, for the tests of one module; each undoes what it wrote."""
    tests = f"{roles.TEST_DATABASE}_{worker_id}"
    with django_db_blocker.unblock(), served(loaded_council.database, tests, uploads):
        yield loaded_council
