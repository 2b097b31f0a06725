"""Formal steps: what one may say, and when the default notices of a service ask for the next."""

from dataclasses import dataclass
from datetime import date, timedelta

from core.dates import day_in_words
from core.workflow import NotAllowed
from formal_steps.models import (
    TERMINATIONS,
    FormalStep,
    FormalStepOutcome,
    FormalStepStatus,
    Policy,
    StepType,
)
from formal_steps.registration import ANSWERS
from providers.models import Service


def check_propose(service: Service, step_type: str, today: date) -> None:
    """Whether a step of that kind can be proposed.

    Raises `NotAllowed`: `service-closed`, `already-proposed`.
    """
    if service.is_closed_on(today):
        raise NotAllowed("service-closed", f"{service} is closed.")
    if service.formal_steps.awaiting_decision().filter(step_type=step_type).exists():
        kind = StepType(step_type).label.lower()
        raise NotAllowed(
            "already-proposed",
            f"A step of this kind is waiting for a decision already: {kind}.",
            "step_type",
        )


def check_contract(service: Service, contract_id: int | None) -> None:
    """Whether the step's contract is of its service. Raises `NotAllowed`: `other-contract`."""
    if contract_id and not service.contracts.filter(pk=contract_id).exists():
        raise NotAllowed("other-contract", f"That is not a contract of {service}.", "contract")


def check_due(starts_on: date, due_on: date, *, field: str = "due_on") -> None:
    """Whether the day by which it has to be done follows its beginning.

    Raises `NotAllowed`: `due-before-start`.
    """
    if due_on <= starts_on:
        raise NotAllowed("due-before-start", "The day must be after the step begins.", field)


def check_issue(step: FormalStep, starts_on: date, review_on: date, decided_on: date) -> None:
    """Whether the step can be in force from that day.

    Raises `NotAllowed`: `before-decision`, `due-before-start`, `review-before-start`.
    """
    if starts_on < decided_on:
        raise NotAllowed(
            "before-decision", "A step cannot begin before it was decided.", "starts_on"
        )
    check_due(starts_on, step.due_on, field="starts_on")
    if review_on <= starts_on:
        raise NotAllowed(
            "review-before-start", "The first review must be after the step begins.", "review_on"
        )


def check_more_time(step: FormalStep, due_on: date, today: date) -> None:
    """Whether that day gives more time. Raises `NotAllowed`: `not-later`, `not-to-come`."""
    if due_on <= step.due_on:
        raise NotAllowed("not-later", "The new day must be after the one that stands.", "due_on")
    if due_on <= today:
        raise NotAllowed("not-to-come", "The new day must be after today.", "due_on")


def check_review(step: FormalStep, done_on: date, next_on: date | None, today: date) -> None:
    """Whether a review can have been that day, with the next one then.

    Raises `NotAllowed`: `in-future`, `before-start`, `next-missing`, `next-too-early`.
    """
    if done_on > today:
        raise NotAllowed("in-future", "The day of the review must be today or before.", "done_on")
    if step.starts_on and done_on < step.starts_on:
        raise NotAllowed("before-start", "The review lies before the step began.", "done_on")
    if next_on is None:
        raise NotAllowed(
            "next-missing", "A step in force has a day for its next review.", "next_on"
        )
    if next_on <= done_on:
        raise NotAllowed("next-too-early", "The next review must be after this one.", "next_on")


def check_close(step: FormalStep, outcome: str, closed_on: date, today: date) -> None:
    """Whether the step can have ended like that.

    Raises `NotAllowed`: `in-future`, `before-start`, `other-outcome`.
    """
    if closed_on > today:
        raise NotAllowed("in-future", "The day must be today or before.", "closed_on")
    if step.starts_on and closed_on < step.starts_on:
        raise NotAllowed("before-start", "It cannot be closed before it began.", "closed_on")
    if outcome not in outcomes_of(step.step_type):
        raise NotAllowed("other-outcome", "Such a step cannot end like that.", "outcome")


def outcomes_of(step_type: str) -> list[FormalStepOutcome]:
    """How a step of that kind can end: a termination is carried out, every other is met or not."""
    if step_type in TERMINATIONS:
        return [FormalStepOutcome.CARRIED_OUT, FormalStepOutcome.TAKEN_BACK]
    return [FormalStepOutcome.MET, FormalStepOutcome.NOT_MET, FormalStepOutcome.TAKEN_BACK]


@dataclass(frozen=True)
class Prompt:
    """So many default notices within the days that the council has set: a person considers the next
    step.
    """

    notices: tuple[FormalStep, ...]
    since: date

    def __str__(self) -> str:
        return f"{len(self.notices)} default notices since {day_in_words(self.since)}"


HEAVIER = (StepType.SPECIAL_MEASURES, *TERMINATIONS)


def prompt_of(service: Service, today: date, policy: Policy) -> Prompt | None:
    """Whether the default notices of a service ask for the next formal step; None when a person has
    answered since.

    Answered by a heavier step that was proposed after the latest notice, also once it has ended, by
    what the apps above register as an answer (a suspension), or by a reason not to take one.
    """
    since = today - timedelta(days=policy.default_notice_days)
    answered = service.steps_not_taken.order_by("-on").first()
    first = max(since, answered.on + timedelta(days=1)) if answered else since
    notices = tuple(service.formal_steps.defaults_between(first, today).order_by("starts_on", "pk"))
    if len(notices) < policy.default_notices:
        return None
    latest = max(notice.starts_on for notice in notices if notice.starts_on)
    heavier = service.formal_steps.filter(
        step_type__in=HEAVIER,
        status__in=[FormalStepStatus.PROPOSED, FormalStepStatus.ISSUED, FormalStepStatus.CLOSED],
        proposed_at__date__gte=latest,
    ).exclude(outcome=FormalStepOutcome.TAKEN_BACK)
    answered_elsewhere = any(
        day >= latest for answers in ANSWERS for day in answers([service.pk]).get(service.pk, ())
    )
    if heavier.exists() or answered_elsewhere:
        return None
    return Prompt(notices, first)


def check_prompt(prompt: Prompt | None) -> Prompt:
    """The prompt that a person answers. Raises `NotAllowed`: `nothing-asks`."""
    if prompt is None:
        raise NotAllowed("nothing-asks", "Nothing asks for a further step now.")
    return prompt
