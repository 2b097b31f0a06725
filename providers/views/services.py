from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from carequality.permits import Request, permit
from carequality.refusals import Refused
from providers import actions, rules
from providers.forms import CloseServiceForm, ReopenServiceForm, ServiceForm
from providers.models import Service


@permit("providers.add_service")
def add_service(request: Request) -> HttpResponse:
    form = ServiceForm(
        request.POST if request.method == "POST" else None, initial={"provider": request.GET.get("provider")}
    )
    form.cancel_url = reverse("oversight:list-services")
    if request.method == "POST" and form.is_valid():
        try:
            service = actions.add_service(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"{service} has been added. Now add its contract.")
            return redirect("oversight:view-service", service.pk)
    return render(request, "providers/add_service.html", {"form": form})


@permit("providers.change_service")
def change_service(request: Request, service_id: int) -> HttpResponse:
    service = get_object_or_404(Service, pk=service_id)
    name = str(service)
    form = ServiceForm(request.POST if request.method == "POST" else None, instance=service)
    form.cancel_url = reverse("oversight:view-service", args=[service.pk])
    if request.method == "POST" and form.is_valid():
        try:
            service = actions.change_service(service.pk, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"{service} has been changed.")
            return redirect("oversight:view-service", service.pk)
    return render(request, "providers/change_service.html", {"form": form, "name": name, "service": service})


@permit("providers.close_service")
def close_service(request: Request, service_id: int) -> HttpResponse:
    service = get_object_or_404(Service, pk=service_id)
    today = timezone.localdate()
    matters = rules.open_matters(service, request.user, today)
    form = CloseServiceForm(
        request.POST if request.method == "POST" else None,
        initial={"closed_on": today},
        anything_open=bool(matters),
    )
    form.cancel_url = reverse("oversight:view-service", args=[service.pk])
    if request.method == "POST" and form.is_valid():
        closed_on, reason = form.cleaned_data["closed_on"], form.cleaned_data["reason"]
        try:
            actions.close_service(service.pk, by=request.user, closed_on=closed_on, reason=reason)
        except Refused as refusal:
            form.add_error("closed_on", str(refusal))
        else:
            messages.success(request, f"{service} is closed from {rules.in_words(closed_on)}.")
            return redirect("oversight:view-service", service.pk)
    context = {
        "form": form,
        "service": service,
        "matters": matters,
        "sees_all": request.user.has_perm("carequality.read_exempt"),
    }
    return render(request, "providers/close_service.html", context)


@permit("providers.close_service")
def reopen_service(request: Request, service_id: int) -> HttpResponse:
    service = get_object_or_404(Service, pk=service_id)
    today = timezone.localdate()
    form = ReopenServiceForm(request.POST if request.method == "POST" else None)
    form.cancel_url = reverse("oversight:view-service", args=[service.pk])
    if request.method == "POST" and form.is_valid():
        reopened_on, reason = form.cleaned_data["reopened_on"], form.cleaned_data["reason"]
        try:
            actions.reopen_service(
                service.pk, by=request.user, reopened_on=reopened_on, reason=reason, today=today
            )
        except Refused as refusal:
            form.add_error("reopened_on", str(refusal))
        else:
            messages.success(request, f"{service} is open again.")
            return redirect("oversight:view-service", service.pk)
    return render(request, "providers/reopen_service.html", {"form": form, "service": service})
