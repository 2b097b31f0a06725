"""The whole picture of services: what every app knows of each, in one query, as far as a person may
see it.
"""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, F, Func, IntegerField, OuterRef, QuerySet, Subquery, Value

from audits.models import services_with_audits
from oversight.visible_sections import VisibleSections
from providers.models import Service
from ratings.models import services_with_ratings
from ratings.vocabulary import RatingWord
from suspensions.models import Suspension, services_with_suspensions


def services_seen(sections: VisibleSections, day: date) -> QuerySet[Service]:
    """Every service with what a list of them shows on that day: nothing that `sections` does not
    cover is even asked for.
    """
    rows: QuerySet[Service] = Service.objects.select_related(
        "provider", "district", "locality", "lead_officer"
    )
    if sections.ratings:
        # An alias: the place of a rating among the four, best first, is computed only when the list
        # is sorted by it.
        words = Value(RatingWord.values, output_field=ArrayField(CharField()))
        rank = Func(words, F("cqc_rating"), function="array_position", output_field=IntegerField())
        rows = services_with_ratings(rows, day).alias(cqc_rank=rank)
    if sections.audits:
        rows = services_with_audits(rows, day)
    if sections.suspensions:
        unit = Suspension.objects.filter(pk=OuterRef("suspension_id")).values("unit__name")
        rows = services_with_suspensions(rows, day).annotate(suspended_unit=Subquery(unit))
    return rows
