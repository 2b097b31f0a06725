from suspensions.models.suspension.model import Suspension, services_with_suspensions
from suspensions.models.suspension.queryset import SuspensionQuerySet
from suspensions.models.suspension.vocabulary import (
    EVER_IN_FORCE,
    NOW_IN_FORCE,
    SuspensionGround,
    SuspensionKind,
    SuspensionStatus,
)

__all__ = [
    "EVER_IN_FORCE",
    "NOW_IN_FORCE",
    "Suspension",
    "SuspensionGround",
    "SuspensionKind",
    "SuspensionQuerySet",
    "SuspensionStatus",
    "services_with_suspensions",
]
