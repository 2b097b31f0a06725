"""What the council has decided on formal steps."""

from dataclasses import asdict, dataclass

from django.db import transaction

from core import events
from core.models import User
from core.workflow import NotAllowed, requires
from formal_steps.models import Policy
from formal_steps.permissions import DECIDE

CHANGE_POLICY = "formal_steps.change_policy"


@dataclass(frozen=True)
class PolicyInput:
    """What the council has decided on formal steps, named as the columns are."""

    default_notices: int
    default_notice_days: int
    days_to_answer: int
    days_to_ask: int
    days_to_review: int
    again_days: int
    deputy_id: int | None
    director_id: int | None


@requires(CHANGE_POLICY)
@transaction.atomic
def set_policy(*, by: User, given: PolicyInput) -> Policy:
    """Set what the council has decided on formal steps, for what is decided from now on.

    Source: the council's own policy; no law sets these numbers.

    Raises `NotAllowed`: `permission-missing`, `cannot-decide`.
    """
    deputy = User.objects.get(pk=given.deputy_id) if given.deputy_id else None
    # The deputy is alerted in order to decide. The director is told and need not be able to.
    if deputy and not deputy.has_perm(DECIDE):
        raise NotAllowed(
            "cannot-decide",
            f"{deputy} does not have the right to decide formal steps. Choose another deputy.",
            "deputy",
        )
    values = asdict(given)
    # One row for all: a constraint of the table refuses a second.
    policy, _new = Policy.objects.update_or_create(pk=1, defaults=values)
    events.record(
        "policy.changed",
        by=by,
        about=policy,
        after={name.removesuffix("_id"): value for name, value in values.items()},
    )
    return policy
