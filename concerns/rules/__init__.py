"""How quickly a concern is answered, what its risk means, and what stands in the way of an action
on it.

Each `check_...` raises `NotAllowed`; the guards of `concerns.workflow` take what every guard is
given.
"""

from datetime import date, datetime, timedelta

from django.utils import timezone

from concerns.models import Abuse, Concern, ConcernKind, ConcernRisk, Section42, Targets
from core.calendar import add_working_days, is_working_day
from core.models import User
from core.workflow import NotAllowed, WorkflowPerson

HARM: dict[str, str] = {
    ConcernRisk.LOW: (
        "Nobody was harmed or is likely to be. The service can put it right in its daily work."
    ),
    ConcernRisk.MEDIUM: "Care fell short, or will if nothing changes, without lasting harm.",
    ConcernRisk.HIGH: "Someone was harmed, or several people could be if nothing changes soon.",
    ConcernRisk.VERY_HIGH: (
        "Someone’s life or safety is in danger now, or someone died or was seriously harmed."
    ),
}
RISK_ORDER = [ConcernRisk.LOW, ConcernRisk.MEDIUM, ConcernRisk.HIGH, ConcernRisk.VERY_HIGH]

# An open concern of the same kind about the same service, received within so many days, may be the
# same one.
DUPLICATE_DAYS = 14

# What the form says by its field is what the action says where no form asked.
RECEIVED_IN_FUTURE = "The date and time the concern was received must be in the past."


def risk_guidance(targets: Targets) -> dict[str, str]:
    """What each risk means and how quickly the council answers it."""
    return {
        risk: f"{harm} Answer within {hours_in_words(targets.hours_for(risk))}."
        for risk, harm in HARM.items()
    }


def hours_in_words(hours: int) -> str:
    """`1 working hour`, `8 working hours`."""
    return f"{hours} working hour{'' if hours == 1 else 's'}"


def response_times(targets: Targets) -> list[tuple[str, str]]:
    """Each risk, the greatest first, with how quickly it is answered: `very high`, `4 working
    hours`.
    """
    return [
        (risk.label.lower(), hours_in_words(targets.hours_for(risk)))
        for risk in reversed(RISK_ORDER)
    ]


def add_working_hours(moment: datetime, hours: int, targets: Targets) -> datetime:
    """The moment that lies so many working hours after `moment`.

    What comes outside working hours counts from the next working day's start.
    """
    # Working hours are those of the council's own clock.
    local = timezone.localtime(moment)
    day, clock = local.date(), max(local.time(), targets.day_starts)
    if not is_working_day(day) or clock >= targets.day_ends:
        day, clock = add_working_days(day, 1), targets.day_starts
    left = timedelta(hours=hours)
    # By the clock on the wall, so that the night on which the clocks change costs nothing.
    while left > (
        until_day_ends := datetime.combine(day, targets.day_ends) - datetime.combine(day, clock)
    ):
        left -= until_day_ends
        day, clock = add_working_days(day, 1), targets.day_starts
    return timezone.make_aware(datetime.combine(day, clock) + left)


def respond_by(risk: str, received_at: datetime, targets: Targets) -> datetime:
    """When the first response is due: as many working hours after receipt as the risk allows.

    The hours are the council's own policy (`Targets`).
    """
    return add_working_hours(received_at, targets.hours_for(risk), targets)


def respond_by_after_change(
    concern: Concern, risk: str, now: datetime, targets: Targets
) -> datetime:
    """The clock when the risk changes: a raised one runs from now but never gives more time; a
    lowered one runs from receipt.
    """
    # From receipt, a raised risk could be overdue the moment that somebody saw how great it is.
    if RISK_ORDER.index(ConcernRisk(risk)) > RISK_ORDER.index(ConcernRisk(concern.risk)):
        return min(concern.respond_by, respond_by(risk, now, targets))
    return respond_by(risk, concern.received_at, targets)


def day_of(moment: datetime) -> date:
    """The day of a moment by the council's clock."""
    return timezone.localdate(moment)


def is_working_time(moment: datetime, targets: Targets) -> bool:
    """Whether the team is at work: a working day, within its hours."""
    local = timezone.localtime(moment)
    within = targets.day_starts <= local.time() < targets.day_ends
    return is_working_day(local.date()) and within


def is_danger_out_of_hours(concern: Concern, now: datetime, targets: Targets) -> bool:
    """Whether somebody may be in danger now while nobody of the team is at work to answer.

    The clock counts working hours alone: on a Friday evening it would let the danger wait until
    Monday.
    """
    return (
        concern.is_open
        and not concern.is_answered
        and concern.risk == ConcernRisk.VERY_HIGH
        and not is_working_time(now, targets)
    )


def duplicates_since(day: date) -> date:
    """From which day on an open concern counts as a possible duplicate of one received on `day`."""
    return day - timedelta(days=DUPLICATE_DAYS)


def check_record(
    kind: str, abuse: str, section_42: str, received_at: datetime, now: datetime
) -> None:
    """Whether a concern can be recorded with these answers.

    A safeguarding concern says its category of abuse and where the enquiry stands (Care Act 2014,
    section 42, and its statutory guidance, chapter 14).

    Raises `NotAllowed`: `in-future`, `abuse-missing`, `enquiry-concluded`.
    """
    if received_at > now:
        raise NotAllowed("in-future", RECEIVED_IN_FUTURE, "received_at")
    if kind == ConcernKind.SAFEGUARDING and (
        abuse not in Abuse.values or section_42 not in Section42.values
    ):
        raise NotAllowed(
            "abuse-missing",
            "Select the category of abuse and where the section 42 enquiry stands.",
            "abuse",
        )
    # Its outcome is asked by a page of its own, since an enquiry that has concluded needs one.
    if section_42 == Section42.CONCLUDED:
        raise NotAllowed(
            "enquiry-concluded",
            "Record the concern first, then the outcome of its section 42 enquiry.",
            "section_42",
        )


