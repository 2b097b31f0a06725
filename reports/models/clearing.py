"""What the disclosure scan found, and the approval of both files."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reports.models.files import PaperFile
from reports.models.paper import Paper


class ScanHitQuerySet(models.QuerySet["ScanHit"]):
    def outstanding(self) -> Self:
        return self.filter(released_at=None)


class ScanHit(models.Model):
    """A name held exempt, found in a public file: the file is refused until a second person has
    released the name.
    """

    file = models.ForeignKey(PaperFile, models.CASCADE, related_name="hits")
    name = models.CharField(max_length=250)
    where = models.CharField(max_length=150)
    context = models.TextField(blank=True)
    # Copied from the paper and its file, so that a constraint can compare them with who releases.
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    objects = ScanHitQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["name", "where"]
        constraints = [
            # A name is published on a person's word: who, when and why, or it stays held.
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None, reason="")
                | (Q(released_at__isnull=False, released_by__isnull=False) & ~Q(reason="")),
                name="hit_released_with_a_reason",
            ),
            # In the database too: no later way in may let one person publish a name.
            models.CheckConstraint(
                condition=Q(released_by=None)
                | ~Q(released_by=F("asked_by")) & ~Q(released_by=F("author")),
                name="hit_released_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"Scan hit {self.pk}"  # never the name: this may stand in a log


class Approval(models.Model):
    """A second person's approval of the very bytes of both files."""

    paper = models.OneToOneField(Paper, models.PROTECT, related_name="approval")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    # Copied, as for a scan hit: a constraint cannot look at another table.
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    public_sha256 = models.CharField(max_length=64)
    exempt_sha256 = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        constraints = [
            # Two people stand behind every paper that is published.
            models.CheckConstraint(
                condition=~Q(approved_by=F("author")) & ~Q(approved_by=F("asked_by")),
                name="approval_by_a_second_person",
            ),
            # A SHA-256 in hexadecimal: an empty seal would fit any file. That it fits these two, a
            # trigger asks.
            models.CheckConstraint(
                condition=Q(
                    public_sha256__regex="^[0-9a-f]{64}$", exempt_sha256__regex="^[0-9a-f]{64}$"
                ),
                name="approval_seals_both_files",
            ),
        ]

    def __str__(self) -> str:
        return f"Approval of paper {self.paper_id}"
