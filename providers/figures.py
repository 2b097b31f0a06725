"""The register in figures: services, providers and beds, by type of service and by district, as at
a day.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from core.models import CouncilProfile, District
from figures.charting import Chart, bars_in_counts
from figures.figure import Cell, Column, Figure, Row, name_of
from figures.options import GroupOptions
from figures.registration import Area, register_area, register_figure
from govuk.charts import ChartPart
from providers import groups
from providers.groups import ServiceGroup, group_of_kind
from providers.models import Service
from providers.vocabulary import ServiceType

register_area(
    Area(
        "register",
        "The register in figures",
        ("providers.view_service", "providers.view_provider"),
        crumbs=(("Providers", "providers:list-providers"),),
    ),
    order=10,
)
FILLS = ("#00538a", "#4a9d6b", "#5694ca", "#53284f", "#b1b4b6", "#9e1b32", "#f2b134")
DARK_INK = ("#4a9d6b", "#5694ca", "#b1b4b6", "#f2b134")
ALL = "All"
COUNTED = (
    Column("services", "Services", "count"),
    Column("providers", "Providers", "count"),
    Column("beds", "Beds", "count"),
)
NOTES = (
    (
        "Counts the services that were open on the day. Type, client group, district and beds are"
        " those in the register today."
    ),
    "A provider counts once in each row in which it has a service. Only care homes have beds.",
)


class CountedServices(NamedTuple):
    """An open service, as the register counts it."""

    pk: int
    provider_id: int
    service_type: str
    client_group: str
    district: str
    beds: int | None

    def kind(self, by_group: bool) -> str:
        """Its type, or the council's own group that it belongs to."""
        return (
            group_of_kind(self.service_type, self.client_group) if by_group else self.service_type
        )


class Cut(NamedTuple):
    """A column of the services apart: those of a kind, or in a district, of that value."""

    key: str
    label: str
    value: str


def open_services(as_at: date) -> list[CountedServices]:
    """The services that were open that day, in one query."""
    rows = Service.objects.open_on(as_at).order_by("pk")
    return [
        CountedServices(*row)
        for row in rows.values_list(
            "pk", "provider_id", "service_type", "client_group", "district__name", "beds"
        )
    ]


def kinds(by_group: bool) -> list[tuple[str, str]]:
    """The types of service, or the council's groups of them, with their labels."""
    return list(ServiceGroup.choices if by_group else ServiceType.choices)


def bars_of_services(figure: Figure) -> list[Chart]:
    """A bar for each type of service."""
    description = "A bar for each row of the table, as long as its number of services."
    parts = (ChartPart("services", "Services", "#00538a"),)
    return bars_in_counts(
        figure, figure.title, description, parts, figure.rows[:-1], ("service", "services")
    )


def bars_of_districts(figure: Figure) -> list[Chart]:
    """A bar for each district, by the kinds of its services."""
    columns = [column for column in figure.columns if column.group]
    parts = [
        ChartPart(column.key, column.label, fill, "#0b0c0c" if fill in DARK_INK else "#ffffff")
        for column, fill in zip(columns, FILLS, strict=False)
    ]
    description = "A bar for each district, as long as its number of services, by their kinds."
    return bars_in_counts(
        figure, figure.title, description, parts, figure.rows[:-1], ("service", "services")
    )


@register_figure(
    "register-by-type",
    label="Services by type",
    area="register",
    order=10,
    sentence="Services, providers and beds by type of service, and where the services are.",
    options=GroupOptions,
    charts=bars_of_services,
    behind="service",
    other_rows={"providers": "provider"},
)
def register_by_type(
    as_at: date, by_group: bool = False, *, council: CouncilProfile | None = None
) -> Figure:
    """Count open services, their providers and beds by type of service and district.

    Numerator: the services that are open on the day, by type or by the council's group of them; the
    providers that run at least one of these; and the beds of care homes. There is no denominator:
    the row All counts every open service. Source: the council's register.
    """
    held = open_services(as_at)
    cuts = [Cut(f"district-{each.pk}", each.name, each.name) for each in District.objects.all()]

    def row(label: str, held: Sequence[CountedServices]) -> Row:
        return _row(label, held, cuts, lambda one: one.district)

    rows = [
        row(label, [one for one in held if one.kind(by_group) == kind])
        for kind, label in kinds(by_group)
    ]
    return Figure(
        name="register-by-type",
        title="Services by group" if by_group else "Services by type",
        as_at=as_at,
        authority=name_of(council),
        columns=(
            Column("type", "Group of services" if by_group else "Type of service"),
            *COUNTED,
            *(Column(cut.key, cut.label, "count", "Services by district") for cut in cuts),
        ),
        rows=(*rows, row(ALL, held)),
        notes=(*NOTES, groups.NOTE) if by_group else NOTES,
    )


@register_figure(
    "register-by-district",
    label="Services by district",
    area="register",
    order=20,
    sentence="Services, providers and beds by district, and of which types the services are.",
    options=GroupOptions,
    charts=bars_of_districts,
    behind="service",
    other_rows={"providers": "provider"},
)
def register_by_district(
    as_at: date, by_group: bool = False, *, council: CouncilProfile | None = None
) -> Figure:
    """Count open services, their providers and beds by district and type of service.

    Numerator: the services that are open on the day, by the district where they are; the providers
    that run at least one of these; and the beds of care homes. There is no denominator: the row All
    counts every open service. Source: the council's register.
    """
    held = open_services(as_at)
    cuts = [Cut(f"kind-{kind}", label, kind) for kind, label in kinds(by_group)]

    def row(label: str, held: Sequence[CountedServices]) -> Row:
        return _row(label, held, cuts, lambda one: one.kind(by_group))

    names = District.objects.values_list("name", flat=True)
    rows = [row(name, [one for one in held if one.district == name]) for name in names]
    return Figure(
        name="register-by-district",
        title="Services by district",
        as_at=as_at,
        authority=name_of(council),
        columns=(
            Column("district", "District"),
            *COUNTED,
            *(
                Column(
                    cut.key, cut.label, "count", f"Services by {'group' if by_group else 'type'}"
                )
                for cut in cuts
            ),
        ),
        rows=(*rows, row(ALL, held)),
        notes=(*NOTES, groups.NOTE) if by_group else NOTES,
    )


def _row(
    label: str,
    held: Sequence[CountedServices],
    cuts: Iterable[Cut],
    of: Callable[[CountedServices], str],
) -> Row:
    # A provider with several services in a row counts once there, so the rows do not add up to All.
    providers = sorted({one.provider_id for one in held})
    with_beds = [one for one in held if one.beds]
    apart = [(cut.key, [one for one in held if of(one) == cut.value]) for cut in cuts]
    cells: tuple[Cell, ...] = (
        label,
        len(held),
        len(providers),
        sum(one.beds or 0 for one in with_beds),
        *(len(found) for _, found in apart),
    )
    return Row(
        cells,
        (
            ("services", _ids(held)),
            ("providers", tuple(str(pk) for pk in providers)),
            ("beds", _ids(with_beds)),
            *((key, _ids(found)) for key, found in apart),
        ),
    )


def _ids(held: Iterable[CountedServices]) -> tuple[str, ...]:
    return tuple(str(one.pk) for one in held)
