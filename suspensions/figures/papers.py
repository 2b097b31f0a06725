"""The table of suspensions as committee papers print it."""

from collections.abc import Sequence
from datetime import date

from core.models import CouncilProfile
from figures.figure import Column, Figure, Row, name_of
from figures.registration import register_figure
from providers.groups import ServiceGroup, group_of
from providers.models import Service
from providers.vocabulary import PAPER_LABELS, paper_label
from suspensions.figures.options import AnyDayOptions
from suspensions.models import Suspension
from suspensions.rules.districts import districts_of

# The list of suspensions says the same beside its table.
NONE_SUSPENDED = "No services were suspended that day."
COLUMNS = (
    Column("type", "Type of service"),
    Column("services", "Number of services", "count"),
    Column("status", "Contract status"),
    Column("districts", "District"),
)
NOTES = (
    (
        "Full, partial and voluntary suspensions count. A service counts once, however many of its"
        " units or contracts are suspended."
    ),
    (
        "Home care counts in every district of its suspended contracts, other services in their own"
        " district."
    ),
)


def label_of(service: Service) -> str:
    """The row that a service stands in: care homes by client group, everything else by type of
    service.
    """
    return paper_label(service.service_type, service.client_group)


def labels(by_group: bool) -> Sequence[str]:
    """The rows of a table by type of service, or by the council's groups of services."""
    return [str(group.label) for group in ServiceGroup] if by_group else PAPER_LABELS


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
    empty=NONE_SUSPENDED,
)
def suspensions_in_force(as_at: date, *, council: CouncilProfile | None = None) -> Figure:
    """Services suspended on that day, by type of service, with the districts concerned (the table
    of the June 2021 paper).

    In force on a day: status in force, lift proposed or lifted; `in_force_from` on or before it;
    `lifted_on` empty or after it; its service open that day. A row counts distinct services; types
    without one have no row.
    Districts of a row: for home care those of the contracts tied to the suspension, or the
    service's own where they name none; for every other service its own. Each district once, in the
    council's order (`order`, then name), joined by ", ". The status is always "Suspended".

    Numerator: those distinct services. No denominator. Source: the council's own record of
    suspensions and contracts; the layout is that of councils' published papers.
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
        # Sets: a service with two units suspended counts once, a district is named once.
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
            for label in PAPER_LABELS
            if label in services
        ),
        notes=NOTES,
    )
