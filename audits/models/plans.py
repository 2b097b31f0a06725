from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from audits.models.templates import Question
from audits.models.visits import Visit
from concerns.models import Concern
from core.dates import day_in_words
from documents.models import AbstractAttachment
from providers.models import Service


class Finding(models.Model):
    """What was wrong at a visit. Exempt unless somebody with the right has marked it public.

    Source: Local Government Act 1972, Schedule 12A: what is found at a provider is about its
    business, so nothing of it is public by default.
    """

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="findings")
    question = models.ForeignKey(
        Question, models.PROTECT, null=True, blank=True, related_name="findings"
    )
    text = models.TextField("what was found")
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    public_at = models.DateTimeField(null=True, blank=True, editable=False)
    public_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    class Meta:
        default_permissions = ()
        ordering = ["recorded_at", "pk"]
        constraints = [
            # What is public was marked by a named person (Local Government Act 1972, Schedule 12A).
            models.CheckConstraint(
                condition=Q(public_at=None, public_by=None)
                | Q(public_at__isnull=False, public_by__isnull=False),
                name="finding_public_by_someone",
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def service_id(self) -> int:
        return self.visit.service_id


class ActionStatus(models.TextChoices):
    OPEN = "open", "Open"
    DONE = "done", "Waiting to be verified"
    VERIFIED = "verified", "Verified"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ActionQuerySet(models.QuerySet["Action"]):
    def for_service(self, service: Service) -> Self:
        return self.filter(service=service)

    def open(self) -> Self:
        return self.filter(status=ActionStatus.OPEN)

    def open_on(self, day: date) -> Self:
        """Agreed by that day, and neither done nor withdrawn when it ended. What was done and
        returned later was done on the days between.
        """
        return self.filter(
            Q(closed_on=None) | Q(closed_on__gt=day),
            Q(withdrawn_on=None) | Q(withdrawn_on__gt=day),
            agreed_on__lte=day,
        ).exclude(
            Exists(
                ActionReturn.objects.filter(
                    action=OuterRef("pk"), closed_on__lte=day, returned_on__gt=day
                )
            )
        )

    def overdue_on(self, day: date) -> Self:
        """Open when that day ended, and due before it by what was agreed then."""
        moved_later = (
            ActionChange.objects.filter(
                action=OuterRef("pk"), due_before__isnull=False, changed_on__gt=day
            )
            .order_by("changed_on", "pk")
            .values("due_before")[:1]
        )
        return (
            self.open_on(day)
            .annotate(due_then=Coalesce(Subquery(moved_later), F("due_on")))
            .filter(due_then__lt=day)
        )

    def in_turn(self) -> Self:
        """With `place`: what is open before what is to be verified, and that before what is
        verified.
        """
        places = [When(status=status, then=place) for place, status in enumerate(ActionStatus)]
        return self.annotate(place=Case(*places, output_field=models.SmallIntegerField()))

    def unverified(self) -> Self:
        """Open, or done and not yet verified: what stands in the way of lifting a suspension."""
        return self.filter(status__in=[ActionStatus.OPEN, ActionStatus.DONE])

    def standing(self) -> Self:
        """All that were not withdrawn."""
        return self.exclude(status=ActionStatus.WITHDRAWN)


class Action(models.Model):
    """An agreed improvement: whose it is, by when, with what evidence it was done, and who else
    checked that.
    """

    # Its own column: an action may come of a finding, of a concern, or of neither.
    service = models.ForeignKey(Service, models.PROTECT, related_name="actions")
    finding = models.ForeignKey(
        Finding, models.PROTECT, null=True, blank=True, related_name="actions"
    )
    concern = models.ForeignKey(
        Concern, models.PROTECT, null=True, blank=True, related_name="actions"
    )
    text = models.TextField("what must be done")
    owner_name = models.CharField("name or post at the provider", max_length=120, blank=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="audit_actions",
        verbose_name="council officer",
    )
    # The council's day, not the clock's moment: all that figures ask of an action is of a day.
    agreed_on = models.DateField(editable=False)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    due_on = models.DateField()
    status = models.CharField(
        max_length=10, choices=ActionStatus, default=ActionStatus.OPEN, editable=False
    )
    closed_on = models.DateField("done on", null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    evidence = models.TextField(blank=True, editable=False)
    verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    verified_how = models.TextField("how it was verified", blank=True, editable=False)
    returned_reason = models.TextField(
        "why it was returned",
        blank=True,
        editable=False,
        help_text="From the last time that the evidence was not accepted",
    )
    # Asked for where it needs a second person; with `withdrawn_by` alone it needed none.
    withdrawal_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    withdrawal_reason = models.TextField("why it is withdrawn", blank=True, editable=False)
    withdrawn_on = models.DateField(null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    objects = ActionQuerySet.as_manager()

    class Meta:
        default_permissions = ("change",)
        permissions = [("verify_action", "Can verify an action that somebody else closed")]
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["service", "status", "due_on"], name="action_service_status")
        ]
        constraints = [
            # One person to ask: an owner at the provider is a name or post, never an account here.
            models.CheckConstraint(
                condition=Q(officer=None) & ~Q(owner_name="")
                | Q(officer__isnull=False, owner_name=""),
                name="action_has_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(
                    status="open",
                    closed_on=None,
                    closed_by=None,
                    verified_at=None,
                    verified_by=None,
                )
                | Q(
                    status="done",
                    closed_on__isnull=False,
                    closed_by__isnull=False,
                    verified_at=None,
                    verified_by=None,
                )
                & ~Q(evidence="")
                | Q(
                    status="verified",
                    closed_on__isnull=False,
                    closed_by__isnull=False,
                    verified_at__isnull=False,
                    verified_by__isnull=False,
                )
                & ~Q(evidence="")
                | Q(status="withdrawn", verified_at=None, verified_by=None),
                # An open action may hold evidence: what was not accepted stays to be added to.
                name="action_status_whole",
            ),
            # Two pairs of eyes hold in the database too, whatever writes to it.
            models.CheckConstraint(
                condition=Q(verified_by=None) | ~Q(verified_by=F("closed_by")),
                name="action_verified_by_another",
            ),
            models.CheckConstraint(
                condition=Q(
                    status="withdrawn", withdrawn_on__isnull=False, withdrawn_by__isnull=False
                )
                & ~Q(withdrawal_reason="")
                | ~Q(status="withdrawn") & Q(withdrawn_on=None, withdrawn_by=None),
                name="action_withdrawn_whole",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by=None)
                | Q(withdrawal_asked_by=None)
                | ~Q(withdrawn_by=F("withdrawal_asked_by")),
                name="action_withdrawn_by_another",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("agreed_on")),
                name="action_closed_after_agreed",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("agreed_on")), name="action_due_after_agreed"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def owner(self) -> str:
        return str(self.officer) if self.officer_id else self.owner_name

    @property
    def owner_in_words(self) -> str:
        """The owner and whose person that is: `Ana Bell, for the council`."""
        return f"{self.owner}, {'for the council' if self.officer_id else 'at the provider'}"

    @property
    def is_open(self) -> bool:
        return self.status == ActionStatus.OPEN

    @property
    def is_done(self) -> bool:
        """Done with its evidence, and waiting to be verified."""
        return self.status == ActionStatus.DONE

    @property
    def is_verified(self) -> bool:
        return self.status == ActionStatus.VERIFIED

    @property
    def is_withdrawn(self) -> bool:
        return self.status == ActionStatus.WITHDRAWN

    @property
    def is_withdrawal_asked(self) -> bool:
        """Somebody asked that it be withdrawn, and nobody has decided."""
        return self.withdrawal_asked_by_id is not None and (self.is_open or self.is_done)

    def is_overdue_on(self, day: date) -> bool:
        return self.is_open and self.due_on < day


