"""What people have in hand of suspensions, and which proposals wait for too long."""

from collections.abc import Collection
from datetime import date, datetime
from operator import attrgetter

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.dates import day_in_words
from core.models import User
from core.work import HandingOver, Piece, Work, register_work
from suspensions.actions import monitoring
from suspensions.models import Change, ChangeStatus, Suspension, SuspensionStatus
from suspensions.rules import waiting
from suspensions.rules.steps import RECORD

SEE = ("suspensions.view_suspension", "core.read_exempt")
SUSPENSIONS = "suspensions"
WORDS = {
    waiting.SUSPENSION: "suspension proposed",
    waiting.LIFT: "lift proposed",
    waiting.CHANGE: "change proposed",
}


def held_by(people: Collection[User], _day: date) -> list[Piece]:
    """Those that they lead: proposed, in force, or over and still to review."""
    led = Suspension.objects.filter(lead_officer__in=people).filter(
        Q(status__in=[SuspensionStatus.PROPOSED, SuspensionStatus.IN_FORCE])
        | Q(status=SuspensionStatus.LIFT_PROPOSED)
        | Q(status=SuspensionStatus.LIFTED, review_on__isnull=False)
    )
    return [
        Piece(
            label=suspension.scope,
            url=_page(suspension),
            note=suspension.get_status_display(),
            holder=suspension.lead_officer,
            since=suspension.review_on,
            work=SUSPENSIONS,
            pk=suspension.pk,
        )
        for suspension in led.select_related("service", "unit", "lead_officer")
    ]


def proposals_late(day: date) -> list[Piece]:
    """Proposals, lifts and changes that nobody has decided by their day."""
    changes: dict[int, list[Change]] = {}
    for change in Change.objects.filter(status=ChangeStatus.PROPOSED).select_related("proposed_by"):
        changes.setdefault(change.suspension_id, []).append(change)
    rows = (
        Suspension.objects.filter(
            Q(status__in=[SuspensionStatus.PROPOSED, SuspensionStatus.LIFT_PROPOSED])
            | Q(pk__in=changes)
        )
        .select_related("service", "unit", "proposed_by", "lift_proposed_by")
        .order_by("pk")
    )
    return [
        Piece(
            label=f"{suspension.scope}, {WORDS[proposal.what]}",
            url=_page(suspension),
            note=(
                f"Proposed by {proposal.proposed_by}, to be decided by"
                f" {day_in_words(proposal.decide_by)}"
            ),
            since=timezone.localdate(proposal.proposed_at),
        )
        for suspension in rows
        for proposal in waiting.what_waits(suspension, changes.get(suspension.pk, ()), day)
        if proposal.is_late
    ]


def _page(suspension: Suspension) -> str:
    return reverse("suspensions:view-suspension", args=[suspension.pk])


def give(pk: int, by: User, to: User, reason: str, now: datetime) -> Suspension:
    return monitoring.hand_over(pk, by=by, given=monitoring.LeadInput(to.pk, reason), now=now)


register_work(
    Work(
        SUSPENSIONS,
        "suspension led",
        "suspensions led",
        SEE,
        held_by=held_by,
        handing_over=HandingOver(Suspension, attrgetter("lead_officer_id"), RECORD, give),
    ),
    order=40,
)
register_work(
    Work(
        "proposals",
        "proposal to decide",
        "proposals to decide",
        SEE,
        late=proposals_late,
        late_title="Suspensions, lifts and changes that nobody has decided",
    ),
    order=41,
)
