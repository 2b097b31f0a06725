from datetime import date
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from audits.models.visits import Visit, VisitOutcome
from providers.models import Service
from ratings.vocabulary import RatingWord

LOWEST = 5


class BandRule(models.Model):
    """What a service needs for a band: 1 is the best; who meets no rule is in band 5. A service has
    the best band of which it meets all.

    Source: the council's own policy. No law sets bands; fees and monitoring follow from them.
    """

    band = models.PositiveSmallIntegerField(unique=True, editable=False)
    outcome_at_least = models.CharField("lowest audit outcome", max_length=20, choices=VisitOutcome)
    score_at_least = models.PositiveSmallIntegerField(
        "lowest audit score (per cent)", default=0, validators=[MaxValueValidator(100)]
    )
    cqc_at_least = models.CharField(
        "lowest CQC overall rating", max_length=20, choices=RatingWord, blank=True
    )
    no_overdue_actions = models.BooleanField("no overdue actions", default=False)
    no_high_concerns = models.BooleanField(
        "no open concerns of high or very high risk", default=False
    )

    class Meta:
        default_permissions = ()
        ordering = ["band"]
        constraints = [
            # The lowest band has no rule: it is what is left when none is met.
            models.CheckConstraint(
                condition=Q(band__gte=1, band__lt=LOWEST), name="band_rule_one_to_four"
            ),
            models.CheckConstraint(condition=Q(score_at_least__lte=100), name="band_rule_percent"),
        ]

    def __str__(self) -> str:
        return f"Band {self.band}"

    @classmethod
    def current(cls) -> list["BandRule"]:
        """The council's rules, best band first; for a band without one, what comes with the
        product.
        """
        kept = {rule.band: rule for rule in cls.objects.all()}
        return [kept.get(rule.band, rule) for rule in _shipped()]


def _shipped() -> list[BandRule]:
    outcome, cqc = VisitOutcome, RatingWord
    strict = {"no_overdue_actions": True, "no_high_concerns": True}
    return [
        BandRule(
            band=1,
            outcome_at_least=outcome.EXCELLENT,
            score_at_least=90,
            cqc_at_least=cqc.GOOD,
            **strict,
        ),
        BandRule(
            band=2,
            outcome_at_least=outcome.GOOD,
            score_at_least=80,
            cqc_at_least=cqc.GOOD,
            **strict,
        ),
        BandRule(band=3, outcome_at_least=outcome.GOOD, score_at_least=70),
        BandRule(band=4, outcome_at_least=outcome.REQUIRES_IMPROVEMENT, score_at_least=40),
    ]


class BandQuerySet(models.QuerySet["Band"]):
    def current_on(self, day: date) -> Self:
        """The band of each service that day."""
        return (
            self.filter(from_on__lte=day)
            # Two of one day, an audit made final again: the later row is the one that stands.
            .order_by("service_id", "-from_on", "-pk")
            .distinct("service_id")
        )


class Band(models.Model):
    """The band of a service from a day on, with what gave it. A later row takes its place; none is
    ever changed.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="bands")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="bands")
    band = models.PositiveSmallIntegerField()
    from_on = models.DateField()
    # Kept as said that day: a later change of the rules must not rewrite why a fee was paid.
    why = models.JSONField(default=list)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = BandQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-from_on", "-pk"]
        indexes = [models.Index(fields=["service", "-from_on"], name="band_service_from")]
        constraints = [
            models.CheckConstraint(
                condition=Q(band__gte=1, band__lte=LOWEST), name="band_one_to_five"
            )
        ]

    def __str__(self) -> str:
        return f"Band {self.band}"
