"""Who is away, and who stands in."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from core.models.people import User


class CoverQuerySet(models.QuerySet["Cover"]):
    def on(self, day: date) -> Self:
        """The covers of that day; one that was ended early covers no day any more."""
        return self.filter(ended_at=None, from_on__lte=day, until_on__gte=day)


class Cover(models.Model):
    """Someone is away from one day to another, both counted, and someone else stands in. Ended
    early, it says when.
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="absences")
    deputy = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="who stands in")
    from_on = models.DateField("first day away")
    until_on = models.DateField("last day away")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    # Ended, never deleted: a cover that was relied on stays on the record.
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = CoverQuerySet.as_manager()

    class Meta:
        default_permissions = ("change",)
        ordering = ["from_on", "pk"]
        constraints = [
            # Both days are counted, so that a cover of one day has them alike.
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")), name="cover_until_after_from"
            ),
            # Nobody decides in their own place: two people stand behind every decision.
            models.CheckConstraint(condition=~Q(person=F("deputy")), name="cover_by_another"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="cover_ended_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} for {self.person}"
