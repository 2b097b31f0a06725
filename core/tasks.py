"""What is done when a lane is heard."""

from datetime import datetime

from core.jobs import handlers
from core.jobs.names import Lane
from core.models import Heartbeat


@handlers.heard
def hear(lane: str, now: datetime) -> None:
    """The lane that is never long at one thing speaks for the worker; the public process may write
    nothing here.
    """
    if lane == Lane.MESSAGES:
        Heartbeat.objects.update_or_create(name="worker", defaults={"heard_at": now})
