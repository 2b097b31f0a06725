"""The register: providers, services, their named parts and contracts, as an import would have
brought them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from core.models import District, Locality
from demo import council, names
from demo.people import Staff
from demo.places import PlannedService
from demo.record import append, at, event
from demo.world import SEED, World
from providers.models import Contract, Provider, Service, ServiceUnit, Tier
from providers.vocabulary import ClientGroup, ServiceType

FRAMEWORKS = {
    ServiceType.NURSING_HOME: ("CH", "Care Homes Framework"),
    ServiceType.RESIDENTIAL_HOME: ("CH", "Care Homes Framework"),
    ServiceType.HOME_CARE: ("HBC", "Home Based Care and Support"),
    ServiceType.SUPPORTED_LIVING: ("CSE", "Care Support and Enablement DPS"),
    ServiceType.EXTRA_CARE: ("HWC", "Housing with Care"),
    ServiceType.DAY_CARE: ("DAY", "Day Opportunities DPS"),
    ServiceType.SHARED_LIVES: ("SL", "Shared Lives"),
}
UNITS = {
    ServiceType.NURSING_HOME: ("Garden Unit", "Lakeside Unit", "Orchard Unit"),
    ServiceType.RESIDENTIAL_HOME: ("Ground floor", "First floor"),
    ServiceType.HOME_CARE: ("North zone", "South zone"),
    ServiceType.SUPPORTED_LIVING: ("House 1", "House 2", "House 3"),
}


@dataclass(frozen=True)
class Register:
    """What has been loaded, by the number of each planned service."""

    services: dict[int, Service]
    planned: dict[int, PlannedService]

    def open_on(self, day: date) -> list[Service]:
        return [one for one in self.services.values() if not one.closed_on or one.closed_on > day]


def load(world: World, staff: Staff) -> Register:
    """Load the register and record it, with the day on which each service opened, closed or was
    contracted.
    """
    providers = _providers(world)
    districts = list(District.objects.order_by("order"))
    locality_of = {
        district: Locality.objects.get(name=name)
        for name, parts in reversed(council.LOCALITIES.items())
        for district in parts
    }
    leads = [*staff.officers, *staff.seniors, staff.officers[0]]
    services = Service.objects.bulk_create(
        Service(
            provider=providers[plan.company.number],
            name=plan.name,
            service_type=plan.kind,
            client_group=ClientGroup.AGEING_WELL
            if plan.is_for_older_people
            else ClientGroup.LIVING_WELL,
            district=districts[plan.district],
            locality=locality_of[districts[plan.district].name],
            address=f"{plan.address}, {districts[plan.district].name}",
            postcode=plan.postcode,
            phone=plan.phone,
            beds=plan.beds,
            lead_officer=leads[plan.district % len(leads)],
            opened_on=plan.opened_on,
            closed_on=plan.closed_on,
            closed_reason="The provider ended the service." if plan.closed_on else "",
            is_fictitious=True,
        )
        for plan in world.planned
    )
    register = Register(
        services={
            plan.number: service for plan, service in zip(world.planned, services, strict=True)
        },
        planned={plan.number: plan for plan in world.planned},
    )
    begun_at = at(world.today - timedelta(760), 9)
    by = staff.administrator
    append(event("provider.added", one, by=by, happened_at=begun_at) for one in providers.values())
    append(
        event(
            "service.added",
            one,
            by=by,
            happened_at=max(begun_at, at(one.opened_on or begun_at.date())),
            service_id=one.pk,
        )
        for one in services
    )
    append(
        event(
            "service.closed",
            one,
            by=staff.managers[0],
            happened_at=at(one.closed_on),
            service_id=one.pk,
        )
        for one in services
        if one.closed_on
    )
    units = ServiceUnit.objects.bulk_create(_units(register))
    append(event("unit.added", one, by=by, happened_at=begun_at) for one in units)
    _contracts(world, register, districts, staff)
    return register


def _providers(world: World) -> dict[int, Provider]:
    rng = Random(f"{SEED}:contacts")
    made = Provider.objects.bulk_create(
        Provider(
            name=company.name,
            cqc_provider_id=company.cqc_provider_id,
            companies_house_number=company.companies_house_number,
            contact_name=names.person(rng),
            contact_email=f"contact{company.number}@example.test",
            contact_phone=names.phone(rng),
            is_fictitious=True,
        )
        for company in world.companies
    )
    return {
        company.number: provider for company, provider in zip(world.companies, made, strict=True)
    }


def _units(register: Register) -> Iterator[ServiceUnit]:
    for number, service in register.services.items():
        if number % 5 == 0:
            for name in UNITS.get(ServiceType(service.service_type), ()):
                yield ServiceUnit(service=service, name=name)


def _contracts(world: World, register: Register, districts: list[District], staff: Staff) -> None:
    contracts, areas = [], []
    for number, service in register.services.items():
        rng = Random(f"{SEED}:contract:{number}")
        if number % 13 == 6:
            continue  # known to the council, not bought from
        home_care = service.service_type == ServiceType.HOME_CARE
        first = register.planned[number].district
        count = rng.choice((2, 2, 3)) if home_care else 1
        code, framework = FRAMEWORKS[ServiceType(service.service_type)]
        starts_on = (service.closed_on or world.today) - timedelta(rng.randint(200, 1400))
        starts_on = max(service.opened_on or starts_on, starts_on)
        contracts.append(
            Contract(
                service=service,
                reference=f"EX/{code}/{number:04d}",
                framework=framework,
                tier=_tier(service, rng),
                zone=f"Zone {first + 1}" if home_care else "",
                starts_on=starts_on,
                ends_on=service.closed_on
                or (starts_on + timedelta(6 * 365) if rng.random() < 0.5 else None),
            )
        )
        areas.append([districts[(first + step) % len(districts)] for step in range(count)])
    made = Contract.objects.bulk_create(contracts)
    through = Contract.districts.through
    through.objects.bulk_create(
        through(contract_id=contract.pk, district_id=district.pk)
        for contract, its in zip(made, areas, strict=True)
        for district in its
    )
    append(
        event("contract.added", one, by=staff.managers[1], happened_at=at(one.starts_on, 9))
        for one in made
    )


def _tier(service: Service, rng: Random) -> str:
    match service.service_type:
        case ServiceType.HOME_CARE:
            return rng.choices([Tier.LEAD, Tier.ADDITIONAL, Tier.SPOT], [2, 5, 3])[0]
        case ServiceType.SUPPORTED_LIVING | ServiceType.DAY_CARE:
            return rng.choices([Tier.TIER_1, Tier.TIER_2, Tier.SPECIALIST], [5, 3, 1])[0]
        case _:
            return rng.choices(["", Tier.SPOT], [4, 1])[0]
