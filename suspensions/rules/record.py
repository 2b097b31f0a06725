"""What whoever decides on a suspension, its lift or a change of it reads, part by part. Versions
are kept of these, and a decision names the one that was read.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone

from core.dates import datetime_in_words, day_in_words
from formal_steps.rules import record
from formal_steps.rules.representations import representations_in_words
from suspensions.models import Suspension, SuspensionGround
from suspensions.rules.lifting import recorded_criteria

# The parts by their names, in the order of the page.
LABELS = {
    "scope": "Scope",
    "kind": "Kind",
    "limit": "Limit",
    "planned_end": "Planned to end by",
    "summary": "Reason in one sentence",
    "ground": "Mainly about",
    "reasons": "Reasons",
    "evidence": "Evidence",
    "concerns": "Concerns that led to it",
    "provider_notified_at": "When the provider was told",
    "provider_notified": "What the provider was told",
    "provider_answer": "What the provider answered",
    "representations": "What was put to the provider, and its answers",
    "welfare": "Welfare of the people living there",
    "meetings": "Meetings with residents and families",
    "contracts": "Contracts",
    "quiet_weeks": "Weeks without a new high-risk concern before a lift",
    "lead_officer": "Lead officer",
    "files": "Photographs and documents",
    "lift_reason": "Why the suspension can be lifted",
    "lift_criteria": "Criteria in this proposal to lift",
}
# Whoever wrote one of these does not decide on them.
REASONS = ("summary", "reasons", "evidence")
# What a lift adds to the record.
OF_A_LIFT = ("lift_reason", "lift_criteria")


def parts_of(suspension: Suspension) -> dict[str, Any]:
    """Every part as it stands now, as its form asks for it; what no form asks for in words."""
    lift = suspension.is_lift_proposed
    return {
        "scope": suspension.scope_in_words,
        "kind": suspension.kind_in_words,
        "limit": suspension.limit,
        "planned_end": day_in_words(suspension.planned_until),
        "summary": suspension.summary,
        "ground": suspension.ground,
        "reasons": suspension.reasons,
        "evidence": suspension.evidence,
        "concerns": suspension.concerns.all(),
        "provider_notified_at": typed_moment(suspension.provider_notified_at),
        "provider_notified": suspension.provider_notified,
        "provider_answer": suspension.provider_answer,
        "representations": representations_in_words(suspension),
        "welfare": suspension.welfare,
        "meetings": suspension.meetings,
        "contracts": suspension.contracts.all(),
        "quiet_weeks": suspension.quiet_weeks,
        "lead_officer": suspension.lead_officer_id,
        "files": record.files_in_words(suspension),
        "lift_reason": suspension.lift_reason if lift else "",
        "lift_criteria": _criteria(suspension) if lift else "",
    }


def in_words(name: str, value: Any) -> str:
    """A part as a page shows it, of any version."""
    if name == "ground" and value:
        return SuspensionGround(value).label
    if name == "provider_notified_at" and value:
        return datetime_in_words(datetime.fromisoformat(value))
    return record.in_words(name, value)


def typed_moment(at: datetime | None) -> str:
    """A moment as a person types it, by the council's clock, to the minute."""
    return f"{timezone.localtime(at):%Y-%m-%dT%H:%M}" if at else ""


def _criteria(suspension: Suspension) -> str:
    lines = []
    for criterion in recorded_criteria(suspension):
        said = "met" if criterion.is_met else "not met"
        line = f"{criterion}: {said}. {criterion.evidence}".rstrip()
        if criterion.override_reason:
            line += f" Reason to lift anyway: {criterion.override_reason}"
        if criterion.review_on:
            line += f" First review {day_in_words(criterion.review_on)}."
        lines.append(line)
    return "\n".join(lines)
