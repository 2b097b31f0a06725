"""Template tags of what surrounds a visit: where actions, reports, templates and places of the
programme stand, as coloured words.
"""

from datetime import date
from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from audits.audit_states import AuditState
from audits.models import (
    Action,
    ActionStatus,
    AuditReport,
    ReportStatus,
    Template,
    TemplateStatus,
    Visit,
)
from core.dates import day_in_words
from govuk.templatetags.components import link
from govuk.templatetags.govuk_tags import status_tag

register = template.Library()

ACTION_COLOURS = {
    ActionStatus.OPEN: "blue",
    ActionStatus.DONE: "yellow",
    ActionStatus.VERIFIED: "green",
    ActionStatus.WITHDRAWN: "grey",
}
REPORT_COLOURS = {
    ReportStatus.MODERATION: "yellow",
    ReportStatus.RETURNED: "yellow",
    ReportStatus.REVIEW: "yellow",
    ReportStatus.FINAL: "green",
}
TEMPLATE_COLOURS = {TemplateStatus.CURRENT: "green", TemplateStatus.DRAFT: "yellow"}
PLACE_COLOURS = {
    AuditState.DONE: "green",
    AuditState.SLIPPED: "red",
    AuditState.PLANNED: "blue",
}


@register.simple_tag
def action_status(action: Action, today: date) -> SafeString:
    """Where an action stands; an open one whose day is over says so."""
    if action.is_overdue_on(today):
        return overdue_tag()
    return status_tag(action.get_status_display(), ACTION_COLOURS[ActionStatus(action.status)])


@register.simple_tag
def overdue_tag() -> SafeString:
    """What should have been done by now."""
    return status_tag("Overdue", "red")


@register.simple_tag
def report_status(report: AuditReport) -> SafeString:
    """Where a report stands, and that it is exempt: it is at every stage."""
    stage = status_tag(
        report.get_status_display(), REPORT_COLOURS.get(ReportStatus(report.status), "blue")
    )
    return stage + SafeString(" ") + status_tag("Exempt", "purple")


@register.simple_tag
def template_status(version: Template) -> SafeString:
    """Whether a version of a template is a draft, in use or retired."""
    return status_tag(
        version.get_status_display(), TEMPLATE_COLOURS.get(TemplateStatus(version.status), "grey")
    )


@register.simple_tag
def place_state(state: AuditState) -> SafeString:
    """What became of a place in the programme."""
    return status_tag(state.label, PLACE_COLOURS.get(state, "grey"))


@register.inclusion_tag("audits/post_button.html", takes_context=True)
def post_button(
    context: template.Context, label: str, name: str, *args: Any, kind: str = ""
) -> dict[str, Any]:
    """A button that acts at once, without a form to fill; `kind` is secondary or warning."""
    return {
        "label": label,
        "url": reverse(name, args=args),
        "classes": f"govuk-button govuk-button--{kind}" if kind else "govuk-button",
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def visit_link(visit: Visit) -> SafeString:
    """A link to a visit by its kind and its day: `Annual audit, 9 December 2019`."""
    words = f"{visit.get_kind_display()}, {day_in_words(visit.day)}"
    return link(words, "audits:view-visit", visit.pk)
