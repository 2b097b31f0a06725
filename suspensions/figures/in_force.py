"""What is in force on a day: by type, by district, by kind, and as a share of what the council
buys.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import prefetch_related_objects

from core.models import CouncilProfile, District
from figures.figure import Column, Figure, Row, Share, name_of
from figures.registration import register_figure
from providers import groups
from providers.models import Service
from suspensions.figures.drawing import by_kind
from suspensions.figures.options import AnyDayGroupOptions, AnyDayOptions
from suspensions.figures.papers import label_for, labels
from suspensions.models import Suspension, SuspensionKind
from suspensions.rules.districts import districts_of

KIND_COLUMNS = tuple(
    Column(kind.value, kind.label.partition(":")[0], "count") for kind in SuspensionKind
)
ONCE = (
    "A service counts once in a cell, however many of its units or contracts are suspended. It can"
    " count under two kinds."
)
NEVER_IN_FORCE = (
    "Proposals that were refused or withdrawn are not counted, nor is a service that was closed on"
    " the day."
)
WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass
class Counted:
    """The suspensions behind a row on a day, and the services that they are of."""

    day: date
    suspensions: list[Suspension] = field(default_factory=list)

    def of(self, kind: SuspensionKind | None) -> list[Suspension]:
        """Those that were of that kind on the day; of every kind for None."""
        # By the kind of that day, so that a past day prints the same figure after a change.
        return [s for s in self.suspensions if kind is None or s.kind_on(self.day) == kind]

    def row(self, label: str) -> Row:
        """The row of a table: distinct services by kind and in all, with what stands behind."""
        cells: list[int] = []
        behind: list[tuple[str, tuple[str, ...]]] = []
        for key, kind in [*((kind.value, kind) for kind in SuspensionKind), ("services", None)]:
            found = services_of(self.of(kind))
            cells.append(len(found))
            # The services themselves, which are counted: one may have two suspensions.
            behind.append((key, found))
        return Row(cells=(label, *cells), behind=tuple(behind))


def ids(suspensions: Iterable[Suspension]) -> tuple[str, ...]:
    """What a number is made of, as the page of its rows asks for it."""
    return tuple(str(pk) for pk in sorted(suspension.pk for suspension in suspensions))


def services_of(suspensions: Iterable[Suspension]) -> tuple[str, ...]:
    """The services that these suspensions are of, each once."""
    return tuple(str(pk) for pk in sorted({suspension.service_id for suspension in suspensions}))


def on_day(as_at: date) -> list[Suspension]:
    """What is in force that day, each with the kind that it was of then."""
    found = Suspension.objects.in_force_on(as_at).select_related("service__district")
    return list(found.prefetch_related("changes").order_by("pk"))


@register_figure(
    "suspensions-by-type",
    label="In force by type and kind",
    area="suspensions",
    order=20,
    sentence=(
        "Suspended services by type of service, and how many fully, partially or voluntarily."
    ),
    options=AnyDayGroupOptions,
    charts=by_kind,
    behind="service",
)
def by_type(
    as_at: date, by_group: bool = False, *, council: CouncilProfile | None = None
) -> Figure:
    """Suspended services by type and kind. Types without one have a row too; the last row is all of
    them.

    Numerator: distinct services with a suspension of that kind in force on the day. No denominator.
    Source: the council's own record of suspensions, with the changes agreed since undone.
    """
    rows = {label: Counted(as_at) for label in labels(by_group)}
    everything = Counted(as_at)
    for suspension in on_day(as_at):
        rows[label_for(suspension.service, by_group)].suspensions.append(suspension)
        everything.suspensions.append(suspension)
    return Figure(
        name="suspensions-by-type",
        title=f"Suspended services by {'group' if by_group else 'type'} and kind",
        as_at=as_at,
        authority=name_of(council),
        columns=(
            Column("type", "Group of services" if by_group else "Type of service"),
            *KIND_COLUMNS,
            Column("services", "Services in all", "count"),
        ),
        rows=(*(counted.row(label) for label, counted in rows.items()), everything.row("All")),
        notes=(ONCE, NEVER_IN_FORCE, *([groups.NOTE] if by_group else [])),
    )


@register_figure(
    "suspensions-by-district",
    label="In force by district and kind",
    area="suspensions",
    order=30,
    sentence="Suspended services by the district where they are, or that their contracts serve.",
    options=AnyDayOptions,
    charts=by_kind,
    behind="service",
)
def by_district(as_at: date, *, council: CouncilProfile | None = None) -> Figure:
    """Suspended services by district and kind. A home-care contract that spans districts counts in
    each of them.

    Numerator: distinct services with a suspension of that kind in force on the day, in each
    district of `districts_of`. No denominator. Source: the council's own record of suspensions and
    contracts.
    """
    rows = {name: Counted(as_at) for name in District.objects.values_list("name", flat=True)}
    everything = Counted(as_at)
    found = on_day(as_at)
    prefetch_related_objects(found, "contracts__districts")
    for suspension in found:
        everything.suspensions.append(suspension)
        # In each of its districts once; in the last row once only.
        for _order, name in districts_of(suspension):
            rows[name].suspensions.append(suspension)
    return Figure(
        name="suspensions-by-district",
        title="Suspended services by district and kind",
        as_at=as_at,
        authority=name_of(council),
        columns=(
            Column("district", "District"),
            *KIND_COLUMNS,
            Column("services", "Services in all", "count"),
        ),
        rows=(*(counted.row(name) for name, counted in rows.items()), everything.row("All")),
        notes=(
            ONCE,
            (
                "Home care counts in every district of its suspended contracts, so the districts"
                " can add up to more than the total."
            ),
            NEVER_IN_FORCE,
        ),
    )


@register_figure(
    "suspensions-share",
    label="Share of contracted services",
    area="suspensions",
    order=40,
    sentence="How many of the services that the council has a contract with are suspended.",
    options=AnyDayGroupOptions,
    behind="service",
)
def share_of_contracted(
    as_at: date, by_group: bool = False, *, council: CouncilProfile | None = None
) -> Figure:
    """How many of the services that the council has a contract with that day are suspended: "three
    of 286".

    Numerator: those of the denominator with a suspension in force on the day. Denominator: services
    that are open and have a contract in force on the day. Source: the council's own record of
    suspensions and contracts.
    """
    contracted: dict[str, set[int]] = {label: set() for label in labels(by_group)}
    for service in Service.objects.contracted_on(as_at):
        contracted[label_for(service, by_group)].add(service.pk)
    suspended = list(Suspension.objects.in_force_on(as_at).order_by("pk"))
    all_contracted = set().union(*contracted.values())
    return Figure(
        name="suspensions-share",
        title="Suspended services as a share of contracted services",
        as_at=as_at,
        authority=name_of(council),
        columns=(
            Column("type", "Group of services" if by_group else "Type of service"),
            Column("contracted", "Contracted services", "count"),
            Column("suspended", "Suspended", "count"),
            Column("share", "Share", "share"),
            Column("words", "In words"),
        ),
        rows=(
            *(_share(label, services, suspended) for label, services in contracted.items()),
            _share("All", all_contracted, suspended),
        ),
        notes=(
            (
                "Contracted services are open and have a contract in force on the day. A suspended"
                " service without a contract is in neither number."
            ),
            ONCE.partition(".")[0] + ".",
            *([groups.NOTE] if by_group else []),
        ),
    )


def _share(label: str, contracted: set[int], suspended: list[Suspension]) -> Row:
    # Part of the whole: a suspended service without a contract would be in the numerator alone.
    found = [suspension for suspension in suspended if suspension.service_id in contracted]
    part = len(services_of(found))
    words = f"{WORDS[part] if part < len(WORDS) else part} of {len(contracted):,}"
    return Row(
        cells=(label, len(contracted), part, Share(part, len(contracted)), words),
        behind=(
            ("contracted", tuple(str(pk) for pk in sorted(contracted))),
            ("suspended", services_of(found)),
        ),
    )
