"""A suspension: what it is of, what is recorded of it, and what follows from that on a day."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from concerns.models import Concern
from core import events
from core.dates import day_in_words
from core.models import Event, User
from providers.models import Contract, Service, ServiceUnit
from suspensions.models.suspension.constraints import suspension_constraints
from suspensions.models.suspension.queryset import SuspensionQuerySet
from suspensions.models.suspension.vocabulary import (
    EVER_IN_FORCE,
    NOW_IN_FORCE,
    SuspensionGround,
    SuspensionKind,
    SuspensionStatus,
)

if TYPE_CHECKING:
    from suspensions.models.changing import Change


# What somebody does about a suspension without a part in what it is about: they tell others of it,
# have a letter made, or write down that the provider asks for a review.
NO_PART = (
    "suspension.recipient_added",
    "suspension.recipient_closed",
    "suspension.recipient_emailed",
    "suspension.recipient_notified",
    "suspension.rest_notified",
    "letter.written",
    "review.asked",
)


class Suspension(models.Model):
    """No new placements or packages at a service, or a unit of it, for a time; the people who live
    there stay.

    Names, reasons and all text here are exempt unless `is_public_name` says otherwise of the name.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="suspensions")
    unit = models.ForeignKey(
        ServiceUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="suspensions",
        help_text="Empty: the whole service",
    )
    # Home care is counted in the districts of these (`districts_of`).
    contracts = models.ManyToManyField(Contract, blank=True, related_name="suspensions")
    concerns = models.ManyToManyField(
        Concern, blank=True, related_name="suspensions", help_text="The concerns that led to it"
    )
    kind = models.CharField(max_length=10, choices=SuspensionKind)
    limit = models.TextField("limit of a partial suspension", blank=True)
    status = models.CharField(
        max_length=15, choices=SuspensionStatus, default=SuspensionStatus.PROPOSED
    )
    lead_officer = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="led_suspensions"
    )

    ground = models.CharField("mainly about", max_length=15, choices=SuspensionGround, blank=True)
    summary = models.CharField("reason in one sentence", max_length=300)
    reasons = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    provider_notified_at = models.DateTimeField("when the provider was told", null=True, blank=True)
    provider_notified = models.TextField("what the provider was told", blank=True)
    provider_answer = models.TextField("what the provider answered", blank=True)
    welfare = models.TextField("welfare of the people living there", blank=True)
    meetings = models.TextField("meetings with residents and families", blank=True)
    quiet_weeks = models.PositiveSmallIntegerField(
        "weeks without a new high-risk concern before it can be lifted", default=4
    )

    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    # Kept beside the versions, which say what each of them wrote, so that the database can refuse a
    # decision by one of them. Empty for what was decided before this was kept.
    reasons_by = ArrayField(
        models.BigIntegerField(),
        default=list,
        help_text="The ids of everyone who wrote the reasons or the evidence",
    )
    # Empty until it is decided, and for good if it is urgent: see `confirmed_by`. A decision may be
    # made by telephone: when it was made, and when it was written down, are kept apart.
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_recorded_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(blank=True)
    in_force_from = models.DateField(null=True)
    # Empty before it is decided, and after a lift once no monitoring is planned.
    review_on = models.DateField("next review", null=True)
    planned_until = models.DateField(
        "planned to end by",
        null=True,
        help_text="The suspension does not end that day by itself: it is lifted or extended",
    )

    # The urgent route: the proposer's word puts it in force, a second manager confirms.
    is_urgent = models.BooleanField(default=False)
    confirm_due_on = models.DateField(null=True)
    confirmer = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="who is asked to confirm"
    )
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    # Emptied when a lift is refused: the history and the checklist keep that proposal.
    lift_proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lift_proposed_at = models.DateTimeField(null=True)
    lift_reason = models.TextField(blank=True)
    lift_decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lift_decided_at = models.DateTimeField(null=True)
    lift_recorded_at = models.DateTimeField(null=True)
    lifted_on = models.DateField("first day no longer in force", null=True)
    # Without a proposal to lift and its checklist: nobody can be placed at a closed service. Two
    # people stand behind this end as well, whoever proposed the suspension and whoever ends it.
    is_ended_by_closure = models.BooleanField("ended as the service closed", default=False)

    # First day of its present scope, where that was changed: what it covered before is in
    # `changes`. Empty: since it began.
    scope_from = models.DateField(null=True)
    # Zero, but for an urgent one that was put in force over lighter ones of the same scope, which
    # go on beneath it: one more than theirs.
    layer = models.PositiveSmallIntegerField(default=0)

    is_public_name = models.BooleanField(default=False)
    # Kept when the name is made exempt again: they answer for the time in which it was public.
    public_name_reason = models.TextField(blank=True)
    public_name_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        permissions = [
            ("propose_suspension", "Can propose a suspension or a lift, and suspend at once"),
            ("decide_suspension", "Can decide what another proposed"),
            ("record_progress", "Can record monitoring of a suspension"),
            (
                "view_placement_status",
                "Can see whether a service takes placements, without the reason",
            ),
        ]
        ordering = ["-in_force_from", "-proposed_at", "-pk"]
        indexes = [models.Index(fields=["status", "review_on"], name="suspension_status")]
        constraints = suspension_constraints()

    def __str__(self) -> str:
        return f"Suspension of {self.scope}"

    @property
    def scope(self) -> str:
        """The service, and the unit where it is of one alone."""
        return f"{self.service}, {self.unit}" if self.unit_id else str(self.service)

    @property
    def of_scope(self) -> str:
        """What is read out after a link to it: `of Elm House, Rose unit`."""
        return f"of {self.scope}"

    @property
    def name_in_service(self) -> str:
        """Its name among what else a service has: `Suspension of Rose unit`."""
        return f"Suspension of {self.unit}" if self.unit_id else "Suspension"

    @property
    def status_in_words(self) -> str:
        """Where it stands today: one whose first day is still to come, or whose service has closed,
        is not in force; an urgent one that nobody has confirmed says so.
        """
        if self.is_ended_by_closure:
            return "Ended, service closed"
        if not self.is_now_in_force:
            return self.get_status_display()
        today = timezone.localdate()
        if self.service.is_closed_on(today):
            words = "Service closed"
        elif self.in_force_from and self.in_force_from > today:
            words = f"Begins on {day_in_words(self.in_force_from)}"
        else:
            words = "In force"
        if self.is_unconfirmed:
            return f"{words}, not confirmed"
        return f"{words}, lift proposed" if self.is_lift_proposed else words

    @property
    def kind_in_words(self) -> str:
        """Full, Partial or Voluntary, without what that means."""
        return self.get_kind_display().partition(":")[0]

    @property
    def is_partial(self) -> bool:
        """Placements are possible up to its limit."""
        return self.kind == SuspensionKind.PARTIAL

    @property
    def placements_in_words(self) -> str:
        """What it means for whoever places people, without the reason."""
        where = self.unit or "the whole service"
        if self.is_partial:
            return f"Placements in {where} are limited. {self.limit}"
        return f"Do not place in {where}."

    @property
    def proposed_label(self) -> str:
        """What its first manager did: propose it, or put it in force."""
        return "Suspended at once by" if self.is_urgent else "Proposed by"

    @property
    def since_in_words(self) -> str:
        """From when it is in force; empty before it is decided."""
        if self.in_force_from is None:
            return ""
        begun = self.in_force_from <= timezone.localdate()
        return f"In force {'since' if begun else 'from'} {day_in_words(self.in_force_from)}"

    @property
    def banner_heading(self) -> str:
        """What stands over its banner on every page of the service."""
        return f"Suspended: {self.scope_in_words}" if self.unit_id else "Suspended"

    @property
    def notice_colour(self) -> str:
        """The colour of that banner: a unit's is less grave than the whole service's."""
        return "amber" if self.unit_id else ""

    @property
    def scope_in_words(self) -> str:
        """The unit, or that it is the whole service."""
        return f"{self.unit} only" if self.unit_id else "The whole service"

    @property
    def days_in_words(self) -> str:
        """From when until when it was in force, or what became of it; then its unit."""
        if self.in_force_from is None:
            words = (
                f"{self.get_status_display()}, {day_in_words(timezone.localdate(self.proposed_at))}"
            )
        elif self.lifted_on is None:
            words = f"From {day_in_words(self.in_force_from)}"
        else:
            words = f"{day_in_words(self.in_force_from)} to {day_in_words(self.lifted_on)}"
        return f"{words}, {self.unit}" if self.unit_id else words

    @property
    def is_proposed(self) -> bool:
        """Waiting for another manager to decide whether it begins."""
        return self.status == SuspensionStatus.PROPOSED

    @property
    def is_lift_proposed(self) -> bool:
        """In force, and waiting for another manager to decide whether it ends."""
        return self.status == SuspensionStatus.LIFT_PROPOSED

    @property
    def checklist_heading(self) -> str:
        """What stands over the criteria of the latest proposal to lift it."""
        which = "this" if self.is_lift_proposed else "the last"
        return f"Criteria in {which} proposal to lift"

    @property
    def is_lifted(self) -> bool:
        """Over. It stays a record, and may still have recipients to notify."""
        return self.status == SuspensionStatus.LIFTED

    @property
    def is_unconfirmed(self) -> bool:
        """In force on one manager's word alone."""
        return self.is_urgent and self.confirmed_at is None and self.status in NOW_IN_FORCE

    @property
    def is_now_in_force(self) -> bool:
        """In force, also while its lift waits for a decision."""
        return self.status in NOW_IN_FORCE

    @property
    def final_decision_at(self) -> datetime | None:
        """When the decision was made, or confirmed, from which the provider's days to ask for a
        review count.
        """
        return self.confirmed_at or self.decided_at

    def people_involved(self) -> set[int]:
        """The ids of the people who had a part in it: whoever wrote in its record, put it to the
        provider or weighed its answer, reviewed, proposed, decided, changed or led it.
        """
        # Who led before a hand-over is known by id in the event record alone.
        handed_over = Event.objects.filter(
            kind="suspension.handed_over", about_label=self._meta.label_lower, about_id=str(self.pk)
        )
        took_part = [
            *self.decisions.values_list("by_id", flat=True),
            *events.took_part(self, but=NO_PART),
            *self.reasons_by,
            *(event.before.get("lead") for event in handed_over),
        ]
        fields = (
            self.proposed_by_id,
            self.decided_by_id,
            self.confirmed_by_id,
            self.lead_officer_id,
        )
        return {pk for pk in (*took_part, *fields) if pk}

    def is_in_force_on(self, day: date) -> bool:
        """What `in_force_on` asks of the database, of one that is read already; a test compares
        both.
        """
        return (
            self.status in EVER_IN_FORCE
            and self.in_force_from is not None
            and self.in_force_from <= day
            and (self.lifted_on is None or self.lifted_on > day)
            # Figures ask it of many, with `service` and its `past_closures` read beforehand.
            and not self.service.was_closed_on(day)
        )

    @property
    def is_firm(self) -> bool:
        """In full, of the whole of its scope, and nobody has proposed to lift it: nothing is left
        to tighten.
        """
        return self.kind == SuspensionKind.FULL and self.status == SuspensionStatus.IN_FORCE

    def scope_on(self, day: date) -> tuple[ServiceUnit | None, str, str]:
        """The unit, kind and limit that it had on that day: a change that was agreed since is
        undone.
        """
        since = self._first_change_after(day)
        if since:
            return since.before_unit, since.before_kind, since.before_limit
        return self.unit, self.kind, self.limit

    def kind_on(self, day: date) -> str:
        """The kind that it was of on that day. Reads no unit: figures ask it of many."""
        since = self._first_change_after(day)
        return since.before_kind if since else self.kind

    def _first_change_after(self, day: date) -> "Change | None":
        # In Python, not by a query: figures ask it of every suspension with `changes` prefetched.
        # In the order of their keys, which is that of their days: one change waits at a time. The
        # first one later than the day kept what stood on it. An extension has no `before_kind`.
        later = (
            c
            for c in self.changes.all()
            if c.before_kind and c.effective_on and c.effective_on > day
        )
        return next(later, None)

    def days_in_force(self, today: date) -> int | None:
        """Days from the first in force to the lift, or to `today` if that comes before; None if it
        never was or has not begun.
        """
        if (
            self.status not in EVER_IN_FORCE
            or self.in_force_from is None
            or self.in_force_from > today
        ):
            return None
        return (min(self.lifted_on or today, today) - self.in_force_from).days


def services_with_suspensions(
    services: models.QuerySet[Service], day: date
) -> models.QuerySet[Service]:
    """The services with what a list of them shows of suspensions, in the same query. Exempt matter.

    Adds `suspension_id`, `suspension_kind` and `suspended_from` of a suspension in force that day
    (of the whole service before one of a unit), or None.
    """
    mine = (
        Suspension.objects.in_force_on(day)
        .filter(service=OuterRef("pk"))
        # Where one was put in force over another, the later one is the heavier.
        .order_by(F("unit_id").asc(nulls_first=True), "-layer", "pk")
    )
    return services.annotate(
        suspension_id=Subquery(mine.values("pk")[:1]),
        suspension_kind=Subquery(mine.values("kind")[:1]),
        suspended_from=Subquery(mine.values("in_force_from")[:1]),
    )
