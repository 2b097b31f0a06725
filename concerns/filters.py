"""The lists of concerns and contacts: their filters and columns."""

from datetime import date, datetime
from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from concerns.models import (
    HIGH_RISKS,
    Concern,
    ConcernKind,
    ConcernQuerySet,
    ConcernRisk,
    ConcernSource,
    ConcernStatus,
    ContactKind,
    ContactLogEntry,
    ContactWith,
    day_ends,
)
from core.models import District, User
from govuk.lists import Column, GovFilterSet
from providers.vocabulary import ServiceType

RISKS = [*ConcernRisk.choices, ("high_or_more", "High or very high")]


class ConcernFilter(GovFilterSet):
    search = "q"
    q = django_filters.CharFilter(method="find", label="Reference, service or words")
    status = django_filters.ChoiceFilter(choices=ConcernStatus.choices, label="Status")
    kind = django_filters.ChoiceFilter(choices=ConcernKind.choices, method="of_kind", label="Kind")
    risk = django_filters.ChoiceFilter(choices=RISKS, method="of_risk", label="Risk")
    service_type = django_filters.ChoiceFilter(
        field_name="service__service_type", choices=ServiceType.choices, label="Type of service"
    )
    district = django_filters.ModelChoiceFilter(
        field_name="service__district", queryset=District.objects.all(), label="District"
    )
    allocated_to = django_filters.ModelChoiceFilter(
        queryset=User.objects.filter(concerns__isnull=False).distinct(), label="Allocated to"
    )
    late = django_filters.BooleanFilter(method="is_late", label="First response overdue")
    received_from = django_filters.DateFilter(
        field_name="received_at", lookup_expr="date__gte", label="Received from"
    )
    received_to = django_filters.DateFilter(
        field_name="received_at", lookup_expr="date__lte", label="Received to"
    )

    source = django_filters.ChoiceFilter(choices=ConcernSource.choices, label="Raised by")
    # This and `clock_run_by` are asked by the addresses that the numbers of the figures lead to.
    open_on = django_filters.DateFilter(method="was_open_on", label="Open at the end of")
    in_time = django_filters.BooleanFilter(method="was_in_time", label="First response in time")
    clock_run_by = django_filters.DateFilter(method="has_run_by", label="Answered or overdue by")

    class Meta:
        model = Concern
        fields: list[str] = []

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def find(self, rows: ConcernQuerySet, name: str, text: str) -> ConcernQuerySet:
        # The reference of a duplicate leads on to the concern that it was merged into.
        led_here = Concern.objects.filter(reference__icontains=text).values("merged_into")
        return rows.filter(
            Q(reference__icontains=text)
            | Q(service__name_key__holds=text)
            | Q(summary__says=text)
            | Q(pk__in=led_here.exclude(merged_into=None))
        )

    def filter_queryset(self, queryset: ConcernQuerySet) -> ConcernQuerySet:
        """Duplicates are left out, as the figures leave them out, unless they are asked for."""
        rows: ConcernQuerySet = super().filter_queryset(queryset)
        asked = self.form.cleaned_data.get("status")
        return rows if asked == ConcernStatus.MERGED else rows.counted()

    def of_kind(self, rows: ConcernQuerySet, name: str, value: str) -> ConcernQuerySet:
        return rows.of_kind(value)

    def of_risk(self, rows: ConcernQuerySet, name: str, value: str) -> ConcernQuerySet:
        return rows.filter(risk__in=HIGH_RISKS if value == "high_or_more" else [value])

    def is_late(self, rows: ConcernQuerySet, name: str, value: bool) -> ConcernQuerySet:
        # As a subquery, so that "no" means every other concern, those without a response included.
        late = Concern.objects.late_at(self.now)
        return rows.filter(pk__in=late) if value else rows.exclude(pk__in=late)

    def was_open_on(self, rows: ConcernQuerySet, name: str, day: date) -> ConcernQuerySet:
        return rows.open_on(day)

    def has_run_by(self, rows: ConcernQuerySet, name: str, day: date) -> ConcernQuerySet:
        return rows.with_clock_run_by(day_ends(day))

    def was_in_time(self, rows: ConcernQuerySet, name: str, value: bool) -> ConcernQuerySet:
        in_time = Concern.objects.answered_in_time()
        # A concern that still has time is neither in time nor late, so it is in neither list.
        known = rows.with_clock_run_by(self.now)
        return known.filter(pk__in=in_time) if value else known.exclude(pk__in=in_time)


COLUMNS = [
    Column("reference", "Reference", sort=("reference",)),
    Column("service", "Service", sort=("service__name_key",), value="service.name"),
    Column("kind", "Kind", sort=("kind",), value="kind_in_words"),
    Column("risk", "Risk", sort=("risk_order",), value="get_risk_display"),
    Column("received", "Received", sort=("received_at",), value="received_at"),
    Column("respond_by", "First response due", sort=("respond_by",), value="respond_by"),
    Column("answered", "First response", value="first_response_at"),
    Column("given_to", "Allocated to", sort=("allocated_to__name_key",), value="allocated_to"),
    Column("status", "Status", sort=("status",), value="get_status_display"),
    Column("outcome", "Outcome", value="get_outcome_display"),
]


class ContactFilter(GovFilterSet):
    search = "q"
    q = django_filters.CharFilter(method="find", label="Service or words")
    kind = django_filters.ChoiceFilter(choices=ContactKind.choices, label="Kind")
    with_whom = django_filters.ChoiceFilter(choices=ContactWith.choices, label="With")
    recorded_by = django_filters.ModelChoiceFilter(queryset=User.objects.all(), label="Logged by")
    day_from = django_filters.DateFilter(
        field_name="happened_at", lookup_expr="date__gte", label="From"
    )
    day_to = django_filters.DateFilter(
        field_name="happened_at", lookup_expr="date__lte", label="To"
    )

    class Meta:
        model = ContactLogEntry
        fields: list[str] = []

    def find(
        self, rows: "QuerySet[ContactLogEntry]", name: str, text: str
    ) -> "QuerySet[ContactLogEntry]":
        return rows.filter(Q(service__name_key__holds=text) | Q(note__says=text))


CONTACT_COLUMNS = [
    Column("happened", "When", sort=("happened_at",), value="happened_at"),
    Column("service", "Service", sort=("service__name_key",), value="service.name"),
    Column("kind", "Kind", sort=("kind",), value="get_kind_display"),
    Column("with", "With", sort=("with_whom",), value="get_with_whom_display"),
    Column("note", "What was said", value="note"),
    Column("concern", "Concern", sort=("concern__reference",), value="concern"),
    Column("by", "Logged by", sort=("recorded_by__name_key",), value="recorded_by"),
]
