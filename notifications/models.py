"""Who is notified, in which words, and the letters that were written. What they are notified of
belongs to the apps above.
"""

from typing import Any, Self
from urllib.parse import urlencode

from django.db import models
from django.db.models import Q

from core.dates import datetime_in_words
from core.models import User
from core.models.keys import Keyed, KeyField
from providers.models import Service


class RecipientKind(models.TextChoices):
    PROVIDER = "provider", "Provider"
    CQC = "cqc", "CQC"
    ICB = "icb", "Integrated care board"
    HEALTHWATCH = "healthwatch", "Healthwatch"
    AUTHORITY = "authority", "Other authority with people placed there"
    OWN_TEAM = "own_team", "Council team"
    FAMILIES = "families", "Residents and families"


class NotificationKind(models.TextChoices):
    SUSPENSION = "suspension", "The suspension"
    CONFIRMED = "confirmed", "The confirmation"
    CHANGE = "change", "A change"
    LIFT = "lift", "The lift"
    CLOSURE = "closure", "The end, as the service closed"


class How(models.TextChoices):
    EMAIL = "email", "Email"
    TELEPHONE = "telephone", "Telephone"
    MEETING = "meeting", "Meeting"
    LETTER = "letter", "Letter"
    PORTAL = "portal", "Portal or system"


NO_EMAIL = "no email address"
TO_BE_SENT = "Email to be sent"


def name_and_means(name: str, email: str) -> str:
    """A recipient, and whether an email reaches them or a person has to: `CQC: by email`."""
    return f"{name}: {'by email' if email else f'{NO_EMAIL}, so contact them yourself'}"


class RecipientQuerySet(models.QuerySet[Any]):
    def waiting(self) -> Self:
        """Not yet notified, and not closed with a reason."""
        # The same question as `is_waiting`, asked of the database.
        return self.filter(notified_at=None, closed_reason="")


class AbstractRecipient(models.Model):
    """Someone who has to be notified, and how that went. The app that notifies them adds of what: a
    key to its own row.
    """

    notification = models.CharField(max_length=10, choices=NotificationKind)
    kind = models.CharField(max_length=15, choices=RecipientKind)
    name = models.CharField(max_length=200)  # as long as a provider's
    # Empty: a person notifies them by other means and records it. Kept with the row, so that it
    # says where the email went whatever the register says later.
    email = models.EmailField("email", blank=True)
    notified_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=10, choices=How, blank=True)
    # None where the worker's email did it.
    notified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    outcome = models.TextField(blank=True)
    tries = models.PositiveSmallIntegerField(
        default=0, help_text="Emails begun: counted before each is sent, whatever became of it"
    )
    # Sending an email and recording that it went cannot be one step. A try that is neither a
    # failure nor a notification was cut off, and the email may have arrived: the next one says so.
    failures = models.PositiveSmallIntegerField(default=0)
    # None when no other try would mend it, or none is left: then a person has to.
    next_try_at = models.DateTimeField(null=True)
    closed_reason = models.TextField("why they need not be notified", blank=True)

    objects = RecipientQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def is_waiting(self) -> bool:
        """Still to be notified, by email or by a person."""
        return self.notified_at is None and not self.closed_reason

    @property
    def state(self) -> str:
        """Notified, failed, to be sent or sent again, to be notified by a person, or closed with a
        reason.
        """
        if self.notified_at:
            return "Notified"
        if self.closed_reason:
            return "Closed"
        if self.next_try_at:
            return "Email failed, we will try again"
        if self.outcome:
            return "Email failed, contact them"
        return TO_BE_SENT if self.email else "Contact them"

    @property
    def state_colour(self) -> str:
        """The colour of the tag that says the state: red for what failed, yellow for what waits."""
        if self.notified_at:
            return "green"
        if self.closed_reason:
            return "grey"
        return "red" if self.outcome else "yellow"

    @property
    def state_detail(self) -> str:
        """How, when and by whom they were notified, or why they need not be."""
        if not self.notified_at:
            return self.closed_reason
        return ", ".join(
            filter(
                None,
                [
                    self.get_how_display(),
                    datetime_in_words(self.notified_at),
                    str(self.notified_by or ""),
                ],
            )
        )

    @property
    def name_and_means(self) -> str:
        """Who they are, and whether an email reaches them or a person has to."""
        return name_and_means(self.name, self.email)

    @property
    def what_to_record(self) -> str:
        """What is read out after the link that records a notification."""
        return f"that {self.name} was notified of {self.get_notification_display().lower()}"


