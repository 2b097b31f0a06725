from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from carequality.permits import Request, permit
from carequality.refusals import Refused
from providers import actions, rules
from providers.forms import ContractForm, EndContractForm
from providers.models import Contract, Service


@permit("providers.change_service")
def add_contract(request: Request, service_id: int) -> HttpResponse:
    service = get_object_or_404(Service, pk=service_id)
    form = ContractForm(
        request.POST if request.method == "POST" else None, initial={"districts": [service.district_id]}
    )
    form.cancel_url = reverse("oversight:view-service", args=[service.pk])
    if request.method == "POST" and form.is_valid():
        try:
            contract = actions.add_contract(
                service.pk, by=request.user, today=timezone.localdate(), **_values(form)
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Contract {contract} has been added.")
            return redirect("oversight:view-service", service.pk)
    return render(request, "providers/add_contract.html", {"form": form, "service": service})


@permit("providers.change_service")
def change_contract(request: Request, contract_id: int) -> HttpResponse:
    contract = get_object_or_404(Contract.objects.select_related("service"), pk=contract_id)
    reference = str(contract)
    form = ContractForm(request.POST if request.method == "POST" else None, instance=contract)
    form.cancel_url = reverse("oversight:view-service", args=[contract.service_id])
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_contract(contract.pk, by=request.user, **_values(form))
        except Refused as refusal:
            form.add_error("reference", str(refusal))
        else:
            messages.success(request, f"Contract {contract} has been changed.")
            return redirect("oversight:view-service", contract.service_id)
    return render(
        request,
        "providers/change_contract.html",
        {"form": form, "service": contract.service, "reference": reference},
    )


@permit("providers.change_service")
def end_contract(request: Request, contract_id: int) -> HttpResponse:
    contract = get_object_or_404(Contract.objects.select_related("service"), pk=contract_id)
    form = EndContractForm(request.POST if request.method == "POST" else None)
    form.cancel_url = reverse("oversight:view-service", args=[contract.service_id])
    if request.method == "POST" and form.is_valid():
        ends_on, reason = form.cleaned_data["ends_on"], form.cleaned_data["reason"]
        try:
            actions.end_contract(
                contract.pk, by=request.user, ends_on=ends_on, reason=reason, today=timezone.localdate()
            )
        except Refused as refusal:
            form.add_error("ends_on", str(refusal))
        else:
            messages.success(request, f"Contract {contract} has {rules.in_words(ends_on)} as its last day.")
            return redirect("oversight:view-service", contract.service_id)
    return render(
        request,
        "providers/end_contract.html",
        {"form": form, "service": contract.service, "contract": contract},
    )


def _values(form: ContractForm) -> dict[str, Any]:
    return form.cleaned_data | {"districts": list(form.cleaned_data["districts"])}
