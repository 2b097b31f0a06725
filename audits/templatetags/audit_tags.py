"""Template tags of the pages of visits: where they and their findings stand, as coloured words."""

from datetime import date

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from audits.models import Action, ActionStatus, Finding, Visit, VisitStatus
from audits.rules.map import AskedQuestion
from govuk.templatetags.components import link_to
from govuk.templatetags.govuk_tags import status_tag

register = template.Library()

COLOURS = {
    VisitStatus.COMPLETED: "green",
    VisitStatus.CANCELLED: "grey",
    VisitStatus.STOPPED: "orange",
}
ACTION_COLOURS = {
    ActionStatus.DONE: "yellow",
    ActionStatus.VERIFIED: "green",
    ActionStatus.WITHDRAWN: "grey",
}


@register.simple_tag
def visit_status(visit: Visit, today: date) -> SafeString:
    """Where a visit stands; a planned one whose day is over says so."""
    if visit.has_slipped_on(today):
        return status_tag("Planned, slipped", "red")
    return status_tag(visit.get_status_display(), COLOURS.get(VisitStatus(visit.status), "blue"))


@register.simple_tag
def outcome_publicity(visit: Visit) -> SafeString:
    """Whether a visit's outcome is public or exempt."""
    if visit.is_public:
        return status_tag("Outcome public", "teal")
    return status_tag("Exempt", "purple")


@register.simple_tag
def finding_action_status(action: Action, today: date) -> SafeString:
    """Where an action on a finding stands; an open one whose day is over says so."""
    if action.status == ActionStatus.OPEN and action.due_on < today:
        return status_tag("Overdue", "red")
    return status_tag(
        action.get_status_display(), ACTION_COLOURS.get(ActionStatus(action.status), "blue")
    )


@register.simple_tag
def question_link(visit: Visit, place: int, asked: AskedQuestion) -> SafeString:
    """A link to where a question is answered, on the page of the section at that place."""
    page = reverse("audits:record-answers", args=[visit.pk, place])
    return link_to(f"{page}#question-{asked.question.pk}", asked.number_and_text)


@register.simple_tag
def agree_action_link(finding: Finding, number: int) -> SafeString:
    """A link to agree an action on the finding that the page numbers so."""
    page = reverse("audits:agree-action")
    return link_to(f"{page}?finding={finding.pk}", "Agree an action", f"on finding {number}")


@register.simple_tag
def publish_finding_link(finding: Finding, number: int) -> SafeString:
    """A link to make a finding public, or exempt again."""
    label = "Make exempt" if finding.public_at else "Make public"
    url = reverse("audits:mark-finding-public", args=[finding.pk])
    return link_to(url, label, f"finding {number}")


@register.simple_tag
def telephone_link(number: str) -> SafeString:
    """A number that a telephone calls when it is touched."""
    return link_to(f"tel:{number.replace(' ', '')}", number)
