"""The kinds, grounds and states of a suspension."""

from django.db import models


class SuspensionKind(models.TextChoices):
    FULL = "full", "Full: no new placements or packages"
    PARTIAL = "partial", "Partial: up to a limit, or case by case"
    VOLUNTARY = "voluntary", "Voluntary: the provider takes nobody new"


class SuspensionGround(models.TextChoices):
    """What a suspension is mainly about: which criteria of the lift's checklist apply depends on
    it.
    """

    CARE = "care", "Care and safety"
    MEDICINES = "medicines", "Medicines"
    STAFFING = "staffing", "Staffing"
    LEADERSHIP = "leadership", "Leadership and management"
    SAFEGUARDING = "safeguarding", "Safeguarding"
    BUSINESS = "business", "The provider’s business or finances"


class SuspensionStatus(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    IN_FORCE = "in_force", "In force"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"
    LIFT_PROPOSED = "lift_proposed", "In force, lift proposed"
    LIFTED = "lifted", "Lifted"


# A suspension of one of these has been, or is, in force; the rest never were.
EVER_IN_FORCE = [SuspensionStatus.IN_FORCE, SuspensionStatus.LIFT_PROPOSED, SuspensionStatus.LIFTED]
NOW_IN_FORCE = [SuspensionStatus.IN_FORCE, SuspensionStatus.LIFT_PROPOSED]
