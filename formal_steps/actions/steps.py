"""Formal steps from the proposal to their close, each event kept in a history that is never
rewritten.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import checks, events, locking, versions
from core.inputs import ReasonInput, columns
from core.jobs import names, queue
from core.jobs.models import Job
from core.models import User
from core.workflow import NotAllowed, Transition, requires
from formal_steps.actions.letters import freeze_step_letter
from formal_steps.actions.versions import new_version
from formal_steps.models import (
    FormalStep,
    FormalStepOutcome,
    Policy,
    StepEvent,
    StepEventKind,
    StepNotTaken,
    StepReview,
    StepType,
)
from formal_steps.permissions import DECIDE
from formal_steps.registration import LINKS
from formal_steps.rules import prompts
from formal_steps.rules import steps as rules
from formal_steps.rules.involved import parts_taken
from formal_steps.rules.record import REASONS, parts_of
from formal_steps.workflow import FORMAL_STEP
from providers.models import Service

# What a transition is called in the history.
EVENT_KINDS = {
    "propose": StepEventKind.PROPOSED,
    "issue": StepEventKind.ISSUED,
    "refuse": StepEventKind.REFUSED,
    "withdraw": StepEventKind.WITHDRAWN,
    "extend": StepEventKind.EXTENDED,
    "close": StepEventKind.CLOSED,
}


@dataclass(frozen=True)
class ProposeStepInput:
    """Which step is proposed, and what it says to the provider; `beside` by the name of what an app
    above registered.
    """

    step_type: str
    summary: str
    clause: str
    reasons: str
    evidence: str
    required: str
    due_on: date
    contract_id: int | None = None
    lead_officer_id: int | None = None
    concern_ids: tuple[int, ...] = ()
    beside: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class StepRecordInput:
    """What a proposed step says, to be changed before it is decided."""

    summary: str
    clause: str
    reasons: str
    evidence: str
    required: str
    due_on: date
    contract_id: int | None = None
    lead_officer_id: int | None = None
    concern_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class DecideStepInput:
    """The decision on a proposed step: `issue` or `refuse`; a step that is issued has its days.

    `seen` names the version that was read.
    """

    decision: str
    reason: str
    decided_at: datetime
    starts_on: date | None = None
    review_on: date | None = None
    seen: str = ""


@dataclass(frozen=True)
class MoreTimeInput:
    """The new day by which the step is due, and why."""

    due_on: date
    reason: str


@dataclass(frozen=True)
class ReviewStepInput:
    """A review and the day of the next one."""

    done_on: date
    outcome: str
    next_on: date | None


@dataclass(frozen=True)
class CloseStepInput:
    """How a step ended, when, and what shows it."""

    outcome: str
    closed_on: date
    reason: str


@dataclass(frozen=True)
class NoStepInput:
    """Why no further step follows."""

    reason: str


@requires(FORMAL_STEP["propose"])
@transaction.atomic
def propose(service_id: int, *, by: User, given: ProposeStepInput, now: datetime) -> FormalStep:
    """Put a formal step before another manager.

    Source: the contract between council and provider, and the council's policy on the order of
    steps.

    Raises `NotAllowed`: `permission-missing`, `service-closed`, `already-proposed`, `due-before-
    start`, `other-contract`; what it stands beside raises its own.
    """
    # The service is held: of two proposals of one kind at once, the second sees the first.
    service = locking.lock(Service, service_id, "provider")
    today = timezone.localdate(now)
    # Asked once the service is held: before, another could close it or propose the same in between.
    rules.check_propose(service, given.step_type, today)
    rules.check_due(today, given.due_on)
    rules.check_contract(service, given.contract_id)
    said = asdict(given)
    concern_ids, beside = said.pop("concern_ids"), said.pop("beside")
    # Kept with the step, so that it keeps its lead when the service gets another.
    said["lead_officer_id"] = given.lead_officer_id or service.lead_officer_id
    step = FormalStep(service=service, proposed_by=by, proposed_at=now, reasons_by=[by.pk], **said)
    transition = FORMAL_STEP.apply(step, "propose", by=by, now=now)
    step.save()
    # Of the ids sent only those of this service: a page may not tie a concern of another one to it.
    step.concerns.set(service.concerns.filter(pk__in=concern_ids))
    versions.keep(step, parts_of(step), by=by, now=now)
    for name, pk in beside.items():
        LINKS[name].join(step, pk)
    _record_transition(transition, step, by=by, at=now, now=now, reason=given.summary)
    queue.add(names.ASK_TO_DECIDE_STEP, step.pk, about=step)
    return step


@requires(FORMAL_STEP["complete"])
@transaction.atomic
def complete(
    step_id: int, *, by: User, given: StepRecordInput, seen: str, now: datetime
) -> FormalStep:
    """Change what a proposed step says, as it was `seen`, before another manager decides on it.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `stale-version`, `due-before-start`,
    `other-contract`.
    """
    step = lock(step_id)
    FORMAL_STEP.apply(step, "complete", by, now, seen)
    rules.check_due(timezone.localdate(now), given.due_on)
    rules.check_contract(step.service, given.contract_id)
    said = columns(given, but=("concern_ids",))
    changed = sorted(name for name, value in said.items() if getattr(step, name) != value)
    with new_version(step, parts_of, by=by, now=now):
        for name in changed:
            setattr(step, name, said[name])
        if set(changed) & set(REASONS) and by.pk not in step.reasons_by:
            step.reasons_by = [*step.reasons_by, by.pk]
        step.save()
        step.concerns.set(step.service.concerns.filter(pk__in=given.concern_ids))
    events.record("formal_step.completed", by=by, about=step, after={"changed": changed})
    return step


@requires(FORMAL_STEP["issue"], FORMAL_STEP["refuse"])
@transaction.atomic
def decide(step_id: int, *, by: User, given: DecideStepInput, now: datetime) -> FormalStep:
    """Put a proposed step in force from a day, with its letter and its first review, or decide that
    it is not taken.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `same-person`, `wrote-it`,
    `stale-version`, `in-future`, `too-early`; and for a step that is issued `start-missing`,
    `review-missing`, `before-decision`, `due-before-start`, `review-before-start`.
    """
    issues = given.decision == "issue"
    step = lock(step_id)
    transition = FORMAL_STEP.apply(step, "issue" if issues else "refuse", by, now, given.seen)
    # A decision may be recorded after it was made by telephone, but cannot have come before the
    # proposal.
    checks.check_when(given.decided_at, now, not_before=step.proposed_at)
    step.decided_by, step.decided_at, step.decision_recorded_at = by, given.decided_at, now
    step.decision_reason = given.reason
    after = _begin(step, given) if issues else {}
    step.save()
    _record_transition(
        transition, step, by=by, at=given.decided_at, now=now, reason=given.reason, after=after
    )
    # Last: the letter says the days that the step was given above. It is nobody's own (`by` None),
    # since it comes with the decision.
    if issues:
        freeze_step_letter(step, by=None, now=now)
    return step


def _begin(step: FormalStep, given: DecideStepInput) -> dict[str, str]:
    """Give the step its days; what the event says of them."""
    if given.starts_on is None:
        raise NotAllowed("start-missing", f"{rules.START_MISSING}.", "starts_on")
    if given.review_on is None:
        raise NotAllowed("review-missing", f"{rules.FIRST_REVIEW_MISSING}.", "review_on")
    rules.check_issue(step, given.starts_on, given.review_on, timezone.localdate(given.decided_at))
    step.starts_on, step.review_on = given.starts_on, given.review_on
    return {"starts_on": given.starts_on.isoformat(), "due_on": step.due_on.isoformat()}


@requires(FORMAL_STEP["withdraw"])
@transaction.atomic
def withdraw(step_id: int, *, by: User, given: ReasonInput, now: datetime) -> FormalStep:
    """Take a proposed step back.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `not-the-proposer`.
    """
    step = lock(step_id)
    transition = FORMAL_STEP.apply(step, "withdraw", by=by, now=now)
    step.save()
    _record_transition(transition, step, by=by, at=now, now=now, reason=given.reason)
    return step


@requires(FORMAL_STEP["extend"])
@transaction.atomic
def give_more_time(step_id: int, *, by: User, given: MoreTimeInput, now: datetime) -> FormalStep:
    """Move the day by which it has to be done. The day that stood before stays in the history.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `not-later`, `not-to-come`.
    """
    step = lock(step_id)
    transition = FORMAL_STEP.apply(step, "extend", by=by, now=now)
    rules.check_more_time(step, given.due_on, timezone.localdate(now))
    before, step.due_on = step.due_on, given.due_on
    step.save()
    days = {"due_on": [before.isoformat(), given.due_on.isoformat()]}
    _record_transition(transition, step, by=by, at=now, now=now, reason=given.reason, after=days)
    return step


@requires(FORMAL_STEP["review"])
@transaction.atomic
def review(step_id: int, *, by: User, given: ReviewStepInput, now: datetime) -> StepReview:
    """Record a review and the day of the next one.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `in-future`, `before-start`, `next-
    missing`, `next-too-early`.
    """
    step = lock(step_id)
    FORMAL_STEP.apply(step, "review", by=by, now=now)
    rules.check_review(step, given.done_on, given.next_on, timezone.localdate(now))
    # The review takes the day that it was planned for before the step gets the next one.
    review = StepReview.objects.create(step=step, due_on=step.review_on, by=by, **asdict(given))
    step.review_on = given.next_on
    step.save()
    events.record("formal_step.reviewed", by=by, about=step, after={"review": review.pk})
    return review


@requires(FORMAL_STEP["close"])
@transaction.atomic
def close(step_id: int, *, by: User, given: CloseStepInput, now: datetime) -> FormalStep:
    """Say how the step ended, and when. The contract itself is ended in the register.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `in-future`, `before-start`, `other-
    outcome`.
    """
    step = lock(step_id)
    transition = FORMAL_STEP.apply(step, "close", by=by, now=now)
    # The state alone is not enough: a termination cannot end as met.
    rules.check_close(step, given.outcome, given.closed_on, timezone.localdate(now))
    # A step that has ended is reviewed no more, and leaves Today.
    step.review_on = None
    step.closed_on, step.closed_by = given.closed_on, by
    step.outcome, step.outcome_reason = given.outcome, given.reason
    step.save()
    after = {"outcome": FormalStepOutcome(given.outcome).value}
    _record_transition(transition, step, by=by, at=now, now=now, reason=given.reason, after=after)
    return step


@requires(FORMAL_STEP["hand-over"])
@transaction.atomic
def hand_over(step_id: int, *, by: User, lead: User, now: datetime) -> FormalStep:
    """Another officer leads from now on.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`.
    """
    step = lock(step_id)
    FORMAL_STEP.apply(step, "hand-over", by=by, now=now)
    before, step.lead_officer = step.lead_officer_id, lead
    step.save()
    events.record(
        "formal_step.handed_over",
        by=by,
        about=step,
        before={"lead": before},
        after={"lead": lead.pk},
    )
    return step


@requires(DECIDE)
@transaction.atomic
def take_no_step(service_id: int, *, by: User, given: NoStepInput, now: datetime) -> StepNotTaken:
    """Answer the prompt of a service's default notices: no further step follows, for this reason.

    Raises `NotAllowed`: `permission-missing`, `nothing-asks`.
    """
    # Held, so that two managers do not answer the same prompt.
    service = locking.lock(Service, service_id, "provider")
    today = timezone.localdate(now)
    # The prompt is asked again here: a heavier step may have answered it while the page was open.
    prompt = prompts.check_prompt(prompts.prompt_of(service, today, Policy.current()))
    answer = StepNotTaken.objects.create(
        service=service, on=today, by=by, notices=len(prompt.notices), reason=given.reason
    )
    events.record(
        "formal_step.not_taken", by=by, about=service, after={"notices": len(prompt.notices)}
    )
    return answer


def lock(step_id: int) -> FormalStep:
    """The step, held until the transaction ends: of two people who decide at once, one goes
    first.
    """
    return locking.lock(FormalStep, step_id, "service")


def _record_transition(
    transition: Transition,
    step: FormalStep,
    *,
    by: User,
    at: datetime,
    now: datetime,
    reason: str,
    after: dict[str, Any] | None = None,
) -> None:
    """Write the event to the step's history and to the event record."""
    # What nobody could be asked for is asked for no more once somebody has taken a step.
    queue.settle(Job.objects.about(step).of_kinds([names.ASK_TO_DECIDE_STEP.name]), now=now)
    kind = EVENT_KINDS[transition.name]
    StepEvent.objects.create(
        step=step,
        kind=kind,
        by=by,
        decided_at=at,
        recorded_at=now,
        reason=reason,
        took_part=parts_taken(step, by) if transition.needs_seen else "",
        due_on=step.due_on,
    )
    # The event record is kept for good, so it gets ids, days and fixed words: the reason stands in
    # the step's own history alone.
    events.record(
        f"formal_step.{kind}",
        by=by,
        about=step,
        # Every transition of this table starts from one state, or makes the step.
        before={"status": str(transition.source[0])} if transition.source else {},
        after={
            "status": str(step.status),
            "step_type": StepType(step.step_type).value,
            **(after or {}),
        },
        happened_at=at,
    )
