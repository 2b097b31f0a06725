"""How quickly the council answers concerns."""

from datetime import time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q


class Targets(models.Model):
    """How quickly the council answers concerns, by its own policy: one row, changed on a page of
    its own. Without a row, what comes with the product.
    """

    hours_very_high = models.PositiveSmallIntegerField("very high risk", default=4)
    hours_high = models.PositiveSmallIntegerField("high risk", default=8)
    hours_medium = models.PositiveSmallIntegerField("medium risk", default=24)
    hours_low = models.PositiveSmallIntegerField("low risk", default=80)
    day_starts = models.TimeField("start of the working day", default=time(9))
    day_ends = models.TimeField("end of the working day", default=time(17))
    # Whom to call about an immediate danger outside of the working day; the council's own.
    out_of_hours_team = models.CharField(
        "who answers outside of the working day", max_length=100, blank=True
    )
    out_of_hours_phone = models.CharField("their telephone number", max_length=30, blank=True)
    in_time_percent = models.PositiveSmallIntegerField(
        "concerns answered in time",
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )

    class Meta:
        default_permissions = ("change",)
        verbose_name_plural = "targets"
        constraints = [
            # One council, one policy.
            models.CheckConstraint(condition=Q(pk=1), name="one_targets"),
            models.CheckConstraint(
                condition=Q(day_ends__gt=F("day_starts")), name="targets_day_has_hours"
            ),
            # A greater risk is never answered more slowly than a smaller one.
            models.CheckConstraint(
                condition=Q(hours_very_high__gte=1)
                & Q(hours_high__gte=F("hours_very_high"))
                & Q(hours_medium__gte=F("hours_high"))
                & Q(hours_low__gte=F("hours_medium")),
                name="targets_greater_risk_is_faster",
            ),
            models.CheckConstraint(
                condition=Q(in_time_percent__gte=1, in_time_percent__lte=100),
                name="targets_percent",
            ),
        ]

    def __str__(self) -> str:
        return "Response targets"

    @classmethod
    def current(cls) -> "Targets":
        # Not saved: reading writes nothing.
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    def hours_for(self, risk: str) -> int:
        """Working hours allowed for the first response."""
        hours: int = getattr(self, f"hours_{risk}")
        return hours
