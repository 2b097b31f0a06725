"""What whoever decides on a suspension, its lift or a change of it reads: part by part, each as the
words that a page shows. Its versions are kept of these, and a decision names the one that was read.
"""

from collections.abc import Collection

from core.dates import datetime_in_words, day_in_words
from formal_steps.rules import versions
from formal_steps.rules.representations import representations_in_words
from formal_steps.rules.versions import MovedPart, name_of
from suspensions.models import Change, Suspension
from suspensions.rules.lifting import recorded_criteria

# The parts by their names, in the order of the page.
LABELS = {
    "scope": "Scope",
    "kind": "Kind",
    "limit": "Limit",
    "planned_until": "Planned to end by",
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
# Parts of a change, with their labels; of the suspension itself the parts above are read too.
CHANGE_LABELS = {"before": "Now", "after": "Proposed", "reason": "Reason"}


def seen_of(suspension: Suspension) -> str:
    """Names the version that stands now: another one when any part has moved."""
    return name_of(parts_of(suspension))


def moved_since(suspension: Suspension, seen: str) -> list[MovedPart]:
    """What is different now from what was read."""
    return versions.moved_since(suspension, seen, parts_of(suspension), LABELS)


def seen_of_change(change: Change) -> str:
    """Names what is read of a change: itself, and the suspension that it is of."""
    return f"{name_of(parts_of_change(change))}.{seen_of(change.suspension)}"


def moved_since_change(change: Change, seen: str) -> list[MovedPart]:
    """What is different now from what was read of a change: a change itself is never rewritten."""
    return moved_since(change.suspension, seen.rpartition(".")[2])


def parts_of(suspension: Suspension) -> dict[str, str]:
    """Every part as it stands now; a part that says nothing is empty."""
    lift = suspension.is_lift_proposed
    told_at = suspension.provider_notified_at
    return {
        "scope": suspension.scope_in_words,
        "kind": suspension.kind_in_words,
        "limit": suspension.limit,
        "planned_until": day_in_words(suspension.planned_until),
        "summary": suspension.summary,
        "ground": suspension.get_ground_display(),
        "reasons": suspension.reasons,
        "evidence": suspension.evidence,
        "concerns": "\n".join(str(concern) for concern in suspension.concerns.order_by("pk")),
        "provider_notified_at": datetime_in_words(told_at) if told_at else "",
        "provider_notified": suspension.provider_notified,
        "provider_answer": suspension.provider_answer,
        "representations": representations_in_words(suspension),
        "welfare": suspension.welfare,
        "meetings": suspension.meetings,
        "contracts": "\n".join(str(contract) for contract in suspension.contracts.order_by("pk")),
        "quiet_weeks": str(suspension.quiet_weeks),
        "lead_officer": str(suspension.lead_officer or ""),
        "files": "\n".join(
            f"{file.file.name}: {file.caption}" if file.caption else file.file.name
            for file in suspension.files.not_withdrawn().select_related("file")
        ),
        "lift_reason": suspension.lift_reason if lift else "",
        "lift_criteria": _criteria(suspension) if lift else "",
    }


def rows_of(suspension: Suspension, *, but: Collection[str] = ()) -> list[tuple[str, str]]:
    """The parts that say something, each with its label, for a page that shows them; those named in
    `but` aside.
    """
    return [
        (LABELS[name], words)
        for name, words in parts_of(suspension).items()
        if words and name not in but
    ]


def parts_of_change(change: Change) -> dict[str, str]:
    """What is read of a proposed change beside the suspension itself."""
    return {"before": change.now_in_words, "after": change.after, "reason": change.reason}


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
