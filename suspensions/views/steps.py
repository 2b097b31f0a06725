"""What the pages of a step share: the right to be there, the suspension, who is notified and who
lives there.
"""

from collections.abc import Collection
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from formal_steps.rules import versions
from notifications.models import NotificationKind
from providers.models import Service
from suspensions.models import AT_ONCE, Suspension
from suspensions.rules import record, steps

NOTIFYING = "We are notifying the recipients."
SEE = steps.SEE


def find(suspension_id: int) -> Suspension:
    """The suspension with what every page of it shows, or the page that says there is none."""
    found = Suspension.objects.select_related(
        "service__provider",
        "service__district",
        "unit",
        "lead_officer",
        "proposed_by",
        "lift_proposed_by",
    )
    return get_object_or_404(found, pk=suspension_id)


def read_of(suspension: Suspension, *, but: Collection[str] = ()) -> list[tuple[str, str]]:
    """What whoever decides reads of the record, each part with its label."""
    return versions.rows(record.parts_of(suspension), record.LABELS, record.in_words, but)


def page_of(suspension: Suspension) -> str:
    """The address of the suspension's own page."""
    return reverse("suspensions:view-suspension", args=[suspension.pk])


def who_lives_there(service: Service) -> dict[str, Any]:
    """The people of a service by who pays for them, and how many they are."""
    funded = list(service.funded_people.filter(people__gt=0))
    return {"funded": funded, "people": sum(each.people for each in funded)}


def who_is_notified(suspension: Suspension) -> dict[str, Any]:
    """Of an urgent suspension: who is notified at once, who of the rest still waits, and whether an
    email is on its way.
    """
    recipients = list(
        suspension.recipients.filter(notification=NotificationKind.SUSPENSION).select_related(
            "notified_by"
        )
    )
    tonight = [recipient for recipient in recipients if recipient.kind in AT_ONCE]
    return {
        "tonight": tonight,
        "tonight_moves": any(
            recipient.is_waiting and recipient.email and not recipient.outcome
            for recipient in tonight
        ),
        "later": [
            recipient
            for recipient in recipients
            if recipient.kind not in AT_ONCE and recipient.is_waiting
        ],
    }
