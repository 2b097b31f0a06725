"""What the lanes tell the ground floor."""

from datetime import datetime

from carequality.models import Heartbeat
from core.jobs import handlers
from core.jobs.names import Lane


@handlers.heard
def hear(lane: str, now: datetime) -> None:
    """The lane that is never long at one thing speaks for the worker; the public process may write nothing here."""
    if lane == Lane.MESSAGES:
        Heartbeat.objects.update_or_create(name="worker", defaults={"heard_at": now})
