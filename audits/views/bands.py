from datetime import date
from typing import Any

import django_filters
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from audits.actions import bands
from audits.forms.monitoring import BandRuleForm
from audits.models import Band, BandRule
from audits.models.bands import LOWEST
from audits.views.plain_list import PageLink, plain_list
from audits.views.work import READ
from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page
from govuk.lists import Column, GovFilterSet
from providers.models import Service
from providers.vocabulary import ServiceType

COLUMNS = [
    Column("service", "Service", sort=("service__name_key",), value="service.name"),
    Column(
        "provider", "Provider", sort=("service__provider__name_key",), value="service.provider.name"
    ),
    Column(
        "type", "Type", sort=("service__service_type",), value="service.get_service_type_display"
    ),
    Column("band", "Band", sort=("band",), numeric=True),
    Column("from", "From", sort=("from_on",), value="from_on"),
    Column("score", "Score (%)", sort=("visit__score",), value="visit.score", numeric=True),
    Column("why", "Why", value=lambda band: " ".join(band.why)),
]


class BandFilter(GovFilterSet):
    search = "q"
    q = django_filters.CharFilter(
        field_name="service__name_key", lookup_expr="holds", label="Service"
    )
    band = django_filters.ChoiceFilter(
        choices=[(n, f"Band {n}") for n in range(1, LOWEST + 1)], label="Band"
    )
    service_type = django_filters.ChoiceFilter(
        field_name="service__service_type", choices=ServiceType.choices, label="Type of service"
    )
    as_at = django_filters.DateFilter(method="as_at_day", label="As at")

    class Meta:
        model = Band
        fields: list[str] = []

    def as_at_day(self, rows: Any, name: str, day: date) -> Any:
        return rows

    def filter_queryset(self, queryset: Any) -> Any:
        """The bands that stand on the day asked for, today's when none is."""
        day = self.form.cleaned_data.get("as_at") or timezone.localdate()
        return super().filter_queryset(
            queryset.filter(pk__in=Band.objects.current_on(day).values("pk"))
        )


@require_permission(*READ)
def list_bands(request: Request) -> HttpResponseBase:
    """The band of every service on a day, for fees: the file is what the finance team takes."""
    rows = Band.objects.select_related("service__provider", "visit")
    links = [PageLink("What each band needs", reverse("audits:list-band-rules"))]
    return plain_list(
        request,
        BandFilter(request.GET or {"q": ""}, queryset=rows),
        COLUMNS,
        title="Bands",
        default_sort="service",
        export_name="bands",
        noun=("service", "services"),
        link=lambda band: reverse("audits:view-bands", args=[band.service_id]),
        links=links,
        intro=[
            "A final audit gives its service a band by the council’s rules. Band 1 is the best.",
            "Download the list to set fees.",
        ],
        empty="No service has a band yet. The next audit with a final rating sets the first.",
    )


@require_permission(*READ)
def view_bands(request: Request, service_id: int) -> HttpResponse:
    service = get_object_or_404(Service.objects.select_related("provider"), pk=service_id)
    context = {
        "service": service,
        "title": f"Bands of {service}",
        "caption": f"{service.get_service_type_display()}, {service.provider}",
        "bands": service.bands.select_related("visit", "set_by"),
    }
    return render(request, "audits/view_bands.html", context)


@require_permission("audits.view_visit")
def list_band_rules(request: Request) -> HttpResponse:
    context = {
        "rules": BandRule.current(),
        "lowest": LOWEST,
        "may_change": request.user.has_perm("audits.change_procedure"),
    }
    return render(request, "audits/list_band_rules.html", context)


@require_permission("audits.change_procedure", "audits.view_visit")
def change_band_rule(request: Request, number: int) -> HttpResponse:
    rule = next((rule for rule in BandRule.current() if rule.band == number), None)
    if rule is None:
        raise Http404
    return form_page(
        request,
        bind(request, BandRuleForm, instance=rule),
        lambda given: bands.change_band_rule(number, by=request.user, given=given),
        template="audits/single_form.html",
        title=f"What band {number} needs",
        intro=[
            "Bands already set do not change. The new rule applies from the next audit of each"
            " service."
        ],
        done=f"Rule for band {number} saved.",
        url=reverse("audits:list-band-rules"),
    )
