import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from core import events
from core.models import Event


@pytest.fixture
def recorded(person, transactional_db):
    manager = person("Manager")
    with transaction.atomic():
        return events.record("person.signed_in", by=manager, about=manager)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_event SET kind = 'other'",
        "DELETE FROM core_event",
        "TRUNCATE core_event",
    ],
)
def test_event_record_refuses_change_even_to_its_owner(recorded, owner, statement):
    with pytest.raises(psycopg.errors.RestrictViolation):
        owner.execute(statement)
    assert Event.objects.get().kind == "person.signed_in"


def test_event_record_is_not_the_apps_to_change(recorded):
    with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_event")


def test_event_outside_a_transaction_is_refused(person, transactional_db):
    manager = person("Manager")
    with pytest.raises(transaction.TransactionManagementError):
        events.record("person.signed_in", by=manager, about=manager)


def test_event_falls_with_its_change(person, transactional_db):
    manager = person("Manager")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        events.record("person.signed_in", by=manager, about=manager)
        raise ZeroDivisionError
    assert not Event.objects.exists()
