from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audits.models.visits import Visit, VisitOutcome
from core.dates import day_in_words
from core.models.keys import Keyed, KeyField
from providers.models import Service


class GoodPracticeQuerySet(models.QuerySet["GoodPractice"]):
    def usable(self) -> Self:
        """Those that a paper may use: the provider consented and has not withdrawn that."""
        return self.filter(consented_on__isnull=False, withdrawn_on=None)


class GoodPractice(Keyed):
    """Something worth sharing, seen at a service. A paper uses it only with the provider's consent,
    by its name or without.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="good_practice")
    visit = models.ForeignKey(
        Visit, models.PROTECT, null=True, blank=True, related_name="good_practice"
    )
    title = models.CharField(max_length=120)
    title_key = KeyField("title")
    text = models.TextField("what is good about it, and what difference it made")
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    consented_on = models.DateField("consented on", null=True, blank=True)
    consented_post = models.CharField("post of who consented", max_length=120, blank=True)
    named = models.BooleanField("papers can name the service", default=False)
    withdrawn_on = models.DateField("consent withdrawn on", null=True, blank=True, editable=False)

    objects = GoodPracticeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-recorded_at", "-pk"]
        verbose_name_plural = "good practice"
        constraints = [
            # No example is named without a day and a post that answer for the consent.
            models.CheckConstraint(
                condition=Q(consented_on=None, consented_post="", named=False, withdrawn_on=None)
                | Q(consented_on__isnull=False) & ~Q(consented_post=""),
                name="good_practice_consent_whole",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("consented_on")),
                name="good_practice_withdrawn_after_consent",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_usable(self) -> bool:
        """Whether a paper may use it, as `usable` asks of many."""
        return self.consented_on is not None and self.withdrawn_on is None

    @property
    def use_in_words(self) -> str:
        """Whether a paper may use it, and how it then calls the service."""
        if self.consented_on is None:
            return "No, the provider has not consented"
        if self.withdrawn_on is not None:
            return f"No, the provider withdrew its consent on {day_in_words(self.withdrawn_on)}"
        return "Yes, with the service’s name" if self.named else "Yes, without the service’s name"

    def called(self, number: int) -> str:
        """How a paper calls the service: by its name where that was agreed, else by a number of the
        paper's own.
        """
        return self.service.name if self.named else f"Provider {number}"


class AwardCategory(models.TextChoices):
    """The seven categories of the care awards."""

    PERSON_CENTRED = "person_centred", "Person-centred care"
    TEAM = "team", "Team of the year"
    LEARNING = "learning", "Learning and development champion"
    COMMUNITY = "community", "Engaging with the community"
    INNOVATION = "innovation", "Innovative care"
    LEADERSHIP = "leadership", "Leading a successful service"
    SUPPORT = "support", "Supporting excellent care"


class NominationResult(models.TextChoices):
    NOMINATED = "nominated", "Nominated"
    SHORTLISTED = "shortlisted", "Shortlisted"
    WON = "won", "Won"


class Nomination(models.Model):
    """A service nominated for the council's care awards of a year."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="nominations")
    year = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=20, choices=AwardCategory)
    reason = models.TextField("why it is nominated")
    good_practice = models.ForeignKey(
        GoodPractice, models.PROTECT, null=True, blank=True, related_name="nominations"
    )
    result = models.CharField(
        max_length=15, choices=NominationResult, default=NominationResult.NOMINATED, editable=False
    )
    nominated_at = models.DateTimeField(editable=False)
    nominated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        default_permissions = ()
        ordering = ["-year", "category", "pk"]
        constraints = [
            # Two colleagues may think of the same service: it stands once in a category.
            models.UniqueConstraint(fields=["service", "year", "category"], name="nomination_once"),
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.get_category_display()}, {self.year}"


class Support(models.TextChoices):
    TO_GOOD = "to_good", "Requires Improvement to Good"
    LEADERSHIP = "leadership", "Leadership and management"
    MEDICINES = "medicines", "Medicines"
    MOVING = "moving", "Moving and handling"


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def running(self) -> Self:
        return self.filter(ended_on=None)


class Enrolment(models.Model):
    """A service in the improvement programme: the support that it has, and how it was rated before
    and after.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="enrolments")
    support = models.CharField(max_length=20, choices=Support)
    enrolled_on = models.DateField()
    enrolled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrolments")
    aim = models.TextField("what should improve")
    rated_before = models.CharField(max_length=20, choices=VisitOutcome)
    rated_after = models.CharField(max_length=20, choices=VisitOutcome, blank=True, editable=False)
    ended_on = models.DateField(null=True, blank=True, editable=False)
    result = models.TextField("what difference the support made", blank=True, editable=False)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-enrolled_on", "-pk"]
        constraints = [
            # A service may have several kinds of support at once, each of them once.
            models.UniqueConstraint(
                fields=["service", "support"],
                condition=Q(ended_on=None),
                name="enrolled_once_at_a_time",
            ),
            # What ended has its result; the rating after may be missing, where no audit followed.
            models.CheckConstraint(
                condition=Q(ended_on=None, rated_after="", result="")
                | Q(ended_on__gte=F("enrolled_on")) & ~Q(result=""),
                name="enrolment_ended_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.get_support_display()}"

    @property
    def shift(self) -> int | None:
        """Steps up (or, below nought, down) from the rating before to the one after; None while
        there is no second.
        """
        if not self.rated_after:
            return None
        worst_first = [
            VisitOutcome.POOR,
            VisitOutcome.REQUIRES_IMPROVEMENT,
            VisitOutcome.GOOD,
            VisitOutcome.EXCELLENT,
        ]
        order = [outcome.value for outcome in worst_first]
        return order.index(self.rated_after) - order.index(self.rated_before)

    @property
    def shift_in_words(self) -> str:
        """`1 step better`, `2 steps worse`, `The same`; empty while there is no rating after."""
        if self.shift is None:
            return ""
        if self.shift == 0:
            return "The same"
        steps = "1 step" if abs(self.shift) == 1 else f"{abs(self.shift)} steps"
        return f"{steps} {'better' if self.shift > 0 else 'worse'}"
