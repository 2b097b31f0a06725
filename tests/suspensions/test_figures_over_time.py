"""The figures of a day, between two days and month by month: they add up, and equal a replay of the
history day by day.
"""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.models import District
from providers.models import Contract, ServiceUnit
from providers.vocabulary import ServiceType
from suspensions.figures import in_force as in_force_figures
from suspensions.figures import time
from suspensions.models import Decision, DecisionKind, Suspension, SuspensionKind, SuspensionStatus
from tests.suspensions.conftest import TODAY, at

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FIRST = date(2024, 1, 1)


def cells(figure, label):
    row = next(row for row in figure.rows if row.cells[0] == label)
    return dict(zip([column.key for column in figure.columns], row.cells, strict=True))


def test_in_force_by_type_and_kind_counts_services_once(row, make_service, service, unit):
    row(unit=unit)
    row(
        unit=ServiceUnit.objects.create(service=service, name="Lily unit"),
        kind=SuspensionKind.PARTIAL,
        limit="Two",
    )
    row(service=make_service("Agency", ServiceType.HOME_CARE))
    row(SuspensionStatus.PROPOSED, service=make_service("Proposed"))
    row(SuspensionStatus.REFUSED, service=make_service("Refused"))
    row(SuspensionStatus.WITHDRAWN, service=make_service("Withdrawn"))
    figure = in_force_figures.by_type(TODAY)
    homes = cells(figure, "Care Home – Ageing Well")
    assert (homes["full"], homes["partial"], homes["voluntary"], homes["services"]) == (1, 1, 0, 1)
    assert cells(figure, "All")["services"] == 2
    # Behind a number of services stand services, however many of their parts are suspended.
    behind = dict(figure.rows[-1].behind)["services"]
    assert len(behind) == 2


def test_by_the_councils_groups_of_services(row, make_service):
    row()
    row(service=make_service("Agency", ServiceType.HOME_CARE))
    row(
        SuspensionStatus.LIFTED,
        service=make_service("Home", client_group="living_well"),
        lifted_on=TODAY,
    )
    figure = in_force_figures.by_type(TODAY, by_group=True)
    assert {line.cells[0]: line.cells[-1] for line in figure.rows} == {
        "Ageing Well care homes": 1,
        "Living Well care homes": 0,
        "Community based": 1,
        "All": 2,
    }
    flow = time.flow(TODAY, by_group=True)
    assert cells(flow, "Living Well care homes")["ended"] == 1
    assert [
        line.cells[0] for line in in_force_figures.share_of_contracted(TODAY, by_group=True).rows
    ] == [line.cells[0] for line in figure.rows]


def test_home_care_over_two_districts_counts_in_each_and_once_in_all(row, make_service):
    agency = make_service("Agency", ServiceType.HOME_CARE, district="Eastmarsh")
    contract = Contract.objects.create(service=agency, reference="HC-1", starts_on=FIRST)
    contract.districts.set(District.objects.filter(name__in=["Northmarsh", "Southmarsh"]))
    row(service=agency).contracts.add(contract)
    figure = in_force_figures.by_district(TODAY)
    found = {line.cells[0]: line.cells[-1] for line in figure.rows}
    assert found == {"Northmarsh": 1, "Southmarsh": 1, "Eastmarsh": 0, "All": 1}


def test_share_of_contracted_services_in_words(row, make_service):
    for number in range(12):
        service = make_service(f"House {number}")
        Contract.objects.create(service=service, reference=f"C-{number}", starts_on=FIRST)
        if number < 3:
            row(service=service)
    row(service=make_service("Not contracted"))
    whole = cells(in_force_figures.share_of_contracted(TODAY), "All")
    assert (whole["contracted"], whole["suspended"], whole["words"]) == (12, 3, "three of 12")
    assert (whole["share"].numerator, whole["share"].percent) == (3, 25)


