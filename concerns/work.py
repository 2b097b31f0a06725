"""What people have in hand of concerns, and what of it is late."""

from collections.abc import Collection
from datetime import date, datetime
from operator import attrgetter

from django.urls import reverse
from django.utils import timezone

from concerns import actions
from concerns.models import Concern, ConcernQuerySet
from concerns.workflow import CHANGE
from core.dates import datetime_in_words
from core.models import User
from core.work import HandingOver, Piece, Work, register_work


def held_by(people: Collection[User], _day: date) -> list[Piece]:
    return _pieces(Concern.objects.open().filter(allocated_to__in=people))


def late(_day: date) -> list[Piece]:
    # A first response is due by an hour, and not by a day.
    return _pieces(Concern.objects.late_at(timezone.now()))


def _pieces(concerns: ConcernQuerySet) -> list[Piece]:
    found = concerns.select_related("service", "allocated_to")
    return [
        Piece(
            label=f"{concern.reference}: {concern.service}",
            url=reverse("concerns:view-concern", args=[concern.pk]),
            note=_note(concern),
            holder=concern.allocated_to,
            since=timezone.localdate(concern.respond_by),
            work=CONCERNS,
            pk=concern.pk,
        )
        for concern in found
    ]


def _note(concern: Concern) -> str:
    risk = f"{concern.get_risk_display()} risk"
    if concern.is_answered:
        return risk
    return f"{risk}, first response due by {datetime_in_words(concern.respond_by)}"


def give(pk: int, by: User, to: User, _reason: str, _now: datetime) -> Concern:
    return actions.allocate(pk, by=by, given=actions.AllocateInput(to.pk))


CONCERNS = "concerns"
register_work(
    Work(
        CONCERNS,
        "open concern",
        "open concerns",
        ("concerns.view_concern", "core.read_exempt"),
        held_by=held_by,
        late=late,
        late_title="Concerns without a first response",
        handing_over=HandingOver(Concern, attrgetter("allocated_to_id"), CHANGE, give),
    ),
    order=10,
)
