"""What an action on a visit asks beside the state of the visit."""

from collections.abc import Sequence
from datetime import date

from audits.models import Template, TemplateStatus, Visit, VisitKind
from audits.rules.answers import Gap
from core.dates import day_in_words
from core.workflow import NotAllowed


def check_plan(visit: Visit) -> None:
    """Whether a visit can be planned so: for that service, of that kind, with that template, by
    that officer.

    Raises `NotAllowed`: `service-closed`, `template-missing`, what `check_template` says, or
    `may-not-record`.
    """
    service = visit.service
    if service.closed_on is not None and service.closed_on <= visit.planned_for:
        raise NotAllowed(
            "service-closed",
            f"{service} is closed from {day_in_words(service.closed_on)}.",
            "planned_for",
        )
    if visit.template is not None:
        check_template(visit, visit.template)
    elif visit.kind == VisitKind.ANNUAL:
        raise NotAllowed("template-missing", "An annual audit needs a template.", "template")
    if not visit.officer.is_active or not visit.officer.has_perm("audits.record_visit"):
        raise NotAllowed(
            "may-not-record",
            f"{visit.officer} may not record visits. Choose someone who may.",
            "officer",
        )


def check_template(visit: Visit, template: Template) -> None:
    """Raises `NotAllowed`: `template-beside`, `template-not-current` or
    `template-of-another-type`.
    """
    if visit.kind == VisitKind.ANNUAL and template.beside_main:
        raise NotAllowed(
            "template-beside",
            f"{template.name} stands beside the audit. Begin it from the audit itself.",
            "template",
        )
    if template.status != TemplateStatus.CURRENT:
        raise NotAllowed(
            "template-not-current",
            f"{template} is not in use. Choose the current version.",
            "template",
        )
    if visit.service.service_type not in template.service_types:
        service_type = visit.service.get_service_type_display().lower()
        raise NotAllowed(
            "template-of-another-type",
            f"{template.name} is not for a service of this type ({service_type}).",
            "template",
        )


def check_visited_on(visited_on: date, today: date) -> None:
    """Raises `NotAllowed`: `in-future`."""
    if visited_on > today:
        raise NotAllowed("in-future", "A visit cannot begin in the future.", "visited_on")


def check_answered(lacking: Sequence[Gap]) -> None:
    """Whether a visit that lacks this can be completed. Raises `NotAllowed`: `not-answered`."""
    if lacking:
        what = "question is" if len(lacking) == 1 else "questions are"
        raise NotAllowed("not-answered", f"{len(lacking)} {what} not yet answered in full.")


def check_companion(main: Visit, template: Template) -> None:
    """Whether that standard may be begun beside an audit.

    Raises `NotAllowed`: `not-beside` or `already-beside`.
    """
    if not template.beside_main or main.service.service_type not in template.service_types:
        raise NotAllowed("not-beside", f"{template.name} does not stand beside this audit.")
    if main.companions.filter(template__key=template.key).exists():
        raise NotAllowed("already-beside", f"{template.name} stands beside this audit already.")


def check_correction(reason: str) -> None:
    """Raises `NotAllowed`: `reason-missing`."""
    if not reason.strip():
        raise NotAllowed("reason-missing", "Say what has to be corrected, and why.", "reason")
