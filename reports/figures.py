"""The public figures of a paper.

They run in the public process, which sees counts of suspensions and never a row.
"""

from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from figures.registration import public
from providers.models import Contract, Service
from providers.vocabulary import CARE_HOMES, PAPER_LABELS, ServiceType, paper_label


def public_figures(paper_id: int, as_at: date) -> dict[str, Any]:
    """What the public paper prints, as JSON: CQC's published ratings by authority, and the counts
    of suspensions.

    Raises `DatabaseError` when nobody asked for this paper's figures.
    """
    return {
        "regional": public("regional-comparison")(as_at=as_at).as_json(),
        "suspensions": suspension_counts(paper_id, as_at),
    }


def suspension_counts(paper_id: int, as_at: date) -> dict[str, Any]:
    """The table of suspensions: for an approved day and grouping only.

    Counts distinct services with a contract suspended on that day, by kind of care and client
    group, so there is no denominator. The source is `published.suspension_counts`, over the
    council's own record of suspensions.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT care, client_group, services, districts FROM suspension_counts(%s)", [paper_id]
        )
        rows = [
            {
                "care": care,
                "client_group": client_group,
                "service_type": label_of(care, client_group),
                "status": "Suspended",
                "services": services,
                "districts": districts,
            }
            for care, client_group, services, districts in cursor.fetchall()
        ]
    rows.sort(key=lambda row: PAPER_LABELS.index(row["service_type"]))
    return {"as_at": as_at.isoformat(), "rows": rows}


def label_of(care: str, client_group: str) -> str:
    """What the papers call a kind of care."""
    return paper_label(CARE_HOMES[0] if care == "care_home" else care, client_group)


# Below five, someone who knows the district could tell which service is meant.
FEW = 5


def small_numbers(suspensions: dict[str, Any], as_at: date) -> list[str]:
    """Where the table of suspensions could identify a service.

    That is where too few services of its kind are in the districts that it names, or in the whole
    council where it names none. The source is the council's own register of services.
    Runs on the app's side, for the person who decides the grouping and the one who approves.
    """
    warnings = []
    for row in suspensions["rows"]:
        for district in row["districts"] or [None]:
            there = _serving(district, row["care"], row["client_group"], as_at)
            if there < FEW:
                services = "1 service" if there == 1 else f"{there} services"
                place = district or "The whole council"
                warnings.append(f"{row['service_type']}: {place} has only {services} of this type.")
    return warnings


def _serving(district: str | None, care: str, client_group: str, as_at: date) -> int:
    services = Service.objects.open_on(as_at)
    if care == "care_home":
        services = services.care_homes().filter(client_group=client_group)
    else:
        services = services.filter(service_type=care)
    if district is None:
        return services.count()
    # As the table counts: where its contracts serve, or where it stands if it has none.
    if care != "care_home" and ServiceType(care).counts_by_contract:
        serving = Contract.objects.in_force_on(as_at).filter(districts__name=district)
        services = services.filter(
            Q(contracts__in=serving) | Q(contracts=None, district__name=district)
        )
    else:
        services = services.filter(district__name=district)
    return services.distinct().count()