def check_allocate(to: User) -> None:
    """Whether a concern may be allocated to that person.

    Raises `NotAllowed`: `may-not-answer`.
    """
    # A concern allocated to somebody who cannot answer it would wait for nobody.
    if not to.is_active or not to.has_perm("concerns.change_concern"):
        raise NotAllowed(
            "may-not-answer", f"{to} may not work on concerns. Choose someone else.", "to"
        )


def check_change_risk(concern: Concern, risk: str) -> None:
    """Whether the risk would change.

    Raises `NotAllowed`: `same-risk`.
    """
    if concern.risk == risk:
        raise NotAllowed(
            "same-risk",
            f"The risk is already {concern.get_risk_display().lower()}. Select another risk.",
            "risk",
        )


def check_respond(concern: Concern, at: datetime, now: datetime) -> None:
    """Whether the first response can have been given then.

    Raises `NotAllowed`: `before-received`, `in-future`.
    """
    if at < concern.received_at:
        raise NotAllowed(
            "before-received",
            "The date and time of the first response must be after the concern was received.",
            "at",
        )
    if at > now:
        raise NotAllowed(
            "in-future", "The date and time of the first response must be in the past.", "at"
        )


def check_record_enquiry(section_42: str, outcome: str) -> None:
    """Whether the outcome fits where the enquiry stands.

    Raises `NotAllowed`: `outcome-wrong`.
    """
    if (section_42 == Section42.CONCLUDED) != bool(outcome):
        raise NotAllowed(
            "outcome-wrong", "Select an outcome if the enquiry has concluded, and only then."
        )


def check_decided_on(concern: Concern, decided_on: date | None, today: date) -> None:
    """Whether it can have been decided on that day if an enquiry is required (None: not said).

    Raises `NotAllowed`: `before-received`, `in-future`.
    """
    if decided_on is not None and decided_on < day_of(concern.received_at):
        raise NotAllowed(
            "before-received",
            "The day of the section 42 decision must not be before the concern was received.",
            "decided_on",
        )
    if decided_on is not None and decided_on > today:
        raise NotAllowed(
            "in-future",
            "The day of the section 42 decision must be today or in the past.",
            "decided_on",
        )


def check_not_safeguarding(
    concern: Concern, by: WorkflowPerson | None, now: datetime | None
) -> None:
    """A concern becomes a safeguarding concern once.

    Raises `NotAllowed`: `is-safeguarding`.
    """
    if concern.is_safeguarding:
        raise NotAllowed("is-safeguarding", "This is already a safeguarding concern.")


def check_log_contact(happened_at: datetime, now: datetime) -> None:
    """Whether a contact can have happened then.

    Raises `NotAllowed`: `in-future`.
    """
    if happened_at > now:
        raise NotAllowed(
            "in-future", "The date and time of the contact must be in the past.", "happened_at"
        )


def check_contact_service(concern: Concern, service_id: int) -> None:
    """Whether a contact about the concern is about its service.

    Raises `NotAllowed`: `other-service`.
    """
    if concern.service_id != service_id:
        raise NotAllowed(
            "other-service",
            f"{concern.reference} is about {concern.service}. Log the contact about that service.",
            "service",
        )


def check_unanswered(concern: Concern, by: WorkflowPerson | None, now: datetime | None) -> None:
    """A first response is recorded once.

    Raises `NotAllowed`: `already-answered`.
    """
    # It stops the clock, so that a second one would change a figure that has been printed.
    if concern.first_response_at is not None:
        raise NotAllowed(
            "already-answered",
            "The first response has already been recorded. Log a contact instead.",
            "at",
        )


def check_answered(concern: Concern, by: WorkflowPerson | None, now: datetime | None) -> None:
    """Nobody's concern is closed without a response.

    Raises `NotAllowed`: `not-answered`.
    """
    if concern.first_response_at is None:
        raise NotAllowed("not-answered", "Record the first response before you close the concern.")


def check_safeguarding(concern: Concern, by: WorkflowPerson | None, now: datetime | None) -> None:
    """Section 42 of the Care Act 2014 is about adults at risk of abuse or neglect, so only a
    safeguarding concern has an enquiry.

    Raises `NotAllowed`: `not-safeguarding`.
    """
    if not concern.is_safeguarding:
        raise NotAllowed(
            "not-safeguarding", "Only a safeguarding concern can have a section 42 enquiry."
        )


def check_enquiry_ended(concern: Concern, by: WorkflowPerson | None, now: datetime | None) -> None:
    """The council makes or causes the enquiry (Care Act 2014, section 42), so the concern stays
    open until it has ended or none is required.

    Raises `NotAllowed`: `enquiry-open`.
    """
    # Empty for a concern that is not about safeguarding, which therefore passes.
    if concern.section_42 in (Section42.UNDECIDED, Section42.OPEN):
        raise NotAllowed(
            "enquiry-open",
            "Record how the section 42 enquiry ended, or that none is required, before you close"
            " the concern.",
        )
