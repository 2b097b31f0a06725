"""What the wall's SQL repeats of a rule says the same as the rule, over generated councils."""

import random
from datetime import date, timedelta

import pytest

from core.jobs.models import Job, JobState
from core.models import District
from providers.models import Contract, Provider, Service
from providers.vocabulary import ClientGroup, ServiceType
from reports.actions import jobs
from reports.figures import label_of
from reports.models import Paper, PaperJobKind
from suspensions.figures.papers import suspensions_in_force
from suspensions.models import Suspension, SuspensionStatus
from tests.reports.conftest import NOW

FIRST = date(2021, 1, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(0, 120, 7)]


def generate(rng: random.Random, person: object) -> None:
    """Services of every type and client group, their contracts, and suspensions of every state,
    some over.
    """
    districts = list(District.objects.all())
    provider = Provider.objects.create(name="Generated")
    for kind in ServiceType:
        for group in ClientGroup:
            for number in range(2):
                service = Service.objects.create(
                    provider=provider,
                    name=f"{kind.label} {group.label} {number}",
                    service_type=kind,
                    client_group=group,
                    district=rng.choice(districts),
                )
                contract = Contract.objects.create(
                    service=service,
                    reference=f"{kind}-{group}-{number}",
                    starts_on=date(2020, 1, 1),
                )
                contract.districts.set(rng.sample(districts, rng.randint(0, len(districts))))
                suspend(rng, service, contract, person)


def suspend(rng: random.Random, service: Service, contract: Contract, person: object) -> None:
    """Up to two suspensions one after the other."""
    start = FIRST + timedelta(days=rng.randint(0, 60))
    for _ in range(rng.randint(0, 2)):
        status = rng.choice(
            [
                SuspensionStatus.IN_FORCE,
                SuspensionStatus.LIFT_PROPOSED,
                SuspensionStatus.LIFTED,
                SuspensionStatus.LIFTED,
            ]
        )
        lifted_on = (
            start + timedelta(days=rng.randint(0, 40))
            if status == SuspensionStatus.LIFTED
            else None
        )
        made = Suspension.objects.create(
            service=service,
            kind="full",
            status=status,
            summary="x",
            proposed_by=person("Manager", "one"),
            proposed_at=NOW,
            decided_by=person("Manager", "two"),
            decided_at=NOW,
            decision_recorded_at=NOW,
            in_force_from=start,
            lifted_on=lifted_on,
            **lifted(status, person),
        )
        if rng.random() < 0.7:
            made.contracts.add(contract)
        if lifted_on is None:
            return
        start = lifted_on + timedelta(days=rng.randint(1, 20))


def lifted(status: str, person: object) -> dict[str, object]:
    """What the constraints ask of a lift."""
    proposed = {"lift_proposed_by": person("Manager", "one"), "lift_proposed_at": NOW}
    if status == SuspensionStatus.LIFT_PROPOSED:
        return proposed
    if status == SuspensionStatus.LIFTED:
        return proposed | {
            "lift_decided_by": person("Manager", "two"),
            "lift_decided_at": NOW,
            "lift_recorded_at": NOW,
        }
    return {}


@pytest.mark.parametrize("seed", range(3))
def test_counts_of_the_wall_are_the_figure_of_every_day(seed, council, person, paper, owner):
    generate(random.Random(seed), person)
    job = jobs.add_job(paper, PaperJobKind.FIGURES, by=person("Manager", "one"), now=NOW)
    seen = 0
    for day in DAYS:
        Paper.objects.filter(pk=paper.pk).update(as_at=day, suspension_grouping="type_and_district")
        Job.objects.filter(pk=job.pk).update(
            state=JobState.RUNNING,
            token="6f9619ff-8b86-d011-b42d-00c04fc964ff",
            heard_at=NOW,
            attempts=1,
        )
        found = owner.execute(
            "SELECT care, client_group, services, districts FROM published.suspension_counts(%s)",
            [paper.pk],
        ).fetchall()
        by_sql = {
            label_of(care, group): (count, ", ".join(names)) for care, group, count, names in found
        }
        figure = suspensions_in_force(day)
        by_rule = {row.cells[0]: (row.cells[1], row.cells[3]) for row in figure.rows}
        assert by_sql == by_rule, day
        in_force = set(Suspension.objects.in_force_on(day))
        assert in_force == {one for one in Suspension.objects.all() if one.is_in_force_on(day)}, day
        seen += len(by_rule)
    assert seen > 20, "hardly anything was compared"
