"""The enrolments in the improvement programme that stand behind a number."""

from audits.models import Enrolment
from figures.registration import RowsBehind, register_rows_behind
from govuk.lists import Column

register_rows_behind(
    "enrolment",
    RowsBehind(
        rows=lambda day: Enrolment.objects.select_related("service", "lead"),
        columns=[
            Column("service", "Service", sort=("service__name_key",), value="service.name"),
            Column("support", "Support", sort=("support",), value="get_support_display"),
            Column("enrolled", "From", sort=("enrolled_on",), value="enrolled_on"),
            Column("before", "Rated before", value="get_rated_before_display"),
            Column("ended", "Ended", sort=("ended_on",), value="ended_on"),
            Column("after", "Rated after", value="get_rated_after_display"),
        ],
        noun=("enrolment", "enrolments"),
        default_sort="-enrolled",
        url_of=lambda pk: "",
    ),
)
