from datetime import date, datetime, time, timedelta
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from providers.models import Service


class ConcernKind(models.TextChoices):
    COMPLAINT = "complaint", "Complaint"
    QUALITY = "quality", "Quality concern"
    WHISTLE_BLOWING = "whistle_blowing", "Whistle-blowing"
    UNEXPECTED_DEATH = "unexpected_death", "Unexpected death"
    NOTIFICATION = "notification", "Provider’s notification"
    SAFEGUARDING = "safeguarding", "Safeguarding concern"


class ConcernSource(models.TextChoices):
    FAMILY = "family", "Relative or friend"
    PERSON = "person", "Person who uses the service"
    PUBLIC = "public", "Member of the public"
    STAFF = "staff", "Member of the service’s staff"
    PROVIDER = "provider", "The provider"
    SOCIAL_WORK = "social_work", "Social worker or care manager"
    HEALTH = "health", "Health professional"
    COUNCIL = "council", "Council officer or visit"
    CQC = "cqc", "Care Quality Commission"
    ICB = "icb", "Integrated care board"
    HEALTHWATCH = "healthwatch", "Healthwatch"
    ANONYMOUS = "anonymous", "Anonymous"
    OTHER = "other", "Someone else"


class ConcernRisk(models.TextChoices):
    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"
    VERY_HIGH = "very_high", "Very high"


class Abuse(models.TextChoices):
    """The ten kinds of abuse and neglect that the Care Act's statutory guidance names (chapter
    14).
    """

    PHYSICAL = "physical", "Physical"
    DOMESTIC = "domestic", "Domestic"
    SEXUAL = "sexual", "Sexual"
    PSYCHOLOGICAL = "psychological", "Psychological"
    FINANCIAL = "financial", "Financial or material"
    MODERN_SLAVERY = "modern_slavery", "Modern slavery"
    DISCRIMINATORY = "discriminatory", "Discriminatory"
    ORGANISATIONAL = "organisational", "Organisational"
    NEGLECT = "neglect", "Neglect and acts of omission"
    SELF_NEGLECT = "self_neglect", "Self-neglect"


class AbuseBy(models.TextChoices):
    """Who is said to have done it: by their part, never by name."""

    STAFF = "staff", "Member of the service’s staff"
    MANAGER = "manager", "Manager or owner of the service"
    PERSON = "person", "Another person who uses the service"
    FAMILY = "family", "Relative or friend"
    PROFESSIONAL = "professional", "Other professional"
    SELF = "self", "The person themselves"
    UNKNOWN = "unknown", "Somebody else, or not known"


class Section42(models.TextChoices):
    """Where a safeguarding concern stands under section 42 of the Care Act 2014."""

    UNDECIDED = "undecided", "Not yet decided"
    NOT_REQUIRED = "not_required", "No enquiry required"
    OPEN = "open", "Enquiry open"
    CONCLUDED = "concluded", "Enquiry concluded"


class ConcernOutcome(models.TextChoices):
    SUBSTANTIATED = "substantiated", "Substantiated"
    PARTLY = "partly", "Partly substantiated"
    NOT_SUBSTANTIATED = "not_substantiated", "Not substantiated"
    INCONCLUSIVE = "inconclusive", "Inconclusive"


class ConcernStatus(models.TextChoices):
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


HIGH_RISKS = (ConcernRisk.HIGH, ConcernRisk.VERY_HIGH)


