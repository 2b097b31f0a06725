from datetime import date

from carequality.figures import Column, Figure, Row
from carequality.models import CouncilProfile
from providers.models import CARE_HOMES, ClientGroup, Service, ServiceType
from suspensions.models import Suspension

# The table's rows in their order: what the papers call each type of service.
CARE_HOME_LABELS = {
    ClientGroup.AGEING_WELL: "Care Home – Ageing Well",
    ClientGroup.LIVING_WELL: "Care Home – Living Well",
}
OTHER_LABELS = {
    ServiceType.HOME_CARE: "Homecare",
    ServiceType.SUPPORTED_LIVING: "Supported Living",
    ServiceType.EXTRA_CARE: "Housing with Care",
    ServiceType.DAY_CARE: "Day Care",
    ServiceType.SHARED_LIVES: "Shared Lives",
}
LABELS = [*CARE_HOME_LABELS.values(), *OTHER_LABELS.values()]

COLUMNS = (
    Column("type", "Type of service"),
    Column("services", "Number of services", "count"),
    Column("status", "Contract status"),
    Column("districts", "District"),
)
NOTES = (
    "Full, partial and voluntary suspensions count. A service counts once, whatever number of its units or contracts is suspended.",
    "Home care counts in every district of its suspended contracts; other services where they stand.",
)


def label_of(service: Service) -> str:
    """The row that a service stands in: care homes by client group, everything else by type of service."""
    if service.service_type in CARE_HOMES:
        return CARE_HOME_LABELS[ClientGroup(service.client_group)]
    return OTHER_LABELS[ServiceType(service.service_type)]


def suspensions_in_force(as_at: date) -> Figure:
    """Services suspended on that day, by type of service, with the districts concerned (the table of the June 2021 paper).

    In force on a day: status in force, lift proposed or lifted; `in_force_from` on or before it; `lifted_on` empty or after
    it. A row counts distinct services; types without one have no row. Districts of a row: for home care those of the
    contracts tied to the suspension, or the service's own where they name none; for every other service its own. Each
    district once, in the council's order (`order`, then name), joined by ", ". The status is always "Suspended".
    """
    suspensions = (
        Suspension.objects.in_force_on(as_at)
        .select_related("service__district")
        .prefetch_related("contracts__districts")
    )
    services: dict[str, set[int]] = {}
    districts: dict[str, set[tuple[int, str]]] = {}
    for suspension in suspensions:
        label = label_of(suspension.service)
        services.setdefault(label, set()).add(suspension.service_id)
        districts.setdefault(label, set()).update(districts_of(suspension))
    council = CouncilProfile.current()
    return Figure(
        name="suspensions",
        title="Services with a contract suspension",
        as_at=as_at,
        authority=council.short_name if council else "",
        columns=COLUMNS,
        rows=tuple(
            Row(
                cells=(
                    label,
                    len(services[label]),
                    "Suspended",
                    ", ".join(name for _order, name in sorted(districts[label])),
                ),
                behind=(("services", tuple(str(pk) for pk in sorted(services[label]))),),
            )
            for label in LABELS
            if label in services
        ),
        notes=NOTES,
    )


def districts_of(suspension: Suspension) -> set[tuple[int, str]]:
    """Where it bites, as (order, name): for home care the districts of its suspended contracts, else where the service stands."""
    service = suspension.service
    if service.service_type == ServiceType.HOME_CARE:
        spanned = {
            (district.order, district.name)
            for contract in suspension.contracts.all()
            for district in contract.districts.all()
        }
        if spanned:
            return spanned
    return {(service.district.order, service.district.name)}
