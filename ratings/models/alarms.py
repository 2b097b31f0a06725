from typing import Self

from django.db import models
from django.db.models import F, Q

from core.models import User
from ratings.models.locations import Location


class AlarmKind(models.TextChoices):
    UNREAD = "unread", "May be a rating that we did not read"
    UNPUBLISHED = "unpublished", "Inspected or assessed, and no rating published since"


class RatingAlarmQuerySet(models.QuerySet["RatingAlarm"]):
    def open(self) -> Self:
        return self.filter(ended_at=None)


class RatingAlarm(models.Model):
    """Something at CQC that may be a rating and is none of those that we hold.

    It ends by itself when CQC's data no longer says it, or when somebody has looked and says what
    they found.
    """

    # A payload that holds nothing else that we can use may be of a location that we do not hold.
    location_id = models.CharField("CQC location id", max_length=30, db_index=True)
    kind = models.CharField(max_length=12, choices=AlarmKind)
    said = models.CharField("what was found", max_length=300)
    noticed_at = models.DateTimeField()
    last_noticed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    # Empty where CQC's data no longer says it.
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField("what you found", max_length=500, blank=True)

    objects = RatingAlarmQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-noticed_at", "pk"]
        constraints = [
            # The same again is the same alarm: read every night, it would fill the page.
            models.UniqueConstraint(
                fields=["location_id", "said"],
                condition=Q(ended_at=None),
                name="alarm_open_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None, reason="")
                | Q(ended_by__isnull=False, ended_at__isnull=False) & ~Q(reason=""),
                name="alarm_ended_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(last_noticed_at__gte=F("noticed_at")), name="alarm_noticed_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.location_id}: {self.said}"

    @property
    def location(self) -> Location | None:
        """The location, where we hold it."""
        return Location.objects.filter(pk=self.location_id).first()
