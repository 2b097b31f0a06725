"""Concerns about services, their investigation, and their numbers."""

from datetime import date, datetime, time, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from concerns.models.vocabulary import (
    HIGH_RISKS,
    Abuse,
    AbuseBy,
    ConcernKind,
    ConcernOutcome,
    ConcernRisk,
    ConcernSource,
    ConcernStatus,
    Section42,
)
from core.dates import datetime_in_words
from providers.models import Service


def day_ends(day: date) -> datetime:
    """The first moment after `day`, in the council's time zone."""
    # Not 23:59: what happens in the day's last minute belongs to the day.
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


class ConcernQuerySet(models.QuerySet["Concern"]):
    def open(self) -> Self:
        return self.filter(status=ConcernStatus.OPEN)

    def counted(self) -> Self:
        """All but duplicates: a matter counts once, under the concern that holds it."""
        return self.exclude(status=ConcernStatus.MERGED)

    def open_on(self, day: date) -> Self:
        """Open when that day ended."""
        # From the moments and not from the state, so that a past day can be asked for.
        end = day_ends(day)
        closed_then = Reopening.objects.filter(closed_at__lt=end, at__gte=end)
        return (
            self.counted()
            .filter(Q(closed_at=None) | Q(closed_at__gte=end), received_at__lt=end)
            .exclude(pk__in=closed_then.values("concern"))
        )

    def of_kind(self, kind: str) -> Self:
        """Of that kind; a concern that is about safeguarding too is of both."""
        if kind == ConcernKind.SAFEGUARDING:
            return self.filter(Q(kind=kind) | Q(also_safeguarding=True))
        return self.filter(kind=kind)

    def high_risk(self) -> Self:
        return self.filter(risk__in=HIGH_RISKS)

    def received_between(self, first: date, last: date) -> Self:
        """Received from the first day to the last, both included."""
        return self.filter(
            received_at__gte=day_ends(first - timedelta(days=1)), received_at__lt=day_ends(last)
        )

    def for_service(self, service: Service) -> Self:
        return self.filter(service=service)

    def unanswered(self) -> Self:
        return self.open().filter(first_response_at=None)

    def by_risk(self) -> Self:
        """With `risk_order`, so that they can be sorted by it: 4 for very high, 1 for low."""
        places = [When(risk=risk, then=place) for place, risk in enumerate(ConcernRisk, 1)]
        return self.annotate(risk_order=Case(*places, output_field=models.SmallIntegerField()))

    def with_clock_run_by(self, moment: datetime) -> Self:
        """Those of which it is known whether the first response came in time: answered, or past
        their time, by then.
        """
        return self.filter(Q(first_response_at__lt=moment) | Q(respond_by__lt=moment))

    def answered_in_time(self) -> Self:
        # A row without a first response compares with nothing, so it is left out.
        return self.filter(first_response_at__lte=F("respond_by"))

    def late_at(self, moment: datetime) -> Self:
        """Still without a first response though its time is over."""
        return self.unanswered().filter(respond_by__lt=moment)


