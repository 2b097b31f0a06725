"""Template tags of the pages of services: what is known of one, in a word or two."""

from datetime import date
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from audits.models import Action, ActionStatus, Visit, VisitStatus
from core.dates import day_in_words
from govuk.templatetags.govuk_tags import rating_tag, status_tag
from oversight import filters
from suspensions.models import Suspension

register = template.Library()
register.filter("suspension_words", filters.suspension_in_words)
NOTHING = SafeString("")
OVERDUE = ("Overdue", "red")


@register.simple_tag
def service_rating(service: Any) -> SafeString:
    """CQC's rating of a service as a coloured word, or why there is none."""
    if service.cqc_rating:
        return rating_tag(service.cqc_rating)
    return format_html("{}", filters.rating_in_words(service))


@register.filter
def actions_words(service: Any) -> str:
    """How many actions are open, and of them overdue: `3, 1 overdue`."""
    overdue = f", {service.overdue_actions} overdue" if service.overdue_actions else ""
    return f"{service.open_actions}{overdue}"


@register.filter
def visit_slipped(service: Any, day: date) -> bool:
    """Whether the next visit of a service should have been made before that day."""
    return service.next_visit_on is not None and service.next_visit_on < day


@register.filter
def next_visit_words(service: Any, day: date) -> str:
    """`9 December 2019`, with whether it has slipped, or that none is planned."""
    if service.next_visit_on is None:
        return "None planned"
    slipped = ", slipped" if visit_slipped(service, day) else ""
    return f"{day_in_words(service.next_visit_on)}{slipped}"


@register.simple_tag
def slipped_tag(visit: Visit, day: date) -> SafeString:
    """`Slipped` for a visit that is still planned after its day; nothing for any other."""
    has_slipped = visit.status == VisitStatus.PLANNED and visit.planned_for < day
    return status_tag("Slipped", "red") if has_slipped else NOTHING


@register.simple_tag
def open_action_status(action: Action, day: date) -> SafeString:
    """Where an action stands that nobody has verified yet; an overdue one says so in red."""
    if _is_overdue(action, day):
        return status_tag(*OVERDUE)
    return format_html("{}", action.get_status_display())


@register.simple_tag
def brief_action_status(action: Action, day: date) -> SafeString:
    """What an officer has to ask of an action at a visit: whether it is done, or to verify it."""
    if _is_overdue(action, day):
        return status_tag(*OVERDUE)
    is_done = action.status == ActionStatus.DONE
    return status_tag("To be verified", "yellow") if is_done else status_tag("Open", "blue")


def _is_overdue(action: Action, day: date) -> bool:
    return action.status == ActionStatus.OPEN and action.due_on < day


@register.filter
def in_force_words(suspension: Suspension) -> str:
    """`9 December 2019 to today`, from which day to come, or that it was never in force."""
    if suspension.in_force_from is None:
        return "Never"
    if suspension.in_force_from > timezone.localdate() and suspension.is_now_in_force:
        return f"From {day_in_words(suspension.in_force_from)}"
    until = day_in_words(suspension.lifted_on) if suspension.lifted_on else "today"
    return f"{day_in_words(suspension.in_force_from)} to {until}"
