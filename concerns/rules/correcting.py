"""What stands in the way of correcting a concern or merging it into another, and what follows.

Each `check_...` raises `NotAllowed`.
"""

from datetime import datetime

from concerns.models import Concern, ConcernKind, Section42, Targets
from concerns.rules import (
    RECEIVED_IN_FUTURE,
    RISK_ORDER,
    add_working_hours,
    day_of,
    respond_by,
)
from core.dates import datetime_in_words, day_in_words
from core.models import Event
from core.workflow import NotAllowed

# Longer than any target: ten weeks of working hours. Beyond it a clock is not one of whole hours.
MOST_HOURS = 500


def respond_by_after_correction(
    concern: Concern, received_at: datetime, targets: Targets
) -> datetime:
    """The clock when the moment of receipt is corrected: as many working hours from the right one
    as it was given from the wrong one.
    """
    if received_at == concern.received_at:
        return concern.respond_by
    # A risk that was raised counts from when it was, and a merging takes the earlier clock: the
    # correction moves only a clock that ran from the receipt.
    if _clock_was_moved(concern):
        due = respond_by(concern.risk, received_at, targets)
        return due if received_at > concern.respond_by else concern.respond_by
    hours = _hours_given(concern, targets)
    if hours is None:
        return respond_by(concern.risk, received_at, targets)
    return add_working_hours(received_at, hours, targets)


def _clock_was_moved(concern: Concern) -> bool:
    """Whether the clock no longer runs from the concern's own receipt."""
    if concern.merged.exists():
        return True
    events = Event.objects.filter(
        about_label=concern._meta.label_lower, about_id=str(concern.pk)
    ).order_by("pk")
    changes = events.filter(kind="concern.risk_changed")
    answered = events.filter(kind="concern.answered").first()
    if answered is not None:
        # Once answered a change of risk moves no clock.
        changes = changes.filter(pk__lt=answered.pk)
    last = changes.last()
    # A lowered risk runs from the receipt again.
    return last is not None and _is_raised(last.before["risk"], last.after["risk"])


def _is_raised(before: str, after: str) -> bool:
    order = [str(risk) for risk in RISK_ORDER]
    return order.index(after) > order.index(before)


def _hours_given(concern: Concern, targets: Targets) -> int | None:
    """How many working hours the clock was given; None where the working day was another then.

    Told from the clock itself: the targets may have changed since it began.
    """
    low, high = 0, MOST_HOURS
    while low < high:
        middle = (low + high) // 2
        if add_working_hours(concern.received_at, middle, targets) < concern.respond_by:
            low = middle + 1
        else:
            high = middle
    is_whole = add_working_hours(concern.received_at, low, targets) == concern.respond_by
    return low if is_whole else None


def check_correct(
    concern: Concern, kind: str, service_id: int, received_at: datetime, now: datetime
) -> None:
    """Whether the concern can have been that kind, about that service, received then.

    Raises `NotAllowed`: `in-future`, `after-response`, `after-closing`, `after-decision`,
    `safeguarding-incomplete`, `tied-to-service`.
    """
    if received_at > now:
        raise NotAllowed("in-future", RECEIVED_IN_FUTURE, "received_at")
    if concern.first_response_at is not None and received_at > concern.first_response_at:
        raise NotAllowed(
            "after-response",
            "The concern must have been received before its first response, on"
            f" {datetime_in_words(concern.first_response_at)}.",
            "received_at",
        )
    if concern.closed_at is not None and received_at > concern.closed_at:
        raise NotAllowed(
            "after-closing", "The concern must have been received before it closed.", "received_at"
        )
    decided_on = concern.section_42_decided_on
    if decided_on is not None and day_of(received_at) > decided_on:
        raise NotAllowed(
            "after-decision",
            "The concern must have been received before the section 42 decision, on"
            f" {day_in_words(decided_on)}.",
            "received_at",
        )
    # The category of abuse and the enquiry are asked by a step of their own.
    if kind == ConcernKind.SAFEGUARDING and not concern.is_safeguarding:
        raise NotAllowed(
            "safeguarding-incomplete",
            "Use “Record as safeguarding too” on the concern’s page first. It asks for the category"
            " of abuse and the section 42 enquiry.",
            "kind",
        )
    if service_id != concern.service_id and _is_tied(concern):
        raise NotAllowed(
            "tied-to-service",
            "Visits, actions, contacts, formal steps or suspensions of this service rest on the"
            " concern. Record a concern about the other service, and close this one.",
            "service",
        )


