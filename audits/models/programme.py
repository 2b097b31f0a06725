from datetime import date
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from audits.models.visits import Visit
from providers.models import Service

# The council's year runs from April to March and is called by the year in which it begins.
FIRST_MONTH = 4


def year_of(day: date) -> int:
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def year_days(year: int) -> tuple[date, date]:
    """The first and the last day of a year of the programme."""
    return date(year, FIRST_MONTH, 1), date(year + 1, FIRST_MONTH - 1, 31)


def year_in_words(year: int) -> str:
    return f"April {year} to March {year + 1}"


class ProgrammeEntryStatus(models.TextChoices):
    IN_PROGRAMME = "in_programme", "In the programme"
    LEFT_OUT = "left_out", "Left out"


class ProgrammeEntryQuerySet(models.QuerySet["ProgrammeEntry"]):
    def of(self, year: int, service_type: str = "") -> Self:
        found = self.filter(year=year)
        return found.filter(service__service_type=service_type) if service_type else found

    def in_order(self) -> Self:
        """By risk, then by how long ago the last audit was: never audited first."""
        return self.order_by(
            "-risk", F("last_audit_on").asc(nulls_first=True), "service__name_key", "pk"
        )


class ProgrammeEntry(models.Model):
    """A service's place in the programme of a year: when its audit is due, why then, and whose it
    is.
    """

    year = models.PositiveSmallIntegerField()
    service = models.ForeignKey(Service, models.PROTECT, related_name="programme_entries")
    due_on = models.DateField()
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="programme_entries",
    )
    # The risk, its signs and the last audit are kept as they were when the programme was drawn up:
    # they say why the place is where it is.
    risk = models.PositiveSmallIntegerField(default=0)
    why = models.JSONField(default=list)
    last_audit_on = models.DateField(null=True, blank=True)
    left_out_reason = models.TextField(blank=True)
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ProgrammeEntryQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [("plan_programme", "Can draw up and change the audit programme")]
        ordering = ["year", "due_on", "pk"]
        constraints = [
            # Two who draw up the programme at once: the second is refused here.
            models.UniqueConstraint(fields=["year", "service"], name="place_once_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.service}, {year_in_words(self.year)}"

    @property
    def risk_in_words(self) -> str:
        """The risk that it was placed by, with its signs."""
        if not self.why:
            return "Risk score 0: nothing known of this service adds to its risk."
        return f"Risk score {self.risk} ({'; '.join(self.why)})."

    @property
    def status(self) -> ProgrammeEntryStatus:
        return (
            ProgrammeEntryStatus.LEFT_OUT
            if self.left_out_reason
            else ProgrammeEntryStatus.IN_PROGRAMME
        )


class Capacity(models.Model):
    """How many audits an officer can make in a month."""

    officer = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="audit_capacity"
    )
    audits_a_month = models.PositiveSmallIntegerField(default=4, validators=[MaxValueValidator(60)])

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.officer}: {self.audits_a_month} a month"


class Topic(models.TextChoices):
    MENTAL_CAPACITY = "mental_capacity", "Mental Capacity Act"
    SAFEGUARDING = "safeguarding", "Safeguarding"
    END_OF_LIFE = "end_of_life", "End of life"
    TRAINING = "training", "Training"


class LeadRole(models.Model):
    """An officer who leads the team on a topic, for a time."""

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="lead_roles")
    topic = models.CharField(max_length=20, choices=Topic)
    from_on = models.DateField()
    until_on = models.DateField("the first day that they no longer lead", null=True, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["topic", "from_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="lead_role_until_after_from",
            ),
            # Several officers may lead on one topic; each has one role on it at a time.
            models.UniqueConstraint(
                fields=["officer", "topic"], condition=Q(until_on=None), name="lead_role_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_topic_display()}: {self.officer}"


class MeetingQuerySet(models.QuerySet["ReviewMeeting"]):
    def waiting(self) -> Self:
        return self.filter(held_on=None, cancelled_reason="")


class ReviewMeeting(models.Model):
    """The contract review meeting with the provider that follows an audit."""

    # One for a visit, also when it is reopened and completed again: the meeting stays as planned.
    visit = models.OneToOneField(Visit, models.PROTECT, related_name="review_meeting")
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="review_meetings"
    )
    due_on = models.DateField()
    held_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    cancelled_reason = models.TextField(blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(held_on=None) | ~Q(note="") & Q(cancelled_reason=""),
                name="meeting_held_has_note",
            )
        ]

    def __str__(self) -> str:
        return f"Contract review meeting, {self.visit.service}"

    @property
    def service_id(self) -> int:
        return self.visit.service_id


class CalendarFeed(models.Model):
    """An officer's visits as a calendar, behind a secret address. Only the address's hash is kept;
    making a new one ends the old.

    A calendar program cannot sign in, so the address is the key: who holds it reads the visits
    until it is revoked.
    """

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="calendar_feeds"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["-made_at"]
        constraints = [
            # A new address ends the old one, so that a lost one can be closed by making another.
            models.UniqueConstraint(
                fields=["officer"], condition=Q(revoked_at=None), name="calendar_feed_one_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"Calendar of {self.officer}"