class Concern(models.Model):
    """Something that someone says is wrong with a service: a complaint, a quality concern or a
    safeguarding concern (Care Act 2014, section 42).

    Exempt matter. It holds no names of people who use services.
    """

    # What people say and write in place of the id: counted within its year (`ReferenceYear`).
    reference = models.CharField(max_length=16, unique=True, editable=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="concerns")
    kind = models.CharField(max_length=20, choices=ConcernKind)
    # A complaint that turns out to be about abuse or neglect stays a complaint, with its clock, and
    # is a safeguarding concern as well: one record, of both kinds.
    also_safeguarding = models.BooleanField("also a safeguarding concern", default=False)
    source = models.CharField(max_length=20, choices=ConcernSource)
    risk = models.CharField(max_length=10, choices=ConcernRisk)
    abuse = models.CharField("category of abuse", max_length=20, choices=Abuse, blank=True)
    abuse_by = models.CharField("said to be caused by", max_length=20, choices=AbuseBy, blank=True)
    # Only a safeguarding concern has these: section 42 of the Care Act 2014 is about adults at risk
    # of abuse or neglect.
    section_42 = models.CharField(
        "section 42 enquiry", max_length=20, choices=Section42, blank=True
    )
    section_42_outcome = models.CharField(
        "outcome of the enquiry", max_length=20, choices=ConcernOutcome, blank=True
    )
    # When it was decided whether an enquiry is required, and who recorded that. Empty until then,
    # and for decisions that were recorded before the day was asked.
    section_42_decided_on = models.DateField(
        "section 42 decision made on", null=True, blank=True, editable=False
    )
    section_42_decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    received_at = models.DateTimeField()
    summary = models.TextField()
    # Each step adds to it, and none writes over what stood there.
    done = models.TextField("what was done", blank=True)
    status = models.CharField(
        max_length=10, choices=ConcernStatus, default=ConcernStatus.OPEN, editable=False
    )
    # Empty while nobody is chosen, as at a service without a lead officer: such a concern stands on
    # the Today of everyone who may answer it.
    allocated_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="concerns"
    )
    # Kept when the concern is recorded: later targets change no clock that is already running.
    respond_by = models.DateTimeField(editable=False)
    # Ends the clock, and is recorded once.
    first_response_at = models.DateTimeField(null=True, blank=True, editable=False)
    outcome = models.CharField(max_length=20, choices=ConcernOutcome, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    # The concern that holds the matter, of a duplicate. Never a duplicate itself.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", editable=False
    )
    # Beside `received_at`: a concern may be recorded later than it came, and the clock counts from
    # the receipt.
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )

    objects = ConcernQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "change", "view")
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["service", "status"], name="concern_service_status")]
        constraints = [
            # Whoever closes a concern stands by an outcome.
            models.CheckConstraint(
                condition=Q(
                    status="open", closed_at=None, closed_by=None, outcome="", merged_into=None
                )
                | Q(
                    status="closed",
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                    merged_into=None,
                )
                & ~Q(outcome="")
                | Q(
                    status="merged",
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                    outcome="",
                    merged_into__isnull=False,
                ),
                name="concern_closed_whole",
            ),
            # The national return of safeguarding counts by category, so none may be missing; who
            # is said to have caused the harm is often not known and may be.
            models.CheckConstraint(
                condition=(Q(kind="safeguarding") | Q(also_safeguarding=True))
                & ~Q(abuse="")
                & ~Q(section_42="")
                | ~Q(kind="safeguarding") & Q(also_safeguarding=False, abuse="", section_42=""),
                name="concern_abuse_if_safeguarding",
            ),
            # Else it would count twice as what it is once.
            models.CheckConstraint(
                condition=~Q(kind="safeguarding", also_safeguarding=True),
                name="concern_safeguarding_once",
            ),
            models.CheckConstraint(
                condition=Q(section_42_decided_on=None, section_42_decided_by=None)
                | Q(section_42_decided_on__isnull=False, section_42_decided_by__isnull=False)
                & ~Q(section_42__in=("", "undecided")),
                name="concern_enquiry_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="concern_not_merged_into_itself",
            ),
            # An enquiry that has not ended has no outcome yet, and one that has ended is not
            # without.
            models.CheckConstraint(
                condition=Q(section_42="concluded") & ~Q(section_42_outcome="")
                | ~Q(section_42="concluded") & Q(section_42_outcome=""),
                name="concern_enquiry_outcome_if_concluded",
            ),
            # A response before the receipt would count as in time, whatever it was.
            models.CheckConstraint(
                condition=Q(first_response_at=None) | Q(first_response_at__gte=F("received_at")),
                name="concern_answered_after_received",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("received_at")),
                name="concern_closed_after_received",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.status == ConcernStatus.OPEN

    @property
    def is_safeguarding(self) -> bool:
        return self.kind == ConcernKind.SAFEGUARDING or self.also_safeguarding

    @property
    def kind_in_words(self) -> str:
        """`Complaint`, or `Complaint and safeguarding concern`."""
        kind = self.get_kind_display()
        return f"{kind} and safeguarding concern" if self.also_safeguarding else kind

    @property
    def is_answered(self) -> bool:
        """Whether the first response is recorded."""
        return self.first_response_at is not None

    @property
    def answered_in_time(self) -> bool | None:
        """Whether the first response came in time; None while there is none."""
        return None if self.first_response_at is None else self.first_response_at <= self.respond_by

    def is_late_at(self, moment: datetime) -> bool:
        """Whether it is open and still without a first response though its time is over."""
        return self.is_open and not self.is_answered and self.respond_by < moment

    @property
    def reference_and_service(self) -> str:
        """What it is called above a task about it: `C-2026-0001, Elm House`."""
        return f"{self.reference}, {self.service}"

    @property
    def reference_and_kind(self) -> str:
        """What it is called above its own page: `C-2026-0001, complaint`."""
        return f"{self.reference}, {self.kind_in_words.lower()}"

    @property
    def status_in_words(self) -> str:
        """`Open`, `Closed` with the outcome, or into what it was merged."""
        if self.merged_into is not None:
            return f"Merged into {self.merged_into.reference}"
        return "Open" if self.is_open else f"Closed: {self.get_outcome_display().lower()}"

    @property
    def response_in_words(self) -> str:
        """When the first response was given and whether in time, or when it is due."""
        due = datetime_in_words(self.respond_by)
        if self.first_response_at is None:
            return f"Due by {due}"
        given = datetime_in_words(self.first_response_at)
        return f"{given}, in time" if self.answered_in_time else f"{given}, late: due by {due}"

    @property
    def section_42_in_words(self) -> str:
        """Where the enquiry stands, with its outcome once it has concluded."""
        stands = self.get_section_42_display()
        outcome = self.get_section_42_outcome_display().lower()
        return f"{stands}: {outcome}" if outcome else stands


class Reopening(models.Model):
    """That a concern was opened again, and why; with the closing that this ended.

    Kept, so that a figure of a past day counts the concern as it stood on that day.
    """

    concern = models.ForeignKey(Concern, models.PROTECT, related_name="reopenings")
    # Empty where it had been merged and not closed.
    outcome = models.CharField(max_length=20, choices=ConcernOutcome, blank=True)
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField()

    class Meta:
        default_permissions = ()
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(at__gte=F("closed_at")), name="reopening_after_closing"
            )
        ]

    def __str__(self) -> str:
        return self.reason


