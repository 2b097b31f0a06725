"""What every page of a service says while it is suspended, to those who may know."""

from datetime import date

from django.template.loader import render_to_string

from core.models import User
from core.notices import service_notice
from suspensions.models import Suspension


@service_notice(order=10)
def in_force(user: User, service_id: int, today: date) -> str:
    """The banner of the suspensions in force, unconfirmed ones saying so; empty without them or
    without the right to them.
    """
    if not user.has_perms(["suspensions.view_suspension", "core.read_exempt"]):
        return ""
    held = list(
        Suspension.objects.in_force_on(today)
        .filter(service_id=service_id)
        .select_related("service", "unit")
    )
    return (
        render_to_string("suspensions/banner.html", {"suspensions": held, "today": today})
        if held
        else ""
    )
