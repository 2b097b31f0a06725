from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from core.models.keys import Keyed, KeyField
from providers import vocabulary
from providers.vocabulary import ServiceType

ADULT_SOCIAL_CARE = "Adult social care"


class LocationQuerySet(models.QuerySet["Location"]):
    def registered_on(self, day: date) -> Self:
        """Registered with CQC on that day, by the dates that CQC gives today."""
        return self.filter(
            Q(deregistered_on=None, is_registered=True) | Q(deregistered_on__gt=day),
            Q(registered_on=None) | Q(registered_on__lte=day),
        )

    def counted_on(self, day: date) -> Self:
        """Registered on that day, and each home once where CQC registers it for two providers."""
        return self.registered_on(day).exclude(
            Q(counts_as__deregistered_on=None, counts_as__is_registered=True)
            | Q(counts_as__deregistered_on__gt=day),
            Q(counts_as__registered_on=None) | Q(counts_as__registered_on__lte=day),
            counts_as__isnull=False,
        )

    def social_care(self) -> Self:
        return self.filter(directorate=ADULT_SOCIAL_CARE)


class Location(Keyed):
    """What CQC registers: a place or agency, of any sector and anywhere in England, as CQC last
    described it.
    """

    location_id = models.CharField("CQC location id", max_length=30, primary_key=True)
    cqc_provider_id = models.CharField("CQC provider id", max_length=30, blank=True, db_index=True)
    name = models.CharField(max_length=300, blank=True)
    name_key = KeyField("name")
    brand_name = models.CharField(max_length=200, blank=True)
    directorate = models.CharField(max_length=60, blank=True)
    is_registered = models.BooleanField(default=True)
    registered_on = models.DateField(null=True, blank=True)
    deregistered_on = models.DateField(null=True, blank=True)
    is_dormant = models.BooleanField(default=False)
    manager_absent_on = models.DateField(
        null=True,
        blank=True,
        help_text="The day from which CQC records its registered manager as absent",
    )
    visited_unpublished_on = models.DateField(
        null=True,
        blank=True,
        help_text="The first visit of an inspection that CQC has not yet published",
    )
    last_inspected_on = models.DateField(null=True, blank=True)
    is_care_home = models.BooleanField(default=False)
    beds = models.PositiveIntegerField(null=True, blank=True)
    address = models.CharField(max_length=400, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    local_authority = models.CharField(max_length=80, blank=True, help_text="As CQC spells it")
    region = models.CharField(max_length=60, blank=True)
    service_types = ArrayField(
        models.CharField(max_length=20, choices=vocabulary.service_types), default=list, blank=True
    )
    primary_type = models.CharField(max_length=20, choices=vocabulary.service_types, blank=True)
    specialisms = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    # CQC registers a home for two providers at once, and says so in no field.
    counts_as = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="other_registrations",
        help_text="The registration of the same home that counts in its place",
    )
    first_seen_at = models.DateTimeField()
    # Also set by a file, to the first moment of its day: which of two sources wins is decided by
    # this clock.
    read_at = models.DateTimeField(help_text="When CQC was last asked about it")

    objects = LocationQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        permissions = [("confirm_link", "Can confirm which CQC location is which service")]
        ordering = ["name_key", "location_id"]
        constraints = [
            # CQC refuses an id in lower case, and two spellings would be two locations.
            models.CheckConstraint(
                condition=Q(location_id=models.functions.Upper(F("location_id"))),
                name="location_id_upper_case",
            )
        ]
        indexes = [
            models.Index(
                fields=["local_authority", "primary_type"], name="location_authority_type"
            ),
            models.Index(fields=["name_key", "location_id"], name="location_name_key"),
            models.Index(fields=["postcode"], name="location_postcode"),
            GinIndex(fields=["service_types"], name="location_service_types"),
        ]

    def __str__(self) -> str:
        return self.name or self.location_id

    @property
    def types_in_words(self) -> str:
        """The names of its service types, joined for reading."""
        return ", ".join(ServiceType(kind).label for kind in self.service_types)

    @property
    def beds_if_home(self) -> int | None:
        """Its beds. CQC also gives a number for places that are no care home, where it means
        nothing.
        """
        return self.beds if self.is_care_home else None

    @property
    def cqc_url(self) -> str:
        """Its page on CQC's site."""
        return f"https://www.cqc.org.uk/location/{self.location_id}"
