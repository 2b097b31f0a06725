from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audits.models.templates import Question
from audits.models.visits import Visit, VisitOutcome

NEEDS_PLAN = (VisitOutcome.REQUIRES_IMPROVEMENT, VisitOutcome.POOR)


class ReportStatus(models.TextChoices):
    MODERATION = "moderation", "Waiting for moderation"
    RETURNED = "returned", "Returned to the officer"
    TO_SEND = "to_send", "Ready to send to the provider"
    WITH_PROVIDER = "with_provider", "With the provider"
    REVIEW = "review", "With a reviewer"
    FINAL = "final", "Final"


# Better than the cap that a critical question or a weak section sets.
ABOVE_CAP = (VisitOutcome.GOOD.value, VisitOutcome.EXCELLENT.value)


def _not_by_who_made_it(field: str) -> Q:
    """Neither the visit's officer nor whoever completed it is that person."""
    return ~Q(**{field: F("drafted_by")}) & ~Q(**{field: F("made_by")})


class ReportQuerySet(models.QuerySet["AuditReport"]):
    def unfinished(self) -> Self:
        return self.exclude(status=ReportStatus.FINAL)

    def in_hand_of(self, people: Iterable[models.Model]) -> Self:
        """Those that wait for these people, as `in_hand` tells of one."""
        people = list(people)
        return self.filter(
            Q(carried_on_by__in=people) | Q(carried_on_by=None, visit__officer__in=people)
        )

    def plan_due(self) -> Self:
        """Final, and its action plan is not agreed yet."""
        return self.filter(plan_due_on__isnull=False, plan_agreed_on=None)