def test_length_bands_and_median(row, make_service):
    for number, days in enumerate((5, 40, 400)):
        row(service=make_service(f"House {number}"), from_on=TODAY - days * DAY)
    row(
        SuspensionStatus.LIFTED,
        service=make_service("Lifted"),
        from_on=TODAY - 100 * DAY,
        lifted_on=TODAY - 10 * DAY,
    )
    figure = time.length(TODAY)
    assert [line.cells[1:] for line in figure.rows] == [
        (1, 0), (1, 1), (0, 0), (0, 0), (1, 0), (3, 1), (40, 90), (400, 90)
    ]  # fmt: skip


spells = st.lists(
    st.tuples(
        st.integers(0, 500),
        st.one_of(st.none(), st.integers(0, 300)),
        st.sampled_from(list(SuspensionKind)),
        st.sampled_from(
            ["decided", "decided", "urgent", SuspensionStatus.REFUSED, SuspensionStatus.WITHDRAWN]
        ),
    ),
    max_size=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spells=spells, first=st.integers(0, 700), length=st.integers(1, 400))
def test_flow_adds_up_and_month_ends_equal_a_replay_day_by_day(
    spells, first, length, row, make_service, manager, other_manager, django_db_blocker
):
    from django.db import transaction

    sid = transaction.savepoint()
    try:
        for number, (start, days, kind, fate) in enumerate(spells):
            begun = FIRST + start * DAY
            never = fate in (SuspensionStatus.REFUSED, SuspensionStatus.WITHDRAWN)
            status = (
                fate
                if never
                else SuspensionStatus.IN_FORCE
                if days is None
                else SuspensionStatus.LIFTED
            )
            given = {
                "service": make_service(f"House {number}", list(ServiceType)[number % 7]),
                "from_on": begun,
                "kind": kind,
                "limit": "Two a week" if kind == SuspensionKind.PARTIAL else "",
                "lifted_on": None if days is None or never else begun + days * DAY,
            }
            if fate == "urgent":
                given |= {"is_urgent": True, "decided_by": None, "confirm_due_on": begun + DAY}
                if days is not None:
                    given |= {"lift_proposed_by": None, "lift_proposed_at": None}
            history(row(status, **given), manager, other_manager)
        since, as_at = FIRST + first * DAY, FIRST + (first + length) * DAY
        for line in time.flow(as_at, since).rows:
            _label, before, opened, lifted, after, continuing = line.cells
            assert before + opened - lifted == after
            assert continuing <= min(before, after)
        in_force = replay(as_at)
        for month in time.month_ends(as_at, 24):
            assert {s.pk for s in month.in_force} == in_force.get(month.day, set()), month.day
    finally:
        transaction.savepoint_rollback(sid)


def history(suspension, manager, other_manager):
    """The decisions as the actions write them."""
    urgent, begun = suspension.is_urgent, timezone.localdate(suspension.proposed_at)
    if suspension.status in (SuspensionStatus.REFUSED, SuspensionStatus.WITHDRAWN):
        steps = [
            (DecisionKind.PROPOSED, manager, begun),
            (DecisionKind(suspension.status), other_manager, begun),
        ]
    elif urgent:
        steps = [
            (DecisionKind.SUSPENDED_URGENTLY, manager, begun),
            (DecisionKind.ENDED_UNCONFIRMED, other_manager, suspension.lifted_on),
        ]
    else:
        steps = [
            (DecisionKind.PROPOSED, manager, begun),
            (DecisionKind.DECIDED, other_manager, begun),
            (DecisionKind.LIFT_PROPOSED, manager, suspension.lifted_on),
            (DecisionKind.LIFT_REFUSED, other_manager, suspension.lifted_on),
            (DecisionKind.LIFT_PROPOSED, manager, suspension.lifted_on),
            (DecisionKind.LIFTED, other_manager, suspension.lifted_on),
        ]
    for step, by, day in steps:
        if day:
            Decision.objects.create(
                suspension=suspension,
                step=step,
                by=by,
                decided_at=at(day),
                recorded_at=at(day),
                in_force_from=suspension.in_force_from,
            )


BEGINS = (DecisionKind.DECIDED, DecisionKind.SUSPENDED_URGENTLY)
ENDS = (DecisionKind.LIFTED, DecisionKind.ENDED_UNCONFIRMED)


