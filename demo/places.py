"""What the fictitious region is made of: its companies, CQC locations and planned services."""

from dataclasses import dataclass
from datetime import date

from demo.inspections import InspectionReport
from providers.vocabulary import ServiceType

CARE_HOMES = (ServiceType.NURSING_HOME, ServiceType.RESIDENTIAL_HOME)


@dataclass(frozen=True, slots=True)
class Company:
    number: int
    name: str

    @property
    def cqc_provider_id(self) -> str:
        return f"1-998{self.number:07d}"

    @property
    def companies_house_number(self) -> str:
        return f"ZZ{self.number % 1_000_000:06d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoLocation:
    """A location of CQC's, with its history."""

    number: int
    name: str
    company: Company
    types: tuple[ServiceType, ...]
    authority: str
    town: str
    address: str
    postcode: str
    phone: str
    beds: int
    is_for_older_people: bool
    registered_on: date
    deregistered_on: date | None = None
    manager_absent_on: date | None = None
    dormant_from: date | None = None
    predecessor: int | None = None
    successor: int | None = None
    reports: tuple[InspectionReport, ...] = ()

    @property
    def location_id(self) -> str:
        return location_id(self.number)

    @property
    def is_care_home(self) -> bool:
        return any(kind in CARE_HOMES for kind in self.types)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedService:
    """A service of the council's register, and the place that CQC registers for it, if it does."""

    number: int
    name: str
    company: Company
    kind: str  # a value of the register's service types
    is_for_older_people: bool
    district: int  # where in DISTRICTS
    address: str
    postcode: str
    phone: str
    beds: int | None
    opened_on: date
    closed_on: date | None
    place: int | None


def location_id(number: int) -> str:
    return f"1-999{number:07d}"
