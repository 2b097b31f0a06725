from datetime import date, datetime
from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Case, F, Func, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Concat

from core.dates import day_in_words
from providers.models import Service
from providers.vocabulary import ServiceType, service_types
from ratings.models.links import ServiceLocation
from ratings.models.locations import Location, LocationQuerySet
from ratings.vocabulary import WORST_FIRST, KeyQuestion, RatingSource, RatingWord

WORST_FIRST_RANK = Case(
    *[When(rating=word.value, then=Value(rank)) for rank, word in enumerate(WORST_FIRST)],
    default=Value(len(WORST_FIRST)),
    output_field=models.SmallIntegerField(),
)

WHAT_IS_RATED = Func(
    Concat("location_id", Value("|"), "service_group", Value("|"), "key_question"),
    Value(0),
    function="hashtextextended",
    output_field=models.BigIntegerField(),
)


def _corner(away: float) -> Func:
    halves = (WHAT_IS_RATED.bitrightshift(32), WHAT_IS_RATED.bitand(0xFFFFFFFF))
    return Func(
        *(Cast(half, models.FloatField()) + away for half in halves),
        function="point",
        output_field=models.Field(),
    )


def _known(moment: datetime | None, to: str = "") -> Q:
    if moment is None:
        return Q((f"{to}retracted_at", None))
    # Retracted later than the moment: it was still held to be so then.
    kept = Q((f"{to}retracted_at", None)) | Q((f"{to}retracted_at__gt", moment))
    return kept & Q((f"{to}learned_at__lte", moment))


def stood_on(day: date, known_at: datetime | None = None, *, to: str = "") -> Q:
    """The ratings that stood on a day, by all that is known now or by what was known at a moment,
    as a condition.

    `to` is the way to them from another model, such as `ratings__`.
    """
    not_over = Q((f"{to}superseded_on", None)) | Q((f"{to}superseded_on__gt", day))
    return _known(known_at, to) & not_over & Q((f"{to}published_on__lte", day))


class RatingQuerySet(models.QuerySet["Rating"]):
    def as_at(self, day: date, *, known_at: datetime | None = None) -> Self:
        """What stood on that day, by all that is known now or by what was known at a moment."""
        return self.filter(stood_on(day, known_at))

    def known_at(self, moment: datetime) -> Self:
        """What we had learned by that moment and not yet retracted."""
        return self.filter(_known(moment))

    def known_now(self) -> Self:
        return self.filter(_known(None))

    def overall(self) -> Self:
        return self.filter(key_question=KeyQuestion.OVERALL)


