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
        "days within which default notices count", default=365, help_text="Counted back from today"
    )
    days_to_answer = models.PositiveSmallIntegerField(
        "working days a provider has to answer",
        default=5,
        help_text="We mark fewer days as short notice",
    )
    days_to_ask = models.PositiveSmallIntegerField(
        "working days a provider has to ask for a review", default=10
    )
    days_to_review = models.PositiveSmallIntegerField(
        "working days the council has to answer a review", default=20
    )
    again_days = models.PositiveSmallIntegerField(
        "days after a lift in which we point out another suspension", default=365
    )
    # Both may be empty: a council may have named nobody yet. PROTECT, as for every person: nobody
    # is deleted, so that past decisions keep their names.
    deputy = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="We alert them at midday on the last day to confirm an urgent suspension",
    )
    director = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="We alert them when that day has passed without a confirmation",
    )

    class Meta:
        default_permissions = ("change",)
        verbose_name_plural = "policies"
        # One council, one policy.
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="one_policy"),
            # A number of 0 would be reached by every service, without a notice.
            models.CheckConstraint(
                condition=Q(default_notices__gte=1), name="policy_some_default_notices"
            ),
        ]

    def __str__(self) -> str:
        return "Settings for formal steps"

    @classmethod
    def current(cls) -> "Policy":
        """What is set, or the usual values before anyone has set them."""
        # Not saved here: reading writes nothing, and the usual values count until the council has
        # set its own.
        return cls.objects.select_related("deputy", "director").filter(pk=1).first() or cls(pk=1)
