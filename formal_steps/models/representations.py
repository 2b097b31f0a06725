"""What makes a decision fair: what was put to the provider, what it answered, and who else looked
at it.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q

from core.dates import datetime_in_words, day_in_words
from core.models import User
from formal_steps.models.steps import FormalStep
from notifications.models import AbstractLetter, letter_constraints

RECORD_ANSWER = "Record the provider’s answer"
CONSIDER_ANSWER = "Record how the answer was considered"


def working_days(number: int) -> str:
    """`1 working day`, `5 working days`."""
    return f"{number} working day{'' if number == 1 else 's'}"


class AbstractRepresentation(models.Model):
    """Something put to the provider, with the days that it was given, its answer, and what was made
    of it.

    `is_short` is kept as it was on the day: what the council gives may be set otherwise later.
    """

    clause = models.CharField("clause of the contract", max_length=200)
    put = models.TextField("what was put to the provider")
    put_at = models.DateTimeField("when")
    answer_by = models.DateField("answer asked for by")
    # Kept as it was counted that day: a bank holiday proclaimed later changes nothing of what the
    # provider was given.
    days_given = models.PositiveSmallIntegerField(help_text="Working days")
    is_short = models.BooleanField()
    short_reason = models.TextField("why the provider has fewer days", blank=True)
    answer = models.TextField("what the provider answered", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    considered = models.TextField("how the answer was considered", blank=True)
    # May be another person, and later, than who recorded it: the answer comes after the question.
    considered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"Put to the provider {self.put_at:%Y-%m-%d}"

    @property
    def days_in_words(self) -> str:
        """How long the provider had to answer, and to which day."""
        return f"{working_days(self.days_given)}, until {day_in_words(self.answer_by)}"

    @property
    def next_task(self) -> str:
        """What can be recorded next: the answer, then how it was considered."""
        return CONSIDER_ANSWER if self.answer else RECORD_ANSWER

    @property
    def of_which(self) -> str:
        """What is read out after the link to that: which of several it is about."""
        return f"about what was put on {datetime_in_words(self.put_at)}"

    @property
    def subject(self) -> Any:
        """What it is about: the app that keeps the row says so by a key of its own."""
        raise NotImplementedError


class ReviewOutcome(models.TextChoices):
    STANDS = "stands", "The decision stands"
    CHANGED = "changed", "The decision stands with changes"
    ENDED = "ended", "What was decided should end"


class AbstractReviewRequest(models.Model):
    """The provider asks someone uninvolved to look at the decision again; answered by the day of
    the clock.
    """

    asked_on = models.DateField("day on which the provider asked")
    # Late is marked and not refused: the council may still look again.
    is_late = models.BooleanField(help_text="Asked after the days that the letter gave")
    grounds = models.TextField("why the provider asks")
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="+")
    # Kept as it was on the day of the asking, whatever the policy says later.
    due_on = models.DateField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=ReviewOutcome, blank=True)
    findings = models.TextField(blank=True)
    answered_on = models.DateField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"Review asked for {self.asked_on:%Y-%m-%d}"

    @property
    def due_in_words(self) -> str:
        """By when it is answered."""
        return f"The answer is due by {day_in_words(self.due_on)}."

    @property
    def note(self) -> str:
        """What its reviewer reads of it on Today."""
        return f"You are asked to review this by {day_in_words(self.due_on)}"

    @property
    def subject(self) -> Any:
        """What it is about: the app that keeps the row says so by a key of its own."""
        raise NotImplementedError


def representation_constraints(prefix: str) -> list[models.BaseConstraint]:
    """What the database holds of every representation, named with a prefix: names of constraints
    are one to a schema.
    """
    return [
        # A fair hearing gives time to answer; who gives less than the council's policy says why.
        models.CheckConstraint(
            condition=Q(is_short=False) | ~Q(short_reason=""),
            name=f"{prefix}_representation_short_says_why",
        ),
        models.CheckConstraint(
            condition=Q(answered_at=None) | Q(answered_at__gte=F("put_at")),
            name=f"{prefix}_representation_answered_after_put",
        ),
        models.CheckConstraint(
            condition=Q(answered_at=None, answer="") | Q(answered_at__isnull=False) & ~Q(answer=""),
            name=f"{prefix}_representation_answer_has_a_time",
        ),
        # That an answer was considered is worth something only with the person who considered it.
        models.CheckConstraint(
            condition=Q(considered="", considered_by=None)
            | Q(considered_by__isnull=False) & ~Q(considered=""),
            name=f"{prefix}_representation_considered_by_someone",
        ),
    ]


def review_request_constraints(prefix: str) -> list[models.BaseConstraint]:
    """What the database holds of every request for a review."""
    return [
        # The provider is sent the outcome with its findings, so there is never one without the
        # other.
        models.CheckConstraint(
            condition=Q(outcome="", findings="", answered_on=None)
            | Q(answered_on__isnull=False) & ~Q(outcome="") & ~Q(findings=""),
            name=f"{prefix}_review_request_answered_whole",
        ),
    ]


class StepRepresentation(AbstractRepresentation):
    """A representation about a formal step."""

    step = models.ForeignKey(FormalStep, models.PROTECT, related_name="representations")

    class Meta:
        default_permissions = ()
        ordering = ["put_at", "pk"]
        constraints = representation_constraints("step")

    @property
    def subject(self) -> FormalStep:
        """The formal step that it is about."""
        return self.step


class StepReviewRequest(AbstractReviewRequest):
    """A review of a formal step that the provider asks for."""

    step = models.ForeignKey(FormalStep, models.PROTECT, related_name="review_requests")

    class Meta:
        default_permissions = ()
        ordering = ["asked_on", "pk"]
        constraints = review_request_constraints("step")

    @property
    def subject(self) -> FormalStep:
        """The formal step that it is about."""
        return self.step


class StepLetter(AbstractLetter):
    """A letter about a formal step: of the step itself, or the answer to a review."""

    step = models.ForeignKey(FormalStep, models.PROTECT, related_name="letters")

    class Meta:
        default_permissions = ()
        ordering = ["-asked_at", "-pk"]
        constraints = letter_constraints("step")
