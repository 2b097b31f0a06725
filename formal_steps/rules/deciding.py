"""By when what one manager proposes is to be decided by another, and who is asked.

Source: the council's own policy. No law sets a day; a proposal that nobody decides leaves people at
risk, or a provider suspended for longer than need be.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from core.calendar import add_working_days, next_working_day
from core.cover import covers_on
from core.models import User

WITHIN = 2  # working days
MORNING = time(8)


def decide_by(proposed_at: datetime) -> date:
    """The last day for a decision: so many working days after the proposal."""
    return add_working_days(timezone.localdate(proposed_at), WITHIN)


def ask_again_at(proposed_at: datetime, now: datetime) -> datetime:
    """When to ask again if nobody decides: on the morning of the last day, then every working
    morning.
    """
    today = timezone.localdate(now)
    day = max(decide_by(proposed_at), next_working_day(today))
    morning = datetime.combine(day, MORNING, timezone.get_default_timezone())
    # Never at once again: a worker that runs late would otherwise ask twice in a minute.
    return max(morning, now + timedelta(minutes=30))


def with_deputies(people: Iterable[User], day: date, *, but: int | None) -> Sequence[User]:
    """The people, and beside whoever is away who stands in; without the one who proposed."""
    covers = covers_on(day)
    found = list(people)
    found += [covers[person.pk].deputy for person in found if person.pk in covers]
    return list(
        {person.pk: person for person in found if person.is_active and person.pk != but}.values()
    )
