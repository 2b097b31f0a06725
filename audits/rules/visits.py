"""What an action on a visit asks beside the state of the visit."""

from collections.abc import Sequence
from datetime import date

from audits.models import Template, TemplateStatus, Visit, VisitKind
from audits.rules.answers import Gap
from core.dates import day_in_words
from core.workflow import NotAllowed


def check_plan(visit: Visit, *, is_template_new: bool = True) -> None:
    """Whether a visit can be planned so: for that service, of that kind, with that template, by
    that officer. A template that was planned before stands, whether it is in use or not.

    Raises `NotAllowed`: `service-closed`, `template-missing`, what `check_template` says, or
    `may-not-record`.
    """
    service = visit.service
    if service.closed_on is not None and service.closed_on <= visit.planned_for:
        raise NotAllowed(
            "service-closed",
            f"{service} closed on {day_in_words(service.closed_on)}. Enter an earlier day.",
            "planned_for",
        )
    if visit.template is not None:
        check_template(visit, visit.template, is_new=is_template_new)
    elif visit.kind == VisitKind.ANNUAL:
        raise NotAllowed("template-missing", "Select the template of the annual audit.", "template")
    if not visit.officer.is_active or not visit.officer.has_perm("audits.record_visit"):
        raise NotAllowed(
            "may-not-record",
            f"{visit.officer} cannot record visits. Select another officer.",
            "officer",
        )


def check_template(visit: Visit, template: Template, *, is_new: bool = True) -> None:
    """Whether a visit can be made with that template.

    Raises `NotAllowed`: `template-beside`, `template-not-current` or `template-of-another-type`.
    """
    if visit.kind == VisitKind.ANNUAL and template.beside_main:
        raise NotAllowed(
            "template-beside",
            f"{template.name} is an extra standard. Begin it from the page of the audit.",
            "template",
        )
    if not is_new:
        return
    if template.status != TemplateStatus.CURRENT:
        raise NotAllowed(
            "template-not-current",
            f"{template} is not in use. Select the current version.",
            "template",
        )
    if visit.service.service_type not in template.service_types:
        service_type = visit.service.get_service_type_display().lower()
        raise NotAllowed(
            "template-of-another-type",
            f"{template.name} is not for this type of service ({service_type}). Select another"
            " template.",
            "template",
        )


def check_visited_on(visited_on: date, today: date) -> None:
    """Whether a visit can have begun that day.

    Raises `NotAllowed`: `in-future`.
    """
    if visited_on > today:
        raise NotAllowed(
            "in-future", "The day of the visit must be today or in the past.", "visited_on"
        )


def check_answered(lacking: Sequence[Gap]) -> None:
    """Whether a visit that lacks this can be completed.

    Raises `NotAllowed`: `not-answered`.
    """
    if lacking:
        what = "1 question is" if len(lacking) == 1 else f"{len(lacking)} questions are"
        raise NotAllowed(
            "not-answered",
            f"{what} not answered in full. Finish the answers, then complete the visit.",
        )


def check_companion(main: Visit, template: Template) -> None:
    """Whether that standard may be begun beside an audit.

    Raises `NotAllowed`: `not-beside` or `already-beside`.
    """
    if not template.beside_main or main.service.service_type not in template.service_types:
        raise NotAllowed("not-beside", f"{template.name} is not for this type of service.")
    # By key, not by version: a newer version is the same standard.
    if main.companions.filter(template__key=template.key).exists():
        raise NotAllowed("already-beside", f"{template.name} has already begun at this audit.")


def check_correction(reason: str) -> None:
    """Whether the reason for reopening a completed visit is given.

    Raises `NotAllowed`: `reason-missing`.
    """
    if not reason.strip():
        raise NotAllowed("reason-missing", "Enter what has to be corrected, and why.", "reason")
