from typing import Any

from django.db import models
from django.db.models import Q

from core.dates import datetime_in_words, day_in_words
from core.models import User
from suspensions.models.suspension import Suspension


class DecisionKind(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    DECIDED = "decided", "Put in force"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"
    SUSPENDED_URGENTLY = "suspended_urgently", "Suspended at once"
    CONFIRMED = "confirmed", "Confirmed"
    ENDED_UNCONFIRMED = "ended_unconfirmed", "Not confirmed: ended"
    ENDED_CLOSED = "ended_closed", "Ended: the service closed"
    EXTENDED = "extended", "Extended"
    CHANGED = "changed", "Scope, kind or limit changed"
    LIFT_PROPOSED = "lift_proposed", "Lift proposed"
    LIFT_REFUSED = "lift_refused", "Lift refused"
    LIFT_WITHDRAWN = "lift_withdrawn", "Proposed lift withdrawn"
    LIFTED = "lifted", "Lifted"


class Decision(models.Model):
    """One step of a suspension's history. Append-only: a trigger refuses update, delete and
    truncate to everyone.
    """

    suspension = models.ForeignKey(Suspension, models.PROTECT, related_name="decisions")
    step = models.CharField(max_length=20, choices=DecisionKind)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    # As it stood at this step: empty for a proposal, or its refusal or withdrawal.
    in_force_from = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    # As it was then: what they did later changes nothing of the decision.
    took_part = models.TextField("what else that person did", blank=True, default="")

    class Meta:
        default_permissions = ()
        # The order of writing is the order of the state machine, whatever times were given by
        # telephone.
        ordering = ["pk"]
        constraints = [
            # A decision by telephone is written down later, never before it was made.
            models.CheckConstraint(
                condition=Q(decided_at__lte=models.F("recorded_at")),
                name="decision_recorded_after_it_was_made",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.decided_at:%Y-%m-%d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Fails where the mistake is made; the trigger would refuse the same in the database.
        if self.pk is not None:
            raise TypeError("Decisions are append-only.")
        super().save(*args, **kwargs)

    @property
    def when_else(self) -> str:
        """The other days of a decision, where they differ from when it was made: in force from, and
        recorded.
        """
        words = ""
        if self.in_force_from and self.step in (
            DecisionKind.DECIDED,
            DecisionKind.SUSPENDED_URGENTLY,
        ):
            words += f", in force from {day_in_words(self.in_force_from)}"
        # To the minute, as the page shows both.
        if datetime_in_words(self.recorded_at) != datetime_in_words(self.decided_at):
            words += f", recorded {datetime_in_words(self.recorded_at)}"
        return words


class Review(models.Model):
    """A review of a suspension in force; done, it says its outcome and the next one's day."""

    suspension = models.ForeignKey(Suspension, models.PROTECT, related_name="reviews")
    # The day that the suspension had for it. Recording a review moves that day on, so it is kept.
    due_on = models.DateField(null=True)
    done_on = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    outcome = models.TextField()
    # A suspension in force always has a next review; after a lift the monitoring may end.
    next_on = models.DateField("next review", null=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        ordering = ["done_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(next_on=None) | Q(next_on__gt=models.F("done_on")),
                name="review_next_after_this",
            )
        ]

    def __str__(self) -> str:
        return f"Review of {self.done_on:%Y-%m-%d}"


class ProgressKind(models.TextChoices):
    NOTE = "note", "Progress"
    WELFARE = "welfare", "Welfare check"
    RESIDENTS = "residents", "Meeting with residents or families"
    STRATEGY = "strategy", "Strategy meeting"
    PROVIDER = "provider", "Provider’s representations"
    EVIDENCE = "evidence", "Evidence"


class Progress(models.Model):
    """What happened while a suspension was monitored; added, never rewritten."""

    suspension = models.ForeignKey(Suspension, models.PROTECT, related_name="progress")
    kind = models.CharField(max_length=10, choices=ProgressKind, default=ProgressKind.NOTE)
    happened_on = models.DateField("day")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField()
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        ordering = ["happened_on", "pk"]
        verbose_name_plural = "progress"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_on:%Y-%m-%d}"


class Level(models.TextChoices):
    """Who is alerted of an urgent suspension that nobody has confirmed, from the first evening to
    the day after it was due.
    """

    MANAGERS = "managers", "The other managers"
    DEPUTY = "deputy", "The named deputy"
    DIRECTOR = "director", "The director"


class Alert(models.Model):
    """An email that asked for a confirmation: who it went to, when, and whether it went."""

    suspension = models.ForeignKey(Suspension, models.PROTECT, related_name="alerts")
    level = models.CharField(max_length=10, choices=Level)
    # Their names as they were then; the event of the alert has their ids.
    people = models.TextField("who it went to", help_text="One on each line")
    sent_at = models.DateTimeField()
    outcome = models.CharField(max_length=200)

    class Meta:
        default_permissions = ()
        ordering = ["sent_at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_level_display()}: {self.outcome}"
