"""When an action on an audit template is refused, besides what its state allows
(`audits.workflow.template`).
"""

from collections.abc import Sequence

from audits.models import SCORED_KINDS, Question
from core.workflow import NotAllowed

# Said before a version is started, and by the constraint when two start one at once.
HAS_DRAFT = "This template already has a draft. Continue with that draft."


def key_taken(key: str) -> str:
    """What is said of a short name that another template has; also where two give it at once."""
    return f"Another template already uses “{key}”. Enter a different short name."


def check_load(key: str, has_draft: bool) -> None:
    """Whether a file can become the next version.

    Raises `NotAllowed`: `draft-exists`.
    """
    if has_draft:
        raise NotAllowed(
            "draft-exists",
            f"“{key}” already has a draft. Bring it into use or discard it, then try again.",
            "file",
        )


def check_start_version(has_draft: bool) -> None:
    """Whether a new version can be started: one draft at a time, so that no change is lost.

    Raises `NotAllowed`: `draft-exists`.
    """
    if has_draft:
        raise NotAllowed("draft-exists", HAS_DRAFT)


def check_key(key: str, is_taken: bool) -> None:
    """Whether a new template can have that short name, which all its versions keep.

    Raises `NotAllowed`: `key-taken`.
    """
    if is_taken:
        raise NotAllowed("key-taken", key_taken(key), "key")


def check_publish(questions: Sequence[Question]) -> None:
    """Whether a draft can be scored, and last year's answers found, once it is in use.

    Raises `NotAllowed`: `nothing-scored`, `code-twice`.
    """
    if not any(question.kind in SCORED_KINDS and question.weight for question in questions):
        raise NotAllowed(
            "nothing-scored",
            "Add at least one question that is scored: a rating, a yes or no, or a choice, with a"
            " weight of 1 or more.",
        )
    codes = [question.code for question in questions]
    if twice := {code for code in codes if codes.count(code) > 1}:
        raise NotAllowed(
            "code-twice",
            "Each question needs its own short name. Change these, which are used more than once:"
            f" {', '.join(sorted(twice))}.",
        )
