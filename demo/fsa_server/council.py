"""The fictitious council's care homes as the agency would know them: most alike, some doubtful,
some not at all.
"""

import random
from typing import Any

from demo.fsa_server.server import establishment
from providers.models import Service

VALUES = ("5", "4", "3", "2", "1", "0", "AwaitingInspection", "Exempt")
WEIGHTS = (70, 15, 6, 3, 2, 1, 2, 1)


def establishments() -> list[dict[str, Any]]:
    """One for nearly every care home of the register, the same every time, and a nursery in each
    district.
    """
    found = []
    districts = set()
    homes = Service.objects.care_homes().select_related("district").order_by("pk")
    for number, service in enumerate(homes):
        dice = random.Random(f"food {service.pk}")
        [value] = dice.choices(VALUES, WEIGHTS)
        year, month, day = dice.randrange(22, 26), dice.randrange(1, 13), dice.randrange(1, 28)
        rated_on = f"20{year}-{month:02}-{day:02}T00:00:00"
        name, postcode = _as_the_agency_writes(service, number)
        if name:
            scores = (
                {"Hygiene": 0, "Structural": 5, "ConfidenceInManagement": 0}
                if value in "345"
                else None
            )
            details = {
                "RatingValue": value,
                "scores": scores,
                "LocalAuthorityName": service.district.name,
            }
            details["RatingDate"] = None if value == "AwaitingInspection" else rated_on
            details["AddressLine1"] = service.address
            found.append(establishment(500_000 + service.pk, name, postcode, **details))
        districts.add(service.district.name)
    for count, district in enumerate(sorted(districts)):
        nursery = {"LocalAuthorityName": district, "RatingValue": "5"}
        found.append(
            establishment(900_000 + count, f"{district} Day Nursery", "ZZ99 9ZZ", **nursery)
        )
    return found


def _as_the_agency_writes(service: Service, number: int) -> tuple[str, str]:
    if number % 20 == 11:
        return "", ""
    if number % 12 == 3:
        return f"{service.name.split()[0]} Catering", service.postcode
    if number % 15 == 7:
        return service.name, f"{service.postcode[:-3]}9ZX"
    if number % 3 == 0:
        return f"{service.name} Residential Care Home".upper(), service.postcode
    return service.name, service.postcode
