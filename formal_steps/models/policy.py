from django.db import models
from django.db.models import Q

from core.models import User


class Policy(models.Model):
    """What the council has set for its formal steps: one row. Days to answer and for reviews are
    working days.
    """

    default_notices = models.PositiveSmallIntegerField(
        "default notices that prompt the next step", default=5
    )
    default_notice_days = models.PositiveSmallIntegerField(
        "days within which they count", default=365, help_text="Counted back from today"
    )
    days_to_answer = models.PositiveSmallIntegerField(
        "working days that a provider is given to answer",
        default=5,
        help_text="Fewer is flagged as short",
    )
    days_to_ask = models.PositiveSmallIntegerField(
        "working days in which a provider may ask for a review", default=10
    )
    days_to_review = models.PositiveSmallIntegerField(
        "working days in which a review is answered", default=20
    )
    again_days = models.PositiveSmallIntegerField(
        "days after a lift in which another suspension is flagged", default=365
    )
    deputy = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Alerted at noon of the day by which an urgent suspension must be confirmed",
    )
    director = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Alerted when that day has passed without a confirmation",
    )

    class Meta:
        default_permissions = ("change",)
        verbose_name_plural = "policies"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="one_policy"),
            models.CheckConstraint(
                condition=Q(default_notices__gte=1), name="policy_some_default_notices"
            ),
        ]

    def __str__(self) -> str:
        return "What the council has set for formal steps"

    @classmethod
    def current(cls) -> "Policy":
        """What is set, or the usual values before anyone has set them."""
        return cls.objects.select_related("deputy", "director").filter(pk=1).first() or cls(pk=1)
