"""Work that went from one person to another."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from core.models.people import User


class HandoverQuerySet(models.QuerySet["Handover"]):
    def about(self, obj: models.Model) -> Self:
        """What became of who has that object, the latest first."""
        return self.filter(about_label=obj._meta.label_lower, about_id=obj.pk).select_related(
            "from_person", "to_person", "by"
        )


class Handover(models.Model):
    """One piece of work was given from one person to another, with the reason. Append-only: a
    trigger refuses the rest.

    The reason may tell of what is exempt, and is shown on the page of that work alone.
    """

    # Which of `core.work.WORK`, and the row; no foreign key, since this stands below every app.
    work = models.CharField(max_length=40)
    about_label = models.CharField(max_length=100)
    about_id = models.BigIntegerField()
    # None: nobody had it.
    from_person = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    to_person = models.ForeignKey(User, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField()

    objects = HandoverQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [("hand_over_work", "Can see the team’s late work and hand it over")]
        ordering = ["-pk"]
        indexes = [models.Index(fields=["about_label", "about_id"], name="handover_about")]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_person=None) | ~Q(from_person=F("to_person")),
                name="handover_to_another",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="handover_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.from_person or 'Nobody'} to {self.to_person}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Fails where the mistake is made; the trigger would refuse the same in the database.
        if self.pk is not None:
            raise TypeError("Handovers are append-only.")
        super().save(*args, **kwargs)

    @property
    def in_words(self) -> str:
        """`From Ana Smith to Ben Jones`."""
        return (
            f"From {self.from_person} to {self.to_person}"
            if self.from_person
            else (f"To {self.to_person}")
        )
