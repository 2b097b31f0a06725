"""Who is away and who stands in: recorded, and ended early."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from core import cover as rules
from core import events
from core.models import Cover, User
from core.workflow import NotAllowed, requires

CHANGE = "core.change_cover"


@dataclass(frozen=True)
class CoverInput:
    """Who is away from one day to another, both counted, and who stands in."""

    person_id: int
    deputy_id: int
    from_on: date
    until_on: date


@requires(CHANGE)
@transaction.atomic
def set_cover(*, by: User, given: CoverInput, now: datetime) -> Cover:
    """Record that a person is away, and who stands in.

    Raises `NotAllowed`: `permission-missing`, `in-past`, or as `core.cover.check_cover` does.
    """
    # Both are held: whoever is away may become the deputy of another cover at this moment, so that
    # A for B and B for A would both find the other one there. In the order of their ids, so that
    # the two do not wait for each other.
    held = User.objects.select_for_update(of=("self",)).filter(
        pk__in=[given.person_id, given.deputy_id]
    )
    people = {each.pk: each for each in held.order_by("pk")}
    person, deputy = people[given.person_id], people[given.deputy_id]
    rules.check_cover(person, deputy, given.from_on, given.until_on)
    # A cover that begins today or began before may be recorded, one that is over may not: nobody
    # stood in by it.
    if given.until_on < timezone.localdate(now):
        raise NotAllowed("in-past", "The last day away must be today or later.", "until_on")
    cover = Cover.objects.create(recorded_by=by, recorded_at=now, **asdict(given))
    days = {"from_on": given.from_on.isoformat(), "until_on": given.until_on.isoformat()}
    events.record(
        "cover.set", by=by, about=cover, after={"person": person.pk, "deputy": deputy.pk, **days}
    )
    return cover


@requires(CHANGE)
@transaction.atomic
def end_cover(cover_id: int, *, by: User, now: datetime) -> Cover:
    """End a cover early: the person is back sooner, or the cover was a mistake.

    Raises `NotAllowed`: `permission-missing`, `already-ended`.
    """
    # Held, so that of two who end it one is recorded and the other refused.
    cover = Cover.objects.select_for_update(of=("self",)).get(pk=cover_id)
    rules.check_not_ended(cover)
    cover.ended_at, cover.ended_by = now, by
    cover.save()
    events.record("cover.ended", by=by, about=cover)
    return cover
