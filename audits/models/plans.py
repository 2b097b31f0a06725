from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When

from audits.models.templates import Question
from audits.models.visits import Visit
from concerns.models import Concern
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


class ActionQuerySet(models.QuerySet["Action"]):
    def for_service(self, service: Service) -> Self:
        return self.filter(service=service)

    def open(self) -> Self:
        return self.filter(status=ActionStatus.OPEN)

    def open_on(self, day: date) -> Self:
        """Agreed by that day and not yet done when it ended."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day), agreed_on__lte=day)

    def overdue_on(self, day: date) -> Self:
        return self.open_on(day).filter(due_on__lt=day)

    def in_turn(self) -> Self:
        """With `place`: what is open before what is to be verified, and that before what is
        verified.
        """
        places = [When(status=status, then=place) for place, status in enumerate(ActionStatus)]
        return self.annotate(place=Case(*places, output_field=models.SmallIntegerField()))

    def unverified(self) -> Self:
        """Open, or done and not yet verified: what stands in the way of lifting a suspension."""
        return self.exclude(status=ActionStatus.VERIFIED)


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
                & ~Q(evidence=""),
                # An open action may hold evidence: what was not accepted stays to be added to.
                name="action_status_whole",
            ),
            # Two pairs of eyes hold in the database too, whatever writes to it.
            models.CheckConstraint(
                condition=Q(verified_by=None) | ~Q(verified_by=F("closed_by")),
                name="action_verified_by_another",
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

    def is_overdue_on(self, day: date) -> bool:
        return self.is_open and self.due_on < day


class ActionFile(AbstractAttachment):
    """A photograph or a document that shows what was done about an action."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="files")
