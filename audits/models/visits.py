from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from audits.models.templates import Template
from concerns.models import Concern
from core.dates import day_in_words
from providers.models import Service


class VisitKind(models.TextChoices):
    ANNUAL = "annual", "Annual audit"
    MONITORING = "monitoring", "Monitoring visit"
    JOINT = "joint", "Joint visit"
    FOLLOW_UP = "follow_up", "Follow-up visit"
    SURGERY = "surgery", "Surgery for relatives"
    ENTER_AND_VIEW = "enter_and_view", "Healthwatch Enter and View"


# Visits at which the council itself looked at the care: Enter and View is Healthwatch's, and a
# surgery is for relatives.
OWN_KINDS = (VisitKind.ANNUAL, VisitKind.MONITORING, VisitKind.JOINT, VisitKind.FOLLOW_UP)


class VisitStatus(models.TextChoices):
    PLANNED = "planned", "Planned"
    IN_PROGRESS = "in_progress", "In progress"
    COMPLETED = "completed", "Completed"
    CANCELLED = "cancelled", "Cancelled"
    # Begun and not completed, and never will be: what was seen stays, and nothing is scored.
    STOPPED = "stopped", "Stopped early"


class StoppedHow(models.TextChoices):
    """How far a visit came that was stopped early."""

    PART_COMPLETED = "part_completed", "Part completed: what was seen can be used"
    ABANDONED = "abandoned", "Abandoned: too little was seen to be used"


class VisitOutcome(models.TextChoices):
    EXCELLENT = "excellent", "Excellent"
    GOOD = "good", "Good"
    REQUIRES_IMPROVEMENT = "requires_improvement", "Requires improvement"
    POOR = "poor", "Poor"


class VisitQuerySet(models.QuerySet["Visit"]):
    def for_service(self, service: Service) -> Self:
        return self.filter(service=service)

    def waiting(self) -> Self:
        """Planned or begun, not yet completed."""
        return self.filter(status__in=[VisitStatus.PLANNED, VisitStatus.IN_PROGRESS])

    def completed(self) -> Self:
        return self.filter(status=VisitStatus.COMPLETED)

    def completed_after(self, day: date) -> Self:
        """Completed visits that were made after that day."""
        return self.completed().filter(visited_on__gt=day)

    def made_by_the_council(self) -> Self:
        """Completed visits of the council itself with an outcome, which may still be a draft: none
        of another body, no surgery for relatives, no standard that stands beside an audit.
        """
        return (
            self.completed()
            .filter(kind__in=OWN_KINDS, beside=None)
            .exclude(outcome="")
            .exclude(template__beside_main=True)
        )

    def rated(self) -> Self:
        """Completed with a final outcome of the audit itself: no draft, and no standard that stands
        beside it.
        """
        return (
            self.completed()
            .exclude(outcome="")
            .filter(Q(report=None) | Q(report__status="final"), template__beside_main=False)
        )

    def with_day(self) -> Self:
        """With `on`, the day it was made or is planned for."""
        return self.annotate(on=Coalesce("visited_on", "planned_for"))

    def slipped_on(self, day: date) -> Self:
        """Planned for before that day and not begun."""
        return self.filter(status=VisitStatus.PLANNED, planned_for__lt=day)


