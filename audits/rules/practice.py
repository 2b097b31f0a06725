"""When a record of good practice, of a nomination or of the improvement programme is refused.

Source: the council's own policy. What is good at a provider is still about its business, so that a
paper uses it only with the provider's consent (Local Government Act 1972, Schedule 12A).
"""

from datetime import date

from audits.models import Enrolment, GoodPractice
from audits.rules.words import not_before, not_in_future
from core.dates import day_in_words
from core.workflow import NotAllowed
from providers.models import Service

# The form says it too, beside what else is wrong with an answer.
START_IN_FUTURE = not_in_future("The date the support started")


def check_consent(practice: GoodPractice, consented_on: date, today: date) -> None:
    """Whether consent can have been given on that day.

    Raises `NotAllowed`: `in-future`, `before-withdrawal`.
    """
    if consented_on > today:
        raise NotAllowed("in-future", not_in_future("The date of consent"), "consented_on")
    if practice.withdrawn_on is not None and consented_on < practice.withdrawn_on:
        raise NotAllowed(
            "before-withdrawal",
            not_before("The provider withdrew its consent", practice.withdrawn_on),
            "consented_on",
        )


def check_withdraw_consent(practice: GoodPractice) -> None:
    """Whether there is consent to withdraw.

    Raises `NotAllowed`: `no-consent`.
    """
    if not practice.is_usable:
        raise NotAllowed("no-consent", "There is no consent to withdraw.")


def check_nominate(service: Service, year: int, is_nominated: bool) -> None:
    """Whether a service can be nominated for a year's awards; `is_nominated`: it is already.

    Raises `NotAllowed`: `already-nominated`.
    """
    if is_nominated:
        raise NotAllowed(
            "already-nominated",
            f"{service} is already nominated in this category for {year}. Choose another category.",
            "category",
        )


def check_enrol(service: Service, enrolled_on: date, has_support: bool, today: date) -> None:
    """Whether a service can be enrolled; `has_support`: it has this support already.

    Raises `NotAllowed`: `in-future`, `already-enrolled`.
    """
    if enrolled_on > today:
        raise NotAllowed("in-future", START_IN_FUTURE, "enrolled_on")
    if has_support:
        raise NotAllowed(
            "already-enrolled",
            f"{service} already has this support. Choose another kind of support.",
            "support",
        )


def check_end_enrolment(enrolment: Enrolment, ended_on: date, today: date) -> None:
    """Whether support can have ended on that day.

    Raises `NotAllowed`: `already-ended`, `outside-support`.
    """
    if enrolment.ended_on is not None:
        raise NotAllowed("already-ended", "This support has already ended.")
    if not enrolment.enrolled_on <= ended_on <= today:
        raise NotAllowed(
            "outside-support",
            f"The support started on {day_in_words(enrolment.enrolled_on)}. Enter a date from then"
            " until today.",
            "ended_on",
        )
