"""What the message of a suspension can say: the facts behind the names in braces."""

from datetime import date

from core.dates import day_in_words
from core.models import CouncilProfile
from providers import placement
from suspensions.models import Recipient, Suspension


def what_still_stands(suspension: Suspension, today: date) -> list[str]:
    """What whoever places people is told beside the end of a suspension: what else stands against
    placements at the service on the first day without it. Empty where placements can begin again,
    and before its end.
    """
    if suspension.lifted_on is None:
        return []
    status = placement.status_of(suspension.service_id, max(today, suspension.lifted_on))
    return list(status.words)


def facts_for(recipient: Recipient, council: CouncilProfile | None) -> dict[str, str]:
    """The facts by their names, as `notifications.rules.FACTS` lists them."""
    suspension, change = recipient.suspension, recipient.change
    contact = (
        ", ".join((council.contact_name, council.contact_phone, council.contact_email))
        if council
        else ""
    )
    return {
        "recipient": recipient.name,
        "council": council.name if council else "The council",
        "service": suspension.service.name,
        "scope": suspension.scope,
        "provider": suspension.service.provider.name,
        "kind": suspension.kind,
        "limit": suspension.limit,
        "from": day_in_words(suspension.in_force_from) if suspension.in_force_from else "",
        "lifted": day_in_words(suspension.lifted_on) if suspension.lifted_on else "",
        "closed": day_in_words(closed_on) if (closed_on := suspension.service.closed_on) else "",
        "changed": f"{change.after}, from {day_in_words(change.effective_on)}"
        if change and change.effective_on
        else "",
        "contact": contact,
    }
