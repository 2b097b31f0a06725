"""When an action on an audit template is refused, besides what its state allows
(`audits.workflow.template`).
"""

from collections.abc import Sequence

from audits.models import SCORED_KINDS, Question
from core.workflow import NotAllowed


def check_load(key: str, has_draft: bool) -> None:
    """Raises `NotAllowed`: `draft-exists`."""
    if has_draft:
        raise NotAllowed(
            "draft-exists", f"“{key}” has a draft already. Publish or discard it first.", "file"
        )


def check_start_version(has_draft: bool) -> None:
    """Raises `NotAllowed`: `draft-exists`."""
    if has_draft:
        raise NotAllowed(
            "draft-exists", "A new version has been started already. Go on with that one."
        )


def check_key(key: str, is_taken: bool) -> None:
    """Raises `NotAllowed`: `key-taken`."""
    if is_taken:
        raise NotAllowed("key-taken", f"There is a template “{key}” already.", "key")


def check_publish(questions: Sequence[Question]) -> None:
    """Raises `NotAllowed`: `nothing-scored`, `code-twice`."""
    if not any(question.kind in SCORED_KINDS and question.weight for question in questions):
        raise NotAllowed(
            "nothing-scored",
            "A template needs a question that is scored: a rating, yes or no, or a choice, with a"
            " weight.",
        )
    codes = [question.code for question in questions]
    if twice := {code for code in codes if codes.count(code) > 1}:
        raise NotAllowed(
            "code-twice",
            "Each question needs a code of its own; these stand twice:"
            f" {', '.join(sorted(twice))}.",
        )
