import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q

from audits.models.visits import Visit


def new_key() -> bytes:
    # 256 bits, for the browser's AES-GCM.
    return secrets.token_bytes(32)


class DeviceKey(models.Model):
    """The key with which a person's browser seals what it keeps of visits while there is no
    network.

    A browser holds it only while that person is the one signed in; so on a shared laptop another's
    drafts are there, and unreadable.
    """

    # One for a person and not for a device: what was sealed on one laptop opens on it whenever that
    # person signs in. Losing the row makes what is unsent unreadable.
    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="device_key"
    )
    key = models.BinaryField(default=new_key, editable=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Device key of {self.person}"


class Receipt(models.Model):
    """That something sent from a device has arrived, and what was answered: sent again, it is
    answered the same and done once.
    """

    key = models.UUIDField(primary_key=True, editable=False)
    visit = models.ForeignKey("audits.Visit", models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Another content under the same key is refused, so that nothing is taken for what it is not.
    sha256 = models.CharField(max_length=64)
    # What was answered then, to be answered again.
    version = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["received_at"], name="receipt_received_at")]

    def __str__(self) -> str:
        return str(self.key)


class LateKind(models.TextChoices):
    """What a piece of late evidence was on the device that held it."""

    ANSWER = "answer", "Answer"
    NOTE = "note", "Note"
    FEEDBACK = "feedback", "Feedback sheet"
    RISK = "risk", "Immediate risk"


class LateEvidence(models.Model):
    """What a device held of a visit that no longer takes it: the visit was completed or cancelled
    meanwhile, or the question is asked no more. It is kept as it was written and never scored.

    A photograph or a document is an `Attachment` that says so itself.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="late_evidence")
    kind = models.CharField(max_length=10, choices=LateKind)
    # The question as the officer had it before them: by now it may be asked no more.
    about = models.TextField(blank=True)
    text = models.TextField()
    # Why it was not taken in its place, as the device was told.
    reason = models.TextField(blank=True)
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="late_evidence_says_something")
        ]

    def __str__(self) -> str:
        return self.about or self.get_kind_display()