def day_ends(day: date) -> datetime:
    """The first moment after `day`, in the council's time zone."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


class ConcernQuerySet(models.QuerySet["Concern"]):
    def open(self) -> Self:
        return self.filter(status=ConcernStatus.OPEN)

    def open_on(self, day: date) -> Self:
        """Open when that day ended."""
        end = day_ends(day)
        return self.filter(Q(closed_at=None) | Q(closed_at__gte=end), received_at__lt=end)

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
        return self.filter(first_response_at__lte=F("respond_by"))

    def late_at(self, moment: datetime) -> Self:
        """Still without a first response though its time is over."""
        return self.unanswered().filter(respond_by__lt=moment)


class Concern(models.Model):
    """Something that somebody says is wrong with a service. Exempt matter; holds no names of people
    who use services.
    """

    reference = models.CharField(max_length=16, unique=True, editable=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="concerns")
    kind = models.CharField(max_length=20, choices=ConcernKind)
    source = models.CharField(max_length=20, choices=ConcernSource)
    risk = models.CharField(max_length=10, choices=ConcernRisk)
    abuse = models.CharField("category of abuse", max_length=20, choices=Abuse, blank=True)
    abuse_by = models.CharField("said to be by", max_length=20, choices=AbuseBy, blank=True)
    section_42 = models.CharField(
        "section 42 enquiry", max_length=20, choices=Section42, blank=True
    )
    section_42_outcome = models.CharField(
        "outcome of the enquiry", max_length=20, choices=ConcernOutcome, blank=True
    )
    received_at = models.DateTimeField()
    summary = models.TextField()
    done = models.TextField("what was done", blank=True)
    status = models.CharField(
        max_length=10, choices=ConcernStatus, default=ConcernStatus.OPEN, editable=False
    )
    allocated_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="concerns"
    )
    respond_by = models.DateTimeField(editable=False)
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
            models.CheckConstraint(
                condition=Q(status="open", closed_at=None, closed_by=None, outcome="")
                | Q(status="closed", closed_at__isnull=False, closed_by__isnull=False)
                & ~Q(outcome=""),
                name="concern_closed_whole",
            ),
            models.CheckConstraint(
                condition=Q(kind="safeguarding") & ~Q(abuse="") & ~Q(section_42="")
                | ~Q(kind="safeguarding") & Q(abuse="", section_42=""),
                name="concern_abuse_if_safeguarding",
            ),
            models.CheckConstraint(
                condition=Q(section_42="concluded") & ~Q(section_42_outcome="")
                | ~Q(section_42="concluded") & Q(section_42_outcome=""),
                name="concern_enquiry_outcome_if_concluded",
            ),
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
        return self.kind == ConcernKind.SAFEGUARDING

    @property
    def answered_in_time(self) -> bool | None:
        """Whether the first response came in time; None while there is none."""
        return None if self.first_response_at is None else self.first_response_at <= self.respond_by


class LogEntry(models.Model):
    """A line of the investigation of a concern: what was looked into and found. Never changed; a
    later line corrects it.
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


class Targets(models.Model):
    """How quickly the council answers concerns: one row, changed on a page of its own. Without a
    row, what comes with the product.
    """

    hours_very_high = models.PositiveSmallIntegerField("very high risk", default=4)
    hours_high = models.PositiveSmallIntegerField("high risk", default=8)
    hours_medium = models.PositiveSmallIntegerField("medium risk", default=24)
    hours_low = models.PositiveSmallIntegerField("low risk", default=80)
    day_starts = models.TimeField("the working day starts", default=time(9))
    day_ends = models.TimeField("the working day ends", default=time(17))
    in_time_percent = models.PositiveSmallIntegerField(
        "answered in time", default=90, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    class Meta:
        default_permissions = ("change",)
        verbose_name_plural = "targets"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="one_targets"),
            models.CheckConstraint(
                condition=Q(day_ends__gt=F("day_starts")), name="targets_day_has_hours"
            ),
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
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    def hours_for(self, risk: str) -> int:
        """Working hours allowed for the first response."""
        hours: int = getattr(self, f"hours_{risk}")
        return hours


class ReferenceYear(models.Model):
    """The last number given to a concern of a year. Its row is locked while the next is given, so
    that none is given twice.
    """

    year = models.PositiveSmallIntegerField(primary_key=True)
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"C-{self.year}-{self.last_number:04}"


class ContactKind(models.TextChoices):
    CALL = "call", "Telephone call"
    EMAIL = "email", "E-mail"
    MEETING = "meeting", "Meeting"


class ContactWith(models.TextChoices):
    SERVICE = "service", "The service’s manager or staff"
    PROVIDER = "provider", "The provider"
    FAMILY = "family", "Relatives or people who use the service"
    SOCIAL_WORK = "social_work", "Social work team"
    CQC = "cqc", "Care Quality Commission"
    ICB = "icb", "Integrated care board"
    OTHER = "other", "Someone else"


class ContactLogEntry(models.Model):
    """A call, e-mail or meeting about a service, logged in a line or two."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="contacts")
    concern = models.ForeignKey(
        Concern, models.PROTECT, null=True, blank=True, related_name="contacts"
    )
    kind = models.CharField(max_length=10, choices=ContactKind)
    with_whom = models.CharField("with", max_length=20, choices=ContactWith)
    happened_at = models.DateTimeField()
    note = models.TextField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField(editable=False)

    class Meta:
        default_permissions = ()
        ordering = ["-happened_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.service}"


def services_with_concerns(
    services: models.QuerySet[Service], day: date
) -> models.QuerySet[Service]:
    """The services with `open_concerns` and `high_risk_concerns` (open ones), counted as that day
    ended, in the same query.
    """
    mine = Concern.objects.open_on(day).filter(service=OuterRef("pk")).order_by().values("service")
    return services.annotate(
        open_concerns=Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n")), 0),
        high_risk_concerns=Coalesce(
            Subquery(mine.filter(risk__in=HIGH_RISKS).annotate(n=Count("pk")).values("n")), 0
        ),
    )
