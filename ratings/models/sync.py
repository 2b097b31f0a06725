import hashlib
import json
import zlib
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.dates import datetime_in_words, day_in_words
from core.jobs.models import Job
from core.models import User
from ratings.models.locations import Location
from ratings.vocabulary import KeyQuestion


def duration_in_words(took: timedelta) -> str:
    """Seconds of what was short, else minutes."""
    seconds = round(took.total_seconds())
    if seconds < 1:
        return "under a second"
    if seconds < 120:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    return f"{round(seconds / 60)} minutes"


class RunKind(models.TextChoices):
    """Where a run's list of locations comes from. The later in this order includes the earlier."""

    CHANGES = "changes", "What has changed since the last update"
    SWEEP = (
        "sweep",
        "What has changed, and all of our services, the region and similar councils",
    )
    FULL = "full", "Every adult social care location in England"


class RunState(models.TextChoices):
    """How far a run has come. One that stopped goes on where it stopped: it is not over."""

    ASKED = "asked", "Waiting to start"
    RUNNING = "running", "Running"
    FINISHED = "finished", "Finished"
    STOPPED = "stopped", "Stopped, will continue where it stopped"


class SyncRunQuerySet(models.QuerySet["SyncRun"]):
    def unfinished(self) -> Self:
        """Oldest first. One that says it is running may have died: whoever holds the lock takes it
        up.
        """
        return self.exclude(state=RunState.FINISHED).order_by("asked_at", "pk")

    def finished(self) -> Self:
        return self.filter(state=RunState.FINISHED)


