"""What the letters of a suspension say, to each recipient and to the provider."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from formal_steps.letters import asking
from notifications.letters import day, head
from notifications.models import LetterKind, NotificationKind, RecipientKind, RegisteredRecipient
from suspensions.models import Recipient
from suspensions.rules import lifting, messages

KIND_OF = {
    NotificationKind.SUSPENSION: LetterKind.SUSPENSION,
    NotificationKind.CONFIRMED: LetterKind.SUSPENSION,
    NotificationKind.CHANGE: LetterKind.CHANGE,
    NotificationKind.LIFT: LetterKind.LIFT,
    NotificationKind.CLOSURE: LetterKind.CLOSURE,
}


def facts_for_recipient(recipient: Recipient, now: datetime) -> dict[str, Any]:
    """What a letter to that recipient says. Clause, reasons and evidence stand in the provider's
    alone.
    """
    suspension = recipient.suspension
    provider = recipient.kind == RecipientKind.PROVIDER
    facts = head(recipient.name, now) | {
        "kind": KIND_OF[NotificationKind(recipient.notification)].value,
        "to_provider": provider,
        "address": _address(recipient),
        "scope": suspension.scope,
        "service": suspension.service.name,
        "what": suspension.kind_in_words.lower(),
        "limit": suspension.limit,
        "from": day(suspension.in_force_from),
        "lifted": day(suspension.lifted_on),
        "closed": day(suspension.service.closed_on),
        "still_stands": messages.what_still_stands(suspension, timezone.localdate(now)),
        "change": recipient.change.after if recipient.change else "",
        "change_before": recipient.change.before if recipient.change else "",
        "change_from": day(recipient.change.effective_on) if recipient.change else "",
    }
    if provider:
        representation = suspension.representations.last()
        facts |= {
            "clause": representation.clause if representation else "",
            "summary": suspension.summary,
            "reasons": suspension.reasons,
            "evidence": suspension.evidence,
            "lifts": [criterion.label for criterion in lifting.criteria_for(suspension)],
            "weeks": suspension.quiet_weeks,
            "confirmed": day(timezone.localdate(suspension.confirmed_at))
            if suspension.confirmed_at
            else "",
            "unconfirmed": day(suspension.confirm_due_on) if suspension.is_unconfirmed else "",
            "review_on": day(suspension.review_on),
            "planned_until": day(suspension.planned_until),
            "afterwards": day(suspension.review_on) if suspension.lifted_on else "",
            **asking(suspension),
        }
    return facts


def title_of(facts: dict[str, Any]) -> str:
    """The title of a letter, which is its heading and the name of its file's document."""
    match facts["kind"]:
        case LetterKind.REVIEW:
            words = "Answer to your request for a review"
        case LetterKind.LIFT:
            words = "Suspension lifted"
        case LetterKind.CLOSURE:
            words = "Suspension ended, service closed"
        case LetterKind.CHANGE:
            words = "Suspension changed"
        case _:
            words = "Suspension of new placements"
    return f"{words}: {facts['scope']}"


def _address(recipient: Recipient) -> str:
    contact = (
        RegisteredRecipient.objects.of(recipient.suspension.service)
        .filter(kind=recipient.kind, name=recipient.name)
        .exclude(address="")
        .first()
    )
    return contact.address if contact else ""
