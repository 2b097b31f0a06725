from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page
from govuk.lists import ListPage
from providers.actions import providers as provider_actions
from providers.filters import COLUMNS, ProviderFilter
from providers.forms import ProviderForm
from providers.models import Provider


@require_permission("providers.view_provider")
def list_providers(request: Request) -> HttpResponseBase:
    rows = Provider.objects.with_open_services_on(timezone.localdate())
    page = ListPage(
        request,
        ProviderFilter(request.GET, queryset=rows),
        COLUMNS,
        default_sort="name",
        export_name="providers",
        noun=("provider", "providers"),
    )
    return page.export() or render(request, "providers/list_providers.html", {"page": page})


@require_permission("providers.view_provider")
def view_provider(request: Request, provider_id: int) -> HttpResponse:
    provider = get_object_or_404(Provider, pk=provider_id)
    services = provider.services.select_related("district")
    today = timezone.localdate()
    return render(
        request,
        "providers/view_provider.html",
        {
            "provider": provider,
            "facts": [
                ("CQC provider id", provider.cqc_provider_id),
                ("Companies House number", provider.companies_house_number),
                ("Contact", provider.contact_name),
                ("Email of the contact", provider.contact_email),
                ("Telephone of the contact", provider.contact_phone),
            ],
            "open_services": services.open_on(today),
            "other_services": services.exclude(pk__in=services.open_on(today)),
            "today": today,
        },
    )


@require_permission("providers.add_provider")
def add_provider(request: Request) -> HttpResponse:
    return form_page(
        request,
        bind(request, ProviderForm),
        lambda given: provider_actions.add_provider(by=request.user, given=given),
        template="providers/add_provider.html",
        done=lambda provider: f"{provider} has been added. Now add its services.",
        url=lambda provider: reverse("providers:view-provider", args=[provider.pk]),
        cancel_url=reverse("providers:list-providers"),
    )


@require_permission("providers.change_provider")
def change_provider(request: Request, provider_id: int) -> HttpResponse:
    provider = get_object_or_404(Provider, pk=provider_id)
    return form_page(
        request,
        bind(request, ProviderForm, instance=provider),
        lambda given: provider_actions.change_provider(provider.pk, by=request.user, given=given),
        template="providers/change_provider.html",
        done=lambda changed: f"{changed} has been changed.",
        url=reverse("providers:view-provider", args=[provider.pk]),
        name=str(provider),
        provider=provider,
    )
