"""The frozen figures of a paper and its two files."""

from typing import Self

from django.db import models
from django.db.models import F, Func, Q

from core.jobs import names
from core.jobs.models import Job
from reports.models.paper import Paper


class Side(models.TextChoices):
    PUBLIC = "public", "Public"
    EXEMPT = "exempt", "Exempt"


class FrozenFigures(models.Model):
    """A paper's figures, kept with it.

    The public ones were computed by the process that sees only what is public.
    """

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="figures")
    side = models.CharField(max_length=10, choices=Side)
    data = models.JSONField()
    frozen_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            # Both files print one moment's figures.
            models.UniqueConstraint(fields=["paper", "side"], name="figures_once_per_side")
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} figures of paper {self.paper_id}"


class PaperJobKind(models.TextChoices):
    """The jobs of a paper, by their names in the queue."""

    FIGURES = names.PAPER_FIGURES.name, names.PAPER_FIGURES.words
    PUBLIC = names.PAPER_PUBLIC.name, names.PAPER_PUBLIC.words
    EXEMPT = names.PAPER_EXEMPT.name, names.PAPER_EXEMPT.words
    SCAN = names.PAPER_SCAN.name, names.PAPER_SCAN.words


class PaperFileQuerySet(models.QuerySet["PaperFile"]):
    def current(self) -> Self:
        return self.filter(superseded_at=None)


class PaperFile(models.Model):
    """A rendered file, in the database: the public worker mounts no folder and writes through one
    function.
    """

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="files")
    # Protected: who asked for the file, and so cannot approve it, is known by its job alone.
    job = models.ForeignKey(Job, models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=Side)
    content = models.BinaryField()
    # Counted by the database, so that no page need read the bytes.
    size = models.GeneratedField(
        expression=Func(F("content"), function="octet_length"),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    # Withdrawn files are kept: the record names them by their hash.
    superseded_at = models.DateTimeField(null=True)
    scanned_at = models.DateTimeField(null=True)
    scan_error = models.TextField(blank=True)

    objects = PaperFileQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]
        constraints = [
            # What is scanned, read and sealed must be one file, also when two workers hand one in.
            models.UniqueConstraint(
                fields=["paper", "side"],
                condition=Q(superseded_at=None),
                name="file_one_current_per_side",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} file of paper {self.paper_id}"

    @property
    def made_for_id(self) -> int:
        """Who asked for it, and so cannot approve it.

        Raises `ValueError` where nobody did, which no action allows.
        """
        if self.job.asked_by_id is None:
            raise ValueError(f"Nobody asked for {self}.")
        return self.job.asked_by_id