def replay(as_at: date) -> dict[date, set[int]]:
    """What is in force at the end of each day, from the append-only decisions alone."""
    by_day: dict[date, list[Decision]] = {}
    for decision in Decision.objects.order_by("pk"):
        day = (
            decision.in_force_from
            if decision.step in BEGINS
            else timezone.localdate(decision.decided_at)
        )
        by_day.setdefault(day, []).append(decision)
    standing: set[int] = set()
    found: dict[date, set[int]] = {}
    day = FIRST
    while day <= as_at:
        for decision in by_day.get(day, []):
            if decision.step in BEGINS:
                standing.add(decision.suspension_id)
            elif decision.step in ENDS:
                standing.discard(decision.suspension_id)
        found[day] = set(standing)
        day += DAY
    return found


@pytest.mark.parametrize(
    "name",
    ["by-type", "by-district", "share", "flow", "monthly", "length"],
)
def test_every_figure_by_command_and_by_page(name, row, client_as):
    row()
    out = StringIO()
    call_command(
        "figures",
        f"suspensions-{name}",
        "--as-at",
        TODAY.isoformat(),
        "--format",
        "json",
        stdout=out,
    )
    told = json.loads(out.getvalue())
    assert told["as_at"] == TODAY.isoformat()
    client = client_as("Officer")
    page = client.get(
        reverse("figures:view-figure", args=[f"suspensions-{name}"]), {"as_at": TODAY.isoformat()}
    )
    assert told["title"] in page.text
    for kind in ("csv", "xlsx"):
        file = client.get(page.request["PATH_INFO"], {"as_at": TODAY.isoformat(), "export": kind})
        assert file["Content-Disposition"].endswith(kind)


def test_month_ends_of_years_are_not_read_one_by_one(row, make_service, django_assert_num_queries):
    for number in range(4):
        row(service=make_service(f"House {number}"))
    # The suspensions, their changes, the closures of their services, the council.
    with django_assert_num_queries(4):
        time.monthly(TODAY)


def test_flow_between_two_days_by_command(row):
    row(from_on=date(2026, 2, 1))
    out = StringIO()
    call_command(
        "figures",
        "suspensions-flow",
        "--as-at",
        "2026-02-28",
        "--since",
        "2026-01-31",
        "--format",
        "csv",
        stdout=out,
    )
    assert out.getvalue().splitlines()[-1] == "All,0,1,0,1,0"


def test_number_leads_to_its_rows(row, client_as, service):
    row()
    client = client_as("Officer")
    page = client.get(
        reverse("figures:view-figure", args=["suspensions-by-type"]), {"as_at": TODAY.isoformat()}
    )
    address = reverse("figures:list-rows", args=["suspensions-by-type"])
    asked = {"as_at": TODAY.isoformat(), "row": "All", "column": "services"}
    assert address in page.text
    behind = client.get(address, asked)
    assert reverse("oversight:view-service", args=[service.pk]) in behind.text
    assert client.get(address, asked | {"row": "Nothing"}).status_code == 404
    Contract.objects.create(service=service, reference="C-1", starts_on=FIRST)
    address = reverse("figures:list-rows", args=["suspensions-share"])
    assert "Alder House" in client.get(address, asked | {"column": "contracted"}).text


def test_days_the_wrong_way_round_are_told_by_their_field(row, client_as):
    asked = {"as_at": "2026-01-01", "since": "2026-02-01"}
    page = client_as("Officer").get(
        reverse("figures:view-figure", args=["suspensions-flow"]), asked
    )
    assert "The first date must be before the second" in page.text
    assert page.status_code == 200


def test_overview_says_the_share_in_words(client_as, council):
    page = client_as("Officer").get(reverse("figures:list-area", args=["suspensions"]))
    assert "none of 0" in page.text
    assert Suspension.objects.count() == 0


def test_the_kind_of_a_day_asks_for_no_unit(row, unit, django_assert_num_queries):
    of_a_unit = Suspension.objects.prefetch_related("changes").get(pk=row(unit=unit).pk)
    with django_assert_num_queries(0):
        assert of_a_unit.kind_on(TODAY) == SuspensionKind.FULL
