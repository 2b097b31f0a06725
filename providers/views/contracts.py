from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from core.dates import day_in_words
from core.permissions import Request, require_permission
from govuk.form_page import bind, form_page
from providers.actions import contracts
from providers.forms import ContractForm, EndContractForm
from providers.models import Contract, Service


@require_permission("providers.change_service")
def add_contract(request: Request, service_id: int) -> HttpResponse:
    service = get_object_or_404(Service, pk=service_id)
    return form_page(
        request,
        bind(request, ContractForm, initial={"districts": [service.district_id]}),
        lambda given: contracts.add_contract(
            service.pk, by=request.user, given=given, today=timezone.localdate()
        ),
        template="providers/add_contract.html",
        done=lambda contract: f"Contract {contract} has been added.",
        url=reverse("oversight:view-service", args=[service.pk]),
        service=service,
    )


@require_permission("providers.change_service")
def change_contract(request: Request, contract_id: int) -> HttpResponse:
    contract = get_object_or_404(Contract.objects.select_related("service"), pk=contract_id)
    reference = str(contract)
    return form_page(
        request,
        bind(request, ContractForm, instance=contract),
        lambda given: contracts.change_contract(contract.pk, by=request.user, given=given),
        template="providers/change_contract.html",
        done=lambda changed: f"Contract {changed} has been changed.",
        url=reverse("oversight:view-service", args=[contract.service_id]),
        service=contract.service,
        reference=reference,
    )


@require_permission("providers.change_service")
def end_contract(request: Request, contract_id: int) -> HttpResponse:
    contract = get_object_or_404(Contract.objects.select_related("service"), pk=contract_id)
    return form_page(
        request,
        bind(request, EndContractForm),
        lambda given: contracts.end_contract(
            contract.pk, by=request.user, given=given, today=timezone.localdate()
        ),
        template="providers/end_contract.html",
        done=lambda ended: f"Contract {ended} ends on {day_in_words(ended.ends_on)}.",
        url=reverse("oversight:view-service", args=[contract.service_id]),
        service=contract.service,
        contract=contract,
    )
