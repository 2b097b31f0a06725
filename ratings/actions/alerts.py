"""Who is notified of the night's changes, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from core import events
from core.inputs import columns
from core.jobs import names, queue
from core.models import User
from core.workflow import requires
from ratings import mail
from ratings.models import AlertChoice, AlertDigest

# A first digest reaches back a day; one after a long silence no further than a week.
FIRST = timedelta(days=1)
FURTHEST = timedelta(days=7)


@dataclass(frozen=True)
class AlertInput:
    """Which changes a person wants to know of, of which services, and whether by email."""

    kinds: Sequence[str]
    scope: str
    by_email: bool


@requires("ratings.view_location")
@transaction.atomic
def choose_alerts(*, by: User, given: AlertInput) -> AlertChoice:
    """Keep what a person wants to know of the night's changes, and whether by email.

    Raises `NotAllowed`: `permission-missing`.
    """
    values = columns(given)
    choice, _ = AlertChoice.objects.update_or_create(person=by, defaults=values)
    events.record("alerts.chosen", by=by, about=choice, after=values)
    return choice


def prepare_digests(*, now: datetime, night: date) -> int:
    """Promise an email to everyone who asked for one and for whom something was noticed; returns
    how many.

    Each begins where that person's last one ended, so that nothing falls between two nights or is
    sent twice.
    """
    wanted = AlertChoice.objects.filter(by_email=True, person__is_active=True).exclude(
        person__email=""
    )
    served = AlertDigest.objects.of_night(night).values("person")
    return sum(
        _prepare(choice, now, night)
        for choice in wanted.exclude(person__in=served).select_related("person")
        # Whoever may no longer see ratings keeps their choice, and gets nothing.
        if choice.person.has_perm("ratings.view_location")
    )


@transaction.atomic
def _prepare(choice: AlertChoice, now: datetime, night: date) -> bool:
    last = AlertDigest.objects.filter(person=choice.person).order_by("-noticed_until").first()
    start = max(last.noticed_until, now - FURTHEST) if last else now - FIRST
    if start >= now or not choice.changes(start, now).exists():
        return False
    # The task is asked again every hour and may run twice at once: the row is one a night, and
    # whoever made it promises the email.
    digest, is_new = AlertDigest.objects.get_or_create(
        person=choice.person, night=night, defaults={"noticed_from": start, "noticed_until": now}
    )
    if is_new:
        queue.add(names.SEND_DIGEST, digest.pk, about=digest, asked_by=choice.person)
    return is_new


@transaction.atomic
def send_digest(digest_id: int, *, now: datetime) -> bool:
    """Send one digest, once; says whether it went. A server that is away raises, and its job tries
    again.
    """
    # Locked until it is written down as sent, so that a second worker does not send it too.
    digest = AlertDigest.objects.select_for_update().select_related("person").get(pk=digest_id)
    if digest.sent_at is not None:
        return False
    choice = AlertChoice.of(digest.person)
    changes = choice.changes(digest.noticed_from, digest.noticed_until)
    found = list(
        changes.select_related("location").order_by(
            "location__name_key", "location_id", "noticed_at", "pk"
        )
    )
    # What was chosen when it was promised may have been changed since: the choice of now holds.
    if not (choice.by_email and digest.person.is_active and digest.person.email and found):
        return False
    mail.digest(digest, found).send()
    # After it went: a crash in between sends it again, which is better than never.
    digest.sent_at = now
    digest.save(update_fields=["sent_at"])
    return True
