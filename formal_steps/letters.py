"""What the letters of a formal step say to the provider."""

from datetime import datetime
from typing import Any

from formal_steps.models import (
    AbstractReviewRequest,
    FormalStep,
    Policy,
    ReviewOutcome,
)
from formal_steps.rules import representations
from notifications.letters import day, head
from notifications.models import LetterKind


def facts_for_step(step: FormalStep, now: datetime) -> dict[str, Any]:
    """What the letter of a formal step says to the provider."""
    return head(str(step.service.provider), now) | {
        "kind": LetterKind.STEP.value,
        "to_provider": True,
        "address": "",
        "scope": str(step.service),
        "what": step.get_step_type_display(),
        "termination": step.is_termination,
        "from": day(step.starts_on),
        "due_on": day(step.due_on),
        "clause": step.clause,
        "summary": step.summary,
        "reasons": step.reasons,
        "evidence": step.evidence,
        "required": step.required,
        "review_on": day(step.review_on),
        "contract": str(step.contract or ""),
        **asking(step),
    }


def facts_for_review(
    request: AbstractReviewRequest, *, about: str, scope: str, now: datetime
) -> dict[str, Any]:
    """What the provider is answered that asked for a review by someone uninvolved; `about` says of
    what.
    """
    provider = request.subject.service.provider
    return head(str(provider), now) | {
        "kind": LetterKind.REVIEW.value,
        "to_provider": True,
        "address": "",
        "scope": scope,
        "what": about,
        "asked_on": day(request.asked_on),
        "reviewer": str(request.reviewer),
        "outcome": request.get_outcome_display(),
        "findings": request.findings,
        "goes_on": request.outcome != ReviewOutcome.STANDS,
    }


def title_of(facts: dict[str, Any]) -> str:
    """The title of a letter, which is its heading and the name of its file's document."""
    words = (
        facts["what"] if facts["kind"] == LetterKind.STEP else "Answer to your request for a review"
    )
    return f"{words}: {facts['scope']}"


def asking(subject: representations.Subject) -> dict[str, Any]:
    """Until when the provider may ask for a review, and in how many days it is answered."""
    policy = Policy.current()
    return {
        "ask_by": day(representations.last_day_to_ask(subject, policy)),
        "review_days": policy.days_to_review,
    }
