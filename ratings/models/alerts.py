"""Who wants to know what, and what was sent to them: the digests of the night's changes."""

from datetime import date, datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from core.models import User
from ratings.models.links import ServiceLocation
from ratings.models.sync import LocationChange, LocationChangeKind

# What somebody may have to act on; the record of a linked service has these too.
OF_NOTE = (
    LocationChangeKind.RATING_PUBLISHED,
    LocationChangeKind.RATING_RAISED,
    LocationChangeKind.RATING_LOWERED,
    LocationChangeKind.RATING_WITHDRAWN,
    LocationChangeKind.REGISTRATION_ENDED,
    LocationChangeKind.REGISTERED_AGAIN,
    LocationChangeKind.DORMANT,
    LocationChangeKind.ACTIVE_AGAIN,
    LocationChangeKind.MANAGER_ABSENT,
    LocationChangeKind.MANAGER_BACK,
    LocationChangeKind.VISIT_PENDING,
    LocationChangeKind.BEDS_CUT,
    LocationChangeKind.PROVIDER_CHANGED,
    LocationChangeKind.LINK_FOUND,
)


def every_kind() -> list[str]:
    return [kind.value for kind in OF_NOTE]


class Scope(models.TextChoices):
    """Of which services a person wants to know."""

    PORTFOLIO = "portfolio", "The services in my portfolio"
    COUNTY = "county", "All the council’s services"


class AlertChoice(models.Model):
    """What a person wants to know of the night's changes at CQC. Whoever has not chosen sees all,
    and gets no email.
    """

    # A preference and no record: it goes with its person.
    person = models.OneToOneField(User, models.CASCADE, related_name="alert_choice")
    kinds = ArrayField(
        models.CharField(max_length=20, choices=[(kind.value, kind.label) for kind in OF_NOTE]),
        default=every_kind,
        blank=True,
    )
    scope = models.CharField(max_length=10, choices=Scope, default=Scope.COUNTY)
    by_email = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()

    @classmethod
    def of(cls, person: User) -> "AlertChoice":
        """What the person chose, or what stands for whoever has not chosen."""
        return cls.objects.filter(person=person).first() or cls(person=person)

    def changes(self, start: datetime, end: datetime | None = None) -> QuerySet[LocationChange]:
        """The changes that they want to know, noticed from `start` up to but not at `end`."""
        ours = ServiceLocation.objects.filter(location=OuterRef("location_id"), until=None)
        if self.scope == Scope.PORTFOLIO:
            ours = ours.filter(service__lead_officer=self.person)
        changes = LocationChange.objects.of_note().filter(
            Exists(ours), kind__in=self.kinds, noticed_at__gte=start
        )
        return changes.filter(noticed_at__lt=end) if end else changes


class AlertDigestQuerySet(models.QuerySet["AlertDigest"]):
    def of_night(self, night: date) -> Self:
        return self.filter(night=night)


class AlertDigest(models.Model):
    """An email of a night's changes to one person: one a night, however often it is asked for."""

    person = models.ForeignKey(User, models.CASCADE, related_name="alert_digests")
    night = models.DateField()
    # The span is kept when it is promised: a try that comes later tells of the same changes.
    noticed_from = models.DateTimeField()
    noticed_until = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = AlertDigestQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-night", "pk"]
        constraints = [
            # The hourly task may run twice at once: the second finds the row of the first.
            models.UniqueConstraint(fields=["person", "night"], name="alert_digest_once_a_night"),
            models.CheckConstraint(
                condition=Q(noticed_until__gt=F("noticed_from")),
                name="alert_digest_until_after_from",
            ),
        ]
