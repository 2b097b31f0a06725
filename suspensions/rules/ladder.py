"""Formal steps: who may do what with one, and when the default notices of a service ask for the next."""

from dataclasses import dataclass
from datetime import date, timedelta

from carequality.models import User
from providers.models import Service
from suspensions.models import (
    EVER_IN_FORCE,
    TERMINATIONS,
    Deed,
    FormalStatus,
    FormalStep,
    Outcome,
    Policy,
    Rung,
    Status,
    Suspension,
)
from suspensions.rules.steps import DECIDE, PROPOSE, RECORD


@dataclass(frozen=True)
class FormalTransition:
    """A deed: from which state, into which, who may, and whether the proposer may not."""

    deed: Deed
    before: FormalStatus | None
    after: FormalStatus
    permission: str
    words: str
    not_by_proposer: bool = False


FORMAL_TRANSITIONS: dict[str, FormalTransition] = {
    "propose": FormalTransition(Deed.PROPOSED, None, FormalStatus.PROPOSED, PROPOSE, "propose a formal step"),
    "issue": FormalTransition(
        Deed.ISSUED, FormalStatus.PROPOSED, FormalStatus.ISSUED, DECIDE, "decide a formal step", True
    ),
    "refuse": FormalTransition(
        Deed.REFUSED, FormalStatus.PROPOSED, FormalStatus.REFUSED, DECIDE, "refuse a formal step", True
    ),
    "withdraw": FormalTransition(
        Deed.WITHDRAWN, FormalStatus.PROPOSED, FormalStatus.WITHDRAWN, PROPOSE, "withdraw a formal step"
    ),
    "extend": FormalTransition(
        Deed.EXTENDED, FormalStatus.ISSUED, FormalStatus.ISSUED, DECIDE, "give more time"
    ),
    "close": FormalTransition(
        Deed.CLOSED, FormalStatus.ISSUED, FormalStatus.CLOSED, DECIDE, "close a formal step"
    ),
}

NOT_FROM_FORMAL: dict[FormalStatus, str] = {
    FormalStatus.PROPOSED: "This step has not been decided.",
    FormalStatus.ISSUED: "This step is in force already.",
    FormalStatus.REFUSED: "This step was refused.",
    FormalStatus.WITHDRAWN: "This proposal was withdrawn.",
    FormalStatus.CLOSED: "This step is closed.",
}


def why_not_formal(action: str, step: FormalStep, by: User) -> str | None:
    """Why `by` may not do that with this step now."""
    transition = FORMAL_TRANSITIONS[action]
    if not by.has_perm(transition.permission):
        return f"You do not have the right to {transition.words}."
    if step.status != transition.before:
        return NOT_FROM_FORMAL[FormalStatus(step.status)]
    if transition.not_by_proposer and step.proposed_by_id == by.pk:
        return "Someone else must decide a step that you proposed. You can withdraw it."
    return None


def why_not_propose_formal(service: Service, rung: str, by: User, today: date) -> str | None:
    if not by.has_perm(PROPOSE):
        return "You do not have the right to propose a formal step."
    if service.is_closed_on(today):
        return f"{service} is closed."
    if service.formal_steps.awaiting_decision().filter(rung=rung).exists():
        return f"A step of this kind is waiting for a decision already: {Rung(rung).label.lower()}."
    return None


def why_not_due(starts_on: date, due_on: date) -> str | None:
    return "The day must be after the step begins." if due_on <= starts_on else None


def why_not_review_formal(
    step: FormalStep, by: User, done_on: date, next_on: date | None, today: date
) -> str | None:
    if refusal := why_not_record_formal(step, by):
        return refusal
    if done_on > today:
        return "The day of the review must be today or before."
    if step.starts_on and done_on < step.starts_on:
        return "The review lies before the step began."
    if next_on is None:
        return "A step in force has a day for its next review."
    return "The next review must be after this one." if next_on <= done_on else None


def why_not_record_formal(step: FormalStep, by: User) -> str | None:
    """Why `by` may not write to the record of a step in force."""
    if not by.has_perm(RECORD):
        return "You do not have the right to write to the record of a formal step."
    return None if step.status == FormalStatus.ISSUED else NOT_FROM_FORMAL[FormalStatus(step.status)]


def outcomes_of(rung: str) -> list[Outcome]:
    """How a step of that kind can end: a termination is carried out, every other is met or not."""
    if rung in TERMINATIONS:
        return [Outcome.CARRIED_OUT, Outcome.TAKEN_BACK]
    return [Outcome.MET, Outcome.NOT_MET, Outcome.TAKEN_BACK]


@dataclass(frozen=True)
class Prompt:
    """So many default notices within the days that the council has set: a person considers the next step."""

    notices: tuple[FormalStep, ...]
    since: date

    def __str__(self) -> str:
        return f"{len(self.notices)} default notices since {self.since:%-d %B %Y}"


HEAVIER = (Rung.SPECIAL_MEASURES, *TERMINATIONS)


def prompt_of(service: Service, today: date, policy: Policy | None = None) -> Prompt | None:
    """Whether the default notices of a service ask for the next formal step; None when a person has answered since.

    Answered by a heavier step or a suspension that was proposed after the latest notice, also once it has ended, or by a
    reason not to take one.
    """
    policy = policy or Policy.current()
    since = today - timedelta(days=policy.default_notice_days)
    answered = service.steps_not_taken.order_by("-on").first()
    first = max(since, answered.on + timedelta(days=1)) if answered else since
    notices = tuple(service.formal_steps.defaults_between(first, today).order_by("starts_on", "pk"))
    if len(notices) < policy.default_notices:
        return None
    latest = max(notice.starts_on for notice in notices if notice.starts_on)
    heavier = service.formal_steps.filter(
        rung__in=HEAVIER,
        status__in=[FormalStatus.PROPOSED, FormalStatus.ISSUED, FormalStatus.CLOSED],
        proposed_at__date__gte=latest,
    ).exclude(outcome=Outcome.TAKEN_BACK)
    # What was refused or withdrawn answers nothing; what has ended since was an answer all the same.
    suspended = Suspension.objects.filter(
        service=service, proposed_at__date__gte=latest, status__in=[Status.PROPOSED, *EVER_IN_FORCE]
    )
    if heavier.exists() or suspended.exists():
        return None
    return Prompt(notices, first)


def prompts(today: date) -> list[tuple[Service, Prompt]]:
    """Every service whose default notices ask for the next step."""
    policy = Policy.current()
    since = today - timedelta(days=policy.default_notice_days)
    pks = set(FormalStep.objects.defaults_between(since, today).values_list("service_id", flat=True))
    found = []
    for service in Service.objects.filter(pk__in=pks).order_by("name"):
        if prompt := prompt_of(service, today, policy):
            found.append((service, prompt))
    return found


def who_can_decide(step: FormalStep) -> tuple[User, ...]:
    able = User.objects.with_perm(DECIDE).filter(is_active=True).exclude(pk=step.proposed_by_id)
    return tuple(able.order_by("last_name", "first_name", "username"))
