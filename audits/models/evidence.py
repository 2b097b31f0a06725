from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from audits.models.templates import Question
from audits.models.visits import Visit
from concerns.models import Concern


class EvidenceSource(models.TextChoices):
    """Where evidence comes from. What was seen is the first: evidence without a source stands
    there.
    """

    SEEN = "seen", "Seen"
    RECORDS = "records", "Records"
    STAFF = "staff", "Staff"
    PEOPLE = "people", "People"
    RELATIVES = "relatives", "Relatives"


class LooseNote(models.Model):
    """A note taken during a visit, filed under a question at once, later or never. Its id is made
    on the device that wrote it.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="loose_notes")
    question = models.ForeignKey(
        Question,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="loose_notes",
        verbose_name="filed under",
    )
    text = models.TextField()
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        # As written: what was typed without a network may reach the server days later.
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="loose_note_says_something")
        ]

    def __str__(self) -> str:
        return self.text


class FeedbackSheet(models.Model):
    """What the officer tells the service's manager at the end of a visit. Nothing is scored yet,
    so it says nothing of a score.
    """

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="feedback")
    good = models.TextField("what was good", blank=True)
    change_now = models.TextField("what must change at once", blank=True)
    next_steps = models.TextField("what happens next", blank=True)
    # A post and not a name: the sheet is handed over, copied and kept.
    given_to = models.CharField("post of the person it was given to", max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Feedback, {self.visit}"


class AttachmentKind(models.TextChoices):
    PHOTOGRAPH = "photograph", "Photograph"
    DOCUMENT = "document", "Document"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def not_withdrawn(self) -> Self:
        return self.filter(withdrawn_at=None)

    def documents(self) -> Self:
        return self.filter(kind=AttachmentKind.DOCUMENT)


class Attachment(models.Model):
    """A photograph or a document of a visit. What it holds is a row of its own, so that no list
    ever loads it.

    Its id is made on the device that adds it. Withdrawing one destroys what it held (it may show a
    person who did not agree) and keeps that it was there, who withdrew it and why.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="attachments")
    question = models.ForeignKey(
        Question, models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    kind = models.CharField(max_length=12, choices=AttachmentKind)
    name = models.CharField("file name", max_length=120)
    caption = models.CharField("what it shows", max_length=200, blank=True)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField("size in bytes")
    # Stays when the content is destroyed, with name and size: the record says what was there.
    sha256 = models.CharField(max_length=64)
    from_provider = models.BooleanField("supplied by the provider", default=False)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["added_at", "pk"]
        constraints = [
            # Destroying a file is answered for: who, when and why, or not at all.
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                & ~Q(withdrawn_reason=""),
                name="attachment_withdrawn_whole",
            )
        ]

    def __str__(self) -> str:
        return self.caption or self.name

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def about(self) -> str:
        """What is said beside its name: `photograph, supplied by the provider`."""
        parts = [self.get_kind_display().lower()]
        if self.from_provider:
            parts.append("supplied by the provider")
        return ", ".join(parts)

    @property
    def alternative_text(self) -> str:
        """What is read out in place of a photograph."""
        return self.caption or "Photograph without a description"

    @property
    def is_photograph(self) -> bool:
        return self.kind == AttachmentKind.PHOTOGRAPH


class AttachmentContent(models.Model):
    """What an attachment holds. Withdrawing the attachment deletes this row alone."""

    attachment = models.OneToOneField(
        Attachment, models.CASCADE, primary_key=True, related_name="content"
    )
    data = models.BinaryField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{len(self.data)} bytes"


class ImmediateRisk(models.Model):
    """An immediate risk that an officer met at a visit, with the concern that it became.

    Its id is made on the device that recorded it.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="immediate_risks")
    concern = models.OneToOneField(Concern, models.PROTECT, related_name="found_at_visit")
    seen_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["seen_at", "pk"]

    def __str__(self) -> str:
        return str(self.concern)


class RiskContact(models.Model):
    """Who an officer calls about an immediate risk at a visit, in the order in which they are
    shown.
    """

    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField("name", max_length=100)
    phone = models.CharField("telephone number", max_length=30)
    when = models.CharField(
        "when to call",
        max_length=200,
        blank=True,
        help_text="For example, if a person is at risk of abuse, at any time",
    )

    class Meta:
        default_permissions = ()
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name
