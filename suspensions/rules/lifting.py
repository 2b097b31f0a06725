"""What a lift needs: each point of the checklist is met with evidence, or overridden with a reason that stands in the record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from audits.models import Action, Visit, VisitKind
from concerns.models import Concern
from core.dates import day_in_words
from core.workflow import NotAllowed
from suspensions.models import Ground, LiftPoint, Point, Suspension
from suspensions.rules.steps import in_a_row

COMPUTED = (Point.ACTIONS_VERIFIED, Point.VISIT_AFTER, Point.NO_NEW_HIGH_RISK)
JUDGED = tuple(point for point in Point if point not in COMPUTED)

# What every lift needs, and what more a suspension of that ground needs. One that names no ground needs what is usual.
ALWAYS = frozenset((*COMPUTED, Point.CQC_VIEW, Point.PROVIDER_HEARD, Point.MONITORING_PLAN))
USUAL = frozenset((Point.MANAGER_IN_POST, Point.NO_RELIANCE, Point.ICB_VIEW))
OF_GROUND: dict[str, frozenset[Point]] = {
    "": USUAL,
    Ground.CARE: USUAL,
    Ground.MEDICINES: frozenset((Point.MEDICINES_SAFE, Point.MANAGER_IN_POST, Point.ICB_VIEW)),
    Ground.STAFFING: frozenset((Point.STAFF_ENOUGH, Point.NO_RELIANCE, Point.MANAGER_IN_POST)),
    Ground.LEADERSHIP: frozenset((Point.MANAGER_IN_POST, Point.NO_RELIANCE)),
    Ground.SAFEGUARDING: USUAL | {Point.ENQUIRIES_CLOSED},
    Ground.BUSINESS: frozenset((Point.BUSINESS_SOUND, Point.MANAGER_IN_POST)),
}


def points_for(suspension: Suspension) -> tuple[Point, ...]:
    """The points of the checklist that apply, in order: they depend on what the suspension is about."""
    wanted = ALWAYS | OF_GROUND[suspension.ground]
    return tuple(point for point in Point if point in wanted)


def judged_for(suspension: Suspension) -> tuple[Point, ...]:
    """Those of them that a person answers."""
    return tuple(point for point in points_for(suspension) if point in JUDGED)


@dataclass(frozen=True)
class Answer:
    """How a point of the checklist stands: met or not, on what evidence, and why it was overridden if it was."""

    is_met: bool
    evidence: str = ""
    override_reason: str = ""
    review_on: date | None = None

    @property
    def stands_in_the_way(self) -> bool:
        return not self.is_met and not self.override_reason.strip()


def computed_points(suspension: Suspension, today: date) -> dict[Point, Answer]:
    """The points that the record itself answers, as it is on `today`."""
    return {
        Point.ACTIONS_VERIFIED: _actions_verified(suspension),
        Point.VISIT_AFTER: _visit_after(suspension),
        Point.NO_NEW_HIGH_RISK: _no_new_high_risk(suspension, today),
    }


def recorded_points(suspension: Suspension) -> list[LiftPoint]:
    """The points of the latest proposal to lift, in the order of the checklist."""
    points = list(suspension.lift_points.select_related("recorded_by", "overridden_by"))
    latest = max((point.attempt for point in points), default=0)
    order = list(Point)
    return sorted(
        (point for point in points if point.attempt == latest), key=lambda p: order.index(Point(p.point))
    )


def checklist(
    suspension: Suspension, today: date, given: Mapping[Point, Answer] | None = None
) -> dict[Point, Answer]:
    """Every point in order: computed ones from the record on `today`, the others as `given`, or unmet where nothing was.

    A reason given for overriding a computed point is kept with its computed answer.
    """
    given = given or {}
    points: dict[Point, Answer] = {}
    computed = computed_points(suspension, today)
    for point in points_for(suspension):
        answer = given.get(point, Answer(is_met=False))
        if point in computed:
            fact = computed[point]
            answer = Answer(fact.is_met, fact.evidence, answer.override_reason)
        points[point] = answer
    return points


def as_proposed(suspension: Suspension) -> dict[Point, Answer]:
    """The checklist as it stands in the latest proposal to lift."""
    return {
        Point(point.point): Answer(point.is_met, point.evidence, point.override_reason, point.review_on)
        for point in recorded_points(suspension)
    }


def unmet(points: Mapping[Point, Answer]) -> list[Point]:
    """The points that stand in the way of a lift: neither met nor overridden."""
    return [point for point, answer in points.items() if answer.stands_in_the_way]


def check_met(points: Mapping[Point, Answer]) -> None:
    """Every point is met or overridden. Raises `NotAllowed`: `criterion-unmet`, which names each that is not."""
    if stand := unmet(points):
        names = in_a_row([f"“{point.label}”" for point in stand])
        raise NotAllowed("criterion-unmet", f"Not shown yet: {names}.", f"{stand[0]}_override")


def check_answers(points: Mapping[Point, Answer], today: date) -> None:
    """A point that is met needs its evidence, a plan its review date. Raises `NotAllowed`: `evidence-missing`, `plan-without-review`."""
    bare = [point for point, answer in points.items() if answer.is_met and not answer.evidence.strip()]
    if bare:
        names = in_a_row([f"“{point.label}”" for point in bare])
        raise NotAllowed("evidence-missing", f"Give the evidence for {names}.", f"{bare[0]}_evidence")
    plan = points[Point.MONITORING_PLAN]
    if plan.is_met and (plan.review_on is None or plan.review_on <= today):
        raise NotAllowed(
            "plan-without-review",
            "The plan for monitoring afterwards needs a review date after today.",
            "review_on",
        )


def points_to_lift(
    suspension: Suspension, today: date, overrides: Mapping[Point, str] | None = None
) -> dict[Point, Answer]:
    """The proposed checklist with its computed points asked again today, and what the deciding manager overrides."""
    points = checklist(suspension, today, as_proposed(suspension))
    for point, reason in (overrides or {}).items():
        answer = points[point]
        if answer.stands_in_the_way and reason.strip():
            points[point] = Answer(answer.is_met, answer.evidence, reason.strip(), answer.review_on)
    return points


def last_day(suspension: Suspension, decided_at: datetime) -> date:
    """The day on which it ends by a decision of that time: that day, or its first where that comes later."""
    day = timezone.localdate(decided_at)
    return max(day, suspension.in_force_from or day)


def _actions_verified(suspension: Suspension) -> Answer:
    actions = Action.objects.filter(service_id=suspension.service_id)
    open_count, unverified = actions.open().count(), actions.unverified().count()
    if unverified:
        done = unverified - open_count
        parts = []
        if open_count:
            parts.append(f"{open_count} open")
        if done:
            parts.append(f"{done} done and not verified")
        return Answer(False, f"Actions: {in_a_row(parts)}.")
    total = actions.count()
    if not total:
        return Answer(True, "No action was agreed with this service.")
    return Answer(True, f"All {total} closed and verified." if total > 1 else "The one action is verified.")


def _visit_after(suspension: Suspension) -> Answer:
    closed = Action.objects.filter(service_id=suspension.service_id).aggregate(day=Max("closed_on"))["day"]
    after = max(filter(None, [closed, suspension.in_force_from]), default=None)
    visits = Visit.objects.filter(service_id=suspension.service_id).exclude(kind=VisitKind.SURGERY)
    since = "the last action was closed" if closed and closed == after else "the suspension began"
    visit = visits.completed_after(after).order_by("-visited_on", "-pk").first() if after else None
    if visit is None:
        return Answer(
            False, f"No completed visit since {since}{f', {day_in_words(after)}' if after else ''}."
        )
    return Answer(True, f"{visit.get_kind_display()} on {day_in_words(visit.day)}, after {since}.")


def _no_new_high_risk(suspension: Suspension, today: date) -> Answer:
    weeks = suspension.quiet_weeks
    since = today - timedelta(weeks=weeks)
    concern = (
        Concern.objects.filter(service_id=suspension.service_id)
        .high_risk()
        .received_between(since + timedelta(days=1), today)
        .order_by("-received_at")
        .first()
    )
    if concern is None:
        return Answer(True, f"None received in the {weeks} weeks to {day_in_words(today)}.")
    day = timezone.localdate(concern.received_at)
    return Answer(
        False, f"{concern.reference} ({concern.get_risk_display()}) was received on {day_in_words(day)}."
    )
