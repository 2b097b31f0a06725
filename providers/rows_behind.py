"""The rows that stand behind numbers of the register: services and providers."""

from django.urls import reverse

from figures.registration import RowsBehind, register_rows_behind
from govuk.lists import Column
from providers import filters
from providers.models import Provider, Service

register_rows_behind(
    "service",
    RowsBehind(
        # Not only those open: the figure has chosen the ids, and a service that has closed since
        # must still be listed.
        rows=lambda day: Service.objects.select_related("district"),
        columns=[
            Column("name", "Service", sort=("name_key",)),
            Column(
                "type", "Type", sort=("service_type", "name_key"), value="get_service_type_display"
            ),
            Column(
                "district", "District", sort=("district__order", "name_key"), value="district.name"
            ),
        ],
        noun=("service", "services"),
        default_sort="name",
        url_of=lambda pk: reverse("oversight:view-service", args=[pk]),
    ),
)
register_rows_behind(
    "provider",
    RowsBehind(
        rows=lambda day: Provider.objects.with_open_services_on(day),
        columns=filters.COLUMNS,
        noun=("provider", "providers"),
        default_sort="name",
        url_of=lambda pk: reverse("providers:view-provider", args=[pk]),
    ),
)