class RegisteredRecipientQuerySet(models.QuerySet["RegisteredRecipient"]):
    def of(self, service: Service) -> Self:
        """In use, for that service or for every service."""
        return self.filter(Q(service=None) | Q(service=service), closed_at=None)


class RegisteredRecipient(Keyed):
    """The register of recipients: who is notified of every suspension, or of those of one service.

    Closed, never deleted: who was on it when a suspension was decided can always be shown.
    """

    # NULL stands for every service, and not for one that is missing.
    service = models.ForeignKey(
        Service,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="registered_recipients",
        help_text="Empty: notified about every service",
    )
    kind = models.CharField("who they are", max_length=15, choices=RecipientKind)
    name = models.CharField(max_length=150)
    name_key = KeyField("name")
    email = models.EmailField("email", blank=True)
    phone = models.CharField("telephone", max_length=30, blank=True)
    address = models.TextField("postal address, for letters", blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = RegisteredRecipientQuerySet.as_manager()

    class Meta:
        default_permissions = ("view", "change")
        ordering = ["kind", "name_key", "pk"]
        constraints = [
            # Of those in use alone: whoever was removed may be added again. Nulls are alike here,
            # or the same recipient could stand twice for every service. Of two who add one at once,
            # the second is refused.
            models.UniqueConstraint(
                fields=["service", "kind", "name"],
                condition=Q(closed_at=None),
                nulls_distinct=False,
                name="registered_recipient_once_in_use",
            ),
            # Who knew of an exempt matter must be answerable later, so a removal has its day and
            # its person.
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="registered_recipient_closed_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def means_in_words(self) -> str:
        """How to reach them: their email address and telephone number, where they are known."""
        return ", ".join(filter(None, [self.email or NO_EMAIL, self.phone]))


class MessageTemplate(models.Model):
    """The words of an email, with names in braces where the facts go.

    For one kind of recipient, or for every kind that has no words of its own.
    """

    notification = models.CharField("what it is about", max_length=10, choices=NotificationKind)
    kind = models.CharField("who it is to", max_length=15, choices=RecipientKind, blank=True)
    subject = models.CharField(max_length=150)
    body = models.TextField()
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        default_permissions = ("change",)
        ordering = ["notification", "kind"]
        constraints = [
            # An empty kind is a kind here: there is one message for everyone without words of their
            # own.
            models.UniqueConstraint(
                fields=["notification", "kind"], name="message_once_per_notification_and_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_notification_display()}, {self.get_kind_display() or 'everyone else'}"

    @property
    def query(self) -> str:
        """What follows the address of the page that changes this message."""
        return f"?{urlencode({'notification': self.notification, 'kind': self.kind})}"


class LetterKind(models.TextChoices):
    SUSPENSION = "suspension", "Letter about a suspension"
    CHANGE = "change", "Letter about a change"
    LIFT = "lift", "Letter about the lift"
    CLOSURE = "closure", "Letter about the end"
    STEP = "step", "Letter about a formal step"
    REVIEW = "review", "Letter about a review"


class AbstractLetter(models.Model):
    """A letter as an accessible PDF: its facts are frozen when it is asked for, its file is made
    once by the worker.
    """

    kind = models.CharField(max_length=10, choices=LetterKind)
    # What it is, of which service and unit: as long as their names may be.
    title = models.CharField(max_length=400)
    # All that the letter says, as it stood when it was asked for. What is recorded later changes no
    # letter, and the same facts make the same bytes.
    facts = models.JSONField()
    # None for a letter that comes by itself with a decision.
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    content = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(null=True)
    # A sentence for the page, emptied when the file has been made after all.
    failed = models.TextField(blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def link_text(self) -> str:
        """What its link says: who it is to, of what kind it is, and that it is a PDF."""
        return f"{self.facts['name']}: {self.get_kind_display().lower()} (PDF)"

    @property
    def state(self) -> str:
        """Ready, failed, or still being made."""
        if self.made_at:
            return "Ready"
        return "Could not be made" if self.failed else "Being made"

    @property
    def state_colour(self) -> str:
        """The colour of the tag that says the state."""
        if self.made_at:
            return "green"
        return "red" if self.failed else "yellow"


def letter_constraints(prefix: str) -> list[models.BaseConstraint]:
    """What the database holds of every letter, named with a prefix: names of constraints are one to
    a schema.
    """
    return [
        # A file without its seal could not be shown later to be the one that was made.
        models.CheckConstraint(
            condition=Q(content=None, made_at=None, sha256="")
            | Q(content__isnull=False, made_at__isnull=False) & ~Q(sha256=""),
            name=f"{prefix}_letter_made_whole",
        ),
    ]