class AuditReport(models.Model):
    """The way of an audit's result from the officer's draft to the final rating and the action
    plan.

    Source: the council's own policy (`Procedure`). It is exempt from publication at every stage
    (Local Government Act 1972, Schedule 12A) unless its outcome is marked public on the visit.
    """

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="report")
    status = models.CharField(max_length=15, choices=ReportStatus, editable=False)
    # Whoever takes it on from the officer whose visit it was: that officer made the audit for good,
    # and still does not moderate it.
    carried_on_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name="carried on by",
    )
    drafted_at = models.DateTimeField(editable=False)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    # The visit's officer, kept here so that constraints can ask who made the audit.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    # What the answers give by the scale, now: an upheld point may change it.
    scored_outcome = models.CharField(max_length=20, choices=VisitOutcome, editable=False)
    # The best outcome that the answers allow; empty while nothing holds it.
    cap = models.CharField(max_length=20, choices=VisitOutcome, blank=True, editable=False)
    # What stands until it is final: the draft's outcome, or another that somebody who did not make
    # the visit put in its place, by moderation, by an upheld point or as its reviewer.
    standing_outcome = models.CharField(max_length=20, choices=VisitOutcome, editable=False)
    standing_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    override_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    override_reason = models.TextField(
        "why the outcome is above the cap", blank=True, editable=False
    )
    # Of records older than the rule alone: no step of the product sets it.
    decided_alone = models.BooleanField(
        "one person alone departed from the moderated outcome, before two were asked",
        default=False,
        editable=False,
    )
    # Three outcomes and not one: whoever departs from the one before says why, and each stays to be
    # compared with it.
    drafted_outcome = models.CharField(max_length=20, choices=VisitOutcome, editable=False)
    moderated_at = models.DateTimeField(null=True, editable=False)
    moderated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    moderated_outcome = models.CharField(
        max_length=20, choices=VisitOutcome, blank=True, editable=False
    )
    moderated_note = models.TextField(blank=True, editable=False)
    returned_reason = models.TextField(blank=True, editable=False)
    sent_on = models.DateField(null=True, editable=False)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    sent_to = models.CharField(max_length=120, blank=True, editable=False)
    comments_by = models.DateField("comments by", null=True, editable=False)
    no_comments_on = models.DateField(null=True, editable=False)
    final_on = models.DateField(null=True, editable=False)
    final_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    final_outcome = models.CharField(
        max_length=20, choices=VisitOutcome, blank=True, editable=False
    )
    final_reason = models.TextField(blank=True, editable=False)
    plan_due_on = models.DateField(null=True, editable=False)
    plan_agreed_on = models.DateField(null=True, editable=False)
    plan_agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    next_due_on = models.DateField("next audit due", null=True, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [("moderate_audit", "Can moderate an audit that somebody else made")]
        ordering = ["-drafted_at", "-pk"]
        constraints = [
            # Two pairs of eyes hold in the database too. That nobody who answered a question of it
            # decides either is a guard of the workflow: a constraint cannot look at another table.
            models.CheckConstraint(
                condition=Q(moderated_by=None) | ~Q(moderated_by=F("drafted_by")),
                name="report_moderated_by_another",
            ),
            models.CheckConstraint(
                condition=Q(moderated_by=None)
                | Q(decided_alone=True)
                | ~Q(moderated_by=F("made_by")),
                name="report_not_moderated_by_its_officer",
            ),
            models.CheckConstraint(
                condition=Q(standing_outcome=F("drafted_outcome"))
                | Q(decided_alone=True)
                | Q(standing_by__isnull=False) & _not_by_who_made_it("standing_by"),
                name="report_outcome_changed_by_another",
            ),
            # Whoever made the visit may make final what stands, and nothing else.
            models.CheckConstraint(
                condition=Q(final_outcome="")
                | Q(final_outcome=F("standing_outcome"))
                | Q(decided_alone=True)
                | _not_by_who_made_it("final_by"),
                name="report_final_departs_by_another",
            ),
            models.CheckConstraint(
                condition=Q(cap="")
                | ~Q(standing_outcome__in=ABOVE_CAP) & ~Q(final_outcome__in=ABOVE_CAP)
                | Q(override_by__isnull=False),
                name="report_above_cap_is_overridden",
            ),
            models.CheckConstraint(
                condition=Q(override_by=None, override_reason="")
                | Q(override_by__isnull=False)
                & ~Q(override_reason="")
                & _not_by_who_made_it("override_by"),
                name="report_override_by_another",
            ),
            models.CheckConstraint(
                condition=Q(moderated_at=None, moderated_by=None, moderated_outcome="")
                | Q(moderated_at__isnull=False, moderated_by__isnull=False)
                & ~Q(moderated_outcome=""),
                name="report_moderated_whole",
            ),
            # The provider has a day at least; the day is kept as it was promised.
            models.CheckConstraint(
                condition=Q(sent_on=None, sent_by=None, comments_by=None)
                | Q(sent_on__isnull=False, sent_by__isnull=False, comments_by__gt=F("sent_on")),
                name="report_sent_whole",
            ),
            # The day of the next audit is set with the final rating and at no other time: the
            # programme reads it.
            models.CheckConstraint(
                condition=~Q(status="final")
                & Q(final_on=None, final_by=None, final_outcome="", next_due_on=None)
                | Q(
                    status="final",
                    final_on__isnull=False,
                    final_by__isnull=False,
                    next_due_on__isnull=False,
                )
                & ~Q(final_outcome=""),
                name="report_final_whole",
            ),
            # Which outcome asks for a plan is known when it is final.
            models.CheckConstraint(
                condition=Q(plan_due_on=None, plan_agreed_on=None)
                | Q(plan_due_on__isnull=False, status="final"),
                name="report_plan_after_final",
            ),
            models.CheckConstraint(
                condition=Q(plan_agreed_on=None, plan_agreed_by=None)
                | Q(plan_agreed_on__isnull=False, plan_agreed_by__isnull=False),
                name="report_plan_agreed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Report of {self.visit}"

    @property
    def service_id(self) -> int:
        return self.visit.service_id

    @property
    def in_hand(self) -> Any:
        """Who carries it on: the officer of the visit, unless it was handed over."""
        return self.carried_on_by or self.visit.officer

    @property
    def is_final(self) -> bool:
        return self.status == ReportStatus.FINAL

    @property
    def is_in_moderation(self) -> bool:
        return self.status == ReportStatus.MODERATION

    @property
    def is_returned(self) -> bool:
        return self.status == ReportStatus.RETURNED

    @property
    def is_to_send(self) -> bool:
        return self.status == ReportStatus.TO_SEND

    @property
    def is_with_provider(self) -> bool:
        return self.status == ReportStatus.WITH_PROVIDER

    @property
    def is_in_review(self) -> bool:
        return self.status == ReportStatus.REVIEW

    @property
    def has_override(self) -> bool:
        """Whether somebody decided an outcome above what the answers allow."""
        return self.override_by_id is not None

    @property
    def has_plan_to_agree(self) -> bool:
        """The outcome needs an action plan that is not agreed yet, as `plan_due` asks of many."""
        return self.plan_due_on is not None and self.plan_agreed_on is None

    @property
    def outcome(self) -> str:
        """The outcome as it stands: the final one, or what is to become it."""
        return self.final_outcome or self.standing_outcome

    def plan_is_late_on(self, day: date) -> bool:
        return (
            self.plan_due_on is not None and self.plan_agreed_on is None and self.plan_due_on < day
        )


class ProviderComment(models.Model):
    """Something that the provider says is not right in the draft, and what the council answered."""

    report = models.ForeignKey(AuditReport, models.PROTECT, related_name="provider_comments")
    question = models.ForeignKey(Question, models.PROTECT, null=True, blank=True, related_name="+")
    received_on = models.DateField()
    point = models.TextField("what the provider says")
    upheld = models.BooleanField(null=True, editable=False)
    answer = models.TextField(blank=True, editable=False)
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        default_permissions = ()
        ordering = ["received_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, upheld=None, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False, upheld__isnull=False)
                & ~Q(answer=""),
                name="provider_comment_answered_whole",
            )
        ]

    def __str__(self) -> str:
        return self.point

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None

    @property
    def decision(self) -> str:
        """Whether the council upholds the point; empty while it is not answered."""
        if self.upheld is None:
            return ""
        return "Upheld" if self.upheld else "Not upheld"
