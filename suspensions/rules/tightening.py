"""The urgent route where a service is suspended already, but not in full: the new suspension stands
over the lighter ones, which go on beneath it.

So nothing that two people decided is changed on one person's word: if the second manager does not
confirm, the urgent one ends and what stood before still stands.
"""

from datetime import date

from core.workflow import NotAllowed
from providers.models import Service, ServiceUnit
from suspensions.models import Suspension, SuspensionKind
from suspensions.rules.steps import check_open, in_the_way, overlaps


def layer_for(service: Service, unit: ServiceUnit | None, kind: str, from_on: date) -> int:
    """The layer of an urgent suspension of that scope: zero where nothing meets it, or one more
    than what it is put over. A proposal that waits does not hinder it.

    Raises `NotAllowed`: `service-closed`, `foreign-unit`, `unit-closed`, `already-suspended`,
    `was-suspended`.
    """
    check_open(service, unit, from_on)
    unit_id = unit.pk if unit else None
    others = list(in_the_way(service.pk, unit_id, from_on))
    if not others:
        return 0
    # Only what is in full is heavier than anything that it can meet.
    hinders = [
        other
        for other in others
        if kind != SuspensionKind.FULL or (_covers(other, unit_id, from_on) and other.is_firm)
    ]
    if hinders:
        raise overlaps(hinders[0])
    return 1 + max(other.layer for other in others)


def why_not_at_all(service: Service, from_on: date) -> NotAllowed | None:
    """Why nothing of the service can be suspended at once on that day: it is closed, or suspended
    in full as a whole. None where something can.
    """
    try:
        layer_for(service, None, SuspensionKind.FULL, from_on)
    except NotAllowed as refusal:
        return refusal
    return None


def _covers(other: Suspension, unit_id: int | None, day: date) -> bool:
    begun = other.in_force_from is not None and other.in_force_from <= day
    return begun and other.unit_id in (None, unit_id)
