from suspensions.models.changing import (
    Change,
    ChangeStatus,
    CorrectableField,
    Correction,
    SuspensionChangeKind,
)
from suspensions.models.files import SuspensionFile
from suspensions.models.lifting import Criterion, LiftCriterion
from suspensions.models.notifications import AT_ONCE, Recipient, SuspensionLetter
from suspensions.models.people import Meeting, MeetingKind, WelfareCheck
from suspensions.models.record import (
    Alert,
    Decision,
    DecisionKind,
    Level,
    Progress,
    ProgressKind,
    Review,
)
from suspensions.models.representations import (
    SuspensionRepresentation,
    SuspensionReviewRequest,
    SuspensionStep,
)
from suspensions.models.suspension import (
    EVER_IN_FORCE,
    NOW_IN_FORCE,
    Suspension,
    SuspensionGround,
    SuspensionKind,
    SuspensionQuerySet,
    SuspensionStatus,
    services_with_suspensions,
)

__all__ = [
    "AT_ONCE",
    "EVER_IN_FORCE",
    "NOW_IN_FORCE",
    "Alert",
    "Change",
    "ChangeStatus",
    "CorrectableField",
    "Correction",
    "Criterion",
    "Decision",
    "DecisionKind",
    "Level",
    "LiftCriterion",
    "Meeting",
    "MeetingKind",
    "Progress",
    "ProgressKind",
    "Recipient",
    "Review",
    "Suspension",
    "SuspensionChangeKind",
    "SuspensionFile",
    "SuspensionGround",
    "SuspensionKind",
    "SuspensionLetter",
    "SuspensionQuerySet",
    "SuspensionRepresentation",
    "SuspensionReviewRequest",
    "SuspensionStatus",
    "SuspensionStep",
    "WelfareCheck",
    "services_with_suspensions",
]
