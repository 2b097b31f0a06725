"""The types of service and the client groups, each once, with all that the product asks of a type.

A new type is a member here with its attributes; what CQC calls it stands in `ratings/cqc/words.py`,
and which audit templates are for it in `audits/templates_shipped`.
"""

from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.db import models


class ServiceType(models.TextChoices):
    """What a service is, regulated by CQC or not."""

    NURSING_HOME = "nursing_home", "Nursing home"
    RESIDENTIAL_HOME = "residential_home", "Residential home"
    HOME_CARE = "home_care", "Home care"
    SUPPORTED_LIVING = "supported_living", "Supported living"
    EXTRA_CARE = "extra_care", "Extra care"
    DAY_CARE = "day_care", "Day care"
    SHARED_LIVES = "shared_lives", "Shared Lives"

    @property
    def plural(self) -> str:
        """What comparisons call the services of this type."""
        return ATTRIBUTES[self].plural

    @property
    def is_regulated(self) -> bool:
        """Whether CQC registers services of this type."""
        return ATTRIBUTES[self].is_regulated

    @property
    def is_care_home(self) -> bool:
        """Whether people live there; papers tell these apart by client group."""
        return ATTRIBUTES[self].is_care_home

    @property
    def counts_by_contract(self) -> bool:
        """Whether it counts in every district of its contracts and not where it stands."""
        return ATTRIBUTES[self].counts_by_contract

    @property
    def is_compared(self) -> bool:
        """Whether the papers compare it with the region: one of the three sectors."""
        return ATTRIBUTES[self].is_compared

    @property
    def rank(self) -> int:
        """Where a location of several types is counted under one: the lowest of theirs."""
        return ATTRIBUTES[self].rank


class ClientGroup(models.TextChoices):
    """Whom a service is for: older adults, younger adults."""

    AGEING_WELL = "ageing_well", "Ageing Well"
    LIVING_WELL = "living_well", "Living Well"


@dataclass(frozen=True)
class Attributes:
    """What is asked of a type; see the properties of `ServiceType`. `paper` is what papers call
    it.
    """

    plural: str
    paper: str
    rank: int
    is_regulated: bool = True
    is_care_home: bool = False
    counts_by_contract: bool = False
    is_compared: bool = False


ATTRIBUTES: dict[ServiceType, Attributes] = {
    ServiceType.NURSING_HOME: Attributes(
        "Nursing homes", "Care Home", 2, is_care_home=True, is_compared=True
    ),
    ServiceType.RESIDENTIAL_HOME: Attributes(
        "Residential homes", "Care Home", 3, is_care_home=True, is_compared=True
    ),
    ServiceType.HOME_CARE: Attributes(
        "Home care agencies", "Homecare", 4, counts_by_contract=True, is_compared=True
    ),
    ServiceType.SUPPORTED_LIVING: Attributes("Supported living", "Supported Living", 5),
    ServiceType.EXTRA_CARE: Attributes("Extra care", "Housing with Care", 6),
    ServiceType.DAY_CARE: Attributes("Day care", "Day Care", 7, is_regulated=False),
    ServiceType.SHARED_LIVES: Attributes("Shared Lives", "Shared Lives", 1),
}
# A dict is not exhaustive to the type checker: a type without attributes must not start.
if missing := set(ServiceType) - ATTRIBUTES.keys():
    raise ImproperlyConfigured(
        f"providers/vocabulary.py gives no attributes for {', '.join(sorted(missing))}."
    )

CARE_HOMES = tuple(kind for kind in ServiceType if kind.is_care_home)


def service_types() -> list[tuple[str, str]]:
    """The choices of a field. A function, so that a type that is added changes no migration."""
    return ServiceType.choices


def paper_label(service_type: str, client_group: str) -> str:
    """The row of a paper's table: care homes by client group, everything else by type of
    service.
    """
    attributes = ATTRIBUTES[ServiceType(service_type)]
    if attributes.is_care_home:
        return f"{attributes.paper} – {ClientGroup(client_group).label}"
    return attributes.paper


# The rows of a paper's table in their order.
# Each label once: nursing and residential homes share theirs.
PAPER_LABELS = tuple(
    dict.fromkeys(paper_label(kind, group) for kind in ServiceType for group in ClientGroup)
)
