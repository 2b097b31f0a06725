"""Formal steps: what one may say.

The steps and their order are the council's own contract policy, as ADASS' guidance on contracts and
market management describes it.
"""

from datetime import date
from typing import Protocol

from core.dates import day_in_words
from core.models import User
from core.workflow import NotAllowed
from formal_steps.models import (
    TERMINATIONS,
    FormalStep,
    FormalStepOutcome,
    StepType,
)
from providers.models import Service


class Proposal(Protocol):
    """What one manager proposes and another decides: a formal step, a suspension or a change."""

    proposed_by: User
    proposed_by_id: int


class Written(Protocol):
    """What is decided on reasons that several people may have written."""

    reasons_by: list[int]


# Forms say these of an empty field, and rules to whoever calls an action without one.
START_MISSING = "Enter the first day in force"
FIRST_REVIEW_MISSING = "Enter the date of the first review"
NEXT_REVIEW_MISSING = "Enter the date of the next review"
NEW_DAY_TO_COME = "The new date must be after today"


def check_own(proposal: Proposal, by: User | None, _now: object = None) -> None:
    """Only whoever proposed something takes it back: anybody else who is against it refuses it, and
    answers for that.

    Raises `NotAllowed`: `not-the-proposer`.
    """
    if by is not None and by.pk != proposal.proposed_by_id:
        raise NotAllowed(
            "not-the-proposer",
            f"{proposal.proposed_by} proposed this, so nobody else can withdraw it. Another manager"
            " can refuse it.",
        )


def check_no_author(proposal: Written, by: User | None, _now: object = None) -> None:
    """Whoever wrote the reasons or the evidence does not decide on them.

    Raises `NotAllowed`: `wrote-it`.
    """
    if by is not None and by.pk in proposal.reasons_by:
        raise NotAllowed(
            "wrote-it",
            "You wrote some of the reasons or the evidence, so another manager must decide this.",
        )


def check_propose(service: Service, step_type: str, today: date) -> None:
    """Whether a step of that kind can be proposed.

    Raises `NotAllowed`: `service-closed`, `already-proposed`.
    """
    if service.is_closed_on(today):
        raise NotAllowed(
            "service-closed", f"{service} is closed, so no formal step can be proposed."
        )
    # Two proposals of one kind would let two managers decide the same thing in two ways.
    if service.formal_steps.awaiting_decision().filter(step_type=step_type).exists():
        kind = StepType(step_type).label.lower()
        raise NotAllowed(
            "already-proposed",
            f"This service already has a proposed {kind}. Another manager must decide it first.",
            "step_type",
        )


def check_contract(service: Service, contract_id: int | None) -> None:
    """Whether the step's contract is of its service. Raises `NotAllowed`: `other-contract`."""
    if contract_id and not service.contracts.filter(pk=contract_id).exists():
        raise NotAllowed("other-contract", f"Choose a contract of {service}.", "contract")


def check_due(starts_on: date, due_on: date) -> None:
    """Whether the day by which it is due follows its beginning.

    Raises `NotAllowed`: `due-before-start`.
    """
    if due_on <= starts_on:
        raise NotAllowed("due-before-start", "The date must be after the step begins.", "due_on")


def check_issue(step: FormalStep, starts_on: date, review_on: date, decided_on: date) -> None:
    """Whether the step can be in force from that day.

    Raises `NotAllowed`: `before-decision`, `due-before-start`, `review-before-start`.
    """
    # A step cannot have been in force before anybody decided it.
    if starts_on < decided_on:
        raise NotAllowed(
            "before-decision",
            "The first day in force must be on or after the day of the decision.",
            "starts_on",
        )
    if step.due_on <= starts_on:
        raise NotAllowed(
            "due-before-start",
            f"The step must begin before {day_in_words(step.due_on)}, the day it is due.",
            "starts_on",
        )
    if review_on <= starts_on:
        raise NotAllowed(
            "review-before-start", "The first review must be after the step begins.", "review_on"
        )


def check_more_time(step: FormalStep, due_on: date, today: date) -> None:
    """Whether that day gives more time. Raises `NotAllowed`: `not-later`, `not-to-come`."""
    if due_on <= step.due_on:
        raise NotAllowed(
            "not-later", f"The new date must be after {day_in_words(step.due_on)}.", "due_on"
        )
    # A step that is overdue gets a day that is still to come: a day gone by gives no time.
    if due_on <= today:
        raise NotAllowed("not-to-come", f"{NEW_DAY_TO_COME}.", "due_on")


def check_review(step: FormalStep, done_on: date, next_on: date | None, today: date) -> None:
    """Whether a review can have been that day, with the next one then.

    Raises `NotAllowed`: `in-future`, `before-start`, `next-missing`, `next-too-early`.
    """
    check_review_days("step", step.starts_on, done_on, next_on, today, goes_on=True)


def check_review_days(
    what: str,
    begun_on: date | None,
    done_on: date,
    next_on: date | None,
    today: date,
    *,
    goes_on: bool,
) -> None:
    """Whether the days of a review fit one another; `what` was reviewed, and `goes_on` where it is
    still in force: then there is always a next review.

    Raises `NotAllowed`: `in-future`, `before-start`, `next-missing`, `next-too-early`.
    """
    if done_on > today:
        raise NotAllowed("in-future", "The date of the review must be today or earlier.", "done_on")
    if begun_on and done_on < begun_on:
        raise NotAllowed(
            "before-start", f"The review must be on or after the day the {what} began.", "done_on"
        )
    # What is in force always has a next review, or it would be forgotten.
    if next_on is None:
        if goes_on:
            raise NotAllowed(
                "next-missing",
                f"{NEXT_REVIEW_MISSING}. A {what} in force always has one.",
                "next_on",
            )
    elif next_on <= done_on:
        raise NotAllowed("next-too-early", "The next review must be after this one.", "next_on")


def check_close(step: FormalStep, outcome: str, closed_on: date, today: date) -> None:
    """Whether the step can have ended like that.

    Raises `NotAllowed`: `in-future`, `before-start`, `other-outcome`.
    """
    if closed_on > today:
        raise NotAllowed(
            "in-future", "The date the step ended must be today or earlier.", "closed_on"
        )
    if step.starts_on and closed_on < step.starts_on:
        raise NotAllowed(
            "before-start",
            "The date the step ended must be on or after the day it began.",
            "closed_on",
        )
    if outcome not in outcomes_of(step.step_type):
        raise NotAllowed(
            "other-outcome", "Choose one of the ways in which this step can end.", "outcome"
        )


def outcomes_of(step_type: str) -> list[FormalStepOutcome]:
    """How a step of that kind can end: a termination is carried out, every other is met or not."""
    if step_type in TERMINATIONS:
        return [FormalStepOutcome.CARRIED_OUT, FormalStepOutcome.TAKEN_BACK]
    return [FormalStepOutcome.MET, FormalStepOutcome.NOT_MET, FormalStepOutcome.TAKEN_BACK]
