"""Two people at one audit's report: one order in which its rows are held, so that none waits for
the other for ever.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections, transaction

from audits.actions import points
from audits.models import AuditReport, Visit
from tests.audits.test_reports import TODAY, begun, drafted, officer, send, senior

__all__ = ["begun", "drafted", "officer", "senior"]

WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


def wait_for_one_that_waits(asked: Any) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with asked.cursor() as cursor:
            cursor.execute(WAITS)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("Nobody waits for the visit.")


@pytest.mark.django_db(transaction=True)
def test_report_is_held_after_its_visit_as_completing_does(
    drafted: Callable[..., AuditReport], senior: Any, officer: Any
) -> None:
    report = send(drafted(), senior, officer)
    failed: list[Exception] = []

    def record() -> None:
        try:
            points.record_no_comments(report.pk, by=officer, today=TODAY)
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    other = threading.Thread(target=record)
    apart = connection.copy()
    try:
        with transaction.atomic():
            # As completing a visit does: the visit first, then its report.
            Visit.objects.select_for_update(of=("self",)).get(pk=report.visit_id)
            other.start()
            wait_for_one_that_waits(apart)
            # Refused at once if whoever waits for the visit holds the report meanwhile.
            AuditReport.objects.select_for_update(of=("self",), nowait=True).get(pk=report.pk)
    finally:
        apart.close()
        other.join(30)
    assert not failed
    report.refresh_from_db()
    assert report.no_comments_on == TODAY
