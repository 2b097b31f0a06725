"""Template tags of the pages of suspensions: states as coloured words."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.dates import day_in_words
from govuk.templatetags.govuk_tags import status_tag
from providers.models import FundedPeople
from suspensions.models import Change, ChangeStatus, LiftCriterion, Suspension, SuspensionStatus

register = template.Library()

COLOURS = {
    SuspensionStatus.PROPOSED: "yellow",
    SuspensionStatus.IN_FORCE: "red",
    SuspensionStatus.LIFT_PROPOSED: "orange",
    SuspensionStatus.LIFTED: "green",
}
CHANGE_COLOURS = {ChangeStatus.PROPOSED: "yellow", ChangeStatus.AGREED: "green"}


@register.simple_tag
def suspension_status(suspension: Suspension) -> SafeString:
    """Where a suspension stands; an urgent one that nobody has confirmed says so."""
    colour = COLOURS.get(SuspensionStatus(suspension.status), "grey")
    return status_tag(suspension.status_in_words, colour)


@register.simple_tag
def confirmation_state(suspension: Suspension, today: date) -> SafeString | str:
    """Of an urgent suspension that nobody has confirmed: by when it must be, or that it is overdue;
    empty for every other.
    """
    due = suspension.confirm_due_on
    if not suspension.is_unconfirmed or due is None:
        return ""
    words = (
        f"Overdue: no other manager confirmed this by {day_in_words(due)}. It is still in force."
        if due < today
        else f"Another manager has not confirmed this yet. They must by {day_in_words(due)}."
    )
    return format_html("<strong>{}</strong>", words)


@register.simple_tag
def people_by_funder(funded: Iterable[FundedPeople]) -> str:
    """How many people each funder pays for: `this council 12, another authority 3`."""
    return ", ".join(f"{each} {each.people}" for each in funded)


@register.simple_tag
def change_status(change: Change) -> SafeString:
    """Where a change of a suspension stands."""
    return status_tag(
        change.get_status_display(), CHANGE_COLOURS.get(ChangeStatus(change.status), "grey")
    )


@register.simple_tag
def criterion_status(criterion: LiftCriterion | Any) -> SafeString:
    """Whether a criterion of a lift is met, overridden with a reason, or not met."""
    if criterion.is_met:
        return status_tag("Met", "green")
    return (
        status_tag("Overridden", "orange")
        if getattr(criterion, "override_reason", "")
        else status_tag("Not met", "red")
    )
