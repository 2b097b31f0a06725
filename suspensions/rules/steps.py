"""Who may take which step, and why not. Each question answers None, or a sentence for the person who asked."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from carequality.calendar import next_working_day
from carequality.models import User
from core.workflow import NotAllowed
from providers.models import Service, ServiceUnit
from suspensions.models import EVER_IN_FORCE, NOW_IN_FORCE, Policy, Status, Step, Suspension

PROPOSE = "suspensions.propose_suspension"
DECIDE = "suspensions.decide_suspension"
RECORD = "suspensions.record_progress"


@dataclass(frozen=True)
class Transition:
    """A step of the life of a suspension: from which states, into which, who may, and who may not be the same person."""

    step: Step
    before: tuple[Status, ...]
    after: Status
    permission: str
    words: str
    not_by: tuple[str, ...] = ()
    same_person: str = ""


TRANSITIONS: dict[str, Transition] = {
    "propose": Transition(Step.PROPOSED, (), Status.PROPOSED, PROPOSE, "propose a suspension"),
    "suspend_urgently": Transition(Step.SUSPENDED_URGENTLY, (), Status.IN_FORCE, PROPOSE, "suspend at once"),
    "decide": Transition(
        Step.DECIDED,
        (Status.PROPOSED,),
        Status.IN_FORCE,
        DECIDE,
        "decide a suspension",
        ("proposed_by",),
        "Someone else must decide a suspension that you proposed.",
    ),
    "refuse": Transition(
        Step.REFUSED,
        (Status.PROPOSED,),
        Status.REFUSED,
        DECIDE,
        "refuse a suspension",
        ("proposed_by",),
        "Someone else must decide a suspension that you proposed. You can withdraw it.",
    ),
    "withdraw": Transition(
        Step.WITHDRAWN, (Status.PROPOSED,), Status.WITHDRAWN, PROPOSE, "withdraw a proposal"
    ),
    "confirm": Transition(
        Step.CONFIRMED,
        (Status.IN_FORCE,),
        Status.IN_FORCE,
        DECIDE,
        "confirm an urgent suspension",
        ("proposed_by",),
        "Someone else must confirm a suspension that you put in force.",
    ),
    "end_unconfirmed": Transition(
        Step.ENDED_UNCONFIRMED,
        (Status.IN_FORCE,),
        Status.LIFTED,
        DECIDE,
        "end an urgent suspension",
        ("proposed_by",),
        "Someone else must decide whether a suspension that you put in force is confirmed or ended.",
    ),
    "propose_lift": Transition(
        Step.LIFT_PROPOSED, (Status.IN_FORCE,), Status.LIFT_PROPOSED, PROPOSE, "propose a lift"
    ),
    "refuse_lift": Transition(
        Step.LIFT_REFUSED,
        (Status.LIFT_PROPOSED,),
        Status.IN_FORCE,
        DECIDE,
        "refuse a lift",
        ("lift_proposed_by",),
        "Someone else must decide a lift that you proposed.",
    ),
    "lift": Transition(
        Step.LIFTED,
        (Status.LIFT_PROPOSED,),
        Status.LIFTED,
        DECIDE,
        "lift a suspension",
        ("lift_proposed_by",),
        "Someone else must decide a lift that you proposed.",
    ),
}

# What is said to whoever comes to a suspension in a state that the step does not start from.
NOT_FROM: dict[Status, str] = {
    Status.PROPOSED: "This suspension has not been decided.",
    Status.IN_FORCE: "This suspension is in force already, and no lift has been proposed.",
    Status.REFUSED: "This proposal has been refused.",
    Status.WITHDRAWN: "This proposal has been withdrawn.",
    Status.LIFT_PROPOSED: "A lift of this suspension is waiting for a decision.",
    Status.LIFTED: "This suspension has been lifted.",
}


def why_not(action: str, suspension: Suspension, by: User) -> str | None:
    """Why `by` may not take that step of the table with this suspension now."""
    transition = TRANSITIONS[action]
    if lacking := _why_lacking(transition.permission, by, transition.words):
        return lacking
    if suspension.status not in transition.before:
        return NOT_FROM[Status(suspension.status)]
    if any(getattr(suspension, f"{field}_id") == by.pk for field in transition.not_by):
        return transition.same_person
    return None


def why_not_propose(
    service: Service, unit: ServiceUnit | None, by: User, today: date, *, action: str = "propose"
) -> str | None:
    """Why `by` may not propose a suspension of this scope (or, by `action`, put one in force at once)."""
    transition = TRANSITIONS[action]
    if lacking := _why_lacking(transition.permission, by, transition.words):
        return lacking
    if service.closed_on and service.closed_on <= today:
        return f"{service} is closed."
    if unit is not None and unit.service_id != service.pk:
        return f"{unit} is not a part of {service}."
    if unit is not None and unit.closed_on and unit.closed_on <= today:
        return f"{unit} is no longer in use."
    unit_id = unit.pk if unit else None
    waiting = Suspension.objects.overlapping(service.pk, unit_id).filter(status=Status.PROPOSED)
    if action == "propose" and waiting.exists():
        return "A proposal to suspend it is waiting for a decision already."
    return why_not_scope(service.pk, unit_id, today)


def why_not_suspend_urgently(service: Service, unit: ServiceUnit | None, by: User, today: date) -> str | None:
    return why_not_propose(service, unit, by, today, action="suspend_urgently")


def why_not_scope(
    service_id: int, unit_id: int | None, from_on: date, *, without: int | None = None
) -> str | None:
    """Why a suspension of this scope cannot be in force from that day: one that overlaps it is, or will be."""
    other = (
        Suspension.objects.overlapping(service_id, unit_id)
        .filter(Q(lifted_on=None) | Q(lifted_on__gt=from_on), status__in=EVER_IN_FORCE)
        .exclude(pk=without or 0)
        .select_related("service", "unit")
        .order_by("in_force_from")
        .first()
    )
    if other is None:
        return None
    begun = f"{other.in_force_from:%-d %B %Y}"
    if other.status in NOW_IN_FORCE:
        return f"{other.scope} is suspended already, from {begun}."
    return f"{other.scope} was suspended from {begun} until {other.lifted_on:%-d %B %Y}."


def why_not_decide(suspension: Suspension, by: User) -> str | None:
    return why_not("decide", suspension, by) or why_incomplete(suspension)


def why_not_refuse(suspension: Suspension, by: User) -> str | None:
    return why_not("refuse", suspension, by)


def why_not_withdraw(suspension: Suspension, by: User) -> str | None:
    return why_not("withdraw", suspension, by)


def why_not_confirm(suspension: Suspension, by: User) -> str | None:
    return (
        why_not("confirm", suspension, by) or _why_not_unconfirmed(suspension) or why_incomplete(suspension)
    )


def why_not_end_unconfirmed(suspension: Suspension, by: User) -> str | None:
    return why_not("end_unconfirmed", suspension, by) or _why_not_unconfirmed(suspension)


def why_not_complete(suspension: Suspension, by: User) -> str | None:
    """Why `by` may not fill in the record: once two people have decided on it, it is added to and no longer changed."""
    if not by.has_perm(PROPOSE) and not by.has_perm(RECORD):
        return "You do not have the right to write to the record of a suspension."
    if suspension.status == Status.PROPOSED or suspension.is_unconfirmed:
        return None
    return "It has been decided on this record. Add what is new as progress."


def why_not_record(suspension: Suspension, by: User) -> str | None:
    """Why `by` may not add progress or reviews, or say who was told."""
    if lacking := _why_lacking(RECORD, by, "write to the record of a suspension"):
        return lacking
    if suspension.status not in EVER_IN_FORCE:
        return "This suspension was never in force."
    return None


def why_not_review(suspension: Suspension, by: User, done_on: date, next_on: date | None) -> str | None:
    """Why this review cannot be recorded: a suspension in force always has a day for the next."""
    if lacking := why_not_record(suspension, by):
        return lacking
    if suspension.in_force_from and done_on < suspension.in_force_from:
        return "The review lies before the suspension began."
    if suspension.status in NOW_IN_FORCE and next_on is None:
        return "A suspension in force has a day for its next review."
    if next_on is not None and next_on <= done_on:
        return "The next review must be after this one."
    return None


def why_not_lead(suspension: Suspension, lead: User, by: User) -> str | None:
    """Why `by` may not hand it to that lead officer: of a proposal the record itself is changed."""
    if lacking := _why_lacking(PROPOSE, by, "choose who leads"):
        return lacking
    if suspension.status not in EVER_IN_FORCE:
        return "This suspension was never in force."
    if not lead.is_active or not lead.has_perm(RECORD):
        return f"{lead} cannot write to the record of a suspension, so cannot lead."
    return f"{lead} leads already." if lead.pk == suspension.lead_officer_id else None


def why_not_mark_public(suspension: Suspension, by: User) -> str | None:
    """Why `by` may not say that the name of the suspended service can be public."""
    if lacking := _why_lacking(DECIDE, by, "mark a name as public"):
        return lacking
    if suspension.status not in EVER_IN_FORCE:
        return "This suspension was never in force."
    return None


REQUIRED = {
    "summary": "the reason in one sentence",
    "reasons": "the reasons",
    "evidence": "the evidence",
    "provider_told": "what the provider was told",
    "welfare": "the welfare of the people living there",
}


def what_is_missing(suspension: Suspension) -> list[str]:
    """The parts of the record that a second person needs before deciding."""
    missing = [words for field, words in REQUIRED.items() if not getattr(suspension, field).strip()]
    if not suspension.parties.exists():
        missing.append("who has to be told")
    return missing


def why_incomplete(suspension: Suspension) -> str | None:
    missing = what_is_missing(suspension)
    return f"The record still needs {in_a_row(missing)}." if missing else None


def why_not_when(
    decided_at: datetime, now: datetime, *, not_before: datetime | None = None, what: str = "decision"
) -> str | None:
    """Why a decision cannot have been made at that time: it is made before it is recorded, and after what it decides on."""
    if decided_at > now:
        return f"The time of the {what} must be in the past."
    # Times are typed to the minute.
    if not_before and decided_at < not_before.replace(second=0, microsecond=0):
        return f"The {what} cannot be earlier than what it decides on ({_moment(not_before)})."
    return None


def check_when(
    decided_at: datetime,
    now: datetime,
    *,
    not_before: datetime | None = None,
    what: str = "decision",
    field: str = "decided_at",
) -> None:
    """Whether a decision can have been made at that time: before it is recorded, and after what it decides on.

    Raises `NotAllowed`: `in-future`, `too-early`.
    """
    if decided_at > now:
        raise NotAllowed("in-future", f"The time of the {what} must be in the past.", field)
    # Times are typed to the minute.
    if not_before and decided_at < not_before.replace(second=0, microsecond=0):
        raise NotAllowed(
            "too-early",
            f"The {what} cannot be earlier than what it decides on ({_moment(not_before)}).",
            field,
        )


def why_not_from(in_force_from: date, decided_at: datetime) -> str | None:
    if in_force_from < timezone.localdate(decided_at):
        return "A suspension cannot be in force from a day before it was decided."
    return None


def why_not_urgent_from(in_force_from: date, decided_at: datetime) -> str | None:
    """Why an urgent suspension cannot begin that day: what can wait longer than its confirmation is proposed."""
    due_on = confirm_due_on(decided_at)
    if in_force_from > due_on:
        return f"An urgent suspension begins by {due_on:%-d %B %Y}, the day for confirming it. One that can wait is proposed."
    return why_not_from(in_force_from, decided_at)


def confirm_due_on(decided_at: datetime) -> date:
    """The last day for the second manager to confirm: the next working day after an urgent suspension."""
    return next_working_day(timezone.localdate(decided_at))


def is_overdue(suspension: Suspension, today: date) -> bool:
    """In force on one person's word after the last day for confirming it."""
    due = suspension.confirm_due_on
    return suspension.is_unconfirmed and due is not None and due < today


def lifted_within_a_year(suspension: Suspension, day: date) -> Suspension | None:
    """The last suspension of the same service that was lifted shortly before `day`: a pattern worth asking about."""
    return lifted_lately(suspension.service_id, day, without=suspension.pk)


def lifted_lately(service_id: int, day: date, *, without: int | None = None) -> Suspension | None:
    """The last suspension of the service that was lifted within the days before `day` that the council has set: a year, usually."""
    return (
        Suspension.objects.filter(
            service_id=service_id,
            status=Status.LIFTED,
            lifted_on__lte=day,
            lifted_on__gt=day - timedelta(days=Policy.current().again_days),
        )
        .exclude(pk=without or 0)
        .order_by("-lifted_on")
        .first()
    )


def in_a_row(things: list[str]) -> str:
    """one; one and two; one, two and three."""
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"


def _why_not_unconfirmed(suspension: Suspension) -> str | None:
    if not suspension.is_urgent:
        return "This suspension was decided by two people from the first."
    if suspension.confirmed_at:
        return "This suspension has been confirmed."
    return None


def _why_lacking(permission: str, by: User, words: str) -> str | None:
    return None if by.has_perm(permission) else f"You do not have the right to {words}."


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%-d %B %Y, %H:%M}"
