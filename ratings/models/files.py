import re
from datetime import date
from pathlib import Path
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.dates import datetime_in_words, day_in_words
from core.jobs.models import Job
from core.models import User
from core.models.keys import Keyed, KeyField
from providers.vocabulary import ServiceType
from ratings.files.headings import FileKind
from ratings.models.sync import duration_in_words
from ratings.vocabulary import KeyQuestion, RatingWord

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


class ImportKind(models.TextChoices):
    """CQC's files; the values are those of `ratings.files.FileKind`."""

    ACTIVE = FileKind.ACTIVE.value, "Active Locations"
    RATINGS = FileKind.RATINGS.value, "Latest ratings"
    DIRECTORY = FileKind.DIRECTORY.value, "Directory"
    DEACTIVATED = FileKind.DEACTIVATED.value, "Deactivated Locations"
    DASHBOARD = FileKind.DASHBOARD.value, "Dashboard export"


class ImportState(models.TextChoices):
    """How far an import has come; `ratings.workflow` says from where to where."""

    ASKED = "asked", "Waiting to be read"
    READING = "reading", "Being read"
    MERGING = "merging", "Being compared"
    CHECKED = "checked", "Checked: nothing has changed yet"
    DONE = "done", "Imported"
    FAILED = "failed", "Could not be used"
    DISCARDED = "discarded", "Discarded"


AT_WORK = (ImportState.ASKED, ImportState.READING, ImportState.MERGING)


class FileImportQuerySet(models.QuerySet["FileImport"]):
    def merged(self) -> Self:
        return self.filter(state=ImportState.DONE)


class FileImport(Keyed):
    """One of CQC's files that was uploaded: what it is, of which day, and what became of it."""

    name = models.CharField("file name", max_length=200)
    name_key = KeyField("name")
    # The same bytes, taken to be of the same day, are not read again.
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField(help_text="Bytes")
    kind = models.CharField(max_length=12, choices=ImportKind, blank=True)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.ASKED)
    is_dry_run = models.BooleanField(default=False)
    as_at = models.DateField(
        null=True,
        blank=True,
        help_text="The day that the uploader gave, where the file does not say it",
    )
    snapshot_on = models.DateField(
        null=True, blank=True, help_text="The day that we take its facts to be true of"
    )
    # A file's facts are of its day. Without one nobody can say whether they are newer than ours.
    day_is_stated = models.BooleanField(
        default=True,
        help_text="Whether the file or its uploader gives that day; if not, it overwrites nothing",
    )
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    percent_read = models.PositiveSmallIntegerField(default=0)
    rows_read = models.PositiveIntegerField(default=0)
    sheets_not_read = models.JSONField(
        default=dict, help_text="The sheets that hold nothing that we read, with their rows"
    )
    counts = models.JSONField(default=dict, help_text="How many of each kind of change")
    problems_found = models.PositiveIntegerField(default=0)
    failed_because = models.TextField(blank=True)
    same_as = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        help_text="The earlier import of exactly the same file",
    )
    stored_as = models.CharField(
        max_length=60,
        blank=True,
        help_text="Where its bytes are below UPLOAD_ROOT, until it is imported",
    )
    # What reads it. A file that is read from the command line, or from before there were jobs, has
    # none.
    job = models.ForeignKey(
        Job, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = FileImportQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(finished_at__isnull=False),
                name="file_import_done_has_an_end",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path | None:
        """Where its bytes are; None when they are gone."""
        return Path(settings.UPLOAD_ROOT) / self.stored_as if self.stored_as else None

    @property
    def is_at_work(self) -> bool:
        """Whether it waits or is being read, so that its page asks again."""
        return self.state in AT_WORK

    @property
    def is_checked(self) -> bool:
        """Whether it was checked and waits for a person to import or discard it."""
        return self.state == ImportState.CHECKED

    @property
    def has_failed(self) -> bool:
        """Whether it could not be used."""
        return self.state == ImportState.FAILED

    @property
    def is_copy(self) -> bool:
        """Whether it was ended because exactly the same file had been imported before."""
        return self.state == ImportState.DONE and self.same_as_id is not None

    @property
    def has_no_day(self) -> bool:
        """Whether it was read and nobody knows of which day it is."""
        return self.snapshot_on is not None and not self.day_is_stated

    @property
    def asked_in_words(self) -> str:
        """When it was uploaded, which is what an import is known by."""
        return datetime_in_words(self.asked_at)

    @property
    def asked_by_in_words(self) -> str:
        """Who uploaded it; the command line has no name."""
        return str(self.asked_by) if self.asked_by else "Command line"

    @property
    def title(self) -> str:
        """What it is and of which day, as a list shows it."""
        if not self.kind:
            return self.name
        return (
            f"{self.get_kind_display()}, {day_in_words(self.snapshot_on)}"
            if self.snapshot_on
            else self.get_kind_display()
        )

    def day_for(self, today: date) -> date:
        """The day of its facts as far as it is known yet."""
        return self.snapshot_on or self.as_at or today

    @property
    def not_read_in_words(self) -> str:
        """Its sheets that hold nothing that we read."""
        return ", ".join(
            f"{sheet or 'without a name'} ({rows} row{'' if rows == 1 else 's'})"
            for sheet, rows in self.sheets_not_read.items()
        )

    @property
    def took(self) -> str:
        """How long it took, for reading; empty until it has ended."""
        if not (self.started_at and self.finished_at):
            return ""
        return duration_in_words(self.finished_at - self.started_at)


class FileProblem(models.Model):
    """A row of a file that could not be used, or one cell of a row that went in without it."""

    # No index of its own: the one below begins with the import.
    file_import = models.ForeignKey(
        FileImport, models.CASCADE, related_name="problems", db_index=False
    )
    sheet = models.CharField(max_length=100, blank=True)
    row = models.PositiveIntegerField(help_text="As a spreadsheet counts")
    column = models.CharField(max_length=150, blank=True)
    value = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=200)
    is_cell = models.BooleanField(
        help_text="Only the cell was left out; the rest of the row was used"
    )

    class Meta:
        default_permissions = ()
        ordering = ["file_import", "row", "pk"]
        indexes = [models.Index(fields=["file_import", "row"], name="file_problem_row")]

    HEADINGS = ("Sheet", "Row", "Column", "Value", "Reason", "Left out")

    def as_row(self) -> tuple[object, ...]:
        """Its cells under `HEADINGS`."""
        return self.sheet, self.row, self.column, self.value, self.reason, self.left_out

    @property
    def left_out(self) -> str:
        """What of the file did not go in."""
        return "the cell" if self.is_cell else "the row"


