"""What a lift needs: each criterion of the checklist is met with evidence, or overridden with a
reason that stands in the record.

Source of the criteria: councils' published committee papers on suspensions and lifts, and the
council's own policy. The Care Act 2014 (section 5) asks councils to promote a market in which
people have a variety of high quality services to choose from. A suspension that lasts too long
takes a service from that choice; one that ends too soon offers one that is not good enough.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from audits.models import Action, ReportStatus, Visit, VisitOutcome
from concerns.models import Concern
from core.dates import day_in_words
from core.models import User
from core.workflow import NotAllowed
from suspensions.models import Criterion, LiftCriterion, Suspension, SuspensionGround
from suspensions.rules.steps import in_a_row

# The form says this before the action is called.
FIRST_REVIEW_TO_COME = "The first review after the lift must be after today"
# A visit that found less shows that the service has not improved enough.
GOOD_ENOUGH = (VisitOutcome.EXCELLENT, VisitOutcome.GOOD)
# Until a second person has looked at it, an outcome is one officer's own.
UNMODERATED = (ReportStatus.MODERATION, ReportStatus.RETURNED)
# Asked of the record, never of a person: again when the lift is decided.
COMPUTED = (Criterion.ACTIONS_VERIFIED, Criterion.VISIT_AFTER, Criterion.NO_NEW_HIGH_RISK)
JUDGED = tuple(criterion for criterion in Criterion if criterion not in COMPUTED)

# What every lift needs, and what more a suspension of that ground needs. One that names no ground
# needs what is usual.
ALWAYS = frozenset(
    (*COMPUTED, Criterion.CQC_VIEW, Criterion.PROVIDER_HEARD, Criterion.MONITORING_PLAN)
)
USUAL = frozenset((Criterion.MANAGER_IN_POST, Criterion.NO_RELIANCE, Criterion.ICB_VIEW))
OF_GROUND: dict[str, frozenset[Criterion]] = {
    "": USUAL,
    SuspensionGround.CARE: USUAL,
    SuspensionGround.MEDICINES: frozenset(
        (Criterion.MEDICINES_SAFE, Criterion.MANAGER_IN_POST, Criterion.ICB_VIEW)
    ),
    SuspensionGround.STAFFING: frozenset(
        (Criterion.STAFF_ENOUGH, Criterion.NO_RELIANCE, Criterion.MANAGER_IN_POST)
    ),
    SuspensionGround.LEADERSHIP: frozenset((Criterion.MANAGER_IN_POST, Criterion.NO_RELIANCE)),
    SuspensionGround.SAFEGUARDING: USUAL | {Criterion.ENQUIRIES_CLOSED},
    SuspensionGround.BUSINESS: frozenset((Criterion.BUSINESS_SOUND, Criterion.MANAGER_IN_POST)),
}


def criteria_for(suspension: Suspension) -> tuple[Criterion, ...]:
    """The criteria of the checklist that apply, in order: they depend on what the suspension is
    about.
    """
    wanted = ALWAYS | OF_GROUND[suspension.ground]
    return tuple(criterion for criterion in Criterion if criterion in wanted)


def judged_for(suspension: Suspension) -> tuple[Criterion, ...]:
    """Those of them that a person answers."""
    return tuple(criterion for criterion in criteria_for(suspension) if criterion in JUDGED)


# Guard of the table.


def check_own_lift(suspension: Suspension, by: User | None, _now: object = None) -> None:
    """Only whoever proposed a lift takes it back: anybody else who is against it refuses it.

    Raises `NotAllowed`: `not-the-proposer`.
    """
    if by is not None and by.pk != suspension.lift_proposed_by_id:
        raise NotAllowed(
            "not-the-proposer",
            f"{suspension.lift_proposed_by} proposed this lift, so nobody else can withdraw it."
            " Another manager can refuse it.",
        )


@dataclass(frozen=True)
class CriterionAnswer:
    """How a criterion of the checklist stands: met or not, on what evidence, and why it was
    overridden if it was.
    """

    is_met: bool
    evidence: str = ""
    override_reason: str = ""
    review_on: date | None = None

    @property
    def stands_in_the_way(self) -> bool:
        """Neither met nor overridden."""
        return not self.is_met and not self.override_reason.strip()


def computed_criteria(suspension: Suspension, today: date) -> dict[Criterion, CriterionAnswer]:
    """The criteria that the record itself answers, as it is on `today`."""
    return {
        Criterion.ACTIONS_VERIFIED: _actions_verified(suspension),
        Criterion.VISIT_AFTER: _visit_after(suspension),
        Criterion.NO_NEW_HIGH_RISK: _no_new_high_risk(suspension, today),
    }


def recorded_criteria(suspension: Suspension) -> list[LiftCriterion]:
    """The criteria of the latest proposal to lift, in the order of the checklist."""
    criteria = list(suspension.lift_criteria.select_related("recorded_by", "overridden_by"))
    latest = max((criterion.attempt for criterion in criteria), default=0)
    order = list(Criterion)
    return sorted(
        (criterion for criterion in criteria if criterion.attempt == latest),
        key=lambda p: order.index(Criterion(p.criterion)),
    )


def checklist(
    suspension: Suspension, today: date, given: Mapping[Criterion, CriterionAnswer] | None = None
) -> dict[Criterion, CriterionAnswer]:
    """Every criterion in order: computed ones from the record on `today`, the others as `given`, or
    unmet where nothing was.

    A reason given for overriding a computed criterion is kept with its computed answer.
    """
    given = given or {}
    criteria: dict[Criterion, CriterionAnswer] = {}
    computed = computed_criteria(suspension, today)
    for criterion in criteria_for(suspension):
        answer = given.get(criterion, CriterionAnswer(is_met=False))
        if criterion in computed:
            # Whatever a form said of it: the record alone answers.
            fact = computed[criterion]
            answer = CriterionAnswer(fact.is_met, fact.evidence, answer.override_reason)
        criteria[criterion] = answer
    return criteria


def as_proposed(suspension: Suspension) -> dict[Criterion, CriterionAnswer]:
    """The checklist as it stands in the latest proposal to lift."""
    return {
        Criterion(criterion.criterion): CriterionAnswer(
            criterion.is_met, criterion.evidence, criterion.override_reason, criterion.review_on
        )
        for criterion in recorded_criteria(suspension)
    }


def unmet(criteria: Mapping[Criterion, CriterionAnswer]) -> list[Criterion]:
    """The criteria that stand in the way of a lift: neither met nor overridden."""
    return [criterion for criterion, answer in criteria.items() if answer.stands_in_the_way]


def check_met(criteria: Mapping[Criterion, CriterionAnswer]) -> None:
    """Every criterion is met or overridden.

    Raises `NotAllowed`: `criterion-unmet`, which names each that is not.
    """
    if stand := unmet(criteria):
        raise NotAllowed("criterion-unmet", f"{not_met(*stand)}.", f"{stand[0]}_override")


def not_met(*criteria: Criterion) -> str:
    """What is said of criteria that stand in the way, on a form and by the rule."""
    names = in_a_row([criterion.label for criterion in criteria])
    return f"Not met yet: {names}. Enter a reason to lift anyway, or wait"


def evidence_missing(*criteria: Criterion) -> str:
    """What is said of criteria that are said to be met without evidence."""
    names = in_a_row([f"“{criterion.label}”" for criterion in criteria])
    return f"Enter the evidence for {names}"


def check_answers(criteria: Mapping[Criterion, CriterionAnswer], today: date) -> None:
    """A criterion that is met needs its evidence, a plan its review date.

    Raises `NotAllowed`: `evidence-missing`, `plan-without-review`.
    """
    bare = [
        criterion
        for criterion, answer in criteria.items()
        if answer.is_met and not answer.evidence.strip()
    ]
    if bare:
        raise NotAllowed("evidence-missing", f"{evidence_missing(*bare)}.", f"{bare[0]}_evidence")
    plan = criteria[Criterion.MONITORING_PLAN]
    if plan.is_met and (plan.review_on is None or plan.review_on <= today):
        raise NotAllowed(
            "plan-without-review",
            f"{FIRST_REVIEW_TO_COME}.",
            "review_on",
        )


def criteria_to_lift(
    suspension: Suspension, today: date, overrides: Mapping[Criterion, str] | None = None
) -> dict[Criterion, CriterionAnswer]:
    """The proposed checklist with its computed criteria asked again today, and what the deciding
    manager overrides.
    """
    # What was overridden when it was proposed stays overridden, with its reason.
    criteria = checklist(suspension, today, as_proposed(suspension))
    for criterion, reason in (overrides or {}).items():
        answer = criteria[criterion]
        if answer.stands_in_the_way and reason.strip():
            criteria[criterion] = CriterionAnswer(
                answer.is_met, answer.evidence, reason.strip(), answer.review_on
            )
    return criteria


def last_day(suspension: Suspension, decided_at: datetime) -> date:
    """The day on which it ends by a decision of that time: that day, or its first where that comes
    later.
    """
    day = timezone.localdate(decided_at)
    return max(day, suspension.in_force_from or day)


def _actions_verified(suspension: Suspension) -> CriterionAnswer:
    actions = Action.objects.filter(service_id=suspension.service_id)
    open_count, unverified = actions.open().count(), actions.unverified().count()
    if unverified:
        done = unverified - open_count
        parts = []
        if open_count:
            parts.append(f"{open_count} open")
        if done:
            parts.append(f"{done} done but not verified")
        return CriterionAnswer(False, f"Actions: {in_a_row(parts)}.")
    # Withdrawing one needs a second person while the suspension is in force.
    total = actions.standing().count()
    if not total:
        # Nothing was asked for, so nothing shows that anything was mended.
        if actions.exists():
            return CriterionAnswer(False, "All actions of this service were withdrawn.")
        return CriterionAnswer(False, "No actions were agreed with this service.")
    return CriterionAnswer(
        True,
        f"All {total} actions are closed and verified."
        if total > 1
        else "The only action is closed and verified.",
    )


def _visit_after(suspension: Suspension) -> CriterionAnswer:
    closed = Action.objects.filter(service_id=suspension.service_id).aggregate(
        day=Max("closed_on")
    )["day"]
    after = max(filter(None, [closed, suspension.in_force_from]), default=None)
    since = "the last action was closed" if closed and closed == after else "the suspension began"
    # After that day and not on it: a visit of the same day may have come before the closure. The
    # latest counts: an earlier one that found more no longer counts.
    visits = Visit.objects.filter(service_id=suspension.service_id).made_by_the_council()
    visits = visits.select_related("report")
    visit = visits.completed_after(after).order_by("-visited_on", "-pk").first() if after else None
    if visit is None:
        from_day = f", {day_in_words(after)}" if after else ""
        return CriterionAnswer(
            False, f"No completed visit of the council with an outcome since {since}{from_day}."
        )
    found = (
        f"{visit.get_kind_display()} on {day_in_words(visit.day)}, after {since}:"
        f" {visit.get_outcome_display()}"
    )
    report = getattr(visit, "report", None)
    if report is not None and report.status in UNMODERATED:
        return CriterionAnswer(False, f"{found} in draft. Nobody has moderated its report yet.")
    to_come = "" if report is None or report.is_final else " Its report is not final yet."
    return CriterionAnswer(visit.outcome in GOOD_ENOUGH, f"{found}.{to_come}")


def _weeks(number: int) -> str:
    return f"{number} week{'' if number == 1 else 's'}"


def _no_new_high_risk(suspension: Suspension, today: date) -> CriterionAnswer:
    weeks = suspension.quiet_weeks
    since = today - timedelta(weeks=weeks)
    concern = (
        Concern.objects.filter(service_id=suspension.service_id)
        .high_risk()
        # So many whole weeks of days, today the last of them.
        .received_between(since + timedelta(days=1), today)
        .order_by("-received_at")
        .first()
    )
    if concern is None:
        return _quiet(suspension, today)
    day = timezone.localdate(concern.received_at)
    return CriterionAnswer(
        False,
        f"{concern.reference} ({concern.get_risk_display()}) was received on {day_in_words(day)}.",
    )


def _quiet(suspension: Suspension, today: date) -> CriterionAnswer:
    weeks = suspension.quiet_weeks
    begun = suspension.in_force_from
    # Quiet before the suspension shows nothing of it: the weeks are its own.
    if begun is None or begun + timedelta(weeks=weeks) > today:
        ends = f" They end on {day_in_words(begun + timedelta(weeks=weeks))}." if begun else ""
        return CriterionAnswer(
            False, f"The suspension has not been in force for {_weeks(weeks)} yet.{ends}"
        )
    return CriterionAnswer(
        True, f"No high-risk concern received in the {_weeks(weeks)} to {day_in_words(today)}."
    )
