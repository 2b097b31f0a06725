from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from core.dates import day_in_words
from core.models import District, Locality, User
from core.models.keys import Keyed, KeyField
from providers.vocabulary import CARE_HOMES, ClientGroup, service_types


class ProviderQuerySet(models.QuerySet["Provider"]):
    def with_open_services_on(self, day: date) -> Self:
        """With `open_services`: how many of its services are open that day."""
        still_open = Q(services__closed_on=None) | Q(services__closed_on__gt=day)
        opened = Q(services__opened_on=None) | Q(services__opened_on__lte=day)
        return self.annotate(open_services=models.Count("services", filter=still_open & opened))


class Provider(Keyed):
    """The legal body that carries on services."""

    name = models.CharField(max_length=200)
    name_key = KeyField("name")
    # NULL and not empty where CQC registers nobody: an empty text would be unique too, and only one
    # provider could have it.
    cqc_provider_id = models.CharField(
        "CQC provider id", max_length=20, unique=True, null=True, blank=True
    )
    companies_house_number = models.CharField(max_length=8, blank=True)
    contact_name = models.CharField(max_length=100, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField("contact telephone", max_length=30, blank=True)
    is_fictitious = models.BooleanField(default=False, editable=False)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "change", "view")
        ordering = ["name_key", "pk"]
        indexes = [models.Index(fields=["name_key", "id"], name="provider_name_key")]

    def __str__(self) -> str:
        return self.name


class ServiceQuerySet(models.QuerySet["Service"]):
    def open_on(self, day: date) -> Self:
        """The services that give care that day: those closed then and reopened since are not."""
        return self.filter(
            Q(closed_on=None) | Q(closed_on__gt=day), Q(opened_on=None) | Q(opened_on__lte=day)
        ).exclude(
            models.Exists(PastClosure.objects.over(day).filter(service=models.OuterRef("pk")))
        )

    def named_like(self, text: str) -> Self:
        """The services with that in their name or their provider's, or of a postcode that begins
        so, by name.
        """
        letters = "".join(text.split())
        # A postcode typed without its space: its second part is always three characters.
        spaced = f"{letters[:-3]} {letters[-3:]}" if len(letters) > 4 else text
        return self.filter(
            Q(name_key__holds=text)
            | Q(provider__name_key__holds=text)
            | Q(postcode__istartswith=text)
            | Q(postcode__iexact=spaced)
        ).order_by("name_key", "pk")

    def care_homes(self) -> Self:
        return self.filter(service_type__in=CARE_HOMES)

    def contracted_on(self, day: date) -> Self:
        """Open services with a contract in force that day."""
        return self.open_on(day).filter(
            models.Exists(Contract.objects.in_force_on(day).filter(service=models.OuterRef("pk")))
        )


class Service(Keyed):
    """What the council knows and buys: a place or agency that gives care, regulated by CQC or
    not.
    """

    # PROTECT throughout: nothing of the register is deleted, since past decisions and figures point
    # to it.
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="services")
    name = models.CharField(max_length=200)
    name_key = KeyField("name")
    service_type = models.CharField(max_length=20, choices=service_types)
    client_group = models.CharField(max_length=20, choices=ClientGroup)
    district = models.ForeignKey(District, models.PROTECT, related_name="services")
    locality = models.ForeignKey(
        Locality, models.PROTECT, null=True, blank=True, related_name="services"
    )
    address = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    phone = models.CharField("telephone", max_length=30, blank=True)
    beds = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Care homes only")
    lead_officer = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="portfolio"
    )
    opened_on = models.DateField(null=True, blank=True)
    # The present closure alone; those before it are rows of `PastClosure`. Closing and reopening
    # have rules of their own, so that no form of the service edits these.
    closed_on = models.DateField(null=True, blank=True, editable=False)
    closed_reason = models.TextField(blank=True, editable=False)
    is_fictitious = models.BooleanField(default=False, editable=False)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "change", "view")
        permissions = [("close_service", "Can close a service")]
        ordering = ["name_key", "pk"]
        indexes = [models.Index(fields=["name_key", "id"], name="service_name_key")]
        constraints = [
            # One building can hold a home and a home care office of the same name: two types.
            models.UniqueConstraint(
                fields=["provider", "name", "service_type"], name="service_once_per_provider"
            ),
            # The same day for both is right: a service that never opened.
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(opened_on=None) | Q(closed_on__gte=F("opened_on")),
                name="service_closed_after_opened",
            ),
            # Figures add the beds up as those of care homes: a number elsewhere would be counted
            # with theirs.
            models.CheckConstraint(
                condition=Q(beds=None)
                | Q(service_type__in=[choice.value for choice in CARE_HOMES]),
                name="service_beds_in_care_homes_only",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_care_home(self) -> bool:
        return self.service_type in CARE_HOMES

    def is_closed_on(self, day: date) -> bool:
        """Whether its present closure has begun by that day."""
        return self.closed_on is not None and self.closed_on <= day

    def was_closed_on(self, day: date) -> bool:
        """Whether it was closed that day, also where it has reopened since."""
        return self.is_closed_on(day) or any(
            past.closed_on <= day < past.reopened_on for past in self.past_closures.all()
        )


class PastClosureQuerySet(models.QuerySet["PastClosure"]):
    def over(self, day: date) -> Self:
        """Those that kept their service closed on that day."""
        return self.filter(closed_on__lte=day, reopened_on__gt=day)


class PastClosure(models.Model):
    """A time for which a service was closed before it reopened, so that past days stay right.

    A closure entered by mistake has both days alike: it covers no day, and stays on the record.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="past_closures")
    closed_on = models.DateField()
    closed_reason = models.TextField(blank=True)
    reopened_on = models.DateField()
    reopened_reason = models.TextField()

    objects = PastClosureQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-closed_on", "-pk"]
        constraints = [
            # The same day for both is right: it takes back a closure that did not happen.
            models.CheckConstraint(
                condition=Q(reopened_on__gte=F("closed_on")),
                name="past_closure_reopened_after_closed",
            )
        ]

    def __str__(self) -> str:
        return f"{self.service} closed {self.closed_on} to {self.reopened_on}"


class ServiceUnit(Keyed):
    """A named part of a service that can be suspended by itself: a unit of a home, a zone of home
    care.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="units")
    name = models.CharField(max_length=100)
    name_key = KeyField("name")
    # A unit is closed and stays, since past suspensions name it.
    closed_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        default_permissions = ()
        ordering = ["name_key", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["service", "name"], name="unit_once_per_service")
        ]

    def __str__(self) -> str:
        return self.name


