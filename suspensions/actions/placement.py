"""The reading of a placement status, which is recorded."""

from django.db import transaction

from core import events
from core.models import User
from core.workflow import requires
from providers.models import Service
from providers.placement import PlacementAnswer, PlacementStatus


@requires("suspensions.view_placement_status")
@transaction.atomic
def note_placement_read(service: Service, *, by: User, status: PlacementStatus) -> None:
    """Record that someone read whether a service takes placements, and the answer that they were
    given: it is exempt, and its readers are known.

    Raises `NotAllowed`: `permission-missing`.
    """
    events.record(
        "placement_status.read",
        by=by,
        about=service,
        after={
            "day": status.day.isoformat(),
            "answer": status.answer.name.lower(),
            "suspended": status.answer != PlacementAnswer.OPEN,
        },
    )
