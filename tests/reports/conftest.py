"""A council with suspended services in committed rows, a paper about it, and the public worker with
its own login.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.utils import timezone

from core import versions
from core.models import District
from figures.figure import Column, Figure, Row, Share
from figures.registration import FIGURES
from providers.models import Contract, Provider, Service
from providers.vocabulary import ClientGroup, ServiceType
from reports.actions import jobs, making, writing
from reports.models import Paper, Section, SuspensionGrouping
from suspensions.models import Suspension, SuspensionKind, SuspensionStatus

ROOT = Path(__file__).resolve().parent.parent.parent
AS_AT = date(2021, 6, 1)
TODAY = date(2021, 6, 2)
NOW = datetime(2021, 6, 2, 9, tzinfo=UTC)

# A word for every exempt field: none may ever be in a public file.
CANARIES = {
    "summary": "Canarysummary",
    "reasons": "Canaryreasons",
    "evidence": "Canaryevidence",
    "provider_notified": "Canarytold",
    "provider_answer": "Canaryanswer",
    "welfare": "Canarywelfare",
    "meetings": "Canarymeetings",
}


@pytest.fixture
def suspend(person: Callable[..., Any]) -> Callable[..., Suspension]:
    def make(service: Service, **changes: Any) -> Suspension:
        moment = datetime(2021, 4, 1, 10, tzinfo=UTC)
        facts = {
            "service": service,
            "kind": SuspensionKind.FULL,
            "status": SuspensionStatus.IN_FORCE,
            "proposed_by": person("Manager", "proposer"),
            "proposed_at": moment,
            "decided_by": person("Manager", "decider"),
            "decided_at": moment,
            "decision_recorded_at": moment,
            "in_force_from": date(2021, 4, 1),
            "summary": "Medicines were not given.",
        }
        return Suspension.objects.create(**{**facts, **changes})

    return make


@pytest.fixture
def make_service(council: Any) -> Callable[..., Service]:
    def make(name: str, **changes: Any) -> Service:
        district = changes.pop("district", "Northmarsh")
        facts = {
            "provider": Provider.objects.get_or_create(
                name=changes.pop("provider", "Harbourside Ltd")
            )[0],
            "name": name,
            "service_type": ServiceType.RESIDENTIAL_HOME,
            "client_group": ClientGroup.AGEING_WELL,
            "district": District.objects.get(name=district),
        }
        return Service.objects.create(**{**facts, **changes})

    return make


@pytest.fixture
def june_2021(
    transactional_db: None, make_service: Callable[..., Service], suspend: Callable[..., Suspension]
) -> dict[str, Suspension]:
    """The suspension table of June 2021: seven, two and two services over its districts."""
    for order, name in enumerate(
        ["Gedling", "Bassetlaw", "Newark", "Mansfield", "Ashfield", "Rushcliffe"]
    ):
        District.objects.create(name=name, order=order)
    made = {}
    ageing = ["Gedling", "Bassetlaw", "Newark", "Mansfield", "Ashfield", "Gedling", "Newark"]
    for number, district in enumerate(ageing):
        made[f"a{number}"] = suspend(make_service(f"Rosewood Court {number}", district=district))
    for number in range(2):
        service = make_service(
            f"Thistle Bank {number}", district="Bassetlaw", client_group=ClientGroup.LIVING_WELL
        )
        made[f"l{number}"] = suspend(service)
    for number, districts in enumerate([["Newark", "Rushcliffe"], ["Gedling"]]):
        service = make_service(f"Kestrel Homecare {number}", service_type=ServiceType.HOME_CARE)
        contract = Contract.objects.create(
            service=service, reference=f"HC{number}", starts_on=date(2020, 1, 1)
        )
        contract.districts.set(District.objects.filter(name__in=districts))
        made[f"h{number}"] = suspend(service)
        made[f"h{number}"].contracts.add(contract)
    # Not of that day: lifted before, begun after, proposed and refused.
    suspend(
        make_service("Lifted Lodge"),
        status=SuspensionStatus.LIFTED,
        lifted_on=AS_AT,
        lift_proposed_by=made["a0"].proposed_by,
        lift_proposed_at=timezone.now(),
        lift_decided_by=made["a0"].decided_by,
        lift_decided_at=timezone.now(),
        lift_recorded_at=timezone.now(),
    )
    suspend(make_service("Later Lodge"), in_force_from=AS_AT + timedelta(days=1))
    return made


@pytest.fixture
def facts(council: Any) -> writing.FactsInput:
    return writing.FactsInput(
        title="Market management position statement",
        committee="Adult Social Care Committee",
        meeting_on=date(2021, 6, 14),
        as_at=AS_AT,
        agenda_item="11",
        report_of="Corporate Director, Adult Social Care",
        signatory_name="Pat Example",
        exempt_paragraph=3,
        public_interest="On balance it is better kept exempt.",
        suspension_grouping=SuspensionGrouping.TYPE_AND_DISTRICT,
    )


@pytest.fixture
def paper(june_2021: Any, facts: writing.FactsInput, person: Callable[..., Any]) -> Paper:
    """Started by an officer, in committed rows."""
    return writing.start_paper(given=facts, by=person("Officer", "author"))


def regional_comparison(as_at: date) -> Figure:
    """In place of the ratings' own figure: these tests are of papers, and load no ratings."""
    types = ("Nursing homes", "Residential homes", "Home care agencies")
    columns = [Column("authority", "Local authority")]
    for kind in types:
        columns += [
            Column(f"{kind}-{word}", word, "share", kind) for word in ("IA", "RI", "GO", "OU", "NR")
        ]
    shares = tuple(Share(n, 10) for n in (1, 2, 6, 1, 0)) * 3
    rows = (Row(("Exampleshire", *shares)), Row(("Othershire", *shares)))
    return Figure("regional-comparison", "Comparison", as_at, "Exampleshire", tuple(columns), rows)


