"""What was put to the provider about a suspension, the reviews that it asked for, and the formal
steps beside it.
"""

from django.db import models

from formal_steps.models import (
    AbstractRepresentation,
    AbstractReviewRequest,
    FormalStep,
    representation_constraints,
    review_request_constraints,
)
from suspensions.models.suspension import Suspension


class SuspensionRepresentation(AbstractRepresentation):
    """A representation about a suspension."""

    suspension = models.ForeignKey(Suspension, models.PROTECT, related_name="representations")

    class Meta:
        default_permissions = ()
        ordering = ["put_at", "pk"]
        constraints = representation_constraints("suspension")

    @property
    def subject(self) -> Suspension:
        """The suspension that it is about."""
        return self.suspension


class SuspensionReviewRequest(AbstractReviewRequest):
    """A review of a suspension that the provider asks for."""

    suspension = models.ForeignKey(Suspension, models.PROTECT, related_name="review_requests")

    class Meta:
        default_permissions = ()
        ordering = ["asked_on", "pk"]
        constraints = review_request_constraints("suspension")

    @property
    def subject(self) -> Suspension:
        """The suspension that it is about."""
        return self.suspension


class SuspensionStep(models.Model):
    """That a formal step was proposed beside a suspension."""

    step = models.OneToOneField(FormalStep, models.PROTECT, related_name="beside_suspension")
    suspension = models.ForeignKey(Suspension, models.PROTECT, related_name="steps_beside")

    class Meta:
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.step} beside {self.suspension}"
