"""When a record of good practice, of a nomination or of the improvement programme is refused."""

from datetime import date

from audits.models import Enrolment, GoodPractice
from core.workflow import NotAllowed
from providers.models import Service


def check_consent(practice: GoodPractice, consented_on: date, today: date) -> None:
    """Raises `NotAllowed`: `in-future`, `before-withdrawal`."""
    if consented_on > today:
        raise NotAllowed(
            "in-future", "Consent cannot have been given in the future.", "consented_on"
        )
    if practice.withdrawn_on is not None and consented_on < practice.withdrawn_on:
        raise NotAllowed(
            "before-withdrawal", "The consent was taken back after that day.", "consented_on"
        )


def check_withdraw_consent(practice: GoodPractice) -> None:
    """Raises `NotAllowed`: `no-consent`."""
    if not practice.is_usable:
        raise NotAllowed("no-consent", "There is no consent to take back.")


def check_nominate(service: Service, year: int, is_nominated: bool) -> None:
    """Raises `NotAllowed`: `already-nominated`."""
    if is_nominated:
        raise NotAllowed(
            "already-nominated",
            f"{service} is nominated in this category of {year} already.",
            "category",
        )


def check_enrol(service: Service, enrolled_on: date, has_support: bool, today: date) -> None:
    """Raises `NotAllowed`: `in-future`, `already-enrolled`."""
    if enrolled_on > today:
        raise NotAllowed("in-future", "It cannot have been enrolled in the future.", "enrolled_on")
    if has_support:
        raise NotAllowed("already-enrolled", f"{service} has this support already.", "support")


def check_end_enrolment(enrolment: Enrolment, ended_on: date, today: date) -> None:
    """Raises `NotAllowed`: `already-ended`, `outside-support`."""
    if enrolment.ended_on is not None:
        raise NotAllowed("already-ended", "This support has ended already.")
    if not enrolment.enrolled_on <= ended_on <= today:
        raise NotAllowed(
            "outside-support",
            "It ended between the day on which the service was enrolled and today.",
            "ended_on",
        )
