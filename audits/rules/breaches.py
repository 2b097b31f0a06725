"""When a record of a breach that CQC found is refused."""

from datetime import date

from audits.models import Breach
from core.dates import day_in_words
from core.workflow import NotAllowed


def check_record_breach(published_on: date, today: date, is_known: bool) -> None:
    """Raises `NotAllowed`: `in-future`, `already-recorded`."""
    if published_on > today:
        raise NotAllowed(
            "in-future", "CQC’s report cannot have been published in the future.", "published_on"
        )
    if is_known:
        raise NotAllowed(
            "already-recorded", "This breach of that report is recorded already.", "regulation"
        )


def check_meet_breach(breach: Breach, met_on: date, today: date) -> None:
    """Raises `NotAllowed`: `already-met`, `in-future`, `before-published`."""
    if breach.met_on is not None:
        raise NotAllowed("already-met", "This breach is recorded as met already.")
    if met_on > today:
        raise NotAllowed("in-future", "CQC cannot have found it met in the future.", "met_on")
    if met_on < breach.published_on:
        raise NotAllowed(
            "before-published",
            f"CQC published the breach on {day_in_words(breach.published_on)}: it was met after"
            " that.",
            "met_on",
        )