class Rating(models.Model):
    """One rating of a location, or of one service of it, for one key question or overall, and the
    days on which it stood.

    Two clocks: it was true from `published_on` up to but not on `superseded_on`; we knew it from
    `learned_at` up to `retracted_at`. A row is never changed but for `retracted_at`: what we learn
    later, an end included, is a new row in place of a retracted one.
    """

    # No index of its own: `rating_as_at` begins with it.
    location = models.ForeignKey(Location, models.PROTECT, related_name="ratings", db_index=False)
    service_group = models.CharField(
        max_length=150,
        blank=True,
        help_text="CQC's name for the service rated; empty for the whole location",
    )
    service_type = models.CharField(
        max_length=20, choices=service_types, blank=True, help_text="That service in our words"
    )
    key_question = models.CharField(max_length=12, choices=KeyQuestion)
    rating = models.CharField(max_length=20, choices=RatingWord)
    published_on = models.DateField(help_text="True from")
    superseded_on = models.DateField(
        null=True, blank=True, help_text="The first day on which it no longer stood"
    )
    source = models.CharField(max_length=10, choices=RatingSource)
    inherited_from = models.CharField(
        max_length=30, blank=True, help_text="The location before it, if the rating is that one's"
    )
    report_link = models.CharField(max_length=80, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    learned_at = models.DateTimeField()
    retracted_at = models.DateTimeField(null=True, blank=True)

    objects = RatingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["location", "service_group", "key_question", "published_on"]
        constraints = [
            # What was replaced on its own first day stood on none, and is not kept as a rating.
            models.CheckConstraint(
                condition=Q(superseded_on=None) | Q(superseded_on__gt=F("published_on")),
                name="rating_superseded_after_published",
            ),
            models.CheckConstraint(
                condition=Q(retracted_at=None) | Q(retracted_at__gte=F("learned_at")),
                name="rating_retracted_after_learned",
            ),
            # An unknown word would be left out of every figure in silence. Refused here, its
            # payload is shown as one that cannot be used.
            models.CheckConstraint(
                condition=Q(rating__in=RatingWord.values), name="rating_word_known"
            ),
            models.CheckConstraint(
                condition=Q(key_question__in=KeyQuestion.values), name="rating_key_question_known"
            ),
            # PostgreSQL here has no btree_gist, so that equality in a GiST index is a small box at
            # a point: the two halves of the hash of location, group and question. Two of some
            # 400,000 such keys share a 64-bit hash once in ten million databases. A range of the
            # one number did the same and took three times as long to write.
            ExclusionConstraint(
                name="rating_one_at_a_time",
                expressions=[
                    (
                        Func(_corner(0), _corner(0.5), function="box", output_field=models.Field()),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            "published_on",
                            "superseded_on",
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                # What we knew once may contradict what we know now.
                condition=Q(retracted_at=None),
            ),
        ]
        indexes = [
            # What was retracted is in it too, for what we knew at a moment.
            models.Index(
                fields=["location", "key_question", "service_group", "-published_on"],
                include=["rating", "superseded_on", "service_type", "learned_at", "retracted_at"],
                name="rating_as_at",
            ),
            models.Index(fields=["-learned_at"], name="rating_learned"),
        ]

    def __str__(self) -> str:
        return (
            f"{self.get_key_question_display()}: {self.get_rating_display()},"
            f" {day_in_words(self.published_on)}"
        )

    @property
    def group_in_words(self) -> str:
        """The service that it is of, for reading."""
        if self.service_type:
            return ServiceType(self.service_type).label
        return self.service_group or "Whole location"


def lowest_first(ratings: RatingQuerySet, *first: Any) -> RatingQuerySet:
    """Order so that the one figure per location comes first: the rating of the whole, else the
    lowest of its services'.

    `first` orders before that, for instance by the service type that is asked about.
    """
    whole_first = Case(When(service_group="", then=Value(0)), default=Value(1))
    return ratings.order_by(*first, whole_first, WORST_FIRST_RANK, "-published_on", "service_group")


def services_with_ratings(services: QuerySet[Service], day: date) -> QuerySet[Service]:
    """Annotate services of the register with `cqc_location_id`, `cqc_rating` and `cqc_rated_on` as
    at a day.

    A location with several services can hold a rating for each: a service takes that of its own
    type, else the location's.
    """
    location = (
        ServiceLocation.objects.in_force_on(day)
        .filter(service=OuterRef("pk"))
        .values("location_id")[:1]
    )
    own_type_first = Case(
        When(service_type=OuterRef("service_type"), then=Value(0)), default=Value(1)
    )
    current = Rating.objects.as_at(day).overall().filter(location_id=OuterRef("cqc_location_id"))
    # By way of an alias: an outer reference that stands in order_by alone is not resolved.
    best = lowest_first(current.alias(own_type_first=own_type_first), "own_type_first")
    return services.annotate(cqc_location_id=Subquery(location)).annotate(
        cqc_rating=Subquery(best.values("rating")[:1]),
        cqc_rated_on=Subquery(best.values("published_on")[:1]),
    )


def with_rating_as_at(locations: LocationQuerySet, day: date) -> LocationQuerySet:
    """Annotate `rating` and `rated_on`: the rating of the whole, or the lowest of its services'
    where CQC rates those apart.
    """
    overall = lowest_first(Rating.objects.as_at(day).overall().filter(location=OuterRef("pk")))
    return locations.annotate(
        rating=Subquery(overall.values("rating")[:1]),
        rated_on=Subquery(overall.values("published_on")[:1]),
    )
