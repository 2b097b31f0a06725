from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from core.dates import day_in_words
from core.permissions import require_permission
from govuk.lists import Column, ListPage
from ratings import rules
from ratings.cqc.attribution import ATTRIBUTION
from ratings.filters import ChangeFilter, LocationFilter
from ratings.history import RATING_HEADINGS, current_ratings_of, history_of
from ratings.models import Location, LocationChange, SyncRun, with_rating_as_at

SOURCE = Column("source", "Source", value=lambda row: ATTRIBUTION)
CHANGE_COLUMNS = [
    Column("location", "Location", sort=("location__name_key",), value="location.name"),
    Column("location_id", "CQC location id", value="location_id"),
    Column(
        "local_authority",
        "Local authority",
        sort=("location__local_authority",),
        value="location.local_authority",
    ),
    Column("kind", "What changed", sort=("kind",), value="get_kind_display"),
    Column("service_group", "Service rated"),
    Column("before", "Before", value=lambda row: rules.rating_label(row.before)),
    Column("after", "After", value=lambda row: rules.rating_label(row.after)),
    Column("both", "Before and after", export=False),
    Column("happened_on", "Date given by CQC", sort=("happened_on",)),
    Column("noticed_at", "Found", sort=("noticed_at",)),
    SOURCE,
]
# A file has what was before and after in columns of their own; the page shows both in one cell.
SHOWN_OF_CHANGES = "location local_authority kind both happened_on noticed_at"
LOCATION_COLUMNS = [
    Column("name", "Location", sort=("name_key",)),
    Column("location_id", "CQC location id"),
    Column("local_authority", "Local authority", sort=("local_authority", "name_key")),
    Column("types_in_words", "Service types"),
    Column("beds", "Beds", sort=("beds",), numeric=True),
    Column("rating", "Rating", value=lambda row: rules.rating_label(row.rating or "")),
    Column("rated_on", "Rated on"),
    Column("age", "Age of rating", export=False),
    SOURCE,
]
SHOWN_OF_LOCATIONS = "name local_authority types_in_words beds rating age"
NO_MATCHES = "No locations match these filters."


@require_permission("ratings.view_location")
def changes(request: HttpRequest) -> HttpResponseBase:
    """What was found on the latest day with any, unless other days are asked for."""
    rows = LocationChange.objects.of_note().select_related("location")
    asked = request.GET.copy()
    shown_by_itself = not any(name.startswith(("since", "until")) for name in asked)
    last = rows.order_by("-noticed_at").first()
    day = timezone.localdate(last.noticed_at) if last else None
    if shown_by_itself and day:
        asked["since"] = day.isoformat()
    page = ListPage(
        request,
        ChangeFilter(asked, queryset=rows),
        CHANGE_COLUMNS,
        default_sort="-noticed_at",
        export_name="cqc-changes",
        noun=("change", "changes"),
    )
    context = {
        "page": page,
        "columns": SHOWN_OF_CHANGES,
        **_when_there_are_none(page),
        "day": day if shown_by_itself else None,
        "last_run": SyncRun.objects.finished().order_by("-finished_at").first(),
        "tab": "changes",
    }
    return page.export() or render(request, "ratings/changes.html", context)


def _when_there_are_none(page: ListPage) -> dict[str, str]:
    if page.active_filters:
        return {
            "empty": "No changes match these filters.",
            "empty_url": reverse("ratings:changes"),
            "empty_label": "Show the latest changes",
        }
    return {
        "empty": (
            "We have not found any changes yet. The first update gets every location with its"
            " history, and what changes after that appears here."
        ),
        "empty_url": reverse("ratings:list-runs"),
        "empty_label": "See the CQC updates",
    }


@require_permission("ratings.view_location")
def list_locations(request: HttpRequest) -> HttpResponseBase:
    today = timezone.localdate()
    rows = LocationFilter(
        request.GET or QueryDict(), queryset=with_rating_as_at(Location.objects.all(), today)
    )
    page = ListPage(
        request,
        rows,
        LOCATION_COLUMNS,
        default_sort="name",
        export_name="cqc-locations",
        noun=("location", "locations"),
    )
    context = {
        "page": page,
        "columns": SHOWN_OF_LOCATIONS,
        "empty": NO_MATCHES,
        "today": today,
        "tab": "locations",
    }
    return page.export() or render(request, "ratings/list_locations.html", context)


@require_permission("ratings.view_location")
def view_location(request: HttpRequest, location_id: str) -> HttpResponseBase:
    today = timezone.localdate()
    location = get_object_or_404(with_rating_as_at(Location.objects.all(), today), pk=location_id)
    context = {
        "location": location,
        "caption": f"CQC location {location.location_id}",
        "today": today,
        "rating_headings": "|".join(("What is rated", *RATING_HEADINGS)),
        "history_headings": "|".join(("Published", "What is rated", *RATING_HEADINGS)),
        "current_ratings": current_ratings_of(location, today),
        "history": history_of(location),
        "facts": _facts(location, today),
        "relations": location.relations.order_by("-is_predecessor", "related_location_id"),
        "held": set(
            Location.objects.filter(
                pk__in=location.relations.values_list("related_location_id", flat=True)
            ).values_list("pk", flat=True)
        ),
        "services": location.services.select_related("service", "confirmed_by"),
        "changes": location.changes.of_note()[:20],
        "tab": "locations",
    }
    return render(request, "ratings/view_location.html", context)


def _facts(location: Location, today: date) -> list[tuple[str, Any]]:
    """What CQC records of it, for a summary list; what does not apply is left out."""
    facts: list[tuple[str, Any]] = [
        ("CQC location id", location.location_id),
        ("CQC provider id", location.cqc_provider_id),
        (
            "Registered twice",
            location.counts_as_id
            and f"{location.counts_as_id} is the same home, registered for another provider."
            " It counts in the comparisons in place of this one.",
        ),
        ("Brand", location.brand_name),
        ("Service types", location.types_in_words),
        ("Beds", location.beds_if_home),
        ("Address", ", ".join(part for part in (location.address, location.postcode) if part)),
        ("Local authority", location.local_authority),
        ("Registered", location.registered_on),
        ("Registration ended", location.deregistered_on),
        ("Last inspected", location.last_inspected_on),
        ("Specialisms", ", ".join(location.specialisms)),
    ]
    return [
        (label, day_in_words(value) if isinstance(value, date) else value)
        for label, value in facts
        if value not in ("", None)
    ]
