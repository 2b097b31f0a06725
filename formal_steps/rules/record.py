"""What whoever decides on a formal step reads: part by part, each as the words that a page shows.
Its versions are kept of these, and a decision names the one that was read.
"""

from core.dates import day_in_words
from formal_steps.models import FormalStep
from formal_steps.rules import versions
from formal_steps.rules.representations import representations_in_words
from formal_steps.rules.versions import MovedPart, name_of

# The parts by their names, in the order of the page.
LABELS = {
    "step_type": "Step",
    "due_on": "Due by, or takes effect on",
    "summary": "Reason in one sentence",
    "reasons": "Reasons",
    "evidence": "Evidence",
    "clause": "Clause of the contract",
    "required": "What must be done",
    "contract": "Contract",
    "concerns": "Concerns that led to it",
    "representations": "What was put to the provider, and its answers",
    "lead_officer": "Lead officer",
    "files": "Photographs and documents",
}
# Whoever wrote one of these does not decide on them.
REASONS = ("summary", "reasons", "evidence")


def seen_of(step: FormalStep) -> str:
    """Names the version that stands now: another one when any part has moved."""
    return name_of(parts_of(step))


def moved_since(step: FormalStep, seen: str) -> list[MovedPart]:
    """What is different now from what was read."""
    return versions.moved_since(step, seen, parts_of(step), LABELS)


def rows_of(step: FormalStep) -> list[tuple[str, str]]:
    """The parts that say something, each with its label, for a page that shows them."""
    return [(LABELS[name], words) for name, words in parts_of(step).items() if words]


def parts_of(step: FormalStep) -> dict[str, str]:
    """Every part as it stands now; a part that says nothing is empty."""
    return {
        "step_type": step.get_step_type_display(),
        "due_on": day_in_words(step.due_on),
        "summary": step.summary,
        "reasons": step.reasons,
        "evidence": step.evidence,
        "clause": step.clause,
        "required": step.required,
        "contract": str(step.contract or ""),
        "concerns": "\n".join(str(concern) for concern in step.concerns.order_by("pk")),
        "representations": representations_in_words(step),
        "lead_officer": str(step.lead_officer or ""),
        "files": "\n".join(
            f"{file.file.name}: {file.caption}" if file.caption else file.file.name
            for file in step.files.not_withdrawn().select_related("file")
        ),
    }
