"""What officers write in a paper."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from reports.models.paper import Paper


class PaperPart(models.TextChoices):
    """Where a section stands in the papers, and how it is set."""

    NARRATIVE = "narrative", "Narrative"
    RECOMMENDATIONS = "recommendations", "Recommendations"
    COMMENT = "comment", "Comments"
    BACKGROUND = "background", "Background papers"
    DIVISIONS = "divisions", "Electoral divisions"
    EXEMPT = "exempt", "Exempt Appendix"


# The heading under which the paper itself says what is exempt, and why.
INFORMATION = "Information"


class SectionStatus(models.TextChoices):
    """How far a section has come: it follows from its text and its release."""

    EMPTY = "empty", "Empty"
    WRITTEN = "written", "Written"
    RELEASED = "released", "Released"


class SectionQuerySet(models.QuerySet["Section"]):
    def public(self) -> Self:
        return self.exclude(part=PaperPart.EXEMPT)

    def written(self) -> Self:
        return self.exclude(body="")

    def unreleased(self) -> Self:
        return self.written().filter(released_at=None)


class Section(models.Model):
    """What officers type under one heading. An empty one is left out of the paper."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="sections")
    order = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=20, choices=PaperPart, default=PaperPart.NARRATIVE)
    heading = models.CharField(max_length=150)
    level = models.PositiveSmallIntegerField(
        "place of the heading",
        choices=[(2, "Heading"), (3, "Heading inside the one before")],
        default=3,
    )
    body = models.TextField("text", blank=True)
    # Empty for standard text: nobody wrote it, so nobody is kept from approving by it.
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    written_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True)

    objects = SectionQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["order", "pk"]
        # The wall shows the public process released sections alone, by the day of the release:
        # a person must stand behind each.
        constraints = [
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="section_released_by_someone",
            ),
            models.CheckConstraint(condition=Q(level__in=[2, 3]), name="section_heading_level"),
        ]

    def __str__(self) -> str:
        return self.heading

    @property
    def is_exempt(self) -> bool:
        """Whether it stands in the Exempt Appendix."""
        return self.part == PaperPart.EXEMPT

    @property
    def is_inner(self) -> bool:
        """Whether its heading stands inside the one before."""
        return self.level == 3

    @property
    def is_released(self) -> bool:
        """Whether the process that makes the public paper may read it."""
        return self.released_at is not None

    @property
    def writer(self) -> str:
        """Who wrote it; `Standard text` for the words that come with the product."""
        if self.written_by:
            return str(self.written_by)
        return "Standard text" if self.body else ""

    @property
    def status(self) -> SectionStatus:
        if self.released_at:
            return SectionStatus.RELEASED
        return SectionStatus.WRITTEN if self.body else SectionStatus.EMPTY

    @property
    def state(self) -> str:
        if not self.body:
            return "Exempt paragraph only" if self.heading == INFORMATION else "Empty, left out"
        return "Released" if self.released_at else "Written, not released"