@pytest.fixture
def own_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    registered = FIGURES["regional-comparison"]
    monkeypatch.setitem(
        FIGURES._entries, registered.name, (0, replace(registered, compute=regional_comparison))
    )


@pytest.fixture
def public_worker(own_comparison: None, public_conninfo: str) -> Callable[[], None]:
    """Do what the public worker does, in this process, with its login and nothing else."""

    def run() -> None:
        from reports import public_work

        connection = connections["default"]
        own = connection.settings_dict
        url = psycopg.conninfo.conninfo_to_dict(os.environ["PUBLIC_DATABASE_URL"])
        connection.close()
        connection.settings_dict = {**own, "USER": url["user"], "PASSWORD": url["password"]}
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_user")
                assert cursor.fetchone() == ("carequality_public",)
            public_work.work()
        finally:
            connection.close()
            connection.settings_dict = own

    return run


@pytest.fixture
def public_process() -> Callable[[], None]:
    """The same in a process of its own, which holds the public login and no other."""

    def run() -> None:
        logins = ("DATABASE_URL", "OWNER_DATABASE_URL", "ADMIN_DATABASE_URL", "BACKUP_DATABASE_URL")
        environment = {key: value for key, value in os.environ.items() if key not in logins}
        code = "import django; django.setup(); from reports import public_work; public_work.work()"
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            check=True,
            env={
                **environment,
                "CAREQUALITY_PROCESS": "public",
                "DJANGO_SETTINGS_MODULE": "carequality.settings",
            },
        )

    return run


@pytest.fixture
def clear(
    paper: Paper, person: Callable[..., Any], public_worker: Callable[[], None]
) -> Callable[..., Paper]:
    """Take the paper as far as its scan: figures frozen, sections released, both files made."""

    def run(**bodies: str) -> Paper:
        manager = person("Manager", "releaser")
        for heading, body in bodies.items():
            section = paper.sections.get(heading=heading.replace("_", " "))
            writing.write_section(
                section.pk,
                by=person("Officer", "author"),
                given=writing.SectionInput(section.heading, body, versions.seen_of(section)),
                now=NOW,
            )
        making.freeze_figures(paper.pk, by=manager, now=NOW)
        public_worker()
        jobs.sweep()
        for section in Section.objects.filter(paper=paper).unreleased():
            writing.release_section(section.pk, by=manager, now=NOW)
        making.render(paper.pk, by=manager, now=NOW)
        public_worker()
        jobs.sweep()
        paper.refresh_from_db()
        return paper

    return run
