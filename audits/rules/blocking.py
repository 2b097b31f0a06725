"""What an action stands in the way of, which only higher apps know: each registers what it asks in
its module `resting_on_actions`.
"""

from collections.abc import Callable

from audits.models import Action
from core.registration import Registry

# Whether the actions of a service, by its id, stand in the way of something now.
RestsOnActions = Callable[[int], bool]
RESTING: Registry[RestsOnActions] = Registry("things that rest on a service's actions")


def rests_on_actions(asks: RestsOnActions) -> RestsOnActions:
    """Register what the actions of a service may stand in the way of."""
    return RESTING.add(f"{asks.__module__}.{asks.__name__}", asks)


def is_blocking(action: Action) -> bool:
    """Whether the action stands in the way of something that two people decide."""
    return any(asks(action.service_id) for asks in RESTING)
