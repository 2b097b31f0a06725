from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from audits.models.visits import VisitOutcome
from providers.vocabulary import ServiceType, service_types


def usual_meeting_types() -> list[str]:
    return [ServiceType.SUPPORTED_LIVING.value]


class Procedure(models.Model):
    """How the council goes from a score to a plan: one row, each step switched on or off. Without a
    row, what comes with the product.

    Source: the council's own policy; the days for factual accuracy follow CQC's practice of letting
    a provider check a draft report before it is published.
    """

    rating_hidden = models.BooleanField(
        "the officer sees no rating until the visit is completed", default=True
    )
    moderated = models.BooleanField("a senior officer moderates each audit", default=True)
    factual_accuracy = models.BooleanField(
        "the provider checks the draft for factual accuracy", default=True
    )
    factual_accuracy_days = models.PositiveSmallIntegerField(
        "days to check factual accuracy",
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    plan_needed = models.BooleanField(
        "audits rated Requires improvement or Poor need an action plan", default=True
    )
    plan_days = models.PositiveSmallIntegerField(
        "days to agree the action plan",
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    every_finding_has_action = models.BooleanField("every finding needs an action", default=True)
    months_excellent = models.PositiveSmallIntegerField("after Excellent", default=18)
    months_good = models.PositiveSmallIntegerField("after Good", default=12)
    months_requires_improvement = models.PositiveSmallIntegerField(
        "after Requires improvement", default=6
    )
    months_poor = models.PositiveSmallIntegerField("after Poor", default=3)
    meeting_types: models.Field = ArrayField(
        models.CharField(max_length=20, choices=service_types),
        verbose_name="types of service with a contract review meeting after an audit",
        default=usual_meeting_types,
        blank=True,
    )
    meeting_weeks = models.PositiveSmallIntegerField(
        "weeks from the audit to the meeting",
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(52)],
    )
    banding = models.BooleanField("a final audit sets the service’s band", default=True)
    # From the last word of the server. What is on a laptop must open from a Friday to a Monday.
    offline_hours = models.PositiveSmallIntegerField(
        "hours that a downloaded visit opens without a network",
        default=72,
        validators=[MinValueValidator(1), MaxValueValidator(336)],
        help_text="From 1 to 336 (two weeks)",
    )
    offline_passphrase = models.BooleanField(
        "a downloaded visit opens without a network only with a passphrase", default=False
    )

    class Meta:
        default_permissions = ("change",)
        constraints = [
            # One row for the council: the steps of a report are never those of another's choice.
            models.CheckConstraint(condition=Q(pk=1), name="one_procedure"),
            models.CheckConstraint(
                condition=Q(factual_accuracy_days__gte=1, plan_days__gte=1, meeting_weeks__gte=1),
                name="procedure_time_allowed",
            ),
            models.CheckConstraint(
                condition=Q(offline_hours__gte=1, offline_hours__lte=336),
                name="procedure_offline_hours",
            ),
            # A worse outcome is never looked at later than a better one.
            models.CheckConstraint(
                condition=Q(months_poor__gte=1)
                & Q(months_requires_improvement__gte=F("months_poor"))
                & Q(months_good__gte=F("months_requires_improvement"))
                & Q(months_excellent__gte=F("months_good")),
                name="procedure_worse_is_sooner",
            ),
        ]

    def __str__(self) -> str:
        return "Audit procedure"

    @classmethod
    def current(cls) -> "Procedure":
        """The council's steps, or what comes with the product; the latter is never stored by it."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    def months_after(self, outcome: str) -> int:
        """Months from an audit with that outcome to the next."""
        months: int = getattr(self, f"months_{VisitOutcome(outcome).value}")
        return months
