from carequality.models.council import (
    Comparator,
    CouncilProfile,
    District,
    Locality,
    RegionAuthority,
)
from carequality.models.events import Event
from carequality.models.heartbeat import Heartbeat
from carequality.models.people import User

__all__ = [
    "Comparator",
    "CouncilProfile",
    "District",
    "Event",
    "Heartbeat",
    "Locality",
    "RegionAuthority",
    "User",
]
