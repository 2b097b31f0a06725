"""Another manager is asked by email to decide what one has proposed, until somebody does."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from core import events
from core.jobs.queue import JobError
from core.models import User
from core.workflow import Transition
from formal_steps.rules import deciding
from suspensions import mail
from suspensions.actions.record import lock, promise_to_ask
from suspensions.models import Suspension
from suspensions.rules import waiting
from suspensions.rules.waiting import Waiting
from suspensions.workflow.change import CHANGE
from suspensions.workflow.suspension import SUSPENSION

# The step with which each is refused: whoever may take it may decide, also on a bare record.
DECIDED_BY: dict[str, Transition] = {
    waiting.SUSPENSION: SUSPENSION["refuse"],
    waiting.LIFT: SUSPENSION["refuse-lift"],
    waiting.CHANGE: CHANGE["refuse"],
}


def ask_to_decide(suspension_id: int, what: str, key: str, *, now: datetime) -> bool:
    """Ask by email that another manager decide this proposal; again on the morning of its last day
    and on every working morning after it.

    Says whether it still waited. The email names no service: what is exempt is read after signing
    in. Raises `JobError` when nobody can be asked, or the email does not go.
    """
    with transaction.atomic():
        # Held while the email goes: whoever decides at this moment waits, and nobody is asked for
        # what is decided already.
        suspension = lock(suspension_id)
        found = waiting.what_waits(suspension, list(suspension.changes.all()))
        still = next((each for each in found if (each.what, each.key) == (what, key)), None)
        if still is None:
            return False
        today = timezone.localdate(now)
        people = people_to_ask(still, now)
        message = mail.to_deciders(still, people, is_late=today > still.decide_by)
        if not message.bcc:
            raise JobError("Nobody who can decide has an email address.", tries_again=False)
        try:
            message.send()
        except Exception as error:
            # Whatever kept it from going: a malformed address fails as surely as a server that is
            # away, and neither says anything exempt.
            raise JobError(f"The email failed: {type(error).__name__}") from error
        _record(suspension, still, people)
        again = deciding.ask_again_at(still.proposed_at, now)
        promise_to_ask(suspension, what, key, due_at=again)
        return True


def people_to_ask(proposal: Waiting, now: datetime) -> list[User]:
    """Everyone who may decide it, and beside whoever is away who stands in."""
    transition = DECIDED_BY[proposal.what]
    able = User.objects.none()
    for permission in transition.permissions:
        able = able | User.objects.with_perm(permission)
    able = able.filter(is_active=True).distinct().order_by("name_key")
    return list(deciding.with_deputies(able, timezone.localdate(now), but=proposal.proposed_by.pk))


def _record(suspension: Suspension, proposal: Waiting, people: list[User]) -> None:
    events.record(
        "suspension.asked_to_decide",
        by=None,
        about=suspension,
        after={"what": proposal.what, "people": [person.pk for person in people]},
    )
