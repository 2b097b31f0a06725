from typing import Any, Self

from django.db import models
from django.db.models import OuterRef, Q, QuerySet, Subquery

from core.dates import day_in_words
from core.models import User
from core.models.keys import Keyed, KeyField
from providers.models import Service

IN_WORDS = {
    "5": "5, very good",
    "4": "4, good",
    "3": "3, generally satisfactory",
    "2": "2, some improvement necessary",
    "1": "1, major improvement necessary",
    "0": "0, urgent improvement necessary",
    "Exempt": "Exempt",
    "AwaitingInspection": "Awaiting inspection",
    "AwaitingPublication": "Awaiting publication",
    "Pass": "Pass",
    "ImprovementRequired": "Improvement required",
}


def food_rating_in_words(value: str) -> str:
    """A food hygiene rating as it is printed."""
    return IN_WORDS.get(value.removeprefix("Pass and ").replace(" ", ""), value)


class FoodReading(models.Model):
    """One reading of the Food Standards Agency's ratings, and how many homes it matched."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    requests = models.PositiveIntegerField(default=0)
    establishments = models.PositiveIntegerField(default=0)
    homes = models.PositiveIntegerField(default=0, help_text="Care homes that we looked for")
    matched = models.PositiveIntegerField(default=0)
    notes = models.TextField(blank=True)
    failed_because = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["-started_at", "-pk"]


class FoodEstablishment(Keyed):
    """A place that serves food, as the agency describes it. Kept only if it may be one of our care
    homes.
    """

    fhrs_id = models.BigIntegerField("FHRS id", primary_key=True)
    name = models.CharField(max_length=200)
    name_key = KeyField("name")
    business_type = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=400, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    authority = models.CharField(max_length=80, blank=True)
    read_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["name_key", "fhrs_id"]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        """Its page on the agency's site."""
        return f"https://ratings.food.gov.uk/business/{self.fhrs_id}"


class FoodRatingQuerySet(models.QuerySet["FoodRating"]):
    def current(self) -> Self:
        return self.filter(superseded_at=None)

    def latest_for(self, service: Service) -> "FoodRating | None":
        """The rating now of the establishment that a service is, or None."""
        return self.filter(_is_of(service.pk)).current().select_related("establishment").first()


class FoodRating(models.Model):
    """A food hygiene rating of an establishment, and when we learned it. The agency gives only the
    present one; the past ones are ours.
    """

    establishment = models.ForeignKey(FoodEstablishment, models.PROTECT, related_name="ratings")
    value = models.CharField(max_length=30, help_text="0 to 5, or a word such as Exempt")
    # What awaits inspection, or is exempt, has no day and no scores.
    rated_on = models.DateField(null=True, blank=True)
    hygiene = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The lower, the better"
    )
    structural = models.PositiveSmallIntegerField(null=True, blank=True)
    confidence = models.PositiveSmallIntegerField("confidence in management", null=True, blank=True)
    learned_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = FoodRatingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-learned_at", "-pk"]
        constraints = [
            # A rating that the agency replaced is kept with the day on which we learned so: the
            # agency itself gives only the present one.
            models.UniqueConstraint(
                fields=["establishment"],
                condition=Q(superseded_at=None),
                name="food_rating_one_current",
            )
        ]

    def __str__(self) -> str:
        return (
            f"{self.in_words} ({day_in_words(self.rated_on)})" if self.rated_on else self.in_words
        )

    @property
    def in_words(self) -> str:
        """The rating as it is printed."""
        return food_rating_in_words(self.value)

    @property
    def is_low(self) -> bool:
        """Whether the agency asks for improvement: 0, 1 or 2."""
        return self.value in ("0", "1", "2")


class FoodMatch(models.Model):
    """That an establishment is, may be, or is not one of our care homes. A person decides where it
    is not sure.
    """

    class State(models.TextChoices):
        SURE = "sure", "Matched by name and postcode"
        DOUBTFUL = "doubtful", "To be decided"
        CONFIRMED = "confirmed", "The same place"
        REFUSED = "refused", "A different place"

    IN_FORCE = (State.SURE, State.CONFIRMED)

    service = models.ForeignKey(Service, models.PROTECT, related_name="food_matches")
    establishment = models.ForeignKey(FoodEstablishment, models.PROTECT, related_name="matches")
    state = models.CharField(max_length=10, choices=State)
    why = models.CharField(max_length=200, help_text="Why they may be the same")
    found_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["service__name_key", "pk"]
        constraints = [
            # A pair that was refused stays, so that no later reading proposes it again.
            models.UniqueConstraint(fields=["service", "establishment"], name="food_match_once"),
            # A home is one establishment; it may have several proposals.
            models.UniqueConstraint(
                fields=["service"],
                condition=Q(state__in=["sure", "confirmed"]),
                name="food_match_one_in_force",
            ),
            # Only name and postcode that both agree stand without a person.
            models.CheckConstraint(
                condition=Q(state__in=["sure", "doubtful"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="food_match_decided_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} and {self.establishment}"

    @property
    def compared(self) -> tuple[tuple[str, str, str], ...]:
        """What a person compares to decide: in our register, and at the agency."""
        ours, theirs = self.service, self.establishment
        return (
            ("Address", ours.address, theirs.address),
            ("Postcode", ours.postcode, theirs.postcode),
            ("District", str(ours.district), theirs.authority),
        )

    @property
    def is_in_force(self) -> bool:
        """Whether the home has the establishment's rating."""
        return self.state in self.IN_FORCE


def _is_of(service: Any) -> Q:
    return Q(
        establishment__matches__service=service,
        establishment__matches__state__in=FoodMatch.IN_FORCE,
    )


def services_with_food_ratings(services: QuerySet[Service]) -> QuerySet[Service]:
    """Annotate services of the register with `food_value` and `food_rated_on`, None where there is
    no match.
    """
    current = FoodRating.objects.filter(_is_of(OuterRef("pk"))).current()
    return services.annotate(
        food_value=Subquery(current.values("value")[:1]),
        food_rated_on=Subquery(current.values("rated_on")[:1]),
    )
