import django_filters
from django.db.models import Q, QuerySet

from govuk.lists import Column, GovFilterSet
from providers.models import Provider

COLUMNS = [
    Column("name", "Name", ("name_key",)),
    Column("cqc_provider_id", "CQC provider id", ("cqc_provider_id",)),
    Column("companies_house_number", "Companies House number", ("companies_house_number",)),
    Column("open_services", "Open services", ("open_services",), numeric=True),
]


class ProviderFilter(GovFilterSet):
    search = "q"
    q = django_filters.CharFilter(label="Name or number", method="with_text")

    class Meta:
        model = Provider
        fields: list[str] = []

    def with_text(self, rows: QuerySet[Provider], name: str, text: str) -> QuerySet[Provider]:
        return rows.filter(
            Q(name_key__holds=text)
            | Q(cqc_provider_id__iexact=text)
            | Q(companies_house_number__iexact=text)
        )
