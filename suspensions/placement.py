"""What suspensions say of placements."""

from collections.abc import Collection, Iterable
from datetime import date

from django.urls import reverse

from core.dates import day_in_words
from providers.placement import (
    ASK_FIRST,
    PlacementAnswer,
    Restriction,
    stands_against_placements,
)
from suspensions.models import Suspension

SEE = ("suspensions.view_suspension", "core.read_exempt")


@stands_against_placements(order=20)
def suspensions(day: date, services: Collection[int] | None) -> Iterable[Restriction]:
    """The suspensions in force that day, those decided to begin after it, and those that ended only
    because their service closed, which has reopened since.
    """
    found = Suspension.objects.select_related("service", "unit")
    if services is not None:
        found = found.filter(service__in=services)
    for suspension in found.in_force_on(day):
        yield _restriction(suspension, has_own_notice=True)
    for suspension in found.to_come(day):
        yield _restriction(suspension, from_on=suspension.in_force_from)
    for suspension in found.reopened(day):
        yield Restriction(
            suspension.service_id,
            PlacementAnswer.ASK,
            ASK_FIRST,
            f"Suspended when it closed: {suspension.scope_in_words}",
            note=(
                "The suspension ended as the service closed, and the service has reopened. Propose"
                " a suspension, or refuse one, to decide whether people can be placed"
            ),
            url=_page_of(suspension),
            needs=SEE,
        )


def _restriction(
    suspension: Suspension, *, from_on: date | None = None, has_own_notice: bool = False
) -> Restriction:
    # A part of the service can be closed to placements while the rest is open, so that whoever
    # places people has to ask which.
    whole = suspension.unit_id is None and not suspension.is_partial
    begins = day_in_words(suspension.in_force_from) if suspension.in_force_from else ""
    return Restriction(
        suspension.service_id,
        PlacementAnswer.NONE if whole else PlacementAnswer.ASK,
        suspension.placements_in_words,
        f"{suspension.kind_in_words} suspension, {suspension.unit or 'the whole service'}",
        from_on=from_on,
        note=f"From {begins}",
        url=_page_of(suspension),
        needs=SEE,
        has_own_notice=has_own_notice,
    )


def _page_of(suspension: Suspension) -> str:
    return reverse("suspensions:view-suspension", args=[suspension.pk])
