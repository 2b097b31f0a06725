"""The fictitious council: its profile, districts, localities, region and family of similar
councils.
"""

from datetime import date

from core.models import Comparator, CouncilProfile, District, Locality, RegionAuthority
from demo.people import PEOPLE

SHORT_NAME = "Exampleshire"
REGION = "Fictitious Midlands"

DISTRICTS = (
    "Amberwick",
    "Brindlemarsh",
    "Cinderholt",
    "Dovetail Vale",
    "Elderquay",
    "Foxglove Moor",
    "Glimmerdale",
)
LOCALITIES = {
    "North Exampleshire": ("Amberwick", "Brindlemarsh"),
    "Mid Exampleshire": ("Cinderholt", "Dovetail Vale", "Elderquay"),
    "South Exampleshire": ("Elderquay", "Foxglove Moor", "Glimmerdale"),
}

SPLIT_ON = date(2021, 4, 1)
SPLIT, SPLIT_INTO = "Parableshire", ("East Parableshire", "West Parableshire")
# The authorities of the region today, each with its size (locations, as a share) and how good its
# services tend to be.
AUTHORITIES: dict[str, tuple[float, float]] = {
    SHORT_NAME: (0.0, 0.0),  # its own come from the register
    "Exampleton": (0.13, -0.06),
    "Fableton": (0.12, -0.03),
    "Fableshire": (0.17, 0.02),
    "Lorefold": (0.02, 0.08),
    "Modelshire": (0.15, 0.01),
    "Sampleborough": (0.12, -0.04),
    "Sketchshire": (0.13, 0.04),
    "East Parableshire": (0.08, 0.0),
    "West Parableshire": (0.08, -0.01),
}
FAMILY = (
    "Allegoryshire",
    "Anagramshire",
    "Balladshire",
    "Coupletshire",
    "Draftshire",
    "Epicshire",
    "Footnoteshire",
    "Glossaryshire",
    "Idiomshire",
    "Margin and Wold",
    "Odeshire",
    "Prefaceshire",
    "Rhymeshire",
    "Sonnetshire",
    "Templateshire",
)

# Those of the family that CQC's data is shown of, in other regions; the rest show what a comparison
# says of a council that it has no data for.
ELSEWHERE: dict[str, tuple[float, float]] = {
    "Allegoryshire": (0.05, 0.03),
    "Balladshire": (0.04, -0.02),
    "Draftshire": (0.05, 0.0),
    "Epicshire": (0.03, 0.05),
    "Idiomshire": (0.04, -0.05),
    "Odeshire": (0.03, 0.01),
    "Rhymeshire": (0.04, 0.02),
}
OTHER_REGION = "Fictitious North"


def load() -> CouncilProfile:
    """Make the council's profile and its lists."""
    by_username = {person.username: person for person in PEOPLE}
    director, contact = by_username["director"], by_username["manager"]
    profile = CouncilProfile.objects.create(
        pk=1,
        name=f"{SHORT_NAME} County Council (fictitious)",
        short_name=SHORT_NAME,
        is_fictitious=True,
        committee_name="Adult Social Care and Public Health Committee",
        region_name=REGION,
        report_of=director.job_title,
        signatory_name=director.name,
        contact_name=contact.name,
        contact_title=contact.job_title,
        contact_department="Adult Social Care and Health",
        contact_phone="01632 960100",
        contact_email="quality@example.test",
        exempt_reasoning=(
            "Naming the services would add little to what the public can learn from the numbers and"
            " from CQC's own reports, and could harm the business of providers that are working to"
            " put matters right, and the people who live there, before that work has been given its"
            " time. On balance the exemption is to be maintained."
        ),
    )
    districts = {
        name: District.objects.create(name=name, order=order)
        for order, name in enumerate(DISTRICTS)
    }
    for name, parts in LOCALITIES.items():
        Locality.objects.create(name=name).districts.set(
            [districts[district] for district in parts]
        )
    for name in AUTHORITIES:
        if name in SPLIT_INTO:
            RegionAuthority.objects.create(name=name, since=SPLIT_ON)
        else:
            RegionAuthority.objects.create(name=name)
    RegionAuthority.objects.create(name=SPLIT, until=SPLIT_ON)
    Comparator.objects.bulk_create(
        Comparator(name=name, code=f"X10{order:06d}") for order, name in enumerate(FAMILY, start=1)
    )
    return profile
