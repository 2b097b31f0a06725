from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from carequality.permits import Request, permit
from carequality.refusals import Refused
from providers import actions
from providers.forms import CloseUnitForm, UnitForm
from providers.models import Service, ServiceUnit


@permit("providers.change_service")
def add_unit(request: Request, service_id: int) -> HttpResponse:
    service = get_object_or_404(Service, pk=service_id)
    form = UnitForm(request.POST if request.method == "POST" else None)
    form.cancel_url = reverse("oversight:view-service", args=[service.pk])
    if request.method == "POST" and form.is_valid():
        try:
            unit = actions.add_unit(
                service.pk, by=request.user, today=timezone.localdate(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"{unit} has been added to {service}.")
            return redirect("oversight:view-service", service.pk)
    return render(request, "providers/add_unit.html", {"form": form, "service": service})


@permit("providers.change_service")
def rename_unit(request: Request, unit_id: int) -> HttpResponse:
    unit = get_object_or_404(ServiceUnit.objects.select_related("service"), pk=unit_id)
    form = UnitForm(request.POST if request.method == "POST" else None, initial={"name": unit.name})
    form.cancel_url = reverse("oversight:view-service", args=[unit.service_id])
    if request.method == "POST" and form.is_valid():
        try:
            renamed = actions.rename_unit(unit.pk, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"{unit} is now called {renamed}.")
            return redirect("oversight:view-service", unit.service_id)
    return render(
        request, "providers/rename_unit.html", {"form": form, "service": unit.service, "unit": unit}
    )


@permit("providers.change_service")
def close_unit(request: Request, unit_id: int) -> HttpResponse:
    unit = get_object_or_404(ServiceUnit.objects.select_related("service"), pk=unit_id)
    form = CloseUnitForm(request.POST if request.method == "POST" else None)
    form.cancel_url = reverse("oversight:view-service", args=[unit.service_id])
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_unit(unit.pk, by=request.user, today=timezone.localdate())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{unit} is no longer in use.")
            return redirect("oversight:view-service", unit.service_id)
    return render(request, "providers/close_unit.html", {"form": form, "service": unit.service, "unit": unit})
