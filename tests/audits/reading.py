"""Decisions about a report by people who read how it stands and decide at once."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from audits.actions import reports, reviewing
from audits.models import AuditReport
from audits.workflow.reading import token


def _read(action: Callable[..., Any]) -> Callable[..., Any]:
    def act(pk: int, *, given: Any, **more: Any) -> Any:
        report = AuditReport.objects.select_related("visit").get(pk=pk)
        return action(pk, given=replace(given, seen=token(report)), **more)

    return act


moderate = _read(reports.moderate)
finalise = _read(reports.finalise)
decide_review = _read(reviewing.decide_review)
