"""Template tags of the register's pages: whether a service is open, and a contract in force."""

from datetime import date

from django import template
from django.utils.safestring import SafeString

from core.dates import day_in_words
from govuk.templatetags.govuk_tags import status_tag
from providers.models import Contract, Service

register = template.Library()


@register.simple_tag
def closed_tag(service: Service, day: date) -> SafeString:
    """`Closed` beside the name of a service that is closed that day; nothing for any other."""
    return status_tag("Closed") if service.is_closed_on(day) else SafeString("")


@register.simple_tag
def service_status(service: Service, day: date) -> str:
    """`Open`, `Closed from 9 December 2019`, or the day ahead on which it opens or closes."""
    if service.closed_on:
        verb = "Closed" if service.is_closed_on(day) else "Closes"
        joint = "from" if service.is_closed_on(day) else "on"
        return f"{verb} {joint} {day_in_words(service.closed_on)}"
    if service.opened_on and service.opened_on > day:
        return f"Opens on {day_in_words(service.opened_on)}"
    return "Open"


@register.simple_tag
def contract_tag(contract: Contract, day: date) -> SafeString:
    """Whether a contract has ended or has not begun; nothing for one that is in force."""
    if contract.is_over_on(day):
        return status_tag("Ended")
    return status_tag("Not started", "blue") if contract.starts_on > day else SafeString("")


@register.filter
def is_over_on(contract: Contract, day: date) -> bool:
    """Whether the last day of a contract has gone by: `{% if contract|is_over_on:today %}`."""
    return contract.is_over_on(day)
