"""The urgent route: who is asked to confirm, who stands in for whom, and who is alerted when nobody
does.
"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from core.calendar import next_working_day
from core.cover import covers_on
from core.models import User
from formal_steps.models import Policy
from suspensions.models import Level, Suspension
from suspensions.rules.steps import DECIDE

MORNING, NOON = time(8), time(12)


def managers_who_decide() -> tuple[User, ...]:
    """Everyone who may decide what another proposed."""
    able = User.objects.with_perm(DECIDE).filter(is_active=True)
    return tuple(able.order_by("name_key"))


def level_at(suspension: Suspension, now: datetime) -> Level:
    """Who to alert now: the managers until noon of the day by which it must be confirmed, then the
    deputy, then the director.
    """
    due_on = suspension.confirm_due_on
    local = timezone.localtime(now)
    if due_on is None or local < _on(due_on, NOON):
        return Level.MANAGERS
    return Level.DEPUTY if local.date() <= due_on else Level.DIRECTOR


def next_alert_at(suspension: Suspension, now: datetime) -> datetime:
    """When to alert again if nobody decides: on the morning and at noon of the last day, then every
    working morning.
    """
    due_on = suspension.confirm_due_on
    morning = _on(next_working_day(timezone.localdate(now)), MORNING)
    noon = _on(due_on, NOON) if due_on else morning
    following = noon if now < noon and timezone.localdate(now) == due_on else morning
    # Never at once again: a worker that runs late would otherwise alert twice in a minute.
    return max(following, now + timedelta(minutes=30))


def people_to_alert(suspension: Suspension, level: Level, day: date, policy: Policy) -> list[User]:
    """Everyone to alert at that level: who was asked to confirm first, the other managers, those
    who stand in, and on upwards.
    """
    managers = User.objects.with_perm(DECIDE).filter(is_active=True)
    found = sorted(
        managers, key=lambda person: (person.pk != suspension.confirmer_id, person.name_key)
    )
    covers = covers_on(day)
    # Beside whoever is away, not in their place.
    found += [covers[person.pk].deputy for person in found if person.pk in covers]
    if level in (Level.DEPUTY, Level.DIRECTOR) and policy.deputy:
        found.append(policy.deputy)
    if level == Level.DIRECTOR and policy.director:
        found.append(policy.director)
    unique = {
        person.pk: person
        for person in found
        # The proposer cannot confirm their own, also not as deputy or director.
        if person.is_active and person.pk != suspension.proposed_by_id
    }
    return list(unique.values())


def _on(day: date, at: time) -> datetime:
    return datetime.combine(day, at, timezone.get_default_timezone())
