"""The log of contacts about services."""

from django.conf import settings
from django.db import models

from concerns.models.concern import Concern
from concerns.models.vocabulary import ContactKind, ContactWith
from providers.models import Service


class ContactLogEntry(models.Model):
    """A call, email or meeting about a service, logged in a line or two."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="contacts")
    # Empty for a contact about the service that belongs to no concern.
    concern = models.ForeignKey(
        Concern, models.PROTECT, null=True, blank=True, related_name="contacts"
    )
    kind = models.CharField(max_length=10, choices=ContactKind)
    with_whom = models.CharField("with", max_length=20, choices=ContactWith)
    happened_at = models.DateTimeField()
    note = models.TextField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField(editable=False)

    class Meta:
        default_permissions = ()
        ordering = ["-happened_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.service}"

    @property
    def kind_and_with_whom(self) -> str:
        """`Telephone call, the provider`."""
        return f"{self.get_kind_display()}, {self.get_with_whom_display().lower()}"
