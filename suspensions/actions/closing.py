"""The end of a suspension because its service has closed."""

from datetime import datetime

from django.db import transaction

from core import checks
from core.inputs import DecisionInput
from core.jobs import names, queue
from core.models import User
from core.workflow import requires
from notifications.models import NotificationKind
from suspensions.actions.recipients import list_recipients_of_end
from suspensions.actions.record import lock, lock_service, record_transition
from suspensions.models import Suspension
from suspensions.rules import lifting
from suspensions.workflow.suspension import SUSPENSION


@requires(SUSPENSION["end-closed"])
@transaction.atomic
def end_closed(suspension_id: int, *, by: User, given: DecisionInput, now: datetime) -> Suspension:
    """End a suspension of a service that has closed, on the day of the decision. Everyone who was
    notified of it is told that the service has closed; a lift that was proposed falls.

    If the service reopens, its placement status asks for a new decision until one is made.

    Raises `NotAllowed`: `permission-missing`, `wrong-state`, `same-person`, `service-open`,
    `in-future`, `too-early`.
    """
    decided_at = given.decided_at or now
    suspension = lock(suspension_id)
    # Held too: whoever reopens it meanwhile waits, or is seen.
    suspension.service, _ = lock_service(suspension.service_id, None)
    before = suspension.status
    SUSPENSION.apply(suspension, "end-closed", by, now)
    checks.check_when(decided_at, now, not_before=suspension.decided_at)
    suspension.is_ended_by_closure = True
    suspension.lift_proposed_by = suspension.lift_proposed_at = None
    suspension.lift_reason = given.reason
    suspension.lift_decided_by, suspension.lift_decided_at = by, decided_at
    suspension.lift_recorded_at = now
    suspension.lifted_on = lifted_on = lifting.last_day(suspension, decided_at)
    suspension.review_on = None
    suspension.save()
    list_recipients_of_end(suspension, NotificationKind.CLOSURE)
    record_transition(
        "end-closed",
        suspension,
        by=by,
        at=decided_at,
        now=now,
        reason=given.reason,
        before=before,
        after={"lifted_on": lifted_on.isoformat()},
    )
    queue.add(
        names.NOTIFY_RECIPIENTS, suspension.pk, NotificationKind.CLOSURE.value, about=suspension
    )
    return suspension
