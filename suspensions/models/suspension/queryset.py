"""Suspensions by what is true of them on a day."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from providers.models import PastClosure
from suspensions.models.suspension.vocabulary import (
    EVER_IN_FORCE,
    NOW_IN_FORCE,
    SuspensionStatus,
)

if TYPE_CHECKING:
    from suspensions.models.suspension.model import Suspension  # noqa: F401 - quoted below


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    def in_force_on(self, day: date) -> Self:
        """In force on that day, whatever became of them since: lifting sets `lifted_on`, so that
        past days stay right. Those of a service that was closed that day are left out: nobody could
        be placed there anyway.
        """
        return self.filter(
            Q(lifted_on=None) | Q(lifted_on__gt=day),
            Q(service__closed_on=None) | Q(service__closed_on__gt=day),
            ~Exists(PastClosure.objects.over(day).filter(service=OuterRef("service"))),
            status__in=EVER_IN_FORCE,
            in_force_from__lte=day,
        )

    def of_closed_services(self, day: date) -> Self:
        """Not ended although their service is closed that day."""
        return self.filter(status__in=NOW_IN_FORCE, service__closed_on__lte=day)

    def reopened(self, day: date) -> Self:
        """Ended because their service closed, which has reopened since, and nobody has decided yet
        whether it is to be suspended again.
        """
        decided_since = (
            self.model.objects.filter(
                service=OuterRef("service"), proposed_at__gt=OuterRef("lift_recorded_at")
            )
            .exclude(status__in=[SuspensionStatus.PROPOSED, SuspensionStatus.WITHDRAWN])
            .values("pk")
        )
        return self.filter(
            ~Exists(decided_since),
            Q(service__closed_on=None) | Q(service__closed_on__gt=day),
            is_ended_by_closure=True,
            lifted_on__lte=day,
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
        """Over, with someone still to be notified: the record stays open until each recipient is
        notified, or closed with a reason.
        """
        return self.filter(
            # In one `filter`, so that all of it is asked of the same recipient; several may wait.
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
