"""When a record of a breach that CQC found is refused.

Source: CQC's published reports under the Health and Social Care Act 2008 (Regulated Activities)
Regulations 2014. A breach is theirs to find and theirs to close: the council only records it.
"""

from datetime import date

from audits.models import Breach
from audits.rules.words import not_before, not_in_future
from core.workflow import NotAllowed


def check_record_breach(published_on: date, today: date, is_known: bool) -> None:
    """Whether a breach of a report can be recorded; `is_known`: it is already.

    Raises `NotAllowed`: `in-future`, `already-recorded`.
    """
    if published_on > today:
        raise NotAllowed("in-future", not_in_future("The date of CQC’s report"), "published_on")
    if is_known:
        raise NotAllowed(
            "already-recorded",
            "This breach is already recorded from that report. Check the regulation and the date.",
            "regulation",
        )


def check_meet_breach(breach: Breach, met_on: date, today: date) -> None:
    """Whether CQC can have found a breach met on that day.

    Raises `NotAllowed`: `already-met`, `in-future`, `before-published`.
    """
    if breach.met_on is not None:
        raise NotAllowed("already-met", "This breach is already recorded as met.")
    if met_on > today:
        raise NotAllowed("in-future", not_in_future("The date the regulation was met"), "met_on")
    if met_on < breach.published_on:
        raise NotAllowed(
            "before-published",
            not_before("CQC published the breach", breach.published_on),
            "met_on",
        )
