"""What changes about a suspension in force, and what was written wrong: both beside what was
written, never over it.
"""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from core.dates import day_in_words
from core.models import User
from providers.models import ServiceUnit
from suspensions.models.suspension import Suspension, SuspensionKind


class SuspensionChangeKind(models.TextChoices):
    EXTENSION = "extension", "Extension: it goes on longer than planned"
    SCOPE = "scope", "Change of scope, kind or limit"


class ChangeStatus(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    AGREED = "agreed", "Agreed"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ChangeQuerySet(models.QuerySet["Change"]):
    def scopes_left(self, service_id: int, unit_id: int | None, day: date) -> Self:
        """Changes by which a suspension of that service left, after that day, a scope that meets
        that unit (None: the whole service).
        """
        of_service = self.filter(
            suspension__service_id=service_id, status=ChangeStatus.AGREED, effective_on__gt=day
        ).exclude(before_kind="")
        if unit_id is not None:
            of_service = of_service.filter(Q(before_unit=None) | Q(before_unit_id=unit_id))
        found = of_service.select_related("suspension__service", "before_unit")
        # What was still to begin on that day had covered nothing.
        return found.filter(effective_on__gt=F("suspension__in_force_from")).order_by("pk")


class Change(models.Model):
    """A change of a suspension in force: one manager proposes it, another decides. What stood
    before is kept here.

    `before_*` and `effective_on` are written when it is agreed, so that a past day can be told as
    it was.
    """

    suspension = models.ForeignKey(Suspension, models.PROTECT, related_name="changes")
    what = models.CharField(max_length=10, choices=SuspensionChangeKind)
    status = models.CharField(max_length=10, choices=ChangeStatus, default=ChangeStatus.PROPOSED)
    reason = models.TextField()
    planned_until = models.DateField("planned to end by", null=True, blank=True)
    # Of a change of scope alone, where no unit means the whole service. An extension leaves all
    # three empty.
    unit = models.ForeignKey(ServiceUnit, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=10, choices=SuspensionKind, blank=True)
    limit = models.TextField(blank=True)

    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    # Empty while it waits, and for good where it was withdrawn. A decision may be made by telephone
    # and written down later: `decided_at` is when it was made, `recorded_at` when it was written.
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(blank=True)

    effective_on = models.DateField("first day of the change", null=True)
    before_planned_until = models.DateField(null=True)
    before_unit = models.ForeignKey(ServiceUnit, models.PROTECT, null=True, related_name="+")
    before_kind = models.CharField(max_length=10, choices=SuspensionKind, blank=True)
    before_limit = models.TextField(blank=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            # `choices` binds forms alone; this binds whoever writes SQL.
            models.CheckConstraint(
                condition=Q(status__in=[choice.value for choice in ChangeStatus]),
                name="change_status_known",
            ),
            # Two people stand behind every change. The workflow says so first, in a sentence.
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="change_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["agreed", "refused"])
                | Q(decided_by__isnull=False, decided_at__isnull=False, recorded_at__isnull=False),
                name="change_decided_whole",
            ),
            # Without its day, figures of a past day could not tell whether to undo it.
            models.CheckConstraint(
                condition=~Q(status="agreed") | Q(effective_on__isnull=False),
                name="change_agreed_from_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(what="extension") | Q(planned_until__isnull=False),
                name="change_extension_has_a_day",
            ),
            # A suspension always has a kind: a change of the unit alone names the kind as it is.
            models.CheckConstraint(
                condition=~Q(what="scope") | ~Q(kind=""), name="change_of_scope_has_a_kind"
            ),
            models.CheckConstraint(
                condition=~Q(kind="partial") | ~Q(limit=""), name="change_partial_says_its_limit"
            ),
            # Two that waited at once would each be decided on what the other changes. One at a time
            # also makes the order of their keys the order of their days, which
            # `Suspension.scope_on` relies on.
            models.UniqueConstraint(
                fields=["suspension"],
                condition=Q(status="proposed"),
                name="change_one_waits_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} ({self.get_status_display()})"

    @property
    def is_waiting(self) -> bool:
        """Waiting for another manager."""
        return self.status == ChangeStatus.PROPOSED

    @property
    def is_agreed(self) -> bool:
        """In effect: the suspension has what this says."""
        return self.status == ChangeStatus.AGREED

    @property
    def after(self) -> str:
        """What it would be, or is since, in words."""
        if self.what == SuspensionChangeKind.EXTENSION:
            return _planned(self.planned_until)
        return _scope(self.unit, self.kind, self.limit)

    @property
    def before(self) -> str:
        """What stood before it was agreed, in words."""
        if self.what == SuspensionChangeKind.EXTENSION:
            return _planned(self.before_planned_until)
        return _scope(self.before_unit, self.before_kind, self.before_limit)

    @property
    def now_in_words(self) -> str:
        """What stands now and would change, while it waits."""
        now = self.suspension
        if self.what == SuspensionChangeKind.EXTENSION:
            return _planned(now.planned_until)
        return _scope(now.unit, now.kind, now.limit)


def _planned(day: date | None) -> str:
    return f"Planned to end by {day_in_words(day)}" if day else "No planned end"


def _scope(unit: ServiceUnit | None, kind: str, limit: str) -> str:
    words = f"{unit or 'The whole service'}, {kind}"
    return f"{words}: {limit}" if limit else words


class CorrectableField(models.TextChoices):
    """What of a decided record can be corrected: its words, and when the provider was told.

    Who decided, when, and what is in force is never corrected: a change or a lift is decided anew.
    """

    SUMMARY = "summary", "Reason in one sentence"
    REASONS = "reasons", "Reasons"
    EVIDENCE = "evidence", "Evidence"
    PROVIDER_TOLD_AT = "provider_notified_at", "When the provider was told"
    PROVIDER_NOTIFIED = "provider_notified", "What the provider was told"
    PROVIDER_ANSWER = "provider_answer", "What the provider answered"
    WELFARE = "welfare", "Welfare of the people living there"
    MEETINGS = "meetings", "Meetings with residents and families"


class Correction(models.Model):
    """What the record says is wrong, and what is right. The record itself stays. Append-only: a
    trigger refuses the rest.
    """

    suspension = models.ForeignKey(Suspension, models.PROTECT, related_name="corrections")
    about = models.CharField(max_length=20, choices=CorrectableField)
    # Empty where the record said nothing; a moment is kept as words, as the page shows it.
    said = models.TextField("what the record said", blank=True)
    right = models.TextField("what is right")
    reason = models.TextField("how the mistake was found")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Correction of {self.get_about_display().lower()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Fails where the mistake is made; the trigger would refuse the same in the database.
        if self.pk is not None:
            raise TypeError("Corrections are append-only.")
        super().save(*args, **kwargs)