class ActionFile(AbstractAttachment):
    """A photograph or a document that shows what was done about an action."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="files")


class ActionReturn(models.Model):
    """Evidence that was not accepted, and why. The evidence that stands is the action's own. It
    never changes: a trigger holds it.
    """

    action = models.ForeignKey(Action, models.PROTECT, related_name="returns")
    evidence = models.TextField()
    closed_on = models.DateField("said to be done on")
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    returned_on = models.DateField()
    returned_at = models.DateTimeField()
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField("why it was returned")

    class Meta:
        default_permissions = ()
        ordering = ["returned_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(returned_on__gte=F("closed_on")), name="action_return_after_closing"
            ),
            models.CheckConstraint(
                condition=~Q(returned_by=F("closed_by")), name="action_returned_by_another"
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class ActionChangeKind(models.TextChoices):
    DUE = "due", "Due date changed"
    OWNER = "owner", "Owner changed"
    WITHDRAWAL_ASKED = "asked", "Withdrawal asked for"
    WITHDRAWAL_REFUSED = "refused", "Withdrawal refused"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ActionChange(models.Model):
    """A change of what was agreed, with its reason. It never changes: a trigger holds it."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=ActionChangeKind)
    reason = models.TextField()
    # The council's day: what was overdue on an earlier day asks the due day of then.
    changed_on = models.DateField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_before = models.DateField(null=True)
    due_after = models.DateField(null=True)
    owner_before = models.CharField(max_length=200, blank=True)
    owner_after = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["changed_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="action_change_has_reason"),
            models.CheckConstraint(
                condition=Q(kind="due", due_before__isnull=False, due_after__isnull=False)
                | ~Q(kind="due") & Q(due_before=None, due_after=None),
                name="action_change_of_due_day_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def from_and_to(self) -> str:
        """What it was and what it became: `9 December 2019 to 9 January 2020`; empty for a step
        of its withdrawal.
        """
        if self.due_before:
            return f"{day_in_words(self.due_before)} to {day_in_words(self.due_after)}"
        return f"{self.owner_before} to {self.owner_after}" if self.owner_after else ""