class LogEntry(models.Model):
    """A line of the investigation of a concern: what was looked into and found.

    Never changed; a later line corrects it.
    """

    concern = models.ForeignKey(Concern, models.PROTECT, related_name="log")
    text = models.TextField()
    at = models.DateTimeField(editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        default_permissions = ()
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text


def services_with_concerns(
    services: models.QuerySet[Service], day: date
) -> models.QuerySet[Service]:
    """The services with `open_concerns` and `high_risk_concerns` (open ones), counted as that day
    ended, in the same query.
    """
    # Subqueries, since two joins to the same table would multiply each other's counts.
    # `order_by()` takes away the model's own order, which would otherwise join the grouping and
    # give a row for each concern.
    mine = Concern.objects.open_on(day).filter(service=OuterRef("pk")).order_by().values("service")
    return services.annotate(
        open_concerns=Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n")), 0),
        high_risk_concerns=Coalesce(
            Subquery(mine.filter(risk__in=HIGH_RISKS).annotate(n=Count("pk")).values("n")), 0
        ),
    )


class ReferenceYear(models.Model):
    """The last number given to a concern of a year.

    Its row is locked while the next is given, so that none is given twice.
    """

    year = models.PositiveSmallIntegerField(primary_key=True)
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"C-{self.year}-{self.last_number:04}"
