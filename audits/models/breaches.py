from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from providers.models import Service


class Regulation(models.TextChoices):
    """The fundamental standards of the Health and Social Care Act 2008 (Regulated Activities)
    Regulations 2014, and the duty to notify.
    """

    PERSON_CENTRED = "9", "Regulation 9, person-centred care"
    DIGNITY = "10", "Regulation 10, dignity and respect"
    CONSENT = "11", "Regulation 11, need for consent"
    SAFE_CARE = "12", "Regulation 12, safe care and treatment"
    SAFEGUARDING = "13", "Regulation 13, safeguarding from abuse and improper treatment"
    NUTRITION = "14", "Regulation 14, nutrition and hydration"
    PREMISES = "15", "Regulation 15, premises and equipment"
    COMPLAINTS = "16", "Regulation 16, receiving and acting on complaints"
    GOVERNANCE = "17", "Regulation 17, good governance"
    STAFFING = "18", "Regulation 18, staffing"
    FIT_PERSONS = "19", "Regulation 19, fit and proper persons employed"
    CANDOUR = "20", "Regulation 20, duty of candour"
    NOTIFICATION = (
        "2009-18",
        "Registration Regulations 2009, regulation 18, notification of incidents",
    )


class BreachQuerySet(models.QuerySet["Breach"]):
    def current_on(self, day: date) -> Self:
        """Published by then, and not yet found met."""
        return self.filter(Q(met_on=None) | Q(met_on__gt=day), published_on__lte=day)


class Breach(models.Model):
    """A breach of regulations that CQC published of a service. CQC's data feed does not carry them:
    an officer records them from its report.

    Source: the Health and Social Care Act 2008 (Regulated Activities) Regulations 2014, and CQC's
    published inspection reports.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="breaches")
    regulation = models.CharField(max_length=10, choices=Regulation)
    published_on = models.DateField("report published on")
    what = models.TextField("what CQC found")
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    met_on = models.DateField("found met on", null=True, blank=True)
    met_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    objects = BreachQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-published_on", "regulation", "pk"]
        constraints = [
            # A regulation breached again is another report's breach, with its own day met.
            models.UniqueConstraint(
                fields=["service", "regulation", "published_on"], name="breach_once_per_report"
            ),
            models.CheckConstraint(
                condition=Q(met_on=None, met_by=None)
                | Q(met_on__gte=F("published_on"), met_by__isnull=False),
                name="breach_met_after_published",
            ),
        ]

    def __str__(self) -> str:
        return self.get_regulation_display()
