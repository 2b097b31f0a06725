from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q

from core.dates import day_in_words
from core.jobs import names
from core.jobs.models import Job, JobQuerySet
from core.models.council import ExemptParagraph


class PaperStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    FROZEN = "frozen", "Figures frozen"
    RELEASED = "released", "Narrative released"
    RENDERED = "rendered", "Rendered, not yet cleared"
    SCANNED = "scanned", "Scanned and clear"
    APPROVED = "approved", "Approved"


class SuspensionGrouping(models.TextChoices):
    """What the public paper may say of suspensions. Fewer words where few services could be
    meant.
    """

    TYPE_AND_DISTRICT = "type_and_district", "By type of service, with the districts"
    TYPE = "type", "By type of service only, where districts would point at a service"


class PaperQuerySet(models.QuerySet["Paper"]):
    def current(self) -> Self:
        """The latest version of each paper."""
        return self.filter(replaced_by=None)

    def unfinished(self) -> Self:
        return self.exclude(status=PaperStatus.APPROVED)


class Paper(models.Model):
    """A report to a committee, in two files: one that is published and an Exempt Appendix.

    Never changed once approved: a correction is a new version, which says what changed.
    """

    title = models.CharField(max_length=150)
    committee = models.CharField(max_length=150)
    meeting_on = models.DateField("date of the meeting")
    as_at = models.DateField(
        "figures as at", help_text="The day of which every figure in the paper is true"
    )
    since = models.DateField(
        "last report was as at",
        null=True,
        blank=True,
        help_text="Suspensions lifted since that day are told of in the Exempt Appendix",
    )
    agenda_item = models.CharField(max_length=10, blank=True)
    report_of = models.CharField(max_length=150)
    signatory_name = models.CharField("name of that officer", max_length=100)
    exempt_paragraph = models.PositiveSmallIntegerField(choices=ExemptParagraph.choices)
    public_interest = models.TextField("public interest reasoning")
    suspension_grouping = models.CharField(
        "table of suspensions",
        max_length=20,
        choices=SuspensionGrouping,
        default=SuspensionGrouping.TYPE_AND_DISTRICT,
    )
    status = models.CharField(max_length=10, choices=PaperStatus, default=PaperStatus.DRAFT)
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="replaced_by"
    )
    correction = models.TextField("what changed", blank=True, editable=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    started_at = models.DateTimeField(auto_now_add=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        permissions = [
            ("write_paper", "Can write papers"),
            (
                "release_paper",
                "Can release a paper's narrative, freeze its figures and have it rendered",
            ),
            ("read_exempt_paper", "Can read Exempt Appendices"),
            ("release_name", "Can release a name that the disclosure scan found"),
            ("approve_paper", "Can approve a paper for publication"),
        ]
        ordering = ["-meeting_on", "-version", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(as_at__lte=F("meeting_on")), name="paper_as_at_before_meeting"
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(since__lt=F("as_at")), name="paper_since_before_as_at"
            ),
            models.CheckConstraint(
                condition=Q(version=1, replaces=None, correction="")
                | (Q(version__gt=1, replaces__isnull=False) & ~Q(correction="")),
                name="paper_correction_says_what_changed",
            ),
        ]

    def __str__(self) -> str:
        later = f", version {self.version}" if self.version > 1 else ""
        return f"{self.title}, {day_in_words(self.meeting_on)}{later}"

    @property
    def is_approved(self) -> bool:
        return self.status == PaperStatus.APPROVED

    @property
    def jobs(self) -> JobQuerySet:
        """What was promised for it, also the steps that follow from a job's end."""
        return Job.objects.about(self)


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
        return self.part == PaperPart.EXEMPT

    @property
    def status(self) -> SectionStatus:
        if self.released_at:
            return SectionStatus.RELEASED
        return SectionStatus.WRITTEN if self.body else SectionStatus.EMPTY

    @property
    def state(self) -> str:
        if not self.body:
            return (
                "The exempt paragraph alone" if self.heading == INFORMATION else "Empty, left out"
            )
        return "Released" if self.released_at else "Written, not released"


class Side(models.TextChoices):
    PUBLIC = "public", "Public"
    EXEMPT = "exempt", "Exempt"


class FrozenFigures(models.Model):
    """A paper's figures, kept with it. The public ones were computed by the process that sees only
    what is public.
    """

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="figures")
    side = models.CharField(max_length=10, choices=Side)
    data = models.JSONField()
    frozen_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
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
    job = models.ForeignKey(Job, models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=Side)
    content = models.BinaryField()
    size = models.GeneratedField(
        expression=Func(F("content"), function="octet_length"),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    scanned_at = models.DateTimeField(null=True)
    scan_error = models.TextField(blank=True)

    objects = PaperFileQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]
        constraints = [
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
        """Who asked for it, and cannot put a second name to it.

        Raises `ValueError` where nobody did, which no action allows.
        """
        if self.job.asked_by_id is None:
            raise ValueError(f"Nobody asked for {self}.")
        return self.job.asked_by_id


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
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None, reason="")
                | (Q(released_at__isnull=False, released_by__isnull=False) & ~Q(reason="")),
                name="hit_released_with_a_reason",
            ),
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
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    public_sha256 = models.CharField(max_length=64)
    exempt_sha256 = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(approved_by=F("author")) & ~Q(approved_by=F("asked_by")),
                name="approval_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(
                    public_sha256__regex="^[0-9a-f]{64}$", exempt_sha256__regex="^[0-9a-f]{64}$"
                ),
                name="approval_seals_both_files",
            ),
        ]

    def __str__(self) -> str:
        return f"Approval of paper {self.paper_id}"
