"""The letters of suspensions: their facts are frozen when they are asked for."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core import events, locking
from core.jobs import names, queue
from core.models import User
from core.workflow import requires
from formal_steps.letters import facts_for_review
from suspensions import letters
from suspensions.models import Recipient, Suspension, SuspensionLetter, SuspensionReviewRequest
from suspensions.rules import steps
from suspensions.workflow.suspension import SUSPENSION


@requires(SUSPENSION["write-letter"])
@transaction.atomic
def write_letter(recipient_id: int, *, by: User, now: datetime) -> SuspensionLetter:
    """Freeze what the letter to that recipient says, and have it made.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`.
    """
    # Held and read anew: it may have been changed or lifted since the page was shown. The
    # suspension before its recipient, as everywhere.
    suspension_id = Recipient.objects.values_list("suspension_id", flat=True).get(pk=recipient_id)
    suspension = locking.lock(Suspension, suspension_id, "service__provider", "unit")
    SUSPENSION.check(suspension, "write-letter", by, now)
    recipient = locking.lock(Recipient, recipient_id, "change")
    recipient.suspension = suspension
    return freeze_recipient_letter(recipient, by=by, now=now)


@requires(steps.RECORD, automatic=True)
def freeze_recipient_letter(
    recipient: Recipient, *, by: User | None, now: datetime
) -> SuspensionLetter:
    """The letter to a recipient, as the record stands now; `by` None: with the message, by the
    worker.

    Raises `NotAllowed`: `permission-missing`.
    """
    facts = letters.facts_for_recipient(recipient, now)
    return _freeze(recipient.suspension, facts, recipient=recipient, by=by, now=now)


@requires()
def freeze_review_letter(
    request: SuspensionReviewRequest, *, by: User, now: datetime
) -> SuspensionLetter:
    """The letter of a review's answer, by its reviewer, whatever rights they hold.

    Raises `NotAllowed`: `permission-missing`.
    """
    facts = facts_for_review(request, about="suspension", scope=request.suspension.scope, now=now)
    return _freeze(request.suspension, facts, by=by, now=now)


def _freeze(
    suspension: Suspension,
    facts: dict[str, Any],
    *,
    by: User | None,
    now: datetime,
    recipient: Recipient | None = None,
) -> SuspensionLetter:
    # What the letter says is kept with it: what is recorded later does not change what was sent.
    letter = SuspensionLetter.objects.create(
        suspension=suspension,
        recipient=recipient,
        kind=facts["kind"],
        title=letters.title_of(facts),
        facts=facts,
        asked_by=by,
        asked_at=now,
    )
    events.record(
        "letter.written", by=by, about=suspension, after={"letter": letter.pk, "kind": letter.kind}
    )
    queue.add(names.MAKE_LETTER, letter.pk, about=suspension)
    return letter
