from django.conf import settings
from django.db import models
from django.db.models import Q

from audits.models.templates import Question
from audits.models.visits import Visit
from concerns.models import Concern
from documents.models import AbstractAttachment


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


class Attachment(AbstractAttachment):
    """A photograph or a document of a visit. Its id is made on the device that adds it."""

    id = models.UUIDField(primary_key=True, editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="attachments")
    question = models.ForeignKey(
        Question, models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    from_provider = models.BooleanField("supplied by the provider", default=False)
    # Held by a device until the visit took no more files: kept with it all the same.
    is_late = models.BooleanField("late evidence", default=False, editable=False)

    @property
    def about(self) -> str:
        """What is said beside its name: `photograph, supplied by the provider`."""
        said = [super().about]
        said += ["supplied by the provider"] * self.from_provider
        return ", ".join(said + ["late evidence, not scored"] * self.is_late)


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
