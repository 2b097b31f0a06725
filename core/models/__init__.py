from core.jobs.models import Job
from core.models.council import Comparator, CouncilProfile, District, Locality, RegionAuthority
from core.models.cover import Cover
from core.models.events import Event
from core.models.guessing import Counted, WrongPasswords
from core.models.heartbeat import Heartbeat
from core.models.people import User
from core.models.versions import Version

__all__ = [
    "Comparator",
    "CouncilProfile",
    "Counted",
    "Cover",
    "District",
    "Event",
    "Heartbeat",
    "Job",
    "Locality",
    "RegionAuthority",
    "User",
    "Version",
    "WrongPasswords",
]
