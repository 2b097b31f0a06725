"""Files that came in, for every app that keeps some.

What a file holds is in rows of its own, so that no list ever loads it; what it belongs to is said
by a row of the app that keeps it (`AbstractAttachment`).
"""

from typing import Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from documents import scanner


class StoredKind(models.TextChoices):
    """What a file is to those who read it."""

    PHOTOGRAPH = "photograph", "Photograph"
    DOCUMENT = "document", "Document"


class ScanState(models.TextChoices):
    """What the virus scanner said; nothing as long as there is none, or it did not answer."""

    NOT_SCANNED = "not_scanned", "Not scanned"
    CLEAN = "clean", "No virus found"
    INFECTED = "infected", "Virus found"


class OriginalState(models.TextChoices):
    """What became of the file as it came, where what is kept is a copy that was drawn anew."""

    NONE = "none", "Kept as it came"
    WAITING = "waiting", "Kept until the copy has been checked"
    REMOVED = "removed", "Removed: the copy has been checked"
    DIFFERS = "differs", "Kept: the copy differs, or could not be compared"


class Role(models.TextChoices):
    """Which of a file's contents a row holds."""

    KEPT = "kept", "What is kept and read"
    ORIGINAL = "original", "As it came, beside a copy"


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def not_scanned(self) -> Self:
        """What no scanner has seen and is still there."""
        return self.filter(scan=ScanState.NOT_SCANNED, destroyed_at=None)


class StoredFile(models.Model):
    """A file that somebody added: what it is, and what was made sure of since."""

    kind = models.CharField(max_length=12, choices=StoredKind)
    name = models.CharField("file name", max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField("size in bytes")
    # Stays when the content is destroyed, with name and size: the record says what was there.
    sha256 = models.CharField(max_length=64)
    scan = models.CharField(max_length=12, choices=ScanState, default=ScanState.NOT_SCANNED)
    scanned_at = models.DateTimeField(null=True, blank=True)
    found = models.CharField("virus found", max_length=200, blank=True)
    original = models.CharField(max_length=10, choices=OriginalState, default=OriginalState.NONE)
    original_note = models.CharField("in what the copy differs", max_length=200, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    destroyed_at = models.DateTimeField("contents destroyed", null=True, blank=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scan="not_scanned", scanned_at=None, found="")
                | Q(scan="clean", scanned_at__isnull=False, found="")
                | Q(scan="infected", scanned_at__isnull=False) & ~Q(found=""),
                name="stored_file_scan_whole",
            ),
            # Whoever opens a file must never get one in which a virus was found.
            models.CheckConstraint(
                condition=~Q(scan="infected") | Q(destroyed_at__isnull=False),
                name="stored_file_infected_is_gone",
            ),
            models.CheckConstraint(
                condition=Q(original="differs") & ~Q(original_note="")
                | ~Q(original="differs") & Q(original_note=""),
                name="stored_file_differs_in_something",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(scan="not_scanned", destroyed_at=None),
                name="stored_file_to_scan",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_photograph(self) -> bool:
        """Whether it was drawn anew, so that nothing but the picture is in it."""
        return self.kind == StoredKind.PHOTOGRAPH

    @property
    def is_infected(self) -> bool:
        """Whether a virus was found in it, and its contents destroyed."""
        return self.scan == ScanState.INFECTED

    @property
    def waits_for_scan(self) -> bool:
        """Whether it is not handed out yet. A photograph is: it was drawn from its pixels, in which
        nothing runs. Without a scanner there is nothing to wait for, and its page says so.
        """
        return scanner.is_set_up() and self.scan == ScanState.NOT_SCANNED and not self.is_photograph

    @property
    def is_to_be_had(self) -> bool:
        """Whether its contents are handed out to who may read it."""
        return self.destroyed_at is None and not self.waits_for_scan

    @property
    def original_is_to_be_had(self) -> bool:
        """Whether the file as it came is handed out: it is kept since the copy differs from it, and
        is as dangerous as any other that came in.
        """
        is_safe = not scanner.is_set_up() or self.scan == ScanState.CLEAN
        return self.original == OriginalState.DIFFERS and self.destroyed_at is None and is_safe

    @property
    def scan_in_words(self) -> str:
        """What is to be known before it is opened; empty when it was scanned."""
        if self.scan != ScanState.NOT_SCANNED or self.destroyed_at is not None:
            return ""
        if scanner.is_set_up():
            return "not yet scanned for viruses"
        return "" if self.is_photograph else "not scanned for viruses"


class FileContent(models.Model):
    """What a file holds. Destroying it deletes these rows alone."""

    file = models.ForeignKey(StoredFile, models.CASCADE, related_name="contents")
    role = models.CharField(max_length=10, choices=Role, default=Role.KEPT)
    data = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["file", "role"], name="file_content_once_per_role")
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {len(self.data)} bytes"


A = TypeVar("A", bound="AbstractAttachment")


class AttachmentQuerySet(models.QuerySet[A]):
    def not_withdrawn(self) -> Self:
        """Those whose contents nobody has withdrawn."""
        return self.filter(withdrawn_at=None)

    def documents(self) -> Self:
        """Those that are no photographs."""
        return self.filter(file__kind=StoredKind.DOCUMENT)


class AttachmentManager(models.Manager.from_queryset(AttachmentQuerySet)):  # type: ignore[misc]  # made here
    """With the file that each is of: its name is what it is called by."""

    def get_queryset(self) -> AttachmentQuerySet:
        found: AttachmentQuerySet = super().get_queryset().select_related("file")
        return found


class AbstractAttachment(models.Model):
    """A file kept with something: a visit, an action, a suspension.

    Withdrawing it destroys what it held (it may show a person who did not agree) and keeps that it
    was there, who withdrew it and why.
    """

    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="%(app_label)s_%(class)s")
    caption = models.CharField("what it shows", max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    objects = AttachmentManager()

    class Meta:
        abstract = True
        default_permissions = ()
        ordering = ["file__added_at", "file_id"]
        constraints = [
            # Destroying a file is answered for: who, when and why, or not at all.
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                & ~Q(withdrawn_reason=""),
                name="%(class)s_withdrawn_whole",
            )
        ]

    def __str__(self) -> str:
        return self.caption or self.file.name

    @property
    def is_withdrawn(self) -> bool:
        """Whether its contents were destroyed, and somebody answers for it."""
        return self.withdrawn_at is not None

    @property
    def about(self) -> str:
        """What is said beside its name: `photograph`."""
        return self.file.get_kind_display().lower()

    @property
    def alternative_text(self) -> str:
        """What is read out in place of a photograph."""
        return self.caption or "Photograph without a description"
