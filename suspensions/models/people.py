"""The people who live there or are cared for: who pays for them, how they are, and who met about
them.
"""

from django.db import models
from django.db.models import F, Q

from core.models import User
from suspensions.models.suspension import Suspension


class WelfareCheck(models.Model):
    """Someone went to see how the people are. Numbers and findings, never a person's name."""

    suspension = models.ForeignKey(Suspension, models.PROTECT, related_name="welfare_checks")
    done_on = models.DateField("day")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    living_there = models.PositiveSmallIntegerField("people living there or cared for")
    seen = models.PositiveSmallIntegerField("people seen")
    found = models.TextField("what was found")
    done = models.TextField("what was done about it", blank=True)
    next_on = models.DateField("next check", null=True, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["-done_on", "-pk"]
        constraints = [
            # A form says both first, by their fields; these hold for whatever else writes.
            models.CheckConstraint(
                condition=Q(seen__lte=F("living_there")),
                name="welfare_seen_no_more_than_live_there",
            ),
            models.CheckConstraint(
                condition=Q(next_on=None) | Q(next_on__gt=F("done_on")),
                name="welfare_next_after_this",
            ),
        ]

    def __str__(self) -> str:
        return f"Welfare check {self.done_on:%Y-%m-%d}"


class MeetingKind(models.TextChoices):
    STRATEGY = "strategy", "Strategy meeting"
    RESIDENTS = "residents", "Meeting with residents"
    FAMILIES = "families", "Meeting with families"
    PROVIDER = "provider", "Meeting with the provider"


class Meeting(models.Model):
    """A meeting about a suspension, with who came, the minutes, and what was agreed. Added, never
    rewritten.
    """

    suspension = models.ForeignKey(Suspension, models.PROTECT, related_name="meetings_held")
    kind = models.CharField(max_length=10, choices=MeetingKind)
    held_at = models.DateTimeField("when")
    place = models.CharField(max_length=150, blank=True)
    chair = models.CharField(max_length=150)
    attended = models.TextField("present", help_text="One on each line, with where they are from")
    apologies = models.TextField(blank=True)
    minutes = models.TextField()
    agreed = models.TextField("what was agreed, by whom and by when", blank=True)
    next_on = models.DateField("next meeting", null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["-held_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.held_at:%Y-%m-%d}"

    @property
    def people(self) -> list[str]:
        """Who came, one by one."""
        return [line.strip() for line in self.attended.splitlines() if line.strip()]
