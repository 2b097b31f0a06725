"""What every page of a service says of whatever stands against placements there."""

from datetime import date

from django.template.loader import render_to_string

from core.models import User
from core.notices import service_notice
from providers import placement
from providers.placement import PlacementAnswer, PlacementStatus


@service_notice(order=20)
def against_placements(user: User, service_id: int, today: date) -> str:
    """The banner of all that stands against placements, for those who may know what it is; empty
    without it. What has a banner of its own stands there alone.
    """
    found = placement.seen_by(user, placement.status_of(service_id, today).restrictions)
    shown = PlacementStatus(today, tuple(each for each in found if not each.has_own_notice))
    if not shown.restrictions:
        return ""
    return render_to_string(
        "providers/placement_notice.html",
        {
            "heading": shown.heading if shown.now else "Placements from a day to come",
            "colour": "" if shown.answer == PlacementAnswer.NONE else "amber",
            "restrictions": (*shown.now, *shown.to_come),
        },
    )
