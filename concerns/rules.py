"""How quickly a concern is answered, what its risk means, and when an action on it is refused."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from carequality.calendar import add_working_days, is_working_day
from carequality.models import User
from concerns.models import HIGH_RISKS, Abuse, Concern, Kind, Risk, Section42, Targets

HARM: dict[str, str] = {
    Risk.LOW: "Nobody was harmed or is likely to be. The service can put it right in its ordinary work.",
    Risk.MEDIUM: "Care fell short, or would if nothing changed, without lasting harm.",
    Risk.HIGH: "Somebody was harmed, or several people could be if nothing changes soon.",
    Risk.VERY_HIGH: "Life or safety is in danger now, or somebody died or was gravely harmed.",
}
RISK_ORDER = [Risk.LOW, Risk.MEDIUM, Risk.HIGH, Risk.VERY_HIGH]

# An open concern of the same kind about the same service, received within so many days, may be the same one.
DUPLICATE_DAYS = 14


def risk_guidance(targets: Targets) -> dict[str, str]:
    """What each risk means and how quickly the council answers it."""
    return {
        risk: f"{harm} Answer within {hours_in_words(targets.hours_for(risk))}."
        for risk, harm in HARM.items()
    }


def hours_in_words(hours: int) -> str:
    return f"{hours} working hour{'' if hours == 1 else 's'}"


def add_working_hours(moment: datetime, hours: int, targets: Targets) -> datetime:
    """The moment that lies so many working hours after `moment`. What comes outside working hours counts from the next working day's start."""
    local = timezone.localtime(moment)
    day, clock = local.date(), max(local.time(), targets.day_starts)
    if not is_working_day(day) or clock >= targets.day_ends:
        day, clock = add_working_days(day, 1), targets.day_starts
    left = timedelta(hours=hours)
    # By the clock on the wall, so that the night on which the clocks change costs nothing.
    while left > (room := datetime.combine(day, targets.day_ends) - datetime.combine(day, clock)):
        left -= room
        day, clock = add_working_days(day, 1), targets.day_starts
    return timezone.make_aware(datetime.combine(day, clock) + left)


def respond_by(risk: str, received_at: datetime, targets: Targets) -> datetime:
    """When the first response is due: as many working hours after receipt as the risk allows."""
    return add_working_hours(received_at, targets.hours_for(risk), targets)


def respond_by_after_change(concern: Concern, risk: str, now: datetime, targets: Targets) -> datetime:
    """The clock when the risk changes: a raised one runs from now but never gives more time; a lowered one runs from receipt."""
    if RISK_ORDER.index(Risk(risk)) > RISK_ORDER.index(Risk(concern.risk)):
        return min(concern.respond_by, respond_by(risk, now, targets))
    return respond_by(risk, concern.received_at, targets)


def duplicates_since(day: date) -> date:
    """From which day on an open concern counts as a possible duplicate of one received on `day`."""
    return day - timedelta(days=DUPLICATE_DAYS)


def is_high(risk: str) -> bool:
    return risk in HIGH_RISKS


def why_not_record(
    kind: str, abuse: str, section_42: str, received_at: datetime, now: datetime
) -> str | None:
    if received_at > now:
        return "A concern cannot have been received in the future."
    if kind == Kind.SAFEGUARDING and (abuse not in Abuse.values or section_42 not in Section42.values):
        return "A safeguarding concern needs a category of abuse and where the section 42 enquiry stands."
    if section_42 == Section42.CONCLUDED:
        return "Record the outcome of the enquiry after recording the concern."
    return None


def why_not_allocate(concern: Concern, to: User) -> str | None:
    if not concern.is_open:
        return "This concern is closed."
    if not to.is_active or not to.has_perm("concerns.change_concern"):
        return f"{to} may not work on concerns. Choose someone who may."
    return None


def why_not_change_risk(concern: Concern, risk: str) -> str | None:
    if not concern.is_open:
        return "This concern is closed."
    if concern.risk == risk:
        return f"The risk is {concern.get_risk_display().lower()} already."
    return None


def why_not_respond(concern: Concern, at: datetime, now: datetime) -> str | None:
    if not concern.is_open:
        return "This concern is closed."
    if concern.first_response_at is not None:
        return "The first response has been recorded already. Log further contact instead."
    if at < concern.received_at:
        return "The first response cannot lie before the concern was received."
    if at > now:
        return "The first response cannot lie in the future."
    return None


def why_not_record_enquiry(concern: Concern, stands: str, outcome: str) -> str | None:
    if not concern.is_safeguarding:
        return "Only a safeguarding concern has a section 42 enquiry."
    if not concern.is_open:
        return "This concern is closed."
    if (stands == Section42.CONCLUDED) != bool(outcome):
        return "A concluded enquiry has an outcome; any other has none yet."
    return None


def why_not_close(concern: Concern) -> str | None:
    if not concern.is_open:
        return "This concern is closed already."
    if concern.first_response_at is None:
        return "Record the first response before closing it."
    if concern.section_42 in (Section42.UNDECIDED, Section42.OPEN):
        return "Record how the section 42 enquiry ended, or that none is required, before closing it."
    return None


def why_not_log_contact(happened_at: datetime, now: datetime) -> str | None:
    return "A contact cannot lie in the future." if happened_at > now else None


def why_not_add_to_log(concern: Concern) -> str | None:
    return None if concern.is_open else "This concern is closed."
