"""What people have in hand of formal steps, and which proposals wait for too long."""

from collections.abc import Collection
from datetime import date, datetime
from operator import attrgetter

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core.dates import day_in_words
from core.models import User
from core.work import HandingOver, Piece, Work, register_work
from formal_steps.actions import steps
from formal_steps.models import FormalStep, FormalStepStatus
from formal_steps.permissions import RECORD, SEE
from formal_steps.rules.deciding import decide_by

STEPS = "formal-steps"


def held_by(people: Collection[User], _day: date) -> list[Piece]:
    """Those that they lead, proposed or in force."""
    led = FormalStep.objects.filter(
        lead_officer__in=people, status__in=[FormalStepStatus.PROPOSED, FormalStepStatus.ISSUED]
    )
    return _pieces(led)


def proposals_late(day: date) -> list[Piece]:
    """Proposed steps that nobody has decided by their day."""
    found = FormalStep.objects.awaiting_decision()
    return [
        Piece(
            label=str(step),
            url=_page(step),
            note=(
                f"Proposed by {step.proposed_by}, to be decided by"
                f" {day_in_words(decide_by(step.proposed_at))}"
            ),
            since=timezone.localdate(step.proposed_at),
        )
        for step in found.select_related("service", "proposed_by")
        if decide_by(step.proposed_at) < day
    ]


def _pieces(found: QuerySet[FormalStep]) -> list[Piece]:
    return [
        Piece(
            label=str(step),
            url=_page(step),
            note=step.get_status_display(),
            holder=step.lead_officer,
            since=step.due_on,
            work=STEPS,
            pk=step.pk,
        )
        for step in found.select_related("service", "lead_officer")
    ]


def _page(step: FormalStep) -> str:
    return reverse("formal_steps:view-formal-step", args=[step.pk])


def give(pk: int, by: User, to: User, _reason: str, now: datetime) -> FormalStep:
    return steps.hand_over(pk, by=by, lead=to, now=now)


register_work(
    Work(
        STEPS,
        "formal step led",
        "formal steps led",
        SEE,
        held_by=held_by,
        late=proposals_late,
        late_title="Formal steps that nobody has decided",
        handing_over=HandingOver(FormalStep, attrgetter("lead_officer_id"), RECORD, give),
    ),
    order=50,
)