class Visit(models.Model):
    """An audit or another visit to a service. Its outcome is exempt unless somebody with the right
    has marked it public.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="visits")
    # The version that was asked. It stays, also when a newer version comes into use.
    template = models.ForeignKey(
        Template, models.PROTECT, null=True, blank=True, related_name="visits"
    )
    kind = models.CharField(max_length=20, choices=VisitKind)
    # The audit at which this standard was asked too: it has a score of its own and no place in the
    # programme.
    beside = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="companions", editable=False
    )
    prompted_by = models.ForeignKey(
        Concern,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="visits",
        verbose_name="prompted by",
    )
    # The place in a year's programme that this visit was planned for; None for any other visit.
    programme_entry = models.ForeignKey(
        "audits.ProgrammeEntry",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="visits",
        editable=False,
    )
    planned_for = models.DateField()
    visited_on = models.DateField(null=True, blank=True)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="visits")
    announced = models.BooleanField(default=False)
    who_came = models.CharField("who else came", max_length=300, blank=True)
    shared_before = models.TextField("what was shared before the visit", blank=True)
    shared_after = models.TextField("what was shared after the visit", blank=True)
    status = models.CharField(
        max_length=20, choices=VisitStatus, default=VisitStatus.PLANNED, editable=False
    )
    summary = models.TextField(blank=True)
    # Per cent, to one decimal. The outcome begins as what the score gives and follows the report
    # when that is moderated and made final: lists and figures ask this one column.
    score = models.DecimalField(
        max_digits=4, decimal_places=1, null=True, blank=True, editable=False
    )
    outcome = models.CharField(max_length=20, choices=VisitOutcome, blank=True, editable=False)
    planned_at = models.DateTimeField(editable=False)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    completed_at = models.DateTimeField(null=True, blank=True, editable=False)
    completed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    cancelled_reason = models.TextField(blank=True, editable=False)
    stopped_how = models.CharField(
        "how far it came", max_length=20, choices=StoppedHow, blank=True, editable=False
    )
    stopped_at = models.DateTimeField(null=True, blank=True, editable=False)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    stopped_reason = models.TextField(blank=True, editable=False)
    public_at = models.DateTimeField(null=True, blank=True, editable=False)
    public_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    objects = VisitQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        permissions = [
            ("record_visit", "Can plan and record visits"),
            ("mark_public", "Can mark an audit’s outcome or a finding as public"),
            ("reopen_visit", "Can open a completed visit again to correct it"),
        ]
        ordering = ["-planned_for", "-pk"]
        indexes = [
            models.Index(fields=["service", "status", "planned_for"], name="visit_service_status")
        ]
        # The workflow and the rules ask the same first, with a sentence that a person can act on;
        # these hold also for imports, the demo and whoever writes SQL.
        constraints = [
            # Two who plan the programme's visits at once: a place gets one.
            models.UniqueConstraint(
                fields=["programme_entry"],
                condition=~Q(status="cancelled"),
                name="visit_once_for_programme_entry",
            ),
            # A score, an outcome and who completed it come in one step, and reopening takes all
            # of them back: figures may trust that an outcome belongs to a completed visit.
            models.CheckConstraint(
                condition=~Q(status="completed")
                & Q(completed_at=None, completed_by=None, outcome="", score=None)
                | Q(
                    status="completed",
                    completed_at__isnull=False,
                    completed_by__isnull=False,
                    visited_on__isnull=False,
                ),
                name="visit_completed_whole",
            ),
            # A visit whose questions are all text has neither.
            models.CheckConstraint(
                condition=Q(score=None, outcome="") | Q(score__isnull=False) & ~Q(outcome=""),
                name="visit_outcome_with_score",
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=0, score__lte=100),
                name="visit_score_percent",
            ),
            # The programme counts annual audits by outcome, so each has to be one that is scored.
            models.CheckConstraint(
                condition=~Q(kind="annual") | Q(template__isnull=False),
                name="visit_annual_has_template",
            ),
            models.CheckConstraint(
                condition=~Q(kind="annual", status="completed") | ~Q(outcome=""),
                name="visit_annual_completed_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(status="in_progress", visited_on__isnull=False)
                | ~Q(status="in_progress"),
                name="visit_begun_has_day",
            ),
            models.CheckConstraint(
                condition=Q(
                    status="cancelled", cancelled_at__isnull=False, cancelled_by__isnull=False
                )
                & ~Q(cancelled_reason="")
                | ~Q(status="cancelled")
                & Q(cancelled_at=None, cancelled_by=None, cancelled_reason=""),
                name="visit_cancelled_whole",
            ),
            models.CheckConstraint(
                condition=Q(
                    status="stopped",
                    stopped_at__isnull=False,
                    stopped_by__isnull=False,
                    visited_on__isnull=False,
                )
                & ~Q(stopped_reason="")
                & ~Q(stopped_how="")
                | ~Q(status="stopped")
                & Q(stopped_at=None, stopped_by=None, stopped_reason="", stopped_how=""),
                name="visit_stopped_whole",
            ),
            # What is public was marked by a named person, and never before it was completed
            # (Local Government Act 1972, Schedule 12A: the rest stays exempt).
            models.CheckConstraint(
                condition=Q(public_at=None, public_by=None)
                | Q(public_at__isnull=False, public_by__isnull=False, status="completed"),
                name="visit_public_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.service}"

    @property
    def is_draft(self) -> bool:
        """Whether its outcome has still to be moderated, seen by the provider or made final."""
        report = getattr(self, "report", None)
        return report is not None and not report.is_final

    @property
    def is_waiting(self) -> bool:
        """Planned or begun, not yet completed."""
        return self.is_planned or self.is_in_progress

    @property
    def is_begun(self) -> bool:
        """Begun, and perhaps completed or stopped early: something was found."""
        return self.is_in_progress or self.is_completed or self.is_stopped

    @property
    def is_planned(self) -> bool:
        return self.status == VisitStatus.PLANNED

    @property
    def is_in_progress(self) -> bool:
        return self.status == VisitStatus.IN_PROGRESS

    @property
    def is_completed(self) -> bool:
        return self.status == VisitStatus.COMPLETED

    @property
    def is_cancelled(self) -> bool:
        return self.status == VisitStatus.CANCELLED

    @property
    def is_stopped(self) -> bool:
        """Begun, and ended early."""
        return self.status == VisitStatus.STOPPED

    @property
    def is_public(self) -> bool:
        """Whether its outcome may stand in public papers."""
        return self.public_at is not None

    @property
    def has_partners(self) -> bool:
        """Whether other organisations take part, with whom things are shared."""
        return self.kind in (VisitKind.JOINT, VisitKind.ENTER_AND_VIEW)

    def has_slipped_on(self, day: date) -> bool:
        """Whether it was planned for before that day and has not begun."""
        return self.is_planned and self.planned_for < day

    @property
    def kind_and_day(self) -> str:
        """`Annual audit, 9 December 2019`."""
        return f"{self.get_kind_display()}, {day_in_words(self.day)}"

    @property
    def service_and_kind(self) -> str:
        """`Elm House, annual audit`."""
        return f"{self.service}, {self.get_kind_display().lower()}"

    @property
    def in_one_line(self) -> str:
        """`Elm House, annual audit, 9 December 2019`."""
        return f"{self.service_and_kind}, {day_in_words(self.day)}"

    @property
    def day(self) -> date:
        """The day it was made, or is planned for."""
        return self.visited_on or self.planned_for