class FileChange(models.Model):
    """One thing that an import changes, or in a dry run would. Of a very large number the first of
    each kind.
    """

    class Kind(models.TextChoices):
        LOCATION_NEW = "location_new", "New location"
        LOCATION_CHANGED = "location_changed", "Location changed"
        RATING_NEW = "rating_new", "New rating"
        RATING_ENDED = "rating_ended", "Rating ended"
        RATING_CORRECTED = "rating_corrected", "Rating corrected"
        # What stands in its place comes first, then what the file says besides.
        RATING_SET_ASIDE = "rating_set_aside", "Rating set aside"

        @property
        def before_and_after(self) -> tuple[str, str]:
            """What its two values are."""
            if self is FileChange.Kind.RATING_SET_ASIDE:
                return "What stands", "Set aside"
            return "Before", "After"

    # No index of its own: the one below begins with the import.
    file_import = models.ForeignKey(
        FileImport, models.CASCADE, related_name="changes", db_index=False
    )
    kind = models.CharField(max_length=20, choices=Kind)
    location_id = models.CharField(max_length=30)
    location_name = models.CharField(max_length=300, blank=True)
    what = models.CharField(max_length=200, help_text="The field, or what is rated")
    before = models.CharField(max_length=400, blank=True)
    after = models.CharField(max_length=400, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["file_import", "kind", "pk"]
        indexes = [models.Index(fields=["file_import", "kind"], name="file_change_kind")]

    HEADINGS = (
        "Change",
        "CQC location id",
        "Location",
        "What",
        "Before, or what stands",
        "After, or what is set aside",
    )

    def as_row(self) -> tuple[object, ...]:
        """Its cells under `HEADINGS`."""
        kind = self.get_kind_display()
        return kind, self.location_id, self.location_name, self.what, self.before, self.after

    @property
    def what_in_words(self) -> str:
        """The field, or what is rated, as a page prints it."""
        group, _, question = self.what.rpartition(": ")
        if question not in KeyQuestion.values:
            return self.what
        label = str(KeyQuestion(question).label)
        return f"{group}: {label}" if group else label

    @property
    def before_in_words(self) -> str:
        """What was held before, for reading."""
        return _in_words(self.before)

    @property
    def after_in_words(self) -> str:
        """What the file says, for reading."""
        return _in_words(self.after)


_WORDS = {"true": "yes", "false": "no", "to": "to"} | {
    one.value: one.label for one in [*RatingWord, *ServiceType]
}


def _in_words(value: str) -> str:
    """A value as PostgreSQL writes it, for reading: `good 2025-06-01`, `true`,
    `{home_care,extra_care}`.
    """
    if value.startswith("{") and value.endswith("}"):
        parts = [part.strip('"') for part in value[1:-1].split(",") if part]
        return ", ".join(_WORDS.get(part, part) for part in parts)
    words = value.split(" ")
    if all(word in _WORDS or _ISO.fullmatch(word) for word in words):
        return ", ".join(
            f"{day_in_words(date.fromisoformat(word))}"
            if _ISO.fullmatch(word)
            else str(_WORDS[word])
            for word in words
        ).replace("to, ", "to ")
    return value
