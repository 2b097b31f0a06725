"""Two people at the same moment, in an order that no machine's speed decides."""

import threading
import time
from collections.abc import Callable

from django.db import connection, transaction

from core.workflow import NotAllowed

DONE = "done"


def at_once(first: Callable[[], object], second: Callable[[], object]) -> str:
    """Do `first` and, before it is committed, let another do `second`: what became of the second,
    `done` or the code of its refusal. Any other exception of either is raised. The test needs a
    database that commits.

    The second looks at a time when nothing of the first can be seen yet. It then either ends, or
    waits for what the first holds, which PostgreSQL says of it; only then is the first committed.
    """
    outcome: list[str | BaseException] = []
    backend: list[int] = []
    ready = threading.Event()

    def other() -> None:
        try:
            connection.ensure_connection()
            backend.append(connection.connection.info.backend_pid)
            ready.set()
            second()
            outcome.append(DONE)
        except NotAllowed as refused:
            outcome.append(refused.code)
        except BaseException as error:
            outcome.append(error)
        finally:
            ready.set()
            connection.close()

    thread = threading.Thread(target=other)
    with transaction.atomic():
        first()
        thread.start()
        ready.wait(60)
        while thread.is_alive() and not _waits(backend[0]):
            time.sleep(0.02)
    thread.join(60)
    [became] = outcome
    if isinstance(became, BaseException):
        raise became
    return became


def _waits(backend: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [backend])
        return bool(cursor.fetchone()[0])
