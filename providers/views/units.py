from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page
from providers.actions import units
from providers.forms import CloseUnitForm, UnitForm
from providers.models import Service, ServiceUnit


@require_permission("providers.change_service")
def add_unit(request: Request, service_id: int) -> HttpResponse:
    service = get_object_or_404(Service, pk=service_id)
    return form_page(
        request,
        bind(request, UnitForm, service=service),
        lambda given: units.add_unit(
            service.pk, by=request.user, given=given, today=timezone.localdate()
        ),
        template="providers/add_unit.html",
        done=lambda unit: f"{unit} has been added to {service}.",
        url=reverse("oversight:view-service", args=[service.pk]),
        service=service,
    )


@require_permission("providers.change_service")
def rename_unit(request: Request, unit_id: int) -> HttpResponse:
    unit = get_object_or_404(ServiceUnit.objects.select_related("service"), pk=unit_id)
    return form_page(
        request,
        bind(
            request,
            UnitForm,
            initial={"name": unit.name},
            service=unit.service,
            unit=unit,
        ),
        lambda given: units.rename_unit(unit.pk, by=request.user, given=given),
        template="providers/rename_unit.html",
        done=lambda renamed: f"{unit} has been renamed {renamed}.",
        url=reverse("oversight:view-service", args=[unit.service_id]),
        service=unit.service,
        unit=unit,
    )


@require_permission("providers.change_service")
def close_unit(request: Request, unit_id: int) -> HttpResponse:
    unit = get_object_or_404(ServiceUnit.objects.select_related("service"), pk=unit_id)
    return form_page(
        request,
        bind(request, CloseUnitForm),
        lambda _nothing: units.close_unit(unit.pk, by=request.user, today=timezone.localdate()),
        template="providers/close_unit.html",
        done=f"{unit} has been taken out of use.",
        url=reverse("oversight:view-service", args=[unit.service_id]),
        service=unit.service,
        unit=unit,
    )
