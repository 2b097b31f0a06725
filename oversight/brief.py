"""What an officer should know before going through the door, so that nobody asks twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from audits.brief import register_brief
from audits.models import Action, Attachment, Breach, Visit
from concerns.models import Concern
from core.dates import day_in_words
from core.models import User
from formal_steps.models import FormalStep
from oversight.ratings import ServiceRatings, ratings_of_service
from oversight.visible_sections import VisibleSections
from suspensions.models import Suspension

DOCUMENTS_FOR_DAYS = 2 * 365


@dataclass(frozen=True)
class Brief:
    """Each part as far as the person may read it; None where they have no right to it."""

    actions: Sequence[Action]
    cqc: ServiceRatings | None
    breaches: Sequence[Breach]
    concerns: Sequence[Concern] | None
    suspensions: Sequence[Suspension] | None
    formal_steps: Sequence[FormalStep] | None
    last_visits: Sequence[Visit]
    documents: Sequence[Attachment]


def visit_brief(visit: Visit, person: User, day: date) -> Brief:
    sections = VisibleSections.of(person)
    service = visit.service
    earlier = service.visits.completed().exclude(pk=visit.pk).select_related("officer")
    documents = (
        Attachment.objects.not_withdrawn()
        .documents()
        .filter(
            visit__service=service,
            file__added_at__date__gte=date.fromordinal(day.toordinal() - DOCUMENTS_FOR_DAYS),
        )
        .select_related("visit")
    )
    return Brief(
        actions=list(service.actions.unverified().select_related("officer")),
        cqc=ratings_of_service(service, day) if sections.ratings else None,
        breaches=list(Breach.objects.current_on(day).filter(service=service)),
        concerns=(
            list(service.concerns.open().select_related("allocated_to"))
            if sections.concerns
            else None
        ),
        suspensions=list(service.suspensions.in_force_on(day)) if sections.suspensions else None,
        formal_steps=(
            list(service.formal_steps.in_force_on(day)) if sections.formal_steps else None
        ),
        last_visits=list(earlier.order_by("-visited_on", "-pk")[:3]),
        documents=list(documents.order_by("-file__added_at")),
    )


@register_brief(order=10)
def brief_lines(visit: Visit, person: User, day: date) -> list[tuple[str, list[str]]]:
    """The brief as headings and lines, for a device that takes it along."""
    brief = visit_brief(visit, person, day)
    parts = []
    if brief.suspensions:
        parts.append(("Suspensions in force", [str(each) for each in brief.suspensions]))
    if brief.formal_steps:
        steps = [f"{step.get_step_type_display()}: {step.summary}" for step in brief.formal_steps]
        parts.append(("Formal steps in force", steps))
    parts.append(
        (
            "Open actions",
            [
                f"{each.text} ({each.owner}, due {day_in_words(each.due_on)})"
                for each in brief.actions
            ],
        )
    )
    if brief.concerns is not None:
        parts.append(
            (
                "Open concerns",
                [
                    f"{each.reference}, {each.kind_in_words.lower()},"
                    f" {each.get_risk_display().lower()} risk: {each.summary}"
                    for each in brief.concerns
                ],
            )
        )
    parts.append(
        (
            "Breaches that CQC found",
            [
                f"{each} (report of {day_in_words(each.published_on)}): {each.what}"
                for each in brief.breaches
            ],
        )
    )
    if brief.cqc is not None:
        parts.append(("CQC’s ratings", _ratings(brief.cqc)))
    parts.append(
        (
            "Earlier visits",
            [
                f"{day_in_words(each.day)}, {each.get_kind_display().lower()}:"
                f" {each.get_outcome_display() or 'no outcome'}"
                for each in brief.last_visits
            ],
        )
    )
    parts.append(
        (
            "Documents that the service has given us",
            [
                f"{each} ({day_in_words(timezone.localdate(each.file.added_at))})"
                for each in brief.documents
            ],
        )
    )
    return parts


def _ratings(cqc: ServiceRatings) -> list[str]:
    return [
        f"{group.name or 'Location'}: {rating.get_key_question_display()},"
        f" {rating.get_rating_display()} (published {day_in_words(rating.published_on)})"
        for group in cqc.groups
        for rating in group.ratings
    ]
