"""When a record of a breach that CQC found is refused."""

from datetime import date

from audits.models import Breach


def why_not_record_breach(published_on: date, today: date, is_known: bool) -> str | None:
    if published_on > today:
        return "CQC’s report cannot have been published in the future."
    return "This breach of that report is recorded already." if is_known else None


def why_not_meet_breach(breach: Breach, met_on: date, today: date) -> str | None:
    if breach.met_on is not None:
        return "This breach is recorded as met already."
    if met_on > today:
        return "CQC cannot have found it met in the future."
    if met_on < breach.published_on:
        return f"CQC published the breach on {breach.published_on:%-d %B %Y}: it was met after that."
    return None
