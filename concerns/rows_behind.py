"""The concerns that stand behind a number."""

from django.urls import reverse

from concerns.filters import COLUMNS
from concerns.models import Concern
from figures.registration import RowsBehind, register_rows_behind

register_rows_behind(
    "concern",
    RowsBehind(
        # The day is not asked: the figure gives the ids of what it counted on its day.
        rows=lambda day: Concern.objects.by_risk().select_related("service", "allocated_to"),
        columns=COLUMNS,
        noun=("concern", "concerns"),
        default_sort="-received",
        url_of=lambda pk: reverse("concerns:view-concern", args=[pk]),
    ),
)
