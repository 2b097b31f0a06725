"""When an action on a visit is refused."""

from collections.abc import Sequence
from datetime import date

from audits.models import Template, TemplateStatus, Visit, VisitKind, VisitStatus
from audits.rules.answers import Gap
from carequality.models import User
from providers.models import Service


def why_not_plan(
    service: Service, template: Template | None, kind: str, planned_for: date, officer: User
) -> str | None:
    if service.closed_on is not None and service.closed_on <= planned_for:
        return f"{service} is closed from {service.closed_on:%-d %B %Y}."
    if kind == VisitKind.ANNUAL and template is None:
        return "An annual audit needs a template."
    if template is not None:
        if kind == VisitKind.ANNUAL and template.beside_main:
            return f"{template.name} stands beside the audit. Begin it from the audit itself."
        if template.status != TemplateStatus.CURRENT:
            return f"{template} is not in use. Choose the current version."
        if service.service_type not in template.service_types:
            return f"{template.name} is not for a service of this type ({service.get_service_type_display().lower()})."
    if not officer.is_active or not officer.has_perm("audits.record_visit"):
        return f"{officer} may not record visits. Choose someone who may."
    return None


def why_not_change_plan(visit: Visit) -> str | None:
    return None if visit.status == VisitStatus.PLANNED else "Only a visit that has not begun can be changed."


def why_not_begin(visit: Visit, visited_on: date, today: date) -> str | None:
    if visit.status != VisitStatus.PLANNED:
        return f"This visit is {visit.get_status_display().lower()} already."
    if visited_on > today:
        return "A visit cannot begin in the future."
    return None


def why_not_answer(visit: Visit) -> str | None:
    if visit.status == VisitStatus.PLANNED:
        return "Begin the visit before recording answers."
    if visit.status != VisitStatus.IN_PROGRESS:
        return f"This visit is {visit.get_status_display().lower()}: its answers stand as they are."
    return None


def why_not_complete(visit: Visit, lacking: Sequence[Gap]) -> str | None:
    if visit.status != VisitStatus.IN_PROGRESS:
        return f"This visit is {visit.get_status_display().lower()}; only one in progress can be completed."
    if lacking:
        what = "question is" if len(lacking) == 1 else "questions are"
        return f"{len(lacking)} {what} not yet answered in full."
    return None


def why_not_cancel(visit: Visit) -> str | None:
    if not visit.is_waiting:
        return f"This visit is {visit.get_status_display().lower()} already."
    if visit.status == VisitStatus.IN_PROGRESS:
        return "This visit has begun. Complete it; what was seen stays on the record."
    return None


def why_not_mark_public(visit: Visit) -> str | None:
    if not visit.is_completed:
        return "Only a completed visit has something that could be public."
    return "This outcome is a draft. It can be made public once it is final." if visit.is_draft else None
