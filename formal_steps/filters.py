from typing import Any

import django_filters
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils import timezone

from formal_steps.models import FormalStep, FormalStepStatus, StepType
from govuk.lists import Column, GovFilterSet


def for_list() -> QuerySet[FormalStep]:
    """Formal steps with what their list shows; `rank` puts what waits for a decision first and what
    is over last.
    """
    return FormalStep.objects.select_related(
        "service__district", "lead_officer", "proposed_by"
    ).annotate(
        rank=Case(
            When(status=FormalStepStatus.PROPOSED, then=Value(0)),
            When(status=FormalStepStatus.ISSUED, then=Value(1)),
            When(status=FormalStepStatus.CLOSED, then=Value(2)),
            default=Value(3),
            output_field=IntegerField(),
        )
    )


class FormalStepFilter(GovFilterSet):
    """What the list of formal steps can be narrowed by."""

    search = "q"

    q = django_filters.CharFilter(
        field_name="service__name_key", lookup_expr="holds", label="Service"
    )
    step_type = django_filters.MultipleChoiceFilter(choices=StepType.choices, label="Step")
    status = django_filters.MultipleChoiceFilter(choices=FormalStepStatus.choices, label="Status")
    as_at = django_filters.DateFilter(method="in_force_on", label="In force on")
    review = django_filters.BooleanFilter(method="to_review", label="Review or due date reached")

    class Meta:
        model = FormalStep
        fields: list[str] = []

    def in_force_on(self, rows: Any, name: str, day: Any) -> Any:
        """Those in force on a day."""
        return rows.in_force_on(day)

    def to_review(self, rows: Any, name: str, wanted: bool) -> Any:
        """Those with a review or a due date that has come, or those without."""
        found = rows.to_review(timezone.localdate())
        return found if wanted else rows.exclude(pk__in=found.values("pk"))


COLUMNS = [
    Column("service", "Service", sort=("service__name_key",), value="service.name"),
    Column("step", "Step", sort=("step_type", "service__name_key"), value="get_step_type_display"),
    Column("status", "Status", sort=("rank", "service__name_key"), value="status_in_words"),
    Column("from", "From", sort=("starts_on",), value="starts_on"),
    Column("due", "Due", sort=("due_on",), value="due_on"),
    Column("review", "Next review", sort=("review_on",), value="review_on"),
    Column("outcome", "Outcome", sort=("outcome",), value="get_outcome_display"),
    Column("lead", "Lead officer", sort=("lead_officer__name_key",), value="lead_officer"),
]
