from datetime import date
from typing import Any

import django_filters
from django.db.models import Q

from audits.models import Action, ActionStatus, Visit, VisitKind, VisitOutcome, VisitStatus
from audits.models.plans import ActionQuerySet
from audits.models.visits import VisitQuerySet
from core.models import District, User
from govuk.lists import Column, GovFilterSet
from providers.vocabulary import ServiceType

WAITING = "waiting"
VISIT_STATES = [(WAITING, "Planned or in progress"), *VisitStatus.choices]
ACTION_STATES = [("unverified", "Not yet verified"), *ActionStatus.choices]


class VisitFilter(GovFilterSet):
    search = "q"
    q = django_filters.CharFilter(
        field_name="service__name_key", lookup_expr="holds", label="Service"
    )
    status = django_filters.ChoiceFilter(choices=VISIT_STATES, method="in_state", label="Status")
    kind = django_filters.ChoiceFilter(choices=VisitKind.choices, label="Kind")
    outcome = django_filters.ChoiceFilter(choices=VisitOutcome.choices, label="Outcome")
    officer = django_filters.ModelChoiceFilter(
        queryset=User.objects.filter(visits__isnull=False).distinct(), label="Officer"
    )
    service_type = django_filters.ChoiceFilter(
        field_name="service__service_type", choices=ServiceType.choices, label="Type of service"
    )
    district = django_filters.ModelChoiceFilter(
        field_name="service__district", queryset=District.objects.all(), label="District"
    )
    day_from = django_filters.DateFilter(field_name="on", lookup_expr="gte", label="From")
    day_to = django_filters.DateFilter(field_name="on", lookup_expr="lte", label="To")

    class Meta:
        model = Visit
        fields: list[str] = []

    def in_state(self, rows: VisitQuerySet, name: str, value: str) -> VisitQuerySet:
        return rows.waiting() if value == WAITING else rows.filter(status=value)


VISIT_COLUMNS = [
    Column("service", "Service", sort=("service__name_key",), value="service.name"),
    Column(
        "type", "Type", sort=("service__service_type",), value="service.get_service_type_display"
    ),
    Column("kind", "Kind of visit", sort=("kind",), value="get_kind_display"),
    Column("day", "Day", sort=("on",), value="on"),
    Column("officer", "Officer", sort=("officer__name_key",), value="officer"),
    Column("status", "Status", sort=("status",), value="get_status_display"),
    Column("score", "Score (%)", sort=("score",), value="score", numeric=True),
    Column("outcome", "Outcome", sort=("score",), value="get_outcome_display"),
]


class ActionFilter(GovFilterSet):
    search = "q"
    q = django_filters.CharFilter(method="find", label="Service or words")
    status = django_filters.ChoiceFilter(choices=ACTION_STATES, method="in_state", label="Status")
    overdue = django_filters.BooleanFilter(method="is_overdue", label="Overdue")
    service_type = django_filters.ChoiceFilter(
        field_name="service__service_type", choices=ServiceType.choices, label="Type of service"
    )
    district = django_filters.ModelChoiceFilter(
        field_name="service__district", queryset=District.objects.all(), label="District"
    )
    lead_officer = django_filters.ModelChoiceFilter(
        field_name="service__lead_officer",
        queryset=User.objects.filter(portfolio__isnull=False).distinct(),
        label="Lead officer of the service",
    )

    class Meta:
        model = Action
        fields: list[str] = []

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def find(self, rows: ActionQuerySet, name: str, text: str) -> ActionQuerySet:
        return rows.filter(Q(service__name_key__holds=text) | Q(text__says=text))

    def in_state(self, rows: ActionQuerySet, name: str, value: str) -> ActionQuerySet:
        return rows.unverified() if value == "unverified" else rows.filter(status=value)

    def is_overdue(self, rows: ActionQuerySet, name: str, value: bool) -> ActionQuerySet:
        overdue = Action.objects.overdue_on(self.today)
        return rows.filter(pk__in=overdue) if value else rows.exclude(pk__in=overdue)


ACTION_COLUMNS = [
    Column("text", "What has to be done", value="text"),
    Column("service", "Service", sort=("service__name_key",), value="service.name"),
    Column("owner", "Owner", value="owner"),
    Column("agreed", "Agreed", sort=("agreed_on",), value="agreed_on"),
    Column("due", "Due", sort=("place", "due_on"), value="due_on"),
    Column("status", "Status", sort=("place",), value="get_status_display"),
    Column("closed", "Done", sort=("closed_on",), value="closed_on"),
    Column("verified_by", "Verified by", value="verified_by"),
]