class Tier(models.TextChoices):
    """The lot or tier of a framework; DPS stands for dynamic purchasing system."""

    LEAD = "lead", "Lead"
    ADDITIONAL = "additional", "Additional"
    SPOT = "spot", "Spot"
    TIER_1 = "tier_1", "DPS tier 1"
    TIER_2 = "tier_2", "DPS tier 2"
    SPECIALIST = "specialist", "DPS specialist"


class ContractQuerySet(models.QuerySet["Contract"]):
    def in_force_on(self, day: date) -> Self:
        """Contracts that run that day; the last day of one still counts."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class Contract(models.Model):
    """What the council buys from a service, for whom and where."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="contracts")
    reference = models.CharField(max_length=40, unique=True)
    framework = models.CharField(max_length=100, blank=True)
    tier = models.CharField("lot or tier", max_length=20, choices=Tier, blank=True)
    zone = models.CharField(max_length=60, blank=True)
    # Several, as home care is bought by zone: there a service counts in each district of its
    # contracts.
    districts = models.ManyToManyField(District, related_name="contracts")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="The last day of the contract")
    ended_reason = models.TextField(blank=True, editable=False)

    objects = ContractQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-starts_on", "reference"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="contract_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def in_a_sentence(self) -> str:
        """What links about this contract say after their first word."""
        return f"contract {self.reference}"

    @property
    def terms(self) -> list[str]:
        """Under what framework, lot and zone it was bought, as far as they are recorded."""
        zone = f"Zone {self.zone}" if self.zone else ""
        return [text for text in (self.framework, self.get_tier_display(), zone) if text]

    @property
    def dates_in_words(self) -> str:
        """`1 April 2024 to 31 March 2026`, or that it has no end date."""
        starts = day_in_words(self.starts_on)
        if self.ends_on is None:
            return f"From {starts}, no end date"
        return f"{starts} to {day_in_words(self.ends_on)}"

    def is_over_on(self, day: date) -> bool:
        """Whether its last day, which is still part of it, has gone by."""
        return self.ends_on is not None and self.ends_on < day


class Funder(models.TextChoices):
    """Who pays for a person's care (Care Act 2014, section 18; NHS continuing healthcare)."""

    COUNCIL = "council", "This council"
    AUTHORITY = "authority", "Another authority"
    NHS = "nhs", "NHS"
    SELF = "self", "Themselves"


class FundedPeople(Keyed):
    """How many people at a service one funder pays for, as last counted. Never a name of a
    person.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="funded_people")
    funder = models.CharField(max_length=10, choices=Funder)
    # Part of what makes the row unique: several authorities may pay at one service, and each is
    # notified by itself. Empty for the council and for people who pay themselves.
    name = models.CharField("which authority or body", max_length=150, blank=True)
    name_key = KeyField("name")
    email = models.EmailField("email of its placements team", blank=True)
    people = models.PositiveSmallIntegerField()
    counted_on = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ("change",)
        ordering = ["funder", "name_key"]
        verbose_name_plural = "funded people"
        constraints = [
            # A count replaces the one before it: the row holds the latest, and the events the rest.
            models.UniqueConstraint(
                fields=["service", "funder", "name"], name="funder_once_per_service"
            ),
            models.CheckConstraint(
                # An authority is notified of a suspension, so it must be known which.
                condition=~Q(funder="authority") | ~Q(name=""),
                name="funding_authority_is_named",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.get_funder_display()
