"""A paper and the facts at its head."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.dates import day_in_words
from core.jobs.models import Job, JobQuerySet
from core.models.council import ExemptParagraph


class PaperStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    FROZEN = "frozen", "Figures frozen"
    RELEASED = "released", "Narrative released"
    RENDERED = "rendered", "Files made, not yet clear"
    SCANNED = "scanned", "Files clear"
    APPROVED = "approved", "Approved"


class SuspensionGrouping(models.TextChoices):
    """What the public paper may say of suspensions: less where few services could be meant."""

    TYPE_AND_DISTRICT = "type_and_district", "By type of service, with the districts"
    TYPE = "type", "By type of service only, where districts could identify a service"


class PaperQuerySet(models.QuerySet["Paper"]):
    def current(self) -> Self:
        """The latest version of each paper."""
        return self.filter(replaced_by=None)

    def unfinished(self) -> Self:
        return self.exclude(status=PaperStatus.APPROVED)


class Paper(models.Model):
    """A report to a committee, in two files: one that is published and an Exempt Appendix (Local
    Government Act 1972, section 100B and Schedule 12A).

    Never changed once approved: a correction is a new version, which says what changed.
    """

    title = models.CharField(max_length=150)
    committee = models.CharField(max_length=150)
    meeting_on = models.DateField("date of the meeting")
    as_at = models.DateField(
        "date of the figures", help_text="Every figure in the paper is true of this day"
    )
    # Not taken from the paper before: the last report may be older than the product.
    since = models.DateField(
        "date of the figures in the last report",
        null=True,
        blank=True,
        help_text="The Exempt Appendix describes the suspensions lifted since then",
    )
    agenda_item = models.CharField(max_length=10, blank=True)
    report_of = models.CharField(max_length=150)
    signatory_name = models.CharField("name of the officer", max_length=100)
    exempt_paragraph = models.PositiveSmallIntegerField(choices=ExemptParagraph.choices)
    public_interest = models.TextField("public interest reasoning")
    suspension_grouping = models.CharField(
        "table of suspensions",
        max_length=20,
        choices=SuspensionGrouping,
        default=SuspensionGrouping.TYPE_AND_DISTRICT,
    )
    # Set by `reports.workflow` alone.
    status = models.CharField(max_length=10, choices=PaperStatus, default=PaperStatus.DRAFT)
    version = models.PositiveSmallIntegerField(default=1)
    # One to one: a version has one that follows it, so that there is never a doubt which is the
    # latest.
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="replaced_by"
    )
    correction = models.TextField("what this version corrects", blank=True, editable=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    started_at = models.DateTimeField(auto_now_add=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        # Writing, releasing and approving are apart, so that two people at least make a paper.
        permissions = [
            ("write_paper", "Can write papers"),
            (
                "release_paper",
                "Can release a paper's narrative, freeze its figures and make its files",
            ),
            ("read_exempt_paper", "Can read Exempt Appendices"),
            ("release_name", "Can release a name that the disclosure scan found"),
            ("approve_paper", "Can approve a paper for publication"),
        ]
        ordering = ["-meeting_on", "-version", "-pk"]
        # A form says the first two by their fields; these hold also for a command or a later form.
        constraints = [
            models.CheckConstraint(
                condition=Q(as_at__lte=F("meeting_on")), name="paper_as_at_before_meeting"
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(since__lt=F("as_at")), name="paper_since_before_as_at"
            ),
            # What was published is never replaced in silence.
            models.CheckConstraint(
                condition=Q(version=1, replaces=None, correction="")
                | (Q(version__gt=1, replaces__isnull=False) & ~Q(correction="")),
                name="paper_correction_says_what_changed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.meeting_and_version}"

    @property
    def meeting_and_version(self) -> str:
        """`9 December 2019`, with the version where it is not the first."""
        return f"{day_in_words(self.meeting_on)}{self._later_version}"

    @property
    def title_and_version(self) -> str:
        """The title, with the version where it is not the first."""
        return f"{self.title}{self._later_version}"

    @property
    def version_in_words(self) -> str:
        """`version 2`, for a link to it."""
        return f"version {self.version}"

    @property
    def meeting_in_words(self) -> str:
        """The committee, the day of its meeting and the item of the agenda, where it is known."""
        item = f"item {self.agenda_item}" if self.agenda_item else ""
        return ", ".join(filter(None, [self.committee, day_in_words(self.meeting_on), item]))

    @property
    def _later_version(self) -> str:
        return f", version {self.version}" if self.version > 1 else ""

    @property
    def is_draft(self) -> bool:
        """Whether its figures are not frozen yet."""
        return self.status == PaperStatus.DRAFT

    @property
    def names_no_district(self) -> bool:
        """Whether the table of suspensions leaves the districts out."""
        return self.suspension_grouping == SuspensionGrouping.TYPE

    @property
    def is_approved(self) -> bool:
        return self.status == PaperStatus.APPROVED

    @property
    def jobs(self) -> JobQuerySet:
        """Its jobs, also the steps that follow from a job's end."""
        return Job.objects.about(self)
