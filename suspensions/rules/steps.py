"""What a step of a suspension asks beside right and state. Each check raises `NotAllowed` with the
sentence for the person.

That two people stand behind each beginning and end is the council's own policy; so are the days.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from core.calendar import next_working_day
from core.dates import day_in_words
from core.models import User
from core.workflow import NotAllowed
from formal_steps.models import Policy
from formal_steps.rules.steps import check_review_days
from providers.models import Service, ServiceUnit
from suspensions.models import (
    EVER_IN_FORCE,
    NOW_IN_FORCE,
    Change,
    Suspension,
    SuspensionKind,
    SuspensionQuerySet,
    SuspensionStatus,
)

PROPOSE = "suspensions.propose_suspension"
DECIDE = "suspensions.decide_suspension"
RECORD = "suspensions.record_progress"
# Suspensions are exempt matter: whoever reads them has both rights.
SEE = ("suspensions.view_suspension", "core.read_exempt")


WRITE = "write to the record of a suspension"
# The form says this of an empty field, and the rule to whoever calls an action without one.
LIMIT_MISSING = "Enter the limit of a partial suspension"

NO_OVERLAP = "Suspensions of the same part of a service cannot overlap."

# What is said to whoever comes to a suspension in a state that the step does not start from.
NOT_FROM: dict[str, str] = {
    SuspensionStatus.PROPOSED: (
        "This suspension has only been proposed. Another manager must decide it first."
    ),
    SuspensionStatus.IN_FORCE: (
        "This suspension is already in force, and nobody has proposed to lift it."
    ),
    SuspensionStatus.REFUSED: "This proposal was refused. You can propose a new suspension.",
    SuspensionStatus.WITHDRAWN: "This proposal was withdrawn. You can propose a new suspension.",
    SuspensionStatus.LIFT_PROPOSED: (
        "Another manager must decide the proposed lift of this suspension first."
    ),
    SuspensionStatus.LIFTED: "This suspension has been lifted.",
}


def check_propose(service: Service, unit: ServiceUnit | None, today: date) -> None:
    """Whether a suspension of this scope can be proposed.

    Raises `NotAllowed`: `already-proposed`, `service-closed`, `foreign-unit`, `unit-closed`,
    `already-suspended`, `was-suspended`.
    """
    check_open(service, unit, today)
    waiting = Suspension.objects.overlapping(service.pk, unit.pk if unit else None)
    if waiting.filter(status=SuspensionStatus.PROPOSED).exists():
        raise NotAllowed(
            "already-proposed",
            f"A suspension of {service} is already proposed. Another manager must decide it first.",
        )
    # From today: a proposal has no first day yet.
    check_scope(service.pk, unit.pk if unit else None, today)


def check_open(service: Service, unit: ServiceUnit | None, day: date) -> None:
    """Whether that scope is there to be suspended.

    Raises `NotAllowed`: `service-closed`, `foreign-unit`, `unit-closed`.
    """
    if service.closed_on and service.closed_on <= day:
        raise NotAllowed("service-closed", f"{service} is closed, so it cannot be suspended.")
    if unit is not None and unit.service_id != service.pk:
        raise foreign_unit(service)
    if unit is not None and unit.closed_on and unit.closed_on <= day:
        raise NotAllowed(
            "unit-closed",
            f"{unit} is no longer in use. Choose another part of the service.",
            "unit",
        )


def foreign_unit(service: Service) -> NotAllowed:
    """What is said of a unit that another service has."""
    return NotAllowed("foreign-unit", f"Choose a part of {service}.", "unit")


def check_scope(
    service_id: int,
    unit_id: int | None,
    from_on: date,
    *,
    without: int | None = None,
    layer: int | None = None,
) -> None:
    """Whether a suspension of this scope can be in force from that day: none that overlaps it is,
    or will be (of `layer` alone, where one is given).

    Raises `NotAllowed`: `already-suspended`, `was-suspended`.
    """
    # Asked for the sake of the sentence; two at once are refused by `one_in_force_per_scope`.
    others = in_the_way(service_id, unit_id, from_on).exclude(pk=without or 0)
    if layer is not None:
        others = others.filter(layer=layer)
    if other := others.first():
        raise overlaps(other)
    # A decision by telephone may put in force from a day that has passed: what another covered
    # then, and covers no longer, was suspended already.
    left = Change.objects.scopes_left(service_id, unit_id, from_on).exclude(suspension=without or 0)
    if change := left.first():
        scope = change.before_unit or change.suspension.service
        raise NotAllowed(
            "was-suspended",
            f"{scope} was suspended until {day_in_words(change.effective_on)}. {NO_OVERLAP}",
        )


def in_the_way(service_id: int, unit_id: int | None, from_on: date) -> SuspensionQuerySet:
    """The suspensions that meet that scope on that day or after it."""
    found = Suspension.objects.overlapping(service_id, unit_id).filter(
        Q(lifted_on=None) | Q(lifted_on__gt=from_on), status__in=EVER_IN_FORCE
    )
    # What ended before it began covered no day.
    found = found.exclude(lifted_on=F("in_force_from"))
    return found.select_related("service", "unit").order_by("in_force_from", "pk")


def overlaps(other: Suspension) -> NotAllowed:
    """What is said of a scope that another suspension covers, or covered."""
    begun = f"{day_in_words(other.in_force_from)}"
    if other.status in NOW_IN_FORCE:
        return NotAllowed(
            "already-suspended",
            f"{other.scope} is already suspended, from {begun}. Change or lift that suspension"
            " instead.",
        )
    return NotAllowed(
        "was-suspended",
        f"{other.scope} was suspended from {begun} until {day_in_words(other.lifted_on)}."
        f" {NO_OVERLAP}",
    )


def check_kind(kind: str, limit: str) -> None:
    """A partial suspension says how far it goes.

    Raises `NotAllowed`: `limit-missing`.
    """
    if kind == SuspensionKind.PARTIAL and not limit.strip():
        raise NotAllowed(
            "limit-missing",
            f"{LIMIT_MISSING}: a number, or case by case.",
            "limit",
        )


# Guards of the table: what depends on the suspension alone.


def check_complete(suspension: Suspension, _by: object = None, _now: object = None) -> None:
    """A second person decides on a whole record.

    Raises `NotAllowed`: `record-incomplete`.
    """
    if missing := what_is_missing(suspension):
        raise NotAllowed(
            "record-incomplete", f"Complete the record first. It still needs {in_a_row(missing)}."
        )


def check_service_open(suspension: Suspension, _by: object = None, now: Any = None) -> None:
    """Nobody is placed at a closed service: there nothing begins, is confirmed or lifted, but the
    suspension ends.

    Raises `NotAllowed`: `service-closed`.
    """
    if suspension.service.is_closed_on(timezone.localdate(now)):
        raise NotAllowed(
            "service-closed",
            f"{suspension.service} has closed. "
            + (
                "Refuse or withdraw this proposal instead."
                if suspension.is_proposed
                else "End this suspension because the service closed instead."
            ),
        )


def check_service_closed(suspension: Suspension, _by: object = None, now: Any = None) -> None:
    """Only a closed service ends its suspensions without a lift.

    Raises `NotAllowed`: `service-open`.
    """
    if not suspension.service.is_closed_on(timezone.localdate(now)):
        raise NotAllowed(
            "service-open", f"{suspension.service} has not closed. Propose a lift instead."
        )


def check_undecided(suspension: Suspension, _by: object = None, _now: object = None) -> None:
    """Once two people have decided on a record, it is added to and no longer changed.

    Raises `NotAllowed`: `decided-on`.
    """
    # An urgent one is in force with a bare record, which is filled in until it is confirmed.
    if suspension.status != SuspensionStatus.PROPOSED and not suspension.is_unconfirmed:
        raise NotAllowed(
            "decided-on",
            "This record has been decided, so you cannot change it. Add what is new as progress.",
        )


def check_decided(suspension: Suspension, _by: object = None, _now: object = None) -> None:
    """Before two people have decided, the record itself is changed.

    Raises `NotAllowed`: `not-decided-on`.
    """
    if suspension.is_unconfirmed:
        raise NotAllowed(
            "not-decided-on",
            "Nobody has decided this record yet. Complete the record instead of correcting it.",
        )


def check_unconfirmed(suspension: Suspension, _by: object = None, _now: object = None) -> None:
    """Only an urgent suspension is confirmed, and once.

    Raises `NotAllowed`: `not-urgent`, `already-confirmed`.
    """
    if not suspension.is_urgent:
        raise NotAllowed(
            "not-urgent", "Two managers decided this suspension, so it needs no confirmation."
        )
    if suspension.confirmed_at:
        raise NotAllowed("already-confirmed", "This suspension has already been confirmed.")


def check_confirmed(suspension: Suspension, _by: object = None, _now: object = None) -> None:
    """What stands on one person's word is first confirmed, or ended.

    Raises `NotAllowed`: `unconfirmed`.
    """
    if suspension.is_unconfirmed:
        raise NotAllowed(
            "unconfirmed", "Another manager must first confirm or end this urgent suspension."
        )


def check_review(suspension: Suspension, done_on: date, next_on: date | None, today: date) -> None:
    """Whether this review can be recorded: a suspension in force always has a day for the next.

    Raises `NotAllowed`: `before-start`, `next-missing`, `next-too-early`, `in-future`.
    """
    # After a lift the monitoring may end, so there need be no next review.
    goes_on = suspension.is_now_in_force
    check_review_days(
        "suspension", suspension.in_force_from, done_on, next_on, today, goes_on=goes_on
    )


def check_lead(suspension: Suspension, lead: User) -> None:
    """Whether that officer can lead it from now on.

    Raises `NotAllowed`: `cannot-lead`, `leads-already`.
    """
    if not lead.is_active or not lead.has_perm(RECORD):
        raise NotAllowed(
            "cannot-lead",
            f"{lead} does not have the right to {WRITE}. Choose another lead officer.",
            "lead",
        )
    if lead.pk == suspension.lead_officer_id:
        raise NotAllowed(
            "leads-already", f"{lead} is already the lead officer. Choose someone else.", "lead"
        )


REQUIRED = {
    "summary": "the reason in one sentence",
    "reasons": "the reasons",
    "evidence": "the evidence",
    "provider_notified": "what the provider was told",
    "welfare": "the welfare of the people living there",
}


def what_is_missing(suspension: Suspension) -> list[str]:
    """The parts of the record that a second person needs before deciding."""
    missing = [words for field, words in REQUIRED.items() if not getattr(suspension, field).strip()]
    if not suspension.recipients.exists():
        missing.append("who has to be notified")
    return missing


def check_from(in_force_from: date, decided_at: datetime) -> None:
    """Whether a decision of that time can put it in force from that day.

    Raises `NotAllowed`: `before-decision`.
    """
    if in_force_from < timezone.localdate(decided_at):
        raise NotAllowed(
            "before-decision",
            "The first day in force must be on or after the day of the decision.",
            "in_force_from",
        )


def check_urgent_from(in_force_from: date, decided_at: datetime) -> None:
    """Whether an urgent suspension can begin that day: what can wait longer than its confirmation
    is proposed.

    Raises `NotAllowed`: `can-wait`, `before-decision`.
    """
    due_on = confirm_due_on(decided_at)
    if in_force_from > due_on:
        raise NotAllowed(
            "can-wait",
            f"An urgent suspension must begin by {day_in_words(due_on)}, the last day to confirm"
            " it. If it can begin later, propose it instead.",
            "in_force_from",
        )
    check_from(in_force_from, decided_at)


def check_days(in_force_from: date, review_on: date, planned_until: date | None) -> None:
    """Whether the days of a decision fit one another.

    Raises `NotAllowed`: `review-too-early`, `ends-before-start`.
    """
    if review_on <= in_force_from:
        raise NotAllowed(
            "review-too-early", "The first review must be after the suspension begins.", "review_on"
        )
    if planned_until and planned_until <= in_force_from:
        raise NotAllowed(
            "ends-before-start",
            "The date it is planned to end by must be after the suspension begins.",
            "planned_until",
        )


def confirm_due_on(decided_at: datetime) -> date:
    """The last day for the second manager to confirm: the next working day after an urgent
    suspension.
    """
    return next_working_day(timezone.localdate(decided_at))


def is_overdue(suspension: Suspension, today: date) -> bool:
    """In force on one person's word after the last day for confirming it."""
    due = suspension.confirm_due_on
    return suspension.is_unconfirmed and due is not None and due < today


def lifted_within_a_year(suspension: Suspension, day: date, policy: Policy) -> Suspension | None:
    """The last suspension of the same service that was lifted shortly before `day`: a pattern worth
    asking about.
    """
    return lifted_lately(suspension.service_id, day, policy, without=suspension.pk)


def lifted_lately(
    service_id: int, day: date, policy: Policy, *, without: int | None = None
) -> Suspension | None:
    """The last suspension of the service that was lifted within the days before `day` that the
    council has set: a year, usually.
    """
    return (
        Suspension.objects.filter(
            service_id=service_id,
            status=SuspensionStatus.LIFTED,
            lifted_on__lte=day,
            lifted_on__gt=day - timedelta(days=policy.again_days),
        )
        .exclude(pk=without or 0)
        .order_by("-lifted_on")
        .first()
    )


def in_a_row(things: list[str]) -> str:
    """one; one and two; one, two and three."""
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"
