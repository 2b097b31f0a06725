"""What happens while a suspension is in force, and after its lift."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from carequality import events
from carequality.models import User
from suspensions import rules
from suspensions.actions.record import lock, refuse_if
from suspensions.models import Progress, ProgressKind, Review, Suspension


@transaction.atomic
def add_progress(
    suspension_id: int,
    *,
    by: User,
    text: str,
    happened_on: date,
    now: datetime,
    kind: str = ProgressKind.NOTE,
) -> Progress:
    """Add what happened that day: progress, a welfare check, a meeting, what the provider said, evidence."""
    suspension = lock(suspension_id)
    refuse_if(
        rules.why_not_record(suspension, by),
        "The day must be today or before." if happened_on > timezone.localdate(now) else None,
    )
    progress = Progress.objects.create(
        suspension=suspension, kind=kind, happened_on=happened_on, by=by, text=text
    )
    events.record("suspension.progress_added", by=by, about=suspension, after={"progress": progress.pk})
    return progress


@transaction.atomic
def record_review(
    suspension_id: int, *, by: User, done_on: date, outcome: str, next_on: date | None, now: datetime
) -> Review:
    """Record a review and the day of the next one; after a lift there need be no next."""
    suspension = lock(suspension_id)
    refuse_if(
        rules.why_not_review(suspension, by, done_on, next_on),
        "The day of the review must be today or before." if done_on > timezone.localdate(now) else None,
    )
    review = Review.objects.create(
        suspension=suspension,
        due_on=suspension.review_on,
        done_on=done_on,
        by=by,
        outcome=outcome,
        next_on=next_on,
    )
    before, suspension.review_on = suspension.review_on, next_on
    suspension.save()
    events.record(
        "suspension.reviewed",
        by=by,
        about=suspension,
        before={"review_on": before.isoformat() if before else None},
        after={"review": review.pk, "review_on": next_on.isoformat() if next_on else None},
    )
    return review


@transaction.atomic
def hand_over(suspension_id: int, *, by: User, lead: User, reason: str, now: datetime) -> Suspension:
    """Another officer leads from now on. Who led before stays in the event record and in the progress."""
    suspension = lock(suspension_id)
    refuse_if(rules.why_not_lead(suspension, lead, by))
    before, suspension.lead_officer = suspension.lead_officer, lead
    suspension.save()
    Progress.objects.create(
        suspension=suspension,
        kind=ProgressKind.NOTE,
        happened_on=timezone.localdate(now),
        by=by,
        text=f"{lead} leads{f' in place of {before}' if before else ''}. {reason}",
    )
    events.record(
        "suspension.handed_over",
        by=by,
        about=suspension,
        before={"lead": before.pk if before else None},
        after={"lead": lead.pk},
    )
    return suspension
