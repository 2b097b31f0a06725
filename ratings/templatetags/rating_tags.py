"""Template tags of the pages of ratings: states as coloured words, ratings with their age."""

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.dates import age_in_words
from govuk.templatetags.govuk_tags import gov_short_date, status_tag
from providers.models import Service
from ratings.models import (
    FileImport,
    FoodRating,
    ImportState,
    Location,
    Rating,
    RunState,
    SyncRun,
    food_rating_in_words,
)

register = template.Library()

RUN_STATES = {
    RunState.ASKED: ("Waiting to start", "grey"),
    RunState.RUNNING: ("Running", "blue"),
    RunState.FINISHED: ("Finished", "green"),
    RunState.STOPPED: ("Stopped", "red"),
}
IMPORT_STATES = {
    ImportState.ASKED: ("Waiting", "grey"),
    ImportState.READING: ("Being read", "blue"),
    ImportState.MERGING: ("Being compared", "blue"),
    ImportState.CHECKED: ("Checked, not imported", "purple"),
    ImportState.DONE: ("Imported", "green"),
    ImportState.FAILED: ("Could not be used", "red"),
    ImportState.DISCARDED: ("Discarded", "grey"),
}
# The agency asks for improvement below 3.
FOOD_COLOURS = {
    **dict.fromkeys("012", "red"),
    "3": "yellow",
    **dict.fromkeys(("4", "5", "Pass"), "green"),
}


@register.simple_tag
def run_status(run: SyncRun) -> SafeString:
    """Where an update from CQC stands."""
    return status_tag(*RUN_STATES[RunState(run.state)])


@register.simple_tag
def import_status(file_import: FileImport) -> SafeString:
    """Where the import of a file stands; one that was a copy of an earlier file says so."""
    if file_import.is_copy:
        return status_tag("Imported before", "grey")
    return status_tag(*IMPORT_STATES[ImportState(file_import.state)])


@register.simple_tag
def refreshed(part: str, path: str, seconds: int) -> SafeString:
    """The attributes by which a part of a page asks for itself again every few seconds."""
    return format_html(
        'hx-get="{}" hx-trigger="every {}s" hx-select="{}" hx-swap="outerHTML"', path, seconds, part
    )


@register.simple_tag
def registration_status(location: Location) -> SafeString:
    """That a location is no longer registered, or dormant; nothing for one that is active."""
    if not location.is_registered:
        return status_tag("Registration ended", "grey")
    return status_tag("Dormant", "grey") if location.is_dormant else SafeString("")


@register.simple_tag
def rating_details(rating: Rating, as_at: date) -> str:
    """What stands under a rating: its day, its age, its score, and whether it was inherited."""
    parts = [
        gov_short_date(rating.published_on),
        f"{age_in_words(rating.published_on, as_at)} old",
        f"{rating.score}%" if rating.score is not None else "",
        "inherited" if rating.inherited_from else "",
    ]
    return ", ".join(part for part in parts if part)


@register.simple_tag
def food_status(value: str | None) -> SafeString:
    """A food hygiene rating as a coloured word; in grey for a home without a match."""
    if not value:
        return status_tag("Not matched", "grey")
    return status_tag(food_rating_in_words(value), FOOD_COLOURS.get(value, "grey"))


@register.simple_tag
def food_rating_of(service: Service) -> FoodRating | None:
    """The food hygiene rating now of one of our services, with its date."""
    return FoodRating.objects.latest_for(service)
