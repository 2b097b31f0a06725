from datetime import date, timedelta

import pytest

from core.models import District
from providers.models import Contract, ServiceUnit
from providers.vocabulary import ClientGroup, ServiceType
from suspensions.figures.papers import suspensions_in_force
from suspensions.models import SuspensionStatus
from tests.suspensions.conftest import TODAY

pytestmark = pytest.mark.django_db

# The table of the paper of June 2021. Its own order of districts differs from row to row; here they
# stand in the council's.
PAPER = [
    ("Care Home – Ageing Well", 7, "Suspended", "Bassetlaw, Mansfield, Newark, Ashfield, Gedling"),
    ("Care Home – Living Well", 2, "Suspended", "Bassetlaw"),
    ("Homecare", 2, "Suspended", "Newark, Gedling, Rushcliffe"),
]
DAY = date(2021, 6, 14)


@pytest.fixture
def nottinghamshire(council):
    District.objects.all().delete()
    names = ["Bassetlaw", "Mansfield", "Newark", "Ashfield", "Broxtowe", "Gedling", "Rushcliffe"]
    for order, name in enumerate(names):
        District.objects.create(name=name, order=order)


def test_table_of_june_2021(nottinghamshire, make_service, row):
    started = DAY - timedelta(days=60)
    ageing = ["Gedling", "Bassetlaw", "Newark", "Mansfield", "Ashfield", "Gedling", "Newark"]
    for number, district in enumerate(ageing):
        kind = ServiceType.NURSING_HOME if number % 2 else ServiceType.RESIDENTIAL_HOME
        row(
            service=make_service(f"Home {number}", kind, ClientGroup.AGEING_WELL, district),
            from_on=started,
        )
    for number in range(2):
        home = make_service(
            f"Living {number}", client_group=ClientGroup.LIVING_WELL, district="Bassetlaw"
        )
        row(service=home, from_on=started)
    for number, districts in enumerate([["Newark"], ["Rushcliffe", "Gedling"]]):
        agency = make_service(f"Agency {number}", ServiceType.HOME_CARE, district="Broxtowe")
        contract = Contract.objects.create(
            service=agency, reference=f"HC-{number}", starts_on=started
        )
        contract.districts.set(District.objects.filter(name__in=districts))
        row(service=agency, from_on=started).contracts.add(contract)
    # What does not count: a proposal, a refusal, one lifted that day, one that begins the next.
    row(SuspensionStatus.PROPOSED, service=make_service("Proposed", district="Rushcliffe"))
    row(
        SuspensionStatus.REFUSED,
        service=make_service("Refused", district="Rushcliffe"),
        from_on=started,
    )
    row(
        SuspensionStatus.LIFTED,
        service=make_service("Lifted", district="Rushcliffe"),
        from_on=started,
        lifted_on=DAY,
    )
    row(service=make_service("Tomorrow", district="Rushcliffe"), from_on=DAY + timedelta(days=1))

    figure = suspensions_in_force(DAY)

    assert [line.cells for line in figure.rows] == PAPER
    assert sum(line.cells[1] for line in figure.rows) == 11
    assert [len(dict(line.behind)["services"]) for line in figure.rows] == [7, 2, 2]


def test_service_with_two_suspended_units_counts_once(row, unit, service):
    row(unit=unit)
    row(unit=ServiceUnit.objects.create(service=service, name="Lily unit"))
    assert [line.cells[1] for line in suspensions_in_force(TODAY).rows] == [1]


def test_home_care_without_districts_in_its_contracts_counts_in_its_own(row, make_service):
    row(service=make_service("Agency", ServiceType.HOME_CARE, district="Eastmarsh"))
    assert suspensions_in_force(TODAY).rows[0].cells == ("Homecare", 1, "Suspended", "Eastmarsh")


def test_nothing_suspended_gives_a_table_without_rows(council):
    assert suspensions_in_force(TODAY).rows == ()


def test_every_type_of_service_has_a_row(row, make_service):
    for kind in ServiceType:
        row(service=make_service(kind.label, kind))
    assert sum(line.cells[1] for line in suspensions_in_force(TODAY).rows) == len(ServiceType)
