from datetime import date

from carequality.models import CouncilProfile
from figures.figure import Column, Figure, Row, name_of
from figures.registration import register_figure
from providers.groups import ServiceGroup, group_of
from providers.models import CARE_HOMES, ClientGroup, Service, ServiceType
from suspensions.figures.options import AnyDayOptions
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


def labels(by_group: bool) -> list[str]:
    """The rows of a table by type of service, or by the council's groups of services."""
    return [str(group.label) for group in ServiceGroup] if by_group else LABELS


def label_for(service: Service, by_group: bool) -> str:
    """The one of these that a service stands in."""
    return str(group_of(service).label) if by_group else label_of(service)


@register_figure(
    "suspensions",
    label="The table as papers print it",
    area="suspensions",
    order=10,
    sentence="Suspended services by type of service, with the districts concerned.",
    options=AnyDayOptions,
    behind="service",
    empty="No service was suspended that day.",
)
def suspensions_in_force(as_at: date, *, council: CouncilProfile | None = None) -> Figure:
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
    return Figure(
        name="suspensions",
        title="Services with a contract suspension",
        as_at=as_at,
        authority=name_of(council),
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
