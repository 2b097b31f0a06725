"""Template tags of the pages of formal steps: their states, and days that may have passed."""

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.dates import day_in_words
from formal_steps.models import FormalStep, FormalStepStatus
from govuk.templatetags.govuk_tags import gov_short_date, status_tag

register = template.Library()

COLOURS = {
    FormalStepStatus.PROPOSED: "yellow",
    FormalStepStatus.ISSUED: "red",
    FormalStepStatus.CLOSED: "green",
}


@register.simple_tag
def formal_step_status(step: FormalStep) -> SafeString:
    """Where a formal step stands, as a coloured word."""
    return status_tag(step.status_in_words, COLOURS.get(FormalStepStatus(step.status), "grey"))


@register.simple_tag
def step_due(step: FormalStep, today: date, short: bool = False) -> SafeString | str:
    """The day by which a formal step is due; overdue only while it is in force."""
    return due_day(step.due_on, today if step.is_in_force else step.due_on, short)


@register.simple_tag
def due_day(day: date | None, today: date, short: bool = False) -> SafeString | str:
    """A day by which something is due, and that it is overdue; `short` for narrow tables.

    Empty for no day, so that the component around it says what stands in its place.
    """
    if day is None:
        return ""
    words = format_html(
        '<span class="cq-nowrap">{}</span>', gov_short_date(day) if short else day_in_words(day)
    )
    return format_html("{} {}", words, status_tag("Overdue", "red")) if day < today else words
