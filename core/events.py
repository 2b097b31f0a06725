"""The event record: who did what to what, and when. Append-only, in the same transaction as the
change.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from core.models import Event, User
from core.request_id import current_request_id

_happening_at: ContextVar[datetime | None] = ContextVar("happening_at", default=None)


@contextmanager
def happening_at(moment: datetime) -> Iterator[None]:
    """Events recorded within happened at that moment unless they say another: for what is told of
    past days, as an import does.
    """
    token = _happening_at.set(moment)
    try:
        yield
    finally:
        _happening_at.reset(token)


def took_part(about: models.Model, *, but: Collection[str] = ()) -> set[int]:
    """The ids of everyone who did something to it, as the record tells; events of the kinds `but`
    aside.
    """
    found = Event.objects.filter(
        about_label=about._meta.label_lower, about_id=str(about.pk), by__isnull=False
    )
    return set(found.exclude(kind__in=but).values_list("by_id", flat=True))


def kinds_by(about: models.Model, by: User) -> set[str]:
    """What that person did to it, by the kinds of the events."""
    found = Event.objects.filter(about_label=about._meta.label_lower, about_id=str(about.pk), by=by)
    return set(found.values_list("kind", flat=True))


def record(
    kind: str,
    *,
    by: User | None,
    about: models.Model,
    service_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    happened_at: datetime | None = None,
) -> Event:
    """Append an event. `by` is None for what the system did by itself; `before` and `after` hold
    ids and non-personal values only.

    `happened_at` may lie before now, since decisions are made by telephone; `recorded_at` is always
    the moment of writing. Raises `TransactionManagementError` outside a transaction: an event must
    not outlive a change that is rolled back.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            f"Event {kind} recorded outside a transaction."
        )
    if service_id is None:
        service_id = (
            about.pk
            if about._meta.label_lower == "providers.service"
            else getattr(about, "service_id", None)
        )
    return Event.objects.create(
        kind=kind,
        by=by,
        happened_at=happened_at or _happening_at.get() or timezone.now(),
        about_label=about._meta.label_lower,
        about_id=str(about.pk),
        service_id=service_id,
        before=before or {},
        after=after or {},
        request_id=current_request_id(),
    )
