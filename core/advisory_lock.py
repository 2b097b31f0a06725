"""One at a time, whoever and wherever: an advisory lock that PostgreSQL lets go of when its
holder's connection ends.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def advisory_lock(name: str) -> Iterator[bool]:
    """Whether nobody else holds the lock of that name; it is held until the block ends."""
    with connection.cursor() as cursor:
        # It does not wait: whoever finds the lock taken is told so, and comes again later. It
        # belongs to the connection and not to a transaction, so that the work within may commit
        # more than once.
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [name])
        [held] = cursor.fetchone()
    try:
        yield held
    finally:
        # A broken transaction cannot say it; then the connection's end lets go of the lock.
        if held and connection.is_usable() and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])
