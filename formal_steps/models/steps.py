"""The formal steps beside a suspension: improvement plan, default notice, special measures, the end
of packages or of the contract.
"""

from datetime import date, datetime
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from concerns.models import Concern
from core import events
from core.dates import datetime_in_words, day_in_words
from core.models import Event, User
from providers.models import Contract, Service


class StepType(models.TextChoices):
    """The formal steps in the order of their weight; a suspension weighs more than the second and
    less than the third.
    """

    IMPROVEMENT_PLAN = "improvement_plan", "Improvement plan"
    DEFAULT_NOTICE = "default_notice", "Default notice"
    SPECIAL_MEASURES = "special_measures", "Special-measures improvement plan"
    END_PACKAGES = "end_packages", "Termination of packages"
    END_CONTRACT = "end_contract", "Termination of the contract"


def default_notices_in_words(number: int) -> str:
    """`1 default notice`, `5 default notices`."""
    return f"{number} default notice{'' if number == 1 else 's'}"


TERMINATIONS = (StepType.END_PACKAGES, StepType.END_CONTRACT)


class FormalStepStatus(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    ISSUED = "issued", "In force"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"
    CLOSED = "closed", "Closed"


class FormalStepOutcome(models.TextChoices):
    MET = "met", "Met: what was required has been done"
    NOT_MET = "not_met", "Not met: another step follows"
    TAKEN_BACK = "taken_back", "Taken back by the council"
    CARRIED_OUT = "carried_out", "Carried out: it has taken effect"


class FormalStepQuerySet(models.QuerySet["FormalStep"]):
    def awaiting_decision(self) -> Self:
        """Waiting for another manager."""
        return self.filter(status=FormalStepStatus.PROPOSED)

    def in_force(self) -> Self:
        """Issued and not closed."""
        return self.filter(status=FormalStepStatus.ISSUED)

    def in_force_on(self, day: date) -> Self:
        """Begun by that day and not yet closed, whatever became of it since."""
        return self.filter(
            Q(closed_on=None) | Q(closed_on__gt=day),
            # By the days and not by the status alone: a step that is closed now was in force on the
            # days before.
            status__in=[FormalStepStatus.ISSUED, FormalStepStatus.CLOSED],
            starts_on__lte=day,
        )

    def to_review(self, day: date) -> Self:
        """In force with a review, or the day by which it must be met, by that day."""
        return self.in_force().filter(Q(review_on__lte=day) | Q(due_on__lte=day))

    def defaults_between(self, first: date, last: date) -> Self:
        """Default notices that took effect from `first` to `last`; one that the council took back
        counts no more.
        """
        return self.filter(
            step_type=StepType.DEFAULT_NOTICE,
            status__in=[FormalStepStatus.ISSUED, FormalStepStatus.CLOSED],
            starts_on__gte=first,
            starts_on__lte=last,
        ).exclude(outcome=FormalStepOutcome.TAKEN_BACK)


# What somebody does about a step without a part in what it is about.
NO_PART = ("letter.written", "review.asked")


class FormalStep(models.Model):
    """A formal step against a service: proposed by one, decided by another, reviewed until it is
    closed. Exempt matter.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="formal_steps")
    step_type = models.CharField("step", max_length=20, choices=StepType)
    status = models.CharField(
        max_length=10, choices=FormalStepStatus, default=FormalStepStatus.PROPOSED
    )
    # Empty for a step that is about the service and none of its contracts in particular.
    contract = models.ForeignKey(
        Contract, models.PROTECT, null=True, blank=True, related_name="formal_steps"
    )
    concerns = models.ManyToManyField(Concern, blank=True, related_name="formal_steps")
    lead_officer = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    summary = models.CharField("reason in one sentence", max_length=300)
    clause = models.CharField("clause of the contract", max_length=200)
    reasons = models.TextField()
    evidence = models.TextField()
    required = models.TextField("what must be done")
    due_on = models.DateField("due by, or takes effect on")

    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    # Kept beside the versions, which say what each of them wrote, so that the database can refuse a
    # decision by one of them. Empty for what was decided before this was kept.
    reasons_by = ArrayField(
        models.BigIntegerField(),
        default=list,
        help_text="The ids of everyone who wrote the reasons or the evidence",
    )
    # A decision has the time when it was made and the time when it was recorded: decisions are made
    # by telephone.
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_recorded_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(blank=True)
    starts_on = models.DateField(null=True)
    # The next review stands here as well as in the reviews, since lists and Today ask for it. It is
    # empty before the step is in force and after it is closed.
    review_on = models.DateField("next review", null=True)

    closed_on = models.DateField(null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=15, choices=FormalStepOutcome, blank=True)
    outcome_reason = models.TextField(blank=True)

    objects = FormalStepQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        permissions = [
            ("propose_formal_step", "Can propose a formal step"),
            ("decide_formal_step", "Can decide a formal step that another proposed"),
            (
                "record_formal_step",
                "Can record reviews, representations and letters of a formal step",
            ),
        ]
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[choice.value for choice in FormalStepStatus]),
                name="formal_step_status_known",
            ),
            models.CheckConstraint(
                condition=Q(step_type__in=[choice.value for choice in StepType]),
                name="formal_step_step_type_known",
            ),
            # Nobody decides what they proposed: the workflow says so in a sentence, this refuses it
            # whoever asks.
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="formal_step_decided_by_another",
            ),
            # Nor what they wrote (decision 48).
            models.CheckConstraint(
                condition=~Q(reasons_by__contains=[F("decided_by")]),
                name="formal_step_decided_by_no_author",
            ),
            # A withdrawn step is left out: nobody has decided it.
            models.CheckConstraint(
                condition=~Q(status__in=["issued", "closed", "refused"])
                | Q(
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    decision_recorded_at__isnull=False,
                ),
                name="formal_step_decided_whole",
            ),
            # Which default notices count, and how early a review can be, is asked of this day.
            models.CheckConstraint(
                condition=~Q(status__in=["issued", "closed"]) | Q(starts_on__isnull=False),
                name="formal_step_in_force_from_a_day",
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_on__isnull=False, closed_by__isnull=False)
                & ~Q(outcome="")
                | Q(closed_on=None, closed_by=None, outcome="") & ~Q(status="closed"),
                name="formal_step_closed_whole",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("starts_on")),
                name="formal_step_closed_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_type_display()}: {self.service}"

    @property
    def is_proposed(self) -> bool:
        """Waiting for another manager."""
        return self.status == FormalStepStatus.PROPOSED

    @property
    def is_in_force(self) -> bool:
        """Issued and not closed: it is reviewed, extended or closed."""
        return self.status == FormalStepStatus.ISSUED

    @property
    def status_in_words(self) -> str:
        """Where it stands today: one whose first day is still to come is not in force."""
        if self.is_in_force and self.starts_on and self.starts_on > timezone.localdate():
            return f"Begins on {day_in_words(self.starts_on)}"
        return self.get_status_display()

    @property
    def ends_contract(self) -> bool:
        """Whether the contract itself has to be ended in the register as well."""
        return self.step_type == StepType.END_CONTRACT

    @property
    def due_label(self) -> str:
        """What its day means: what must be done by then, or from when a termination counts."""
        return "Takes effect on" if self.is_termination else "Due by"

    @property
    def days_in_words(self) -> str:
        """From when until when it was in force; empty before it was decided."""
        if self.starts_on is None:
            return ""
        words = f"From {day_in_words(self.starts_on)}"
        return f"{words} until {day_in_words(self.closed_on)}" if self.closed_on else words

    @property
    def of_service(self) -> str:
        """What is read out after a link to it: `of Elm House`."""
        return f"of {self.service}"

    @property
    def is_termination(self) -> bool:
        """Whether it ends packages or the contract: such a step is carried out, not met."""
        return self.step_type in TERMINATIONS

    @property
    def final_decision_at(self) -> datetime | None:
        """When the decision was made from which the provider's days to ask for a review count."""
        return self.decided_at

    def people_involved(self) -> set[int]:
        """The ids of the people who had a part in it: whoever wrote in its record, put it to the
        provider or weighed its answer, reviewed, proposed, decided, led, changed or closed it.
        """
        # Who led before a hand-over is known by id in the event record alone.
        handed_over = Event.objects.filter(
            kind="formal_step.handed_over",
            about_label=self._meta.label_lower,
            about_id=str(self.pk),
        )
        took_part = (
            *self.events.values_list("by_id", flat=True),
            *events.took_part(self, but=NO_PART),
            *self.reasons_by,
            *(event.before.get("lead") for event in handed_over),
        )
        fields = (self.proposed_by_id, self.decided_by_id, self.closed_by_id, self.lead_officer_id)
        return {pk for pk in (*took_part, *fields) if pk}


class StepEventKind(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    ISSUED = "issued", "Issued"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXTENDED = "extended", "Given more time"
    CLOSED = "closed", "Closed"


class StepEvent(models.Model):
    """One event of a formal step's history. Append-only: a trigger refuses update, delete and
    truncate to everyone.
    """

    step = models.ForeignKey(FormalStep, models.PROTECT, related_name="events")
    # The states of a step and, besides, more time, which leaves the step in force.
    kind = models.CharField(max_length=10, choices=StepEventKind)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    # As it was then: what they did later changes nothing of the decision.
    took_part = models.TextField("what else that person did", blank=True, default="")
    # The day by which it was due as the event left it: the step's own row keeps only the latest.
    due_on = models.DateField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            # A decision may be recorded later than it was made, never before.
            models.CheckConstraint(
                condition=Q(decided_at__lte=F("recorded_at")),
                name="step_event_recorded_after_it_was_made",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.decided_at:%Y-%m-%d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        # The trigger would refuse it too, but only in PostgreSQL's words.
        if self.pk is not None:
            raise TypeError("A formal step's history is append-only.")
        super().save(*args, **kwargs)

    @property
    def in_words(self) -> str:
        """What happened; of more time, until when."""
        words = self.get_kind_display()
        if self.kind == StepEventKind.EXTENDED and self.due_on:
            return f"{words}, until {day_in_words(self.due_on)}"
        return words

    @property
    def when_else(self) -> str:
        """When it was recorded, where the page would show that as another time."""
        recorded = datetime_in_words(self.recorded_at)
        return "" if recorded == datetime_in_words(self.decided_at) else f", recorded {recorded}"


class StepReview(models.Model):
    """A review of a formal step in force; done, it says its outcome and the next one's day."""

    step = models.ForeignKey(FormalStep, models.PROTECT, related_name="reviews")
    # For which day it was planned: the step's row has the next one by then.
    due_on = models.DateField(null=True)
    done_on = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    outcome = models.TextField()
    next_on = models.DateField("next review", null=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        ordering = ["done_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(next_on=None) | Q(next_on__gt=F("done_on")),
                name="step_review_next_after_this",
            )
        ]

    def __str__(self) -> str:
        return f"Review of {self.done_on:%Y-%m-%d}"


class StepNotTaken(models.Model):
    """A manager looked at the default notices of a service and decided that no further step
    follows, and why.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="steps_not_taken")
    on = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # Kept, since a notice that is taken back later no longer counts.
    notices = models.PositiveSmallIntegerField(help_text="How many default notices there were")
    reason = models.TextField()
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        ordering = ["on", "pk"]
        verbose_name_plural = "steps not taken"

    def __str__(self) -> str:
        return f"No further step for {self.service}, {self.on:%Y-%m-%d}"

    @property
    def notices_in_words(self) -> str:
        """How many default notices there were then."""
        return default_notices_in_words(self.notices)
