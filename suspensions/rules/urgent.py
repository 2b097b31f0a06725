"""The urgent route: who is asked to confirm, who stands in for whom, and who is alerted when nobody does."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from core.calendar import next_working_day
from core.dates import day_in_words
from core.models import User
from core.workflow import NotAllowed
from suspensions.models import Cover, Level, PartyKind, Policy, Suspension
from suspensions.rules.steps import DECIDE

# Told at once of an urgent suspension: those who would otherwise place someone tonight. The rest is told before it is confirmed.
AT_ONCE = (PartyKind.OWN_TEAM,)
MORNING, NOON = time(8), time(12)


def covers_on(day: date) -> dict[int, Cover]:
    """Who is away that day, by their id, with who stands in."""
    return {cover.person_id: cover for cover in Cover.objects.on(day).select_related("person", "deputy")}


def names_with_cover(people: tuple[User, ...], day: date) -> list[str]:
    """The people by name, each who is away with who stands in."""
    covers = covers_on(day)
    return [
        f"{person} (away until {day_in_words(covers[person.pk].until_on)}: {covers[person.pk].deputy})"
        if person.pk in covers
        else str(person)
        for person in people
    ]


def managers_who_decide() -> tuple[User, ...]:
    """Everyone who may decide what another proposed."""
    able = User.objects.with_perm(DECIDE).filter(is_active=True)
    return tuple(able.order_by("last_name", "first_name", "username"))


def check_cover(person: User, deputy: User, from_on: date, until_on: date) -> None:
    """Whether this cover can stand: who stands in must be able to decide, and be there.

    Raises `NotAllowed`: `same-person`, `ends-before-start`, `cannot-decide`, `deputy-away`, `stands-in`, `already-covered`.
    """
    if person.pk == deputy.pk:
        raise NotAllowed("same-person", "Someone else must stand in.", "deputy")
    if until_on < from_on:
        raise NotAllowed("ends-before-start", "The last day away must not be before the first.", "until_on")
    if not deputy.has_perm(DECIDE):
        raise NotAllowed(
            "cannot-decide", f"{deputy} cannot decide what another proposed, so cannot stand in.", "deputy"
        )
    overlapping = Cover.objects.filter(ended_at=None, from_on__lte=until_on, until_on__gte=from_on)
    if overlapping.filter(person=deputy).exists():
        raise NotAllowed("deputy-away", f"{deputy} is away in those days.", "deputy")
    if standing_in := overlapping.filter(deputy=person).select_related("person").first():
        raise NotAllowed(
            "stands-in",
            f"{person} stands in for {standing_in.person} in those days. Choose someone else for that first.",
            "person",
        )
    if overlapping.filter(person=person).exists():
        raise NotAllowed(
            "already-covered", f"Cover for {person} in those days is recorded already.", "person"
        )


def check_not_ended(cover: Cover) -> None:
    """Cover ends once. Raises `NotAllowed`: `already-ended`."""
    if cover.ended_at:
        raise NotAllowed("already-ended", "This cover has ended.")


def level_at(suspension: Suspension, now: datetime) -> Level:
    """Whom to alert now: the managers until noon of the day by which it must be confirmed, then the deputy, then the director."""
    due_on = suspension.confirm_due_on
    local = timezone.localtime(now)
    if due_on is None or local < _on(due_on, NOON):
        return Level.MANAGERS
    return Level.DEPUTY if local.date() <= due_on else Level.DIRECTOR


def next_alert_at(suspension: Suspension, now: datetime) -> datetime:
    """When to alert again if nobody decides: on the morning and at noon of the last day, then every working morning."""
    due_on = suspension.confirm_due_on
    morning = _on(next_working_day(timezone.localdate(now)), MORNING)
    noon = _on(due_on, NOON) if due_on else morning
    following = noon if now < noon and timezone.localdate(now) == due_on else morning
    return max(following, now + timedelta(minutes=30))


def people_to_alert(suspension: Suspension, level: Level, day: date, policy: Policy) -> list[User]:
    """Everyone to alert at that level: who was asked to confirm first, the other managers, those who stand in, and on upwards."""
    managers = User.objects.with_perm(DECIDE).filter(is_active=True)
    found = sorted(managers, key=lambda person: (person.pk != suspension.confirmer_id, person.username))
    covers = covers_on(day)
    found += [covers[person.pk].deputy for person in found if person.pk in covers]
    if level in (Level.DEPUTY, Level.DIRECTOR) and policy.deputy:
        found.append(policy.deputy)
    if level == Level.DIRECTOR and policy.director:
        found.append(policy.director)
    unique = {
        person.pk: person for person in found if person.is_active and person.pk != suspension.proposed_by_id
    }
    return list(unique.values())


def _on(day: date, at: time) -> datetime:
    return datetime.combine(day, at, timezone.get_default_timezone())
