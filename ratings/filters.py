from datetime import datetime, time, timedelta
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from documents.folding import name_key
from govuk.lists import GovFilterSet
from providers.vocabulary import ServiceType
from ratings.models import Location, LocationChange, LocationChangeKind, ServiceLocation

OURS = [("ours", "Our services only")]
REGISTERED = [("registered", "Registered"), ("ended", "Registration ended"), ("all", "Both")]


def authorities() -> list[tuple[str, str]]:
    """The authorities of the locations that we hold, as choices."""
    names = Location.objects.exclude(local_authority="").order_by()
    held = names.values_list("local_authority", flat=True).distinct()
    return [(name, name) for name in sorted(held, key=name_key)]


def start_of(day: Any) -> datetime:
    """The first moment of a day in England."""
    return timezone.make_aware(datetime.combine(day, time.min))


def is_ours(location: str) -> Exists:
    """Whether the location that the outer query names by that field is a service of the
    register.
    """
    return Exists(ServiceLocation.objects.filter(location=OuterRef(location), until=None))


def named_like(text: str, prefix: str = "") -> Q:
    """Locations by a piece of their name, by id, or by the start of their postcode."""
    return (
        Q(**{f"{prefix}name_key__holds": text})
        | Q(**{f"{prefix}location_id": text.upper()})
        | Q(**{f"{prefix}postcode__istartswith": text})
    )


class ChangeFilter(GovFilterSet):
    search = "q"
    q = django_filters.CharFilter(label="Name, CQC location id or postcode", method="with_text")
    since = django_filters.DateFilter(label="Found on or after", method="noticed_since")
    until = django_filters.DateFilter(label="Found on or before", method="noticed_until")
    kind = django_filters.MultipleChoiceFilter(
        label="What changed", choices=LocationChangeKind.choices
    )
    local_authority = django_filters.ChoiceFilter(
        label="Local authority", field_name="location__local_authority", choices=authorities
    )
    whose = django_filters.ChoiceFilter(
        label="Which locations", choices=OURS, method="of_ours", empty_label="Every location"
    )

    class Meta:
        model = LocationChange
        fields: list[str] = []

    def with_text(
        self, rows: QuerySet[LocationChange], name: str, text: str
    ) -> QuerySet[LocationChange]:
        return rows.filter(named_like(text.strip(), "location__"))

    def noticed_since(
        self, rows: QuerySet[LocationChange], name: str, day: Any
    ) -> QuerySet[LocationChange]:
        return rows.filter(noticed_at__gte=start_of(day))

    def noticed_until(
        self, rows: QuerySet[LocationChange], name: str, day: Any
    ) -> QuerySet[LocationChange]:
        return rows.filter(noticed_at__lt=start_of(day + timedelta(days=1)))

    def of_ours(
        self, rows: QuerySet[LocationChange], name: str, value: str
    ) -> QuerySet[LocationChange]:
        return rows.filter(is_ours("location_id"))


class LocationFilter(GovFilterSet):
    search = "q"
    q = django_filters.CharFilter(label="Name, CQC location id or postcode", method="with_text")
    local_authority = django_filters.ChoiceFilter(label="Local authority", choices=authorities)
    service_type = django_filters.ChoiceFilter(
        label="Service type",
        choices=[(kind.value, kind.label) for kind in ServiceType if kind.is_regulated],
        method="of_type",
    )
    registered = django_filters.ChoiceFilter(
        label="Registration", choices=REGISTERED, method="with_registration", empty_label=None
    )
    whose = django_filters.ChoiceFilter(
        label="Which locations", choices=OURS, method="of_ours", empty_label="Every location"
    )

    class Meta:
        model = Location
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Location]) -> QuerySet[Location]:
        # The list is of registered locations unless it is asked for others.
        if not self.form.cleaned_data.get("registered"):
            queryset = self.with_registration(queryset, "registered", "registered")
        found: QuerySet[Location] = super().filter_queryset(queryset)
        return found

    def with_text(self, rows: QuerySet[Location], name: str, text: str) -> QuerySet[Location]:
        return rows.filter(named_like(text.strip()))

    def of_type(self, rows: QuerySet[Location], name: str, value: str) -> QuerySet[Location]:
        return rows.filter(service_types__contains=[value])

    def with_registration(
        self, rows: QuerySet[Location], name: str, value: str
    ) -> QuerySet[Location]:
        return rows if value == "all" else rows.filter(is_registered=value == "registered")

    def of_ours(self, rows: QuerySet[Location], name: str, value: str) -> QuerySet[Location]:
        return rows.filter(is_ours("pk"))
