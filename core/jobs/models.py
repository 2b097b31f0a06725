from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.jobs.names import KINDS, JobKind, Lane


class JobState(models.TextChoices):
    """A failure that is to be tried again waits; one that is not is given up, and shown."""

    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    GIVEN_UP = "given_up", "Given up"
    DROPPED = "dropped", "No longer needed"


OPEN = ("waiting", "running")


class JobQuerySet(models.QuerySet["Job"]):
    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def about(self, obj: models.Model) -> Self:
        """What was promised for that object."""
        return self.filter(about_label=obj._meta.label_lower, about_id=obj.pk)

    def of_kinds(self, kinds: Iterable[str]) -> Self:
        return self.filter(kind__in=list(kinds))

    def not_done(self) -> Self:
        """Given up, and the same not promised again since; the latest first."""
        later = Job.objects.filter(
            kind=models.OuterRef("kind"), args=models.OuterRef("args"), pk__gt=models.OuterRef("pk")
        )
        return (
            self.filter(state=JobState.GIVEN_UP)
            .exclude(models.Exists(later))
            .order_by("-given_up_at")
        )


class Job(models.Model):
    """Work that was promised in the same transaction as the change that needs it. The row is the
    truth (`core.jobs.queue`).
    """

    kind = models.CharField(max_length=60)
    lane = models.CharField(
        max_length=12, choices=[(lane.value, lane.value.capitalize()) for lane in Lane]
    )
    args = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=100, blank=True)
    error = models.TextField(blank=True)
    # Whoever claims a job gets a new token, so that a worker which was given up cannot finish it
    # after all.
    token = models.UUIDField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    # Who is shown on Today that it was not done; None where nobody in particular asked.
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # What it was promised for; no foreign key, since this stands below every app.
    about_label = models.CharField(max_length=100, blank=True)
    about_id = models.BigIntegerField(null=True, blank=True)
    # Of the jobs with the same words here one is open at a time.
    only_one = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    request_id = models.CharField(max_length=36, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(progress__lte=100), name="job_progress_is_percentage"
            ),
            # Only a claim has a token. Whatever ends or drops a job takes the token away, and with
            # it the right of a slow worker to finish it.
            models.CheckConstraint(
                condition=Q(state="running", token__isnull=False, heard_at__isnull=False)
                | (~Q(state="running") & Q(token=None)),
                name="job_token_while_running",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, finished_at=None)
                | (~Q(state__in=OPEN) & Q(finished_at__isnull=False)),
                name="job_ended_has_an_end",
            ),
            # Pages say since when nobody tries any more.
            models.CheckConstraint(
                condition=Q(state="given_up", given_up_at__isnull=False)
                | (~Q(state="given_up") & Q(given_up_at=None)),
                name="job_given_up_says_when",
            ),
            # Half of it would lead nowhere: the label and the id are looked up together.
            models.CheckConstraint(
                condition=Q(about_label="", about_id=None)
                | (~Q(about_label="") & Q(about_id__isnull=False)),
                name="job_about_is_whole",
            ),
            # Held by the database: of two who ask at the same time neither sees the row of the
            # other.
            models.UniqueConstraint(
                fields=["only_one"],
                condition=Q(state__in=OPEN) & ~Q(only_one=""),
                name="job_one_open",
            ),
        ]
        indexes = [
            # Jobs are kept when they are done, so each index holds only the rows that its question
            # is about.
            models.Index(
                fields=["lane", "next_try_at", "id"],
                condition=Q(state="waiting"),
                name="job_waiting",
            ),
            models.Index(
                fields=["lane", "heard_at"], condition=Q(state="running"), name="job_running"
            ),
            models.Index(
                fields=["given_up_at"], condition=Q(state="given_up"), name="job_given_up"
            ),
            models.Index(
                fields=["about_label", "about_id"], condition=~Q(about_label=""), name="job_about"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}{tuple(self.args)}"

    @property
    def known_as(self) -> JobKind | None:
        """Its kind; None for one of another version of the product."""
        return KINDS.get(self.kind)

    @property
    def words(self) -> str:
        """What it is, as a page names it."""
        return self.known_as.words if self.known_as else self.kind

    @property
    def instead(self) -> str:
        """What a person can do when it is given up."""
        return self.known_as.instead if self.known_as else "Tell your administrator."

    @property
    def is_open(self) -> bool:
        return self.state in OPEN
