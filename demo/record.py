"""Days as moments, and the events of what is loaded in bulk."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models

from core.models import Event, User

LONDON = ZoneInfo("Europe/London")


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """That day at that time in England."""
    return datetime.combine(day, time(hour, minute), LONDON)


def event(
    kind: str,
    about: models.Model,
    *,
    by: User | None,
    happened_at: datetime,
    service_id: int | None = None,
    after: dict[str, Any] | None = None,
) -> Event:
    """An event as `core.events.record` would write it, not yet saved."""
    return Event(
        kind=kind,
        by=by,
        happened_at=happened_at,
        about_label=about._meta.label_lower,
        about_id=str(about.pk),
        service_id=service_id or getattr(about, "service_id", None),
        after=after or {},
    )


def append(events: Iterable[Event]) -> None:
    """Append events in bulk."""
    Event.objects.bulk_create(events, batch_size=2000)
