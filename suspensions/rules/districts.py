"""Where a suspension counts."""

from providers.vocabulary import ServiceType
from suspensions.models import Suspension


def districts_of(suspension: Suspension) -> set[tuple[int, str]]:
    """The districts in which a suspension counts, as (order, name).

    What counts by contract (home care) counts in those of its suspended contracts; everything else,
    and what names none, where the service stands. `published.suspension_counts` repeats this for
    the public paper, and a test compares both.
    """
    service = suspension.service
    if ServiceType(service.service_type).counts_by_contract:
        spanned = {
            (district.order, district.name)
            for contract in suspension.contracts.all()
            for district in contract.districts.all()
        }
        if spanned:
            return spanned
    return {(service.district.order, service.district.name)}
