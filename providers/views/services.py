from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from core.dates import day_in_words
from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page
from providers import rules
from providers.actions import services
from providers.forms import CloseServiceForm, ReopenServiceForm, ServiceForm
from providers.models import Service


def page_of(service: Service) -> str:
    return reverse("oversight:view-service", args=[service.pk])


@require_permission("providers.add_service")
def add_service(request: Request) -> HttpResponse:
    return form_page(
        request,
        bind(request, ServiceForm, initial={"provider": request.GET.get("provider")}),
        lambda given: services.add_service(by=request.user, given=given),
        template="providers/add_service.html",
        done=lambda service: f"{service} has been added. Now add its contract.",
        url=page_of,
        cancel_url=reverse("oversight:list-services"),
    )


@require_permission("providers.change_service")
def change_service(request: Request, service_id: int) -> HttpResponse:
    service = get_object_or_404(Service, pk=service_id)
    return form_page(
        request,
        bind(request, ServiceForm, instance=service),
        lambda given: services.change_service(service.pk, by=request.user, given=given),
        template="providers/change_service.html",
        done=lambda changed: f"{changed} has been changed.",
        url=page_of(service),
        name=str(service),
        service=service,
    )


@require_permission("providers.close_service")
def close_service(request: Request, service_id: int) -> HttpResponse:
    service = get_object_or_404(Service, pk=service_id)
    today = timezone.localdate()
    open_items = rules.open_items(service, request.user, today)
    return form_page(
        request,
        bind(
            request, CloseServiceForm, initial={"closed_on": today}, anything_open=bool(open_items)
        ),
        lambda given: services.close_service(service.pk, by=request.user, given=given),
        template="providers/close_service.html",
        done=lambda closed: f"{closed} has been closed from {day_in_words(closed.closed_on)}.",
        url=page_of(service),
        service=service,
        open_items=open_items,
        sees_all=request.user.has_perm("core.read_exempt"),
    )


@require_permission("providers.close_service")
def reopen_service(request: Request, service_id: int) -> HttpResponse:
    service = get_object_or_404(Service, pk=service_id)
    return form_page(
        request,
        bind(request, ReopenServiceForm),
        lambda given: services.reopen_service(
            service.pk, by=request.user, given=given, today=timezone.localdate()
        ),
        template="providers/reopen_service.html",
        done=lambda reopened: f"{reopened} has been reopened.",
        url=page_of(service),
        service=service,
    )
