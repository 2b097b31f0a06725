"""What stands in the way of correcting a concern or merging it into another, and what follows.

Each `check_...` raises `NotAllowed`.
"""

from datetime import datetime

from concerns.models import Concern, ConcernKind, Targets
from concerns.rules import RECEIVED_IN_FUTURE, respond_by
from core.dates import datetime_in_words
from core.workflow import NotAllowed


def respond_by_after_correction(
    concern: Concern, received_at: datetime, targets: Targets
) -> datetime:
    """The clock when the moment of receipt is corrected: it counts from the right one."""
    if received_at == concern.received_at:
        return concern.respond_by
    due = respond_by(concern.risk, received_at, targets)
    # A risk that was raised later counts from when it was: the correction moves only a clock that
    # ran from the receipt.
    if concern.respond_by != respond_by(concern.risk, concern.received_at, targets):
        return due if received_at > concern.respond_by else concern.respond_by
    return due


def check_correct(
    concern: Concern, kind: str, service_id: int, received_at: datetime, now: datetime
) -> None:
    """Whether the concern can have been that kind, about that service, received then.

    Raises `NotAllowed`: `in-future`, `after-response`, `after-closing`, `safeguarding-incomplete`,
    `tied-to-service`.
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

    Raises `NotAllowed`: `same-concern`, `other-service`, `not-open`, `safeguarding-lost`.
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


def words_of_merged(duplicate: Concern) -> str:
    """What the log of the concern that is kept says of a duplicate: all its words."""
    source = duplicate.get_source_display()
    said = (
        f"{duplicate.reference} was merged into this concern. {duplicate.kind_in_words}, raised by:"
        f" {source[0].lower()}{source[1:]}. Received {datetime_in_words(duplicate.received_at)}."
        f" Risk: {duplicate.get_risk_display().lower()}.\n\n{duplicate.summary}"
    )
    return f"{said}\n\nWhat was done: {duplicate.done}" if duplicate.done else said
