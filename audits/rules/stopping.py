"""When a begun visit can be taken back, stopped early, or have its day corrected."""

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from audits.models import (
    Answer,
    FeedbackSheet,
    Finding,
    ImmediateRisk,
    LooseNote,
    Reopening,
    Visit,
)
from core.workflow import NotAllowed


def nothing_is_recorded(visit: Visit, by: Any, now: datetime | None) -> None:
    """Whether nothing has been recorded at a visit since it began. Files may have come before it.

    Raises `NotAllowed`: `something-recorded`.
    """
    # One question to the database: the visit's page asks this each time it is shown.
    something = Q(beside__isnull=False)
    for model in (Answer, LooseNote, Finding, ImmediateRisk, FeedbackSheet, Reopening):
        something |= Q(Exists(model._default_manager.filter(visit=OuterRef("pk"))))
    something |= Q(Exists(Visit.objects.filter(beside=OuterRef("pk"))))
    if Visit.objects.filter(something, pk=visit.pk).exists():
        raise NotAllowed(
            "something-recorded",
            "Something has been recorded at this visit, so it has begun. Stop the visit early"
            " instead: what was seen stays.",
        )


def was_never_completed(visit: Visit, by: Any, now: datetime | None) -> None:
    """Whether a visit has not been completed before: one reopened to be corrected has an outcome
    that must be put right, and not left out.

    Raises `NotAllowed`: `was-completed`.
    """
    if visit.reopenings.exists():
        raise NotAllowed(
            "was-completed",
            "This visit was completed before. Correct it, then complete it again.",
        )


def report_is_open(visit: Visit, by: Any, now: datetime | None) -> None:
    """Whether no final report names the day of a visit.

    Raises `NotAllowed`: `report-final`.
    """
    if visit.is_completed and hasattr(visit, "report") and visit.report.is_final:
        raise NotAllowed(
            "report-final",
            "The report is final and names this day. Reopen the visit to correct it.",
        )


def check_reason(reason: str) -> None:
    """Whether a reason is given.

    Raises `NotAllowed`: `reason-missing`.
    """
    if not reason.strip():
        raise NotAllowed("reason-missing", "Enter the reason.", "reason")


def check_new_day(visit: Visit, day: date) -> None:
    """Whether the day is another than the one recorded.

    Raises `NotAllowed`: `same-day`.
    """
    if day == visit.visited_on:
        raise NotAllowed("same-day", "Enter another day than the one recorded.", "visited_on")
