from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q


class Version(models.Model):
    """The words of a record as somebody left them: append-only, so that who wrote what and when can
    always be told.

    Holds the whole of the fields that are kept of the record, and not only what changed. Triggers
    refuse delete and truncate, and every change but one: when the time of personal text is over,
    retention blanks `fields` (`core.versions.blank`), and the hash stays to show that a copy kept
    elsewhere is the same.
    """

    # Of what, by label and id, since this stands below every app.
    about_label = models.CharField(max_length=60)
    about_id = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    # By name, as JSON holds them: {"reasons": "…", "agreed_on": "2019-12-09"}.
    fields = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    # None for what the system wrote by itself.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    # SHA-256, in hexadecimal digits, of what it is of, its number, its author and its fields.
    sha256 = models.CharField(max_length=64)
    blanked_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["about_label", "about_id", "number"]
        constraints = [
            # Of two who write at once without a lock, the second is refused.
            models.UniqueConstraint(
                fields=["about_label", "about_id", "number"], name="version_number_once"
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="version_number_from_one"),
            models.CheckConstraint(
                condition=Q(blanked_at=None) | Q(fields={}), name="version_blanked_is_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about_label} {self.about_id}, version {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        # The triggers would refuse it too, but only in PostgreSQL's words.
        if self.pk is not None:
            raise TypeError("Versions are append-only.")
        super().save(*args, **kwargs)

    @property
    def token(self) -> str:
        """What a form carries to say that this version was seen."""
        return f"{self.number}-{self.sha256[:16]}"

    @property
    def in_words(self) -> str:
        """`Version 2`."""
        return f"Version {self.number}"

    @property
    def is_blanked(self) -> bool:
        return self.blanked_at is not None
