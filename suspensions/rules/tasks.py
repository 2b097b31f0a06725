"""What can be done with a suspension now, by whom, and why not by the person who looks."""

from dataclasses import dataclass

from carequality.models import User
from suspensions.models import Status, Suspension
from suspensions.rules import changing, lifting, steps

# What is kept beside a suspension that is, or was, in force.
BESIDE = ("progress", "welfare", "meeting", "put", "add_party", "ask_review", "correct")
BY_STATUS: dict[Status, tuple[str, ...]] = {
    Status.PROPOSED: ("decide", "complete", "put", "withdraw"),
    Status.IN_FORCE: ("propose_lift", "review", "extend", "scope", *BESIDE),
    Status.LIFT_PROPOSED: ("decide_lift", "review", *BESIDE),
    Status.LIFTED: ("review", *BESIDE),
    Status.REFUSED: (),
    Status.WITHDRAWN: (),
}
# The step of the table that a task takes, for the permission that it asks and the people whom it excludes.
STEP_OF = {
    "decide": "refuse",
    "confirm": "end_unconfirmed",
    "withdraw": "withdraw",
    "propose_lift": "propose_lift",
    "decide_lift": "lift",
}


@dataclass(frozen=True)
class Task:
    """`why_not` is None when the person who asked can do it; `who` names those who can, for tasks that wait for somebody."""

    name: str
    why_not: str | None
    who: tuple[User, ...] = ()


def what_can_be_done(suspension: Suspension, by: User) -> list[Task]:
    """The tasks of this state, those that wait for a decision first."""
    names = BY_STATUS[Status(suspension.status)]
    if suspension.is_unconfirmed:
        later = ("propose_lift", "extend", "scope", "correct")
        names = ("confirm", "complete", "tell_rest", *(name for name in names if name not in later))
    if suspension.status == Status.LIFTED and suspension.review_on is None:
        names = tuple(name for name in names if name != "review")
    return [_task(name, suspension, by) for name in names]


def who_can(step: str, suspension: Suspension) -> tuple[User, ...]:
    """The people who may take that step of the table with this suspension, in order of name."""
    transition = steps.TRANSITIONS[step]
    excluded = [getattr(suspension, f"{field}_id") for field in transition.not_by]
    able = User.objects.with_perm(transition.permission).filter(is_active=True)
    return tuple(
        able.exclude(pk__in=[pk for pk in excluded if pk]).order_by("last_name", "first_name", "username")
    )


def managers_who_decide() -> tuple[User, ...]:
    """Everyone who may decide what another proposed."""
    able = User.objects.with_perm(steps.DECIDE).filter(is_active=True)
    return tuple(able.order_by("last_name", "first_name", "username"))


def _task(name: str, suspension: Suspension, by: User) -> Task:
    match name:
        case "decide":
            why_not = steps.why_not_refuse(suspension, by)
        case "confirm":
            why_not = steps.why_not_end_unconfirmed(suspension, by)
        case "withdraw":
            why_not = steps.why_not_withdraw(suspension, by)
        case "complete":
            why_not = steps.why_not_complete(suspension, by)
        case "propose_lift":
            why_not = lifting.why_not_propose_lift(suspension, by)
        case "decide_lift":
            why_not = lifting.why_not_decide_lift(suspension, by)
        case "extend" | "scope":
            why_not = changing.why_not_propose_change(suspension, by)
        case "correct":
            why_not = changing.why_not_correct(suspension, "summary", by)
        case "put":
            # Kept from the proposal on.
            allowed = by.has_perm(steps.RECORD)
            why_not = None if allowed else "You do not have the right to write to the record of a suspension."
        case _:
            why_not = steps.why_not_record(suspension, by)
    waits = name in ("decide", "confirm", "decide_lift")
    return Task(name, why_not, who_can(STEP_OF[name], suspension) if waits else ())
