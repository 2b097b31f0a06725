from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from core.models.keys import Keyed, KeyField
from providers.vocabulary import service_types
from ratings.vocabulary import RatingWord


class Measure(models.TextChoices):
    """What a target is set for: a share of the rated services."""

    GOOD_OR_BETTER = "good_or_better", "Good or Outstanding"
    OUTSTANDING = RatingWord.OUTSTANDING.value, "Outstanding"
    GOOD = RatingWord.GOOD.value, "Good"
    REQUIRES_IMPROVEMENT = RatingWord.REQUIRES_IMPROVEMENT.value, "Requires improvement"
    INADEQUATE = RatingWord.INADEQUATE.value, "Inadequate"


class Direction(models.TextChoices):
    AT_LEAST = "at_least", "At least"
    AT_MOST = "at_most", "At most"


class TargetQuerySet(models.QuerySet["Target"]):
    def in_force_on(self, day: date) -> Self:
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)

    def in_force_between(self, first: date, last: date) -> Self:
        """On any day from the first to the last."""
        return self.filter(Q(until=None) | Q(until__gt=first), since__lte=last)


class Target(Keyed):
    """What the council aims at: a share of its rated services, from a day on.

    Source: the council's own plan; neither law nor CQC sets one.
    """

    name = models.CharField(
        max_length=80, help_text="As charts show it, for example At least 80% Good or better"
    )
    name_key = KeyField("name")
    measure = models.CharField(max_length=24, choices=Measure)
    direction = models.CharField(max_length=8, choices=Direction)
    level = models.PositiveSmallIntegerField(
        validators=[MaxValueValidator(100)], help_text="A percentage of the rated services"
    )
    sector = models.CharField(
        "type of service",
        max_length=20,
        choices=service_types,
        blank=True,
        help_text="Leave it empty for every type of service",
    )
    since = models.DateField("from")
    until = models.DateField(
        null=True,
        blank=True,
        help_text="The first day on which it no longer applies. Leave it empty while it applies",
    )

    objects = TargetQuerySet.as_manager()

    class Meta:
        default_permissions = ("change",)
        ordering = ["since", "name_key"]
        constraints = [
            # A form says both first; these hold for whatever else writes.
            models.CheckConstraint(
                condition=Q(level__lte=100), name="target_level_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("since")), name="target_until_after_since"
            ),
            models.UniqueConstraint(fields=["name", "since"], name="target_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def aim(self) -> str:
        """What it asks: `At least 80% Good or Outstanding`."""
        return f"{self.get_direction_display()} {self.level}% {self.get_measure_display()}"

    def stands_on(self, day: date) -> bool:
        """Whether it was a target on that day."""
        return self.since <= day and (self.until is None or self.until > day)

    def is_met_by(self, percent: float) -> bool:
        """Whether a percentage, as printed, meets it."""
        return (
            percent >= self.level if self.direction == Direction.AT_LEAST else percent <= self.level
        )
