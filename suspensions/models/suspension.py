from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from concerns.models import Concern
from core.dates import day_in_words
from core.models import Event, User
from providers.models import Contract, Service, ServiceUnit

if TYPE_CHECKING:
    from suspensions.models.changing import Change


class SuspensionKind(models.TextChoices):
    FULL = "full", "Full: no new placements or packages"
    PARTIAL = "partial", "Partial: up to a limit, or case by case"
    VOLUNTARY = "voluntary", "Voluntary: the provider takes nobody new"


class SuspensionGround(models.TextChoices):
    """What a suspension is mainly about: which criteria of the lift's checklist apply depends on
    it.
    """

    CARE = "care", "Care and safety"
    MEDICINES = "medicines", "Medicines"
    STAFFING = "staffing", "Staffing"
    LEADERSHIP = "leadership", "Leadership and management"
    SAFEGUARDING = "safeguarding", "Safeguarding"
    BUSINESS = "business", "The provider’s business or finances"


class SuspensionStatus(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    IN_FORCE = "in_force", "In force"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"
    LIFT_PROPOSED = "lift_proposed", "In force, lift proposed"
    LIFTED = "lifted", "Lifted"


# A suspension of one of these has been, or is, in force; the rest never were.
EVER_IN_FORCE = [SuspensionStatus.IN_FORCE, SuspensionStatus.LIFT_PROPOSED, SuspensionStatus.LIFTED]
NOW_IN_FORCE = [SuspensionStatus.IN_FORCE, SuspensionStatus.LIFT_PROPOSED]


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    def in_force_on(self, day: date) -> Self:
        """In force on that day, whatever became of them since: lifting sets `lifted_on`, so that
        past days stay right.
        """
        return self.filter(
            Q(lifted_on=None) | Q(lifted_on__gt=day),
            status__in=EVER_IN_FORCE,
            in_force_from__lte=day,
        )

    def to_come(self, day: date) -> Self:
        """Decided, and to begin after that day."""
        return self.filter(status__in=NOW_IN_FORCE, in_force_from__gt=day)

    def awaiting_decision(self) -> Self:
        """Waiting for another manager: a proposal, an urgent suspension to confirm, or a proposed
        lift.
        """
        return self.filter(
            Q(status__in=[SuspensionStatus.PROPOSED, SuspensionStatus.LIFT_PROPOSED])
            | self._unconfirmed()
        )

    def unconfirmed(self) -> Self:
        """Urgent suspensions in force that no second manager has confirmed."""
        return self.filter(self._unconfirmed())

    def overdue_confirmation(self, day: date) -> Self:
        """Unconfirmed after the last day for it. They stay in force: a suspension never lapses in
        silence.
        """
        return self.unconfirmed().filter(confirm_due_on__lt=day)

    def planned_to_end_by(self, day: date) -> Self:
        """In force although the day that they were planned to last until has come: to be lifted or
        extended.
        """
        return self.filter(status__in=NOW_IN_FORCE, planned_until__lte=day)

    def open_records(self) -> Self:
        """Over, with someone still to be told of it: the record stays open until each is told or
        closed with a reason.
        """
        return self.filter(
            status=SuspensionStatus.LIFTED,
            recipients__notified_at=None,
            recipients__closed_reason="",
            recipients__isnull=False,
        ).distinct()

    def to_review(self, day: date) -> Self:
        """With a review due by that day: of one in force, or of the monitoring after a lift."""
        return self.filter(status__in=EVER_IN_FORCE, review_on__lte=day)

    def overlapping(self, service_id: int, unit_id: int | None) -> Self:
        """Of that service and of a scope that meets that unit (None: the whole service)."""
        same = Q(service_id=service_id)
        return self.filter(same if unit_id is None else same & (Q(unit=None) | Q(unit_id=unit_id)))

    @staticmethod
    def _unconfirmed() -> Q:
        return Q(is_urgent=True, confirmed_at=None, status__in=NOW_IN_FORCE)


def _scope() -> list[tuple[Func, str]]:
    # No btree_gist here: a range of one id overlaps another exactly when the ids are equal. A unit
    # is a range of its own id; the whole service is the range of all units.
    return [
        (
            Func(F("service_id"), F("service_id"), Value("[]"), function="int8range"),
            RangeOperators.OVERLAPS,
        ),
        (
            Func(Coalesce(F("unit_id"), 0), F("unit_id"), Value("[]"), function="int8range"),
            RangeOperators.OVERLAPS,
        ),
    ]


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
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_recorded_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(blank=True)
    in_force_from = models.DateField(null=True)
    review_on = models.DateField("next review", null=True)
    planned_until = models.DateField(
        "planned to last until",
        null=True,
        help_text="It does not lapse that day: it is lifted or extended",
    )

    # The urgent route: the proposer's word puts it in force, a second manager confirms.
    is_urgent = models.BooleanField(default=False)
    confirm_due_on = models.DateField(null=True)
    confirmer = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="who was asked to confirm"
    )
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    lift_proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lift_proposed_at = models.DateTimeField(null=True)
    lift_reason = models.TextField(blank=True)
    lift_decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lift_decided_at = models.DateTimeField(null=True)
    lift_recorded_at = models.DateTimeField(null=True)
    lifted_on = models.DateField("first day no longer in force", null=True)

    is_public_name = models.BooleanField(default=False)
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
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[choice.value for choice in SuspensionStatus]),
                name="suspension_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind="partial") | ~Q(limit=""),
                name="suspension_partial_says_its_limit",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="suspension_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")),
                name="suspension_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(lift_decided_by=None)
                | Q(lift_proposed_by=None)
                | ~Q(lift_decided_by=F("lift_proposed_by")),
                name="suspension_lift_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["in_force", "lift_proposed", "lifted"])
                | Q(
                    in_force_from__isnull=False,
                    decided_at__isnull=False,
                    decision_recorded_at__isnull=False,
                )
                & (
                    Q(decided_by__isnull=False, is_urgent=False)
                    | Q(decided_by=None, is_urgent=True)
                ),
                name="suspension_in_force_is_decided",
            ),
            models.CheckConstraint(
                condition=~Q(status="refused")
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="suspension_refused_is_decided",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(is_urgent=True, confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="suspension_confirmed_whole",
            ),
            models.CheckConstraint(
                condition=Q(is_urgent=False) | Q(confirm_due_on__isnull=False),
                name="suspension_urgent_has_a_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(status="lift_proposed")
                | Q(lift_proposed_by__isnull=False, lift_proposed_at__isnull=False),
                name="suspension_lift_has_a_proposer",
            ),
            # Nobody proposes the end of an urgent suspension that the second manager does not
            # confirm: that manager ends it.
            models.CheckConstraint(
                condition=Q(lifted_on=None) & ~Q(status="lifted")
                | Q(
                    status="lifted",
                    lifted_on__isnull=False,
                    lift_decided_by__isnull=False,
                    lift_decided_at__isnull=False,
                    lift_recorded_at__isnull=False,
                )
                & (
                    Q(lift_proposed_by__isnull=False)
                    | Q(is_urgent=True, confirmed_by=None) & ~Q(lift_decided_by=F("proposed_by"))
                ),
                name="suspension_lifted_is_decided",
            ),
            models.CheckConstraint(
                condition=Q(lifted_on=None) | Q(lifted_on__gte=F("in_force_from")),
                name="suspension_lifted_after_start",
            ),
            models.CheckConstraint(
                condition=Q(is_public_name=False)
                | Q(public_name_by__isnull=False) & ~Q(public_name_reason=""),
                name="suspension_public_name_has_a_reason",
            ),
            ExclusionConstraint(
                name="suspension_one_in_force_per_scope",
                expressions=[
                    *_scope(),
                    (
                        Func(F("in_force_from"), F("lifted_on"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(status__in=["in_force", "lift_proposed", "lifted"]),
            ),
            ExclusionConstraint(
                name="suspension_one_proposal_per_scope",
                expressions=_scope(),
                condition=Q(status="proposed"),
            ),
        ]

    def __str__(self) -> str:
        return f"Suspension of {self.scope}"

    @property
    def scope(self) -> str:
        return f"{self.service}, {self.unit}" if self.unit_id else str(self.service)

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
    def is_unconfirmed(self) -> bool:
        return self.is_urgent and self.confirmed_at is None and self.status in NOW_IN_FORCE

    @property
    def is_now_in_force(self) -> bool:
        return self.status in NOW_IN_FORCE

    @property
    def final_decision_at(self) -> datetime | None:
        """When the decision was made, or confirmed, from which the provider's days to ask for a
        review count.
        """
        return self.confirmed_at or self.decided_at

    def people_involved(self) -> set[int]:
        """The ids of the people who had a part in it: whoever proposed, decided, confirmed, changed
        or led it.
        """
        handed_over = Event.objects.filter(
            kind="suspension.handed_over", about_label=self._meta.label_lower, about_id=str(self.pk)
        )
        took_part = [
            *self.decisions.values_list("by_id", flat=True),
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
        )

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
        # Reads `changes`, prefetched or not.
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
        .order_by(F("unit_id").asc(nulls_first=True), "pk")
    )
    return services.annotate(
        suspension_id=Subquery(mine.values("pk")[:1]),
        suspension_kind=Subquery(mine.values("kind")[:1]),
        suspended_from=Subquery(mine.values("in_force_from")[:1]),
    )
