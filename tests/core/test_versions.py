"""The versions of a record's words: who wrote what, what differs, and what was seen."""

from datetime import timedelta

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core import versions
from core.models import District, User, Version

NOW = timezone.now()


@pytest.fixture
def record(db):
    """Any record will do: versions know none of them."""
    return District.objects.create(name="North")


@pytest.fixture
def ana(db):
    return User.objects.create_user("ana", first_name="Ana", last_name="Green")


@pytest.fixture
def ben(db):
    return User.objects.create_user("ben", first_name="Ben", last_name="Hill")


def keep(record, by, **fields):
    return versions.keep(record, fields, by=by, now=NOW)


def test_a_version_is_kept_where_something_changed(record, ana, ben):
    assert keep(record, ana, reasons="Two falls.", plan="").number == 1
    assert keep(record, ana, reasons="Two falls.", plan="") is None
    second = keep(record, ben, reasons="Three falls.")
    assert (second.number, second.by) == (2, ben)
    # What was not named stays as it was.
    assert second.fields == {"reasons": "Three falls.", "plan": ""}
    assert [one.number for one in versions.history(record)] == [1, 2]
    assert versions.latest(record) == second


def test_names_of_attributes_may_stand_for_their_values(record, ana):
    assert versions.keep(record, ["name"], by=ana, now=NOW).fields == {"name": "North"}


def test_days_and_records_compare_as_they_are_stored(record, ana):
    day = NOW.date()
    keep(record, ana, due_on=day, officer=ana, after=timedelta(days=1))
    assert keep(record, ana, due_on=day, officer=ana) is None
    assert versions.latest(record).fields["due_on"] == day.isoformat()


def test_difference_names_what_changed_alone(record, ana):
    first = keep(record, ana, reasons="Two falls.", plan="Call.")
    second = keep(record, ana, reasons="Two falls. One bruise.", plan="Call.")
    (change,) = versions.difference(first, second)
    assert (change.name, change.before, change.after) == (
        "reasons",
        "Two falls.",
        "Two falls. One bruise.",
    )
    assert [one.name for one in versions.difference(None, first)] == ["reasons", "plan"]
    assert [len(one.changes) for one in versions.told(versions.history(record))] == [1, 2]


def test_authors_are_who_wrote_what_stands(record, ana, ben):
    keep(record, ana, reasons="Two falls in May.", plan="Call them.")
    keep(record, ben, reasons="Two falls in May. One bruise.", plan="Call them.")
    assert versions.authors(record) == [ana, ben]
    assert versions.authors(record, ["plan"]) == [ana]
    keep(record, ben, reasons="Nothing stands of it now")
    assert versions.authors(record, ["reasons"]) == [ben]


def test_who_takes_out_a_word_is_an_author(record, ana, ben):
    keep(record, ana, reasons="Staff are not kind.")
    keep(record, ben, reasons="Staff are kind.")
    assert versions.authors(record) == [ana, ben]


def test_what_was_seen_and_stands_is_taken(record, ana):
    versions.check_seen(record, versions.seen_of(record))
    keep(record, ana, reasons="Two falls.")
    versions.check_seen(record, versions.seen_of(record))


def test_what_was_seen_and_moved_is_refused_with_both_versions(record, ana, ben):
    unseen = versions.seen_of(record)
    first = keep(record, ana, reasons="Two falls.")
    seen = versions.seen_of(record)
    second = keep(record, ben, reasons="Three falls.")
    with pytest.raises(versions.StaleVersion) as refused:
        versions.check_seen(record, seen)
    assert (refused.value.code, refused.value.seen, refused.value.latest) == (
        "stale-version",
        first,
        second,
    )
    assert "Ben Hill" in refused.value.message
    for token in (unseen, "", "nonsense", "1-0000000000000000"):
        with pytest.raises(versions.StaleVersion):
            versions.check_seen(record, token)


def test_a_version_needs_the_transaction_of_its_change(transactional_db):
    record = District.objects.create(name="North")
    with pytest.raises(transaction.TransactionManagementError):
        keep(record, None, reasons="Two falls.")


def test_two_that_write_the_same_number_are_one(record, ana):
    first = keep(record, ana, reasons="Two falls.")
    first.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        first.save()


def test_blanked_words_leave_who_when_and_the_hash(record, ana):
    first = keep(record, ana, reasons="Two falls.")
    assert versions.blank(record, now=NOW) == 1
    after = Version.objects.get(pk=first.pk)
    assert (after.fields, after.by, after.sha256) == ({}, ana, first.sha256)
    assert versions.blank(record, now=NOW) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_version SET fields = '{}'",
        "UPDATE core_version SET by_id = NULL",
        "UPDATE core_version SET fields = '{}', blanked_at = now(), number = 7",
        "DELETE FROM core_version",
        "TRUNCATE core_version",
    ],
)
@pytest.mark.django_db(transaction=True)
def test_versions_are_append_only_even_to_the_owner(owner, statement):
    with transaction.atomic():
        keep(District.objects.create(name="North"), None, reasons="Two falls.")
    with pytest.raises(psycopg.errors.RestrictViolation):
        owner.execute(statement)


@pytest.mark.django_db
def test_the_app_may_change_no_author():
    with pytest.raises(Exception, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("UPDATE core_version SET by_id = NULL")
