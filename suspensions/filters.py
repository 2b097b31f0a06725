from typing import Any

import django_filters
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils import timezone

from core.models import District
from govuk.lists import Column, GovFilterSet
from providers.vocabulary import ServiceType
from suspensions.models import Suspension, SuspensionKind, SuspensionStatus


def for_list() -> QuerySet[Suspension]:
    """Suspensions with what their list shows; `rank` puts what waits for a decision first and what
    is over last.
    """
    return Suspension.objects.select_related(
        "service__district", "unit", "lead_officer", "proposed_by"
    ).annotate(
        rank=Case(
            When(
                is_urgent=True, confirmed_at=None, status=SuspensionStatus.IN_FORCE, then=Value(0)
            ),
            When(status=SuspensionStatus.PROPOSED, then=Value(1)),
            When(status=SuspensionStatus.LIFT_PROPOSED, then=Value(2)),
            When(status=SuspensionStatus.IN_FORCE, then=Value(3)),
            When(status=SuspensionStatus.LIFTED, then=Value(4)),
            default=Value(5),
            output_field=IntegerField(),
        )
    )


class SuspensionFilter(GovFilterSet):
    """What the list of suspensions can be narrowed by."""

    search = "q"

    q = django_filters.CharFilter(
        field_name="service__name_key", lookup_expr="holds", label="Service"
    )
    status = django_filters.MultipleChoiceFilter(choices=SuspensionStatus.choices, label="Status")
    kind = django_filters.ChoiceFilter(choices=SuspensionKind.choices, label="Kind")
    type = django_filters.ChoiceFilter(
        field_name="service__service_type", choices=ServiceType.choices, label="Type of service"
    )
    district = django_filters.ModelChoiceFilter(
        field_name="service__district", queryset=District.objects.all(), label="District"
    )
    as_at = django_filters.DateFilter(method="in_force_on", label="In force on")
    waiting = django_filters.BooleanFilter(method="to_decide", label="Waiting for a decision")
    review = django_filters.BooleanFilter(method="to_review", label="Review due")

    class Meta:
        model = Suspension
        fields: list[str] = []

    def in_force_on(self, rows: Any, name: str, day: Any) -> Any:
        """Those in force on a day."""
        return rows.in_force_on(day)

    def to_decide(self, rows: Any, name: str, wanted: bool) -> Any:
        """Those that wait for a decision, or those that do not."""
        return self._only(rows, rows.awaiting_decision(), wanted)

    def to_review(self, rows: Any, name: str, wanted: bool) -> Any:
        """Those with a review due, or those without."""
        return self._only(rows, rows.to_review(timezone.localdate()), wanted)

    def _only(self, rows: Any, found: Any, wanted: bool) -> Any:
        return found if wanted else rows.exclude(pk__in=found.values("pk"))


COLUMNS = [
    Column("service", "Service", sort=("service__name_key",), value="scope"),
    Column(
        "type",
        "Type",
        sort=("service__service_type", "service__name_key"),
        value=lambda suspension: suspension.service.get_service_type_display(),
    ),
    Column("district", "District", sort=("service__district__order",), value="service.district"),
    Column("status", "Status", sort=("rank", "service__name_key"), value="status_in_words"),
    Column("kind", "Kind", sort=("kind",), value="kind_in_words"),
    Column("from", "From", sort=("in_force_from",), value="in_force_from"),
    Column("until", "Until", sort=("lifted_on",), value="lifted_on"),
    Column("review", "Next review", sort=("review_on",), value="review_on"),
    Column("lead", "Lead officer", sort=("lead_officer__name_key",), value="lead_officer"),
]
