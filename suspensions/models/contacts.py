"""Who is told of a service's suspension, in which words, and the letters that were written."""

from typing import Self

from django.db import models
from django.db.models import Q

from core.models import User
from providers.models import Service
from suspensions.models.ladder import FormalStep
from suspensions.models.record import Party, PartyKind, Telling
from suspensions.models.suspension import Suspension


class ContactQuerySet(models.QuerySet["Contact"]):
    def of(self, service: Service) -> Self:
        """In use, for that service or for every service."""
        return self.filter(Q(service=None) | Q(service=service), closed_at=None)


class Contact(models.Model):
    """The register of parties: someone to be told of every suspension, or of those of one service. Closed, never deleted."""

    service = models.ForeignKey(
        Service,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contacts_to_tell",
        help_text="Empty: told of every service",
    )
    kind = models.CharField("who they are", max_length=15, choices=PartyKind)
    name = models.CharField(max_length=150)
    email = models.EmailField("e-mail", blank=True)
    phone = models.CharField("telephone", max_length=30, blank=True)
    address = models.TextField("postal address, for letters", blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = ContactQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["kind", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "kind", "name"],
                condition=Q(closed_at=None),
                nulls_distinct=False,
                name="contact_once_in_use",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="contact_closed_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MessageTemplate(models.Model):
    """The words of an e-mail, with names in braces where the facts go. For one kind of party, or for all the others."""

    telling = models.CharField("what it tells", max_length=10, choices=Telling)
    kind = models.CharField("to whom", max_length=15, choices=PartyKind, blank=True)
    subject = models.CharField(max_length=150)
    body = models.TextField()
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        default_permissions = ("change",)
        ordering = ["telling", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["telling", "kind"], name="message_once_per_telling_and_kind")
        ]

    def __str__(self) -> str:
        return f"{self.get_telling_display()}, {self.get_kind_display() or 'everyone else'}"


class LetterKind(models.TextChoices):
    SUSPENSION = "suspension", "Letter of suspension"
    CHANGE = "change", "Letter of a change"
    LIFT = "lift", "Letter of the lift"
    STEP = "step", "Letter of a formal step"
    REVIEW = "review", "Letter of the answer to a review"


class Letter(models.Model):
    """A letter as an accessible PDF: its facts are frozen when it is asked for, its file is made once by the worker."""

    suspension = models.ForeignKey(Suspension, models.PROTECT, null=True, related_name="letters")
    step = models.ForeignKey(FormalStep, models.PROTECT, null=True, related_name="letters")
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="letters")
    kind = models.CharField(max_length=10, choices=LetterKind)
    title = models.CharField(max_length=300)
    facts = models.JSONField()
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    content = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(null=True)
    failed = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(suspension=None, step__isnull=False) | Q(suspension__isnull=False, step=None),
                name="letter_of_one_matter",
            ),
            models.CheckConstraint(
                condition=Q(content=None, made_at=None, sha256="")
                | Q(content__isnull=False, made_at__isnull=False) & ~Q(sha256=""),
                name="letter_made_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.title
