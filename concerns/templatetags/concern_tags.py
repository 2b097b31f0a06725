"""Template tags of the pages of concerns: states as coloured words."""

from datetime import datetime

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from concerns import names
from concerns.models import Concern
from govuk.templatetags.govuk_tags import gov_short_date, gov_time, risk_tag, status_tag

register = template.Library()


@register.simple_tag
def concern_risk(concern: Concern) -> SafeString:
    """The risk of a concern as a coloured word."""
    return risk_tag(concern.risk, concern.get_risk_display())


@register.simple_tag
def concern_status(concern: Concern, now: datetime) -> SafeString:
    """Whether a concern is open, and whether its first response is overdue."""
    status = status_tag(concern.get_status_display(), "blue" if concern.is_open else "grey")
    if concern.is_late_at(now):
        return format_html("{} {}", status, status_tag("First response overdue", "red"))
    return status


@register.filter
def names_marked(text: str, known: frozenset[str]) -> SafeString:
    """The text with what looks like a person's name underlined; `known` are names that do not."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<mark class="cq-name">{}</mark>', part) if is_name else part,)
            for part, is_name in names.parts_of(text, known)
        ),
    )


@register.simple_tag
def concern_response(concern: Concern, now: datetime) -> SafeString | str:
    """For a narrow table: when the first response was given, or when it is due."""
    if concern.first_response_at is not None:
        late = "" if concern.answered_in_time else ", late"
        return f"Given {gov_short_date(concern.first_response_at)}{late}"
    due = f"{gov_short_date(concern.respond_by)}, {gov_time(concern.respond_by)}"
    if concern.is_late_at(now):
        return format_html("{} {}", due, status_tag("Overdue", "red"))
    return due


@register.simple_tag
def log_contact_url(concern: Concern) -> str:
    """The address of the form that logs a contact about a concern."""
    return f"{reverse('concerns:log-contact')}?concern={concern.pk}"


@register.simple_tag
def button_to(url: str, text: str, kind: str = "") -> SafeString:
    """A link that looks like a button, to an address that the view has given."""
    return format_html(
        '<a class="govuk-button{}" href="{}" role="button" draggable="false"'
        ' data-module="govuk-button">{}</a>',
        f" govuk-button--{kind}" if kind else "",
        url,
        text,
    )
