"""The suspensions that stand behind a number."""

from django.urls import reverse

from figures.registration import RowsBehind, register_rows_behind
from suspensions.filters import COLUMNS, for_list

register_rows_behind(
    "suspension",
    RowsBehind(
        rows=lambda day: for_list(),
        columns=COLUMNS,
        noun=("suspension", "suspensions"),
        default_sort="service",
        url_of=lambda pk: reverse("suspensions:view-suspension", args=[pk]),
        table="suspensions/table.html",
    ),
)
