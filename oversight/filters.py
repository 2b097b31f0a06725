from datetime import date
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.dates import age_in_words
from core.models import District, Locality, User
from govuk.lists import Column, GovFilterSet
from oversight.visible_sections import VisibleSections
from providers.models import Service
from providers.vocabulary import CARE_HOMES, ClientGroup, ServiceType
from ratings.models import ServiceLocation
from ratings.vocabulary import RatingWord
from suspensions.models import SuspensionKind

STATES = [("open", "Open"), ("closed", "Closed"), ("all", "Open and closed")]
NOT_RATED = [("not_rated", "Not yet rated"), ("not_linked", "Not linked to CQC")]
RATINGS = [*RatingWord.choices, *NOT_RATED]
TYPES = [("care_homes", "Care homes of both kinds"), *ServiceType.choices]


class ServiceFilter(GovFilterSet):
    """The list's filters; one that asks about what the person may not see is not there."""

    search = "q"
    q = django_filters.CharFilter(
        label="Name, provider, postcode or CQC location id", method="with_text"
    )
    service_type = django_filters.ChoiceFilter(label="Type", choices=TYPES, method="of_type")
    client_group = django_filters.ChoiceFilter(label="Client group", choices=ClientGroup.choices)
    district = django_filters.ModelChoiceFilter(label="District", queryset=District.objects.all())
    locality = django_filters.ModelChoiceFilter(label="Locality", queryset=Locality.objects.all())
    rating = django_filters.ChoiceFilter(label="CQC rating", choices=RATINGS, method="with_rating")
    suspended = django_filters.BooleanFilter(
        label="Suspended", field_name="suspended_from", lookup_expr="isnull", exclude=True
    )
    lead_officer = django_filters.ModelChoiceFilter(
        label="Lead officer",
        queryset=User.objects.filter(Exists(Service.objects.filter(lead_officer=OuterRef("pk")))),
    )
    contracted = django_filters.BooleanFilter(label="Under contract", method="under_contract")
    state = django_filters.ChoiceFilter(
        label="Open or closed", choices=STATES, empty_label=None, method="in_state"
    )

    class Meta:
        model = Service
        fields: list[str] = []

    def __init__(self, *args: Any, sections: VisibleSections, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day
        # Not only hidden: to filter by what one may not see would tell it.
        if not sections.ratings:
            del self.filters["rating"]
        if not sections.suspensions:
            del self.filters["suspended"]

    def filter_queryset(self, queryset: QuerySet[Service]) -> QuerySet[Service]:
        # The list is of open services unless it is asked for others.
        if not self.form.cleaned_data.get("state"):
            queryset = self.in_state(queryset, "state", "open")
        return super().filter_queryset(queryset)

    def with_text(self, rows: QuerySet[Service], name: str, text: str) -> QuerySet[Service]:
        letters_and_digits = "".join(text.split())
        location = ServiceLocation.objects.filter(
            service=OuterRef("pk"), location__location_id__iexact=text
        )
        found = Q(Exists(location)) if text[:1].isdigit() else Q()
        found |= (
            Q(name_key__holds=text)
            | Q(provider__name_key__holds=text)
            | Q(postcode__istartswith=text)
        )
        # A postcode typed without its space: its second part is always three characters.
        if len(letters_and_digits) > 4:
            found |= Q(postcode__iexact=f"{letters_and_digits[:-3]} {letters_and_digits[-3:]}")
        return rows.filter(found)

    def of_type(self, rows: QuerySet[Service], name: str, wanted: str) -> QuerySet[Service]:
        return rows.filter(service_type__in=CARE_HOMES if wanted == "care_homes" else [wanted])

    def with_rating(self, rows: QuerySet[Service], name: str, wanted: str) -> QuerySet[Service]:
        if wanted == "not_linked":
            return rows.filter(Q(cqc_location_id=None))
        if wanted == "not_rated":
            return rows.filter(Q(cqc_location_id__isnull=False, cqc_rating=None))
        return rows.filter(Q(cqc_rating=wanted))

    def under_contract(self, rows: QuerySet[Service], name: str, wanted: bool) -> QuerySet[Service]:
        contracted = Service.objects.contracted_on(self.day).values("pk")
        return rows.filter(pk__in=contracted) if wanted else rows.exclude(pk__in=contracted)

    def in_state(self, rows: QuerySet[Service], name: str, wanted: str) -> QuerySet[Service]:
        if wanted == "all":
            return rows
        still_open = Service.objects.open_on(self.day).values("pk")
        return (
            rows.filter(pk__in=still_open)
            if wanted == "open"
            else rows.filter(closed_on__lte=self.day)
        )


def columns(sections: VisibleSections, day: date) -> list[Column]:
    """The columns that the person may see, in their order."""
    found = [
        Column("name", "Service", ("name_key",)),
        Column("service_type", "Type", ("service_type",), "get_service_type_display"),
        Column("client_group", "Client group", ("client_group",), "get_client_group_display"),
        Column("district", "District", ("district__order", "district__name_key"), "district.name"),
        Column("provider", "Provider", ("provider__name_key",), "provider.name"),
    ]
    if sections.ratings:
        found += [
            Column("rating", "CQC rating", ("cqc_rank",), rating_in_words),
            Column(
                "rating_age", "Age of rating", ("-cqc_rated_on",), lambda row: rating_age(row, day)
            ),
            Column("rated_on", "Rated on", value="cqc_rated_on"),
        ]
    if sections.suspensions:
        found.append(Column("suspension", "Suspension", ("suspended_from",), suspension_in_words))
    if sections.audits:
        found += [
            Column("open_actions", "Open actions", ("open_actions",), numeric=True),
            Column("next_visit", "Next visit", ("next_visit_on",), "next_visit_on"),
        ]
    return [
        *found,
        Column("lead_officer", "Lead officer", ("lead_officer__name_key",)),
    ]


def rating_in_words(row: Any) -> str:
    """The rating's word, or why there is none."""
    if row.cqc_rating:
        return str(RatingWord(row.cqc_rating).label)
    return "Not yet rated" if row.cqc_location_id else "Not linked to CQC"


def rating_age(row: Any, day: date) -> str:
    return age_in_words(row.cqc_rated_on, day) if row.cqc_rated_on else ""


def suspension_in_words(row: Any) -> str:
    """`Full`, `Partial` or `Voluntary`, with the part of the service when it is not the whole;
    empty when there is none.
    """
    if not row.suspended_from:
        return ""
    kind = str(SuspensionKind(row.suspension_kind).label).partition(":")[0]
    return f"{kind}, {row.suspended_unit} only" if row.suspended_unit else kind
