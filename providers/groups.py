"""The council's own groups of services, by which its figures can tell them apart in place of the
types of service.

The portfolios of the quality team and the papers for the committee speak of care homes by whom they
are for, and of all that is given where people live as one: a nursing home and a residential home
for older adults are both "Ageing Well care homes".
"""

from django.db import models

from providers.models import Service
from providers.vocabulary import CARE_HOMES, ClientGroup


class ServiceGroup(models.TextChoices):
    AGEING_WELL_HOMES = "ageing_well_homes", "Ageing Well care homes"
    LIVING_WELL_HOMES = "living_well_homes", "Living Well care homes"
    COMMUNITY = "community", "Community based"


HOMES = {
    ClientGroup.AGEING_WELL: ServiceGroup.AGEING_WELL_HOMES,
    ClientGroup.LIVING_WELL: ServiceGroup.LIVING_WELL_HOMES,
}
NOTE = (
    "The council’s groups: care homes by client group; community based are home care, supported"
    " living, extra care, day care and Shared Lives."
)


def group_of_kind(service_type: str, client_group: str) -> ServiceGroup:
    """The group of services of that type and client group."""
    return (
        HOMES[ClientGroup(client_group)] if service_type in CARE_HOMES else ServiceGroup.COMMUNITY
    )


def group_of(service: Service) -> ServiceGroup:
    return group_of_kind(service.service_type, service.client_group)
