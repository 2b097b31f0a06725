"""What else whoever decides did about what they decide on. Who gathered the evidence, put it to the
provider or weighed its answer may decide, since a small team has nobody else: the decision says so.
"""

from typing import Any

from core import events
from core.models import User

# By the ends of the kinds of events, whatever it is about, in the order in which they are told.
PARTS = {
    "completed": "wrote in the record",
    "file_added": "added to the evidence",
    "put": "put it to the provider",
    "answered": "recorded the provider’s answer",
    "considered": "weighed the provider’s answer",
    "progress_added": "wrote of its monitoring",
    "welfare_checked": "checked the welfare of the people",
    "met": "held a meeting about it",
    "reviewed": "reviewed it",
    "change_proposed": "proposed a change of it",
}
REVIEW_ANSWERED = "review.answered"


def parts_taken(subject: Any, by: User) -> str:
    """What else that person did, in words; empty for whoever did nothing else."""
    kinds = events.kinds_by(subject, by) - {REVIEW_ANSWERED}
    did = {kind.rpartition(".")[2] for kind in kinds}
    parts = [words for name, words in PARTS.items() if name in did]
    if subject.lead_officer_id == by.pk:
        parts.append("leads it")
    return ", ".join(parts)
