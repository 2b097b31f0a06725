from django.urls import path

from providers.views import contracts, funded_people, providers, services, units

app_name = "providers"

urlpatterns = [
    path("", providers.list_providers, name="list-providers"),
    path("add/", providers.add_provider, name="add-provider"),
    path("<int:provider_id>/", providers.view_provider, name="view-provider"),
    path("<int:provider_id>/change/", providers.change_provider, name="change-provider"),
    path("services/add/", services.add_service, name="add-service"),
    path("services/<int:service_id>/change/", services.change_service, name="change-service"),
    path("services/<int:service_id>/close/", services.close_service, name="close-service"),
    path("services/<int:service_id>/reopen/", services.reopen_service, name="reopen-service"),
    path("services/<int:service_id>/contracts/add/", contracts.add_contract, name="add-contract"),
    path("contracts/<int:contract_id>/change/", contracts.change_contract, name="change-contract"),
    path("contracts/<int:contract_id>/end/", contracts.end_contract, name="end-contract"),
    path("services/<int:service_id>/units/add/", units.add_unit, name="add-unit"),
    path("services/<int:service_id>/people/", funded_people.count_people, name="count-people"),
    path("units/<int:unit_id>/rename/", units.rename_unit, name="rename-unit"),
    path("units/<int:unit_id>/close/", units.close_unit, name="close-unit"),
]
