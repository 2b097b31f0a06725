"""What whoever decides on a formal step reads, part by part. Versions are kept of these, and a
decision names the one that was read.
"""

from datetime import date
from typing import Any

from concerns.models import Concern
from core.dates import day_in_words
from core.models import User
from formal_steps.models import FormalStep
from formal_steps.rules.representations import representations_in_words
from providers.models import Contract

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
# Parts that name other records, by their ids.
NAMES = {"contract": Contract, "contracts": Contract, "concerns": Concern, "lead_officer": User}


def parts_of(step: FormalStep) -> dict[str, Any]:
    """Every part as it stands now, as its form asks for it; what no form asks for in words."""
    return {
        "step_type": step.get_step_type_display(),
        "due_on": step.due_on,
        "summary": step.summary,
        "reasons": step.reasons,
        "evidence": step.evidence,
        "clause": step.clause,
        "required": step.required,
        "contract": step.contract_id,
        "concerns": step.concerns.all(),
        "representations": representations_in_words(step),
        "lead_officer": step.lead_officer_id,
        "files": files_in_words(step),
    }


def in_words(name: str, value: Any) -> str:
    """A part as a page shows it, of any version."""
    if value is None or value in ("", []):
        return ""
    if name in NAMES:
        found = NAMES[name]._default_manager.filter(
            pk__in=value if isinstance(value, list) else [value]
        )
        return "\n".join(str(one) for one in found.order_by("pk"))
    if name == "due_on":
        return day_in_words(date.fromisoformat(value))
    return str(value)


def files_in_words(subject: Any) -> str:
    """The photographs and documents of a record, each on a line."""
    return "\n".join(
        f"{file.file.name}: {file.caption}" if file.caption else file.file.name
        for file in subject.files.not_withdrawn().select_related("file")
    )
