from django.db import models
from django.db.models import Q

from core.models import User
from suspensions.models.suspension import Suspension


class Criterion(models.TextChoices):
    """What has to be shown before a suspension is lifted. The first three are computed from the
    record.
    """

    ACTIONS_VERIFIED = "actions_verified", "Every action closed and verified"
    VISIT_AFTER = "visit_after", "A visit after the last closure"
    NO_NEW_HIGH_RISK = "no_new_high_risk", "The set time without new high-risk concerns"
    MANAGER_IN_POST = "manager_in_post", "A permanent manager in post"
    NO_RELIANCE = "no_reliance", "No reliance on consultants, borrowed managers or heavy agency use"
    CQC_VIEW = "cqc_view", "CQC’s view"
    ICB_VIEW = "icb_view", "The ICB’s view"
    MEDICINES_SAFE = "medicines_safe", "Medicines given and recorded safely for four weeks"
    STAFF_ENOUGH = "staff_enough", "Enough trained staff on every shift for four weeks"
    ENQUIRIES_CLOSED = "enquiries_closed", "Safeguarding enquiries concluded, their advice followed"
    BUSINESS_SOUND = "business_sound", "The provider’s business able to carry the service"
    PROVIDER_HEARD = "provider_heard", "The provider’s representations"
    MONITORING_PLAN = "monitoring_plan", "A plan for monitoring afterwards, with a review date"


class LiftCriterion(models.Model):
    """One criterion of the checklist as it stood at one proposal to lift; a later proposal has
    criteria of its own.
    """

    suspension = models.ForeignKey(Suspension, models.PROTECT, related_name="lift_criteria")
    attempt = models.PositiveSmallIntegerField(
        help_text="1 for the first proposal to lift, 2 for the next"
    )
    criterion = models.CharField(max_length=20, choices=Criterion)
    is_met = models.BooleanField()
    evidence = models.TextField(blank=True)
    # Of the plan for monitoring alone: it becomes the next review when the lift is decided.
    review_on = models.DateField(
        null=True, blank=True, help_text="Of the plan for monitoring afterwards"
    )
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    override_reason = models.TextField(blank=True)
    # Not always who recorded it: the deciding manager overrides what became unmet since it was
    # proposed.
    overridden_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["attempt", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["suspension", "attempt", "criterion"],
                name="lift_criterion_once_per_attempt",
            ),
            # Lifting although a criterion is unmet is answered for: a reason and a name, or
            # neither.
            models.CheckConstraint(
                condition=Q(overridden_by=None, override_reason="")
                | Q(overridden_by__isnull=False) & ~Q(override_reason=""),
                name="lift_override_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.get_criterion_display()
