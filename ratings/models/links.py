from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from core.dates import day_in_words
from core.models import User
from providers.models import Service
from ratings.models.locations import Location


class LocationRelation(models.Model):
    """CQC's own link from a location to the one before or after it: registering again makes a new
    id.
    """

    location = models.ForeignKey(Location, models.PROTECT, related_name="relations")
    related_location_id = models.CharField(
        max_length=30, db_index=True, help_text="We may not hold this location"
    )
    related_name = models.CharField(max_length=300, blank=True)
    is_predecessor = models.BooleanField()
    reason = models.CharField(max_length=100, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            # CQC repeats its links in each payload.
            models.UniqueConstraint(
                fields=["location", "related_location_id", "is_predecessor"],
                name="location_relation_once",
            )
        ]

    @property
    def related_in_words(self) -> str:
        """The other location by its name and id."""
        return f"{self.related_name or 'Unnamed location'} ({self.related_location_id})"


class ServiceLocationQuerySet(models.QuerySet["ServiceLocation"]):
    def in_force_on(self, day: date) -> Self:
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


class ServiceLocation(models.Model):
    """Which CQC location a service of the register is, and between which days. A person confirms
    it; a successor adds a row.

    CQC gives a service that registers again a new id, while the council's contracts, audits and
    suspensions go on: that is why the register has services of its own and is not CQC's list.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="locations")
    location = models.ForeignKey(Location, models.PROTECT, related_name="services")
    since = models.DateField()
    until = models.DateField(
        null=True,
        blank=True,
        help_text="The first day on which the service is no longer this location",
    )
    confirmed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    objects = ServiceLocationQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-since"]
        constraints = [
            # A link holds for one day at least; `until` is the first day without it.
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("since")),
                name="service_location_until_after_since",
            ),
            # A service is one location at a time; a location may be several services.
            ExclusionConstraint(
                # Without btree_gist an id is the range from itself to itself. Ranges leave out
                # their last day, so that a successor may begin on the day on which the former ends.
                name="service_location_one_at_a_time",
                expressions=[
                    (
                        Func("service_id", "service_id", Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func("since", "until", function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    @property
    def days_in_words(self) -> str:
        """`from 1 April 2015`, or `from 1 April 2015 until 1 February 2026`."""
        since = f"from {day_in_words(self.since)}"
        return f"{since} until {day_in_words(self.until)}" if self.until else since

    @property
    def to_service(self) -> str:
        """What tells one link on a location's page from another."""
        return f"to {self.service}"