def _is_tied(concern: Concern) -> bool:
    """Whether anything that is of the concern's service rests on it. Higher apps are found by the
    reverse relation.
    """
    tied = (
        concern.visits,
        concern.actions,
        concern.contacts,
        concern.formal_steps,
        concern.suspensions,
        concern.merged,
    )
    return any(rows.exists() for rows in tied)


def check_merge(duplicate: Concern, kept: Concern) -> None:
    """Whether one concern can be merged into the other.

    Raises `NotAllowed`: `same-concern`, `other-service`, `not-open`, `safeguarding-lost`,
    `enquiry-lost`.
    """
    if duplicate.pk == kept.pk:
        raise NotAllowed("same-concern", "Select another concern.", "into")
    if duplicate.service_id != kept.service_id:
        raise NotAllowed(
            "other-service",
            f"{kept.reference} is about {kept.service}. Select a concern about the same service.",
            "into",
        )
    if not kept.is_open:
        raise NotAllowed(
            "not-open", f"{kept.reference} is not open. Select an open concern.", "into"
        )
    # The council's duty under section 42 would vanish with the duplicate.
    if duplicate.is_safeguarding and not kept.is_safeguarding:
        raise NotAllowed(
            "safeguarding-lost",
            f"{duplicate.reference} is a safeguarding concern and {kept.reference} is not. Record"
            f" {kept.reference} as safeguarding too first, or merge it into this one.",
            "into",
        )
    # Of two safeguarding concerns it vanishes too where the kept one asks for less: that could be
    # closed while an enquiry, or the decision about one, is still owed.
    if duplicate.is_safeguarding and _is_owed(duplicate) > _is_owed(kept):
        raise NotAllowed(
            "enquiry-lost",
            f"Where the section 42 enquiry of {duplicate.reference} stands would be lost:"
            f" “{duplicate.get_section_42_display()}”, and “{kept.get_section_42_display()}” of"
            f" {kept.reference}. Record the enquiry of one of them first, or merge"
            f" {kept.reference} into this one.",
            "into",
        )


def _is_owed(concern: Concern) -> int:
    """How much the council still owes under section 42: an enquiry, the decision, nothing."""
    return {Section42.OPEN: 2, Section42.UNDECIDED: 1}.get(Section42(concern.section_42), 0)


def words_of_merged(duplicate: Concern) -> str:
    """What the log of the concern that is kept says of a duplicate: all its words."""
    source = duplicate.get_source_display()
    said = (
        f"{duplicate.reference} was merged into this concern. {duplicate.kind_in_words}, raised by:"
        f" {source[0].lower()}{source[1:]}. Received {datetime_in_words(duplicate.received_at)}."
        f" Risk: {duplicate.get_risk_display().lower()}."
    )
    if duplicate.is_safeguarding:
        said += f" {_safeguarding_in_words(duplicate)}"
    said = f"{said}\n\n{duplicate.summary}"
    return f"{said}\n\nWhat was done: {duplicate.done}" if duplicate.done else said


def _safeguarding_in_words(concern: Concern) -> str:
    """The abuse, who is said to have caused it, and the section 42 enquiry with its decision."""
    said = f"Abuse: {concern.get_abuse_display().lower()}"
    if concern.abuse_by:
        said += f", said to be caused by: {concern.get_abuse_by_display().lower()}"
    said += f". Section 42 enquiry: {concern.section_42_in_words.lower()}"
    if concern.section_42_decided_on is not None:
        day = day_in_words(concern.section_42_decided_on)
        said += f", decided on {day} by {concern.section_42_decided_by}"
    return f"{said}."