class SyncRun(models.Model):
    """One reading of CQC's data: its window, its counts, what went wrong."""

    kind = models.CharField(max_length=10, choices=RunKind)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.ASKED)
    night = models.DateField(
        null=True,
        blank=True,
        unique=True,
        help_text="The night of a nightly update: one a night, however many ask",
    )
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # Empty where nothing was read before: then everything is read.
    window_from = models.DateTimeField(null=True, blank=True)
    window_until = models.DateTimeField(null=True, blank=True)
    listed_at = models.DateTimeField(
        null=True, blank=True, help_text="When its list of locations was complete"
    )
    fell_back_on_list = models.BooleanField(
        default=False, help_text="CQC did not give its list of changes"
    )
    requests = models.PositiveIntegerField(default=0)
    changes_found = models.PositiveIntegerField(default=0)
    unknown_keys = models.JSONField(
        default=dict, help_text="Fields that are new to us, and in how many locations"
    )
    stopped_because = models.TextField(blank=True)
    times_begun = models.PositiveIntegerField(default=0)
    # What begins it and tries again. A run from before there were jobs, or from the command line,
    # has none.
    job = models.ForeignKey(
        Job, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = SyncRunQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [("run_sync", "Can read CQC's data now")]
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(state=RunState.FINISHED),
                name="run_finished_at_when_finished",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {day_in_words(timezone.localtime(self.asked_at))}"

    @property
    def is_under_way(self) -> bool:
        """Whether it waits to start or runs, so that its page asks again."""
        return self.state in (RunState.ASKED, RunState.RUNNING)

    @property
    def goes_on_by_itself(self) -> bool:
        """Whether a run that stopped is tried again without anybody asking: not once its job was
        given up.
        """
        return self.job is None or self.job.is_open

    @property
    def asked_in_words(self) -> str:
        """When it was asked for, which is what a run is known by."""
        return datetime_in_words(self.asked_at)

    @property
    def finished_in_words(self) -> str:
        """When it finished; empty until then."""
        return datetime_in_words(self.finished_at) if self.finished_at else ""

    @property
    def asked_by_in_words(self) -> str:
        """Who asked for it; the nightly job and the command line have no name."""
        return str(self.asked_by) if self.asked_by else "Nightly update or command line"

    @property
    def took(self) -> timedelta | None:
        return self.finished_at - self.started_at if self.finished_at and self.started_at else None

    @property
    def took_in_words(self) -> str:
        """How long it took, for reading; empty until it has ended."""
        return duration_in_words(self.took) if self.took else ""

    def counts(self) -> dict[str, int]:
        """How many of its locations are in each state."""
        found = dict.fromkeys(SyncItem.State.values, 0)
        rows = self.items.values_list("state").annotate(number=models.Count("pk")).order_by("state")
        return found | dict(rows)


class SyncItem(models.Model):
    """One location to read in a run: the work list. A run that stopped goes on with those that
    wait.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        CHANGED = "changed", "Read, new or changed"
        UNCHANGED = "unchanged", "Read, no changes"
        MISSING = "missing", "Not found at CQC"
        FAILED = "failed", "Could not be read"
        UNUSABLE = "unusable", "Read, but could not be used"

    # No index of its own: the two below begin with the run.
    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="items", db_index=False)
    location_id = models.CharField(max_length=30)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    note = models.TextField(blank=True, help_text="What went wrong, or which part we could not use")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            # CQC puts an id on two pages, and a list is made again after a crash: read once all the
            # same.
            # A run asks which of its locations wait, in the order of the list.
            models.UniqueConstraint(fields=["run", "location_id"], name="sync_item_once")
        ]
        indexes = [models.Index(fields=["run", "state", "id"], name="sync_item_state")]


class RawPayload(models.Model):
    """CQC's last payload for a location as it came, compressed, so that a parser mended later can
    read it again.
    """

    # One row for a location and not one for each reading: what CQC said before is kept as ratings
    # with their two clocks, and as changes.

    location_id = models.CharField(max_length=30, primary_key=True)
    fetched_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()
    unusable_because = models.TextField(blank=True, help_text="Why we could not use it")

    class Meta:
        default_permissions = ()

    @staticmethod
    def pack(payload: dict[str, Any]) -> tuple[str, bytes]:
        """The fingerprint and the compressed bytes of a payload."""
        # With sorted keys: the same content in another order is no change.
        text = json.dumps(payload, sort_keys=True, separators=(",", ":")).encode()
        return hashlib.sha256(text).hexdigest(), zlib.compress(text, 6)

    def payload(self) -> dict[str, Any]:
        """The payload as it came."""
        found: dict[str, Any] = json.loads(zlib.decompress(bytes(self.body)))
        return found


class LocationChangeKind(models.TextChoices):
    """What can change about a location that somebody may want to know."""

    RATING_PUBLISHED = "rating_published", "Rating published"
    RATING_RAISED = "rating_raised", "Rating raised"
    RATING_LOWERED = "rating_lowered", "Rating lowered"
    RATING_WITHDRAWN = "rating_withdrawn", "Rating withdrawn"
    REGISTERED = "registered", "Newly registered"
    REGISTRATION_ENDED = "registration_ended", "Registration ended"
    REGISTERED_AGAIN = "registered_again", "Registered again"
    DORMANT = "dormant", "Dormant"
    ACTIVE_AGAIN = "active_again", "No longer dormant"
    MANAGER_ABSENT = "manager_absent", "Registered manager absent"
    MANAGER_BACK = "manager_back", "Registered manager no longer absent"
    VISIT_PENDING = "visit_pending", "CQC has visited and not yet published"
    BEDS_CUT = "beds_cut", "Fewer beds"
    BEDS_ADDED = "beds_added", "More beds"
    TYPES_CHANGED = "types_changed", "Service types changed"
    PROVIDER_CHANGED = "provider_changed", "Provider changed"
    NAME_CHANGED = "name_changed", "Name changed"
    PLACE_CHANGED = "place_changed", "Address or authority changed"
    LINK_FOUND = "link_found", "Linked by CQC to another location"


class LocationChangeQuerySet(models.QuerySet["LocationChange"]):
    def noticed_between(self, start: datetime, end: datetime) -> Self:
        return self.filter(noticed_at__gte=start, noticed_at__lt=end)

    def of_note(self) -> Self:
        """Without the single key questions, whose overall rating says enough in a list."""
        return self.filter(key_question__in=["", KeyQuestion.OVERALL])


class LocationChange(models.Model):
    """Something about a location that differs from what we knew: what, before and after, and when
    we noticed.
    """

    location = models.ForeignKey(Location, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=20, choices=LocationChangeKind)
    service_group = models.CharField(max_length=150, blank=True)
    key_question = models.CharField(max_length=12, choices=KeyQuestion, blank=True)
    before = models.CharField(max_length=400, blank=True)
    after = models.CharField(max_length=400, blank=True)
    happened_on = models.DateField(
        null=True, blank=True, help_text="The day that CQC gives, where it gives one"
    )
    noticed_at = models.DateTimeField()
    # Empty for what a file or a new parser brought.
    run = models.ForeignKey(SyncRun, models.PROTECT, null=True, blank=True, related_name="changes")

    objects = LocationChangeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-noticed_at", "pk"]
        indexes = [models.Index(fields=["-noticed_at"], name="location_change_noticed")]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def is_of_rating(self) -> bool:
        """Whether `before` and `after` are ratings."""
        return bool(self.key_question)
