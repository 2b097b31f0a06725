"""What is known of many services at once: the programme and the bands are decided by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db import models
from django.db.models import F, Q, QuerySet

from audits.models import AuditReport, ProgrammeEntry, Visit
from audits.models.annotations import services_with_audits
from audits.rules.bands import CQC_ORDER
from audits.rules.programme import Known
from concerns.models import services_with_concerns
from providers.models import Service
from ratings.models import Rating, ServiceLocation
from ratings.vocabulary import RatingWord


def lowest_cqc(service_ids: Sequence[int], day: date) -> dict[int, str]:
    """The lowest overall rating that stands that day, by service; services that CQC has not rated
    are left out.
    """
    links = dict(
        ServiceLocation.objects.filter(service__in=service_ids, since__lte=day)
        .filter(Q(until=None) | Q(until__gt=day))
        .values_list("location", "service")
    )
    found: dict[int, str] = {}
    ratings = Rating.objects.as_at(day).overall().filter(location__in=links)
    for location_id, word in ratings.order_by().values_list("location", "rating"):
        service_id = links[location_id]
        # A service is one location at a time, but CQC may rate several services of it apart.
        known = found.get(service_id)
        if known is None or CQC_ORDER.index(RatingWord(word)) < CQC_ORDER.index(RatingWord(known)):
            found[service_id] = word
    return found


def known_of(services: QuerySet[Service], day: date) -> list[Known]:
    """What the programme weighs, of each of the services."""
    rows = list(services_with_concerns(services_with_audits(services, day), day))
    ids = [row.pk for row in rows]
    cqc = lowest_cqc(ids, day)
    # Oldest first: of several reports of a service the last one stands.
    due = dict(
        AuditReport.objects.filter(visit__service__in=ids, status="final")
        .order_by("final_on", "pk")
        .values_list("visit__service", "next_due_on")
    )
    return [
        Known(
            service_id=row.pk,
            name=row.name,
            last_audit_on=row.last_audit_on,  # type: ignore[attr-defined]  # annotated
            last_outcome=row.last_outcome or "",  # type: ignore[attr-defined]  # annotated
            next_due_on=due.get(row.pk),
            cqc=cqc.get(row.pk, ""),
            high_concerns=row.high_risk_concerns,  # type: ignore[attr-defined]  # annotated
            overdue_actions=row.overdue_actions,  # type: ignore[attr-defined]  # annotated
            lead_officer_id=row.lead_officer_id,
        )
        for row in rows
    ]


def audits_between(service_ids: Sequence[int], first: date, last: date) -> dict[int, Visit]:
    """The annual audit of each service in that time: a completed one before one that is waiting."""
    visits = (
        Visit.objects.filter(service__in=service_ids, kind="annual")
        .filter(
            Q(visited_on__range=(first, last))
            | Q(visited_on=None, planned_for__range=(first, last))
        )
        # One that was stopped early is no audit of the year: its place is to be planned again.
        .exclude(status__in=["cancelled", "stopped"])
        .select_related("officer")
        .order_by("planned_for", "pk")
    )
    found: dict[int, Visit] = {}
    for visit in visits:
        kept = found.get(visit.service_id)
        if kept is None or (visit.is_completed and not kept.is_completed):
            found[visit.service_id] = visit
    return found


class AuditState(models.TextChoices):
    """Where a place in the programme stands."""

    DONE = "done", "Done"
    PLANNED = "planned", "Planned"
    TO_PLAN = "to_plan", "To be planned"
    SLIPPED = "slipped", "Slipped"
    LEFT_OUT = "left_out", "Left out"


def state_of(entry: ProgrammeEntry, visit: Visit | None, today: date) -> AuditState:
    """Done when the year's audit is completed; slipped when it is due, or its visit was, and it has
    not begun.
    """
    # First of all: an audit that was made counts, also of a service that was left out.
    if visit is not None and visit.is_completed:
        return AuditState.DONE
    if entry.left_out_reason:
        return AuditState.LEFT_OUT
    if visit is not None and visit.visited_on is not None:
        return AuditState.PLANNED
    # A visit moved within the year is late by the day that was promised, and by its own.
    if min(entry.due_on, visit.planned_for if visit else entry.due_on) < today:
        return AuditState.SLIPPED
    return AuditState.PLANNED if visit is not None else AuditState.TO_PLAN


@dataclass(frozen=True)
class ReAudit:
    """The audit that the last final rating of a service asks for: by when, and the visit that is
    planned for it, if one is.
    """

    service: Service
    due_on: date
    visit: Visit | None

    def is_late_on(self, day: date) -> bool:
        """Its day has come, or that of its visit, and it has not begun."""
        begun = self.visit is not None and self.visit.visited_on is not None
        planned_for = self.visit.planned_for if self.visit else self.due_on
        return not begun and min(self.due_on, planned_for) < day


def re_audits(first: date, last: date, services: Sequence[int] | None = None) -> list[ReAudit]:
    """The audits that are due again between these days by the last final rating of an open service.

    The programme gives a service one place a year: a service that required improvement is due
    again within the same year, which no place of it says.
    """
    reports = AuditReport.objects.filter(status="final", visit__template__beside_main=False)
    if services is not None:
        reports = reports.filter(visit__service__in=services)
    # The last one of each service alone: a later audit has answered what an earlier one asked for.
    latest = (
        reports.order_by("visit__service_id", "-final_on", "-pk")
        .distinct("visit__service_id")
        .values("pk")
    )
    due = (
        AuditReport.objects.filter(pk__in=latest, next_due_on__range=(first, last))
        .exclude(visit__service__closed_on__lte=F("next_due_on"))
        .select_related("visit__service__lead_officer")
        .order_by("next_due_on", "pk")
    )
    found = list(due)
    after: dict[int, list[Visit]] = {}
    for visit in (
        Visit.objects.filter(service__in=[each.visit.service_id for each in found], kind="annual")
        .exclude(status="cancelled")
        .select_related("officer")
        .order_by("planned_for", "pk")
    ):
        after.setdefault(visit.service_id, []).append(visit)
    result = []
    for report in found:
        later = [one for one in after.get(report.visit.service_id, ()) if one.pk != report.visit_id]
        # Completed since: its own report, when that is final, says when the next one is due.
        if any(one.is_completed and one.day > report.visit.day for one in later):
            continue
        waiting = next((one for one in later if one.is_waiting), None)
        result.append(ReAudit(report.visit.service, cast("date", report.next_due_on), waiting))
    return result
