from typing import Any

from django.conf import settings
from django.db import models


class Event(models.Model):
    """Something that happened, kept for good: triggers refuse update, delete and truncate to
    everyone.

    Holds ids and non-personal values only, and no foreign key to any app, so that personal text
    elsewhere can be blanked when its time is over without touching this record.
    """

    kind = models.CharField(max_length=60)
    # None for what the worker or the clock did by itself.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    # What it is about, by label and id, since this stands below every app. The id is text, since
    # not every key is a number.
    about_label = models.CharField(max_length=60)
    about_id = models.CharField(max_length=60)
    # Kept beside what it is about, so that all events at a service are found by one index, whatever
    # rows they are about.
    service_id = models.BigIntegerField(null=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    request_id = models.CharField(max_length=36, blank=True)

    class Meta:
        default_permissions = ("view",)
        ordering = ["-recorded_at", "-id"]
        indexes = [
            # The history of one row, and the history of a service, newest first.
            models.Index(fields=["about_label", "about_id"], name="event_about"),
            models.Index(fields=["service_id", "-recorded_at"], name="event_service"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about_label} {self.about_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        # The triggers would refuse it too, but only in PostgreSQL's words.
        if self.pk is not None:
            raise TypeError("The event record is append-only.")
        super().save(*args, **kwargs)
