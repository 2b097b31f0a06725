"""The rows that stand behind numbers of comparisons: locations, and services with the rating that
they had.
"""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from figures.registration import RowsBehind, register_rows_behind
from govuk.lists import Column
from providers.models import Service
from ratings.models import Location, services_with_ratings, with_rating_as_at
from ratings.rules import rating_label
from ratings.views.locations import LOCATION_COLUMNS, SOURCE

SERVICE_COLUMNS = [
    Column("name", "Service", sort=("name_key",)),
    Column(
        "service_type", "Service type", sort=("service_type",), value="get_service_type_display"
    ),
    Column(
        "district",
        "District",
        sort=("district__order", "district__name_key"),
        value="district.name",
    ),
    Column("cqc_rating", "Rating", value=lambda row: rating_label(row.cqc_rating or "")),
    Column("cqc_rated_on", "Rated on", sort=("cqc_rated_on",)),
    Column("age", "Age of rating", export=False),
    SOURCE,
]


def rated_services(day: date) -> QuerySet[Service]:
    """The services of the register with the rating that each had on the day."""
    return services_with_ratings(Service.objects.select_related("district"), day)


register_rows_behind(
    "location",
    RowsBehind(
        rows=lambda day: with_rating_as_at(Location.objects.all(), day),
        columns=LOCATION_COLUMNS,
        noun=("location", "locations"),
        default_sort="name",
        url_of=lambda pk: reverse("ratings:view-location", args=[pk]),
        table="ratings/locations_behind.html",
        note="Where CQC rates a location’s services separately, its row shows the lowest rating.",
        is_named_in_cells=True,
    ),
)
register_rows_behind(
    "rated-service",
    RowsBehind(
        rows=rated_services,
        columns=SERVICE_COLUMNS,
        noun=("service", "services"),
        default_sort="name",
        url_of=lambda pk: reverse("oversight:view-service", args=[pk]),
        table="ratings/services_behind.html",
    ),
)
