"""What happens while a suspension is in force, and after its lift."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from core import events
from core.models import User
from core.workflow import NotAllowed, requires
from formal_steps.actions.versions import new_version
from suspensions.actions.record import lock
from suspensions.models import Progress, ProgressKind, Review, Suspension
from suspensions.rules import steps
from suspensions.rules.record import parts_of
from suspensions.workflow.suspension import SUSPENSION


@dataclass(frozen=True)
class ProgressInput:
    """What happened that day."""

    text: str
    happened_on: date
    kind: str = ProgressKind.NOTE


@dataclass(frozen=True)
class ReviewInput:
    """A review and the day of the next one; after a lift there need be no next."""

    done_on: date
    outcome: str
    next_on: date | None


@dataclass(frozen=True)
class LeadInput:
    """Who leads from now on, and why."""

    lead_id: int
    reason: str


@requires(SUSPENSION["record-progress"])
@transaction.atomic
def add_progress(suspension_id: int, *, by: User, given: ProgressInput, now: datetime) -> Progress:
    """Add what happened that day: progress, a welfare check, a meeting, what the provider said,
    evidence.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `in-future`.
    """
    suspension = lock(suspension_id)
    SUSPENSION.apply(suspension, "record-progress", by, now)
    if given.happened_on > timezone.localdate(now):
        raise NotAllowed("in-future", "The date must be today or earlier.", "happened_on")
    progress = Progress.objects.create(suspension=suspension, by=by, **asdict(given))
    events.record(
        "suspension.progress_added", by=by, about=suspension, after={"progress": progress.pk}
    )
    return progress


@requires(SUSPENSION["review"])
@transaction.atomic
def record_review(suspension_id: int, *, by: User, given: ReviewInput, now: datetime) -> Review:
    """Record a review and the day of the next one.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `in-future`, `before-start`,
    `next-missing`, `next-too-early`.
    """
    suspension = lock(suspension_id)
    SUSPENSION.apply(suspension, "review", by, now)
    steps.check_review(suspension, given.done_on, given.next_on, timezone.localdate(now))
    # The day that it was due is kept with the review, before the next takes its place.
    before = suspension.review_on
    review = Review.objects.create(suspension=suspension, due_on=before, by=by, **asdict(given))
    suspension.review_on = given.next_on
    suspension.save()
    events.record(
        "suspension.reviewed",
        by=by,
        about=suspension,
        before={"review_on": before.isoformat() if before else None},
        after={
            "review": review.pk,
            "review_on": given.next_on.isoformat() if given.next_on else None,
        },
    )
    return review


@requires(SUSPENSION["hand-over"])
@transaction.atomic
def hand_over(suspension_id: int, *, by: User, given: LeadInput, now: datetime) -> Suspension:
    """Another officer leads from now on. Who led before stays in the event record and in the
    progress.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `cannot-lead`, `leads-already`.
    """
    suspension = lock(suspension_id)
    SUSPENSION.apply(suspension, "hand-over", by, now)
    lead = User.objects.get(pk=given.lead_id)
    steps.check_lead(suspension, lead)
    # The event keeps the former lead's id: they count as having taken part, and cannot review the
    # decision (`people_involved`).
    with new_version(suspension, parts_of, by=by, now=now):
        before, suspension.lead_officer = suspension.lead_officer, lead
        suspension.save()
    Progress.objects.create(
        suspension=suspension,
        kind=ProgressKind.NOTE,
        happened_on=timezone.localdate(now),
        by=by,
        text=f"Lead officer: {lead}{f', after {before}' if before else ''}. {given.reason}",
    )
    events.record(
        "suspension.handed_over",
        by=by,
        about=suspension,
        before={"lead": before.pk if before else None},
        after={"lead": lead.pk},
    )
    return suspension
