"""Take back that a visit began, stop one early, and correct its day."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from audits.actions.visits import NewVisitInput, locked, plan_visit
from audits.models import Template, Visit
from audits.permissions import READ
from audits.rules import stopping
from audits.rules import visits as rules
from audits.workflow.visit import VISIT
from core import events, versions
from core.models import User
from core.workflow import requires


@dataclass(frozen=True)
class StopInput:
    """How far a visit came, why it was stopped, and the day of the one in its place, if that is
    known.
    """

    how: str
    reason: str
    again_on: date | None


@dataclass(frozen=True)
class DayInput:
    """The day on which a visit was made, and why it was recorded otherwise."""

    visited_on: date
    reason: str


@requires(VISIT["undo-begin"], *READ)
@transaction.atomic
def undo_begin(visit_id: int, *, by: User, now: datetime) -> Visit:
    """Make a visit planned again that was begun by mistake, while nothing is recorded at it.

    Raises `NotAllowed`: `permission-missing`, `wrong-state` or `something-recorded`.
    """
    visit = locked(visit_id)
    # Under the lock that saving answers takes too: what is saved at the same moment is either seen
    # here or refused.
    VISIT.apply(visit, "undo-begin", by, now)
    before = {"visited_on": visit.visited_on.isoformat() if visit.visited_on else None}
    visit.visited_on = None
    visit.save()
    events.record("visit.begin_undone", by=by, about=visit, before=before, happened_at=now)
    return visit


@requires(VISIT["stop"], *READ)
@transaction.atomic
def stop(visit_id: int, *, by: User, given: StopInput, now: datetime) -> Visit:
    """End a visit early with its reason. What was seen stays; it is not scored and has no outcome.

    With `again_on`, another visit of the kind is planned for that day, with the template now in
    use. Raises `NotAllowed`: `permission-missing`, `wrong-state`, `was-completed`,
    `reason-missing`, or what `plan_visit` raises.
    """
    visit = locked(visit_id)
    VISIT.apply(visit, "stop", by, now)
    stopping.check_reason(given.reason)
    visit.stopped_how, visit.stopped_reason = given.how, given.reason
    visit.stopped_at, visit.stopped_by = now, by
    visit.save()
    events.record("visit.stopped", by=by, about=visit, after={"how": given.how}, happened_at=now)
    if given.again_on:
        plan_visit(
            by=by,
            given=NewVisitInput(
                service_id=visit.service_id,
                kind=visit.kind,
                planned_for=given.again_on,
                officer_id=visit.officer_id,
                announced=visit.announced,
                who_came=visit.who_came,
                template_id=_template_now(visit),
            ),
            now=now,
            prompted_by_id=visit.prompted_by_id,
        )
    return visit


def _template_now(visit: Visit) -> int | None:
    """The version in use of the template that was asked; it itself where none is, so that the plan
    is refused with its reason.
    """
    if visit.template is None:
        return None
    now = Template.objects.current().filter(key=visit.template.key).first()
    return (now or visit.template).pk


@requires(VISIT["correct-day"], *READ)
@transaction.atomic
def correct_day(visit_id: int, *, by: User, given: DayInput, now: datetime, today: date) -> Visit:
    """Correct the day on which a visit was made, and of the standards asked with it. Which template
    was asked stays.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `report-final`, `in-future`,
    `same-day` or `reason-missing`.
    """
    visit = locked(visit_id)
    VISIT.check(visit, "correct-day", by, now)
    rules.check_visited_on(given.visited_on, today)
    stopping.check_new_day(visit, given.visited_on)
    stopping.check_reason(given.reason)
    before = visit.visited_on
    # Held in the order of their keys, so that two corrections never wait for each other.
    beside = visit.companions.select_for_update().filter(visited_on=before).order_by("pk")
    for each in [visit, *beside]:
        if versions.latest(each) is None:
            versions.keep(each, {"visited_on": before}, by=None, now=each.planned_at)
        each.visited_on = given.visited_on
        each.save()
        kept = {"visited_on": given.visited_on, "reason": given.reason}
        versions.keep(each, kept, by=by, now=now)
        events.record(
            "visit.day_corrected",
            by=by,
            about=each,
            before={"visited_on": before.isoformat() if before else None},
            after={"visited_on": given.visited_on.isoformat()},
            happened_at=now,
        )
    return visit
