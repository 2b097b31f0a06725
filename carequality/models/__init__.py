from carequality.models.council import (
    Comparator,
    CouncilProfile,
    District,
    Locality,
    RegionAuthority,
)
from carequality.models.events import Event
from carequality.models.outbox import Heartbeat, OutboxMessage
from carequality.models.people import User

__all__ = [
    "Comparator",
    "CouncilProfile",
    "District",
    "Event",
    "Heartbeat",
    "Locality",
    "OutboxMessage",
    "RegionAuthority",
    "User",
]
