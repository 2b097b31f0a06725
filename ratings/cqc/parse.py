"""From a payload of `/locations/{id}` to a `LocationRecord`.

Missing data is an omitted key, so nothing is ever indexed blindly; a value of the wrong type counts
as absent and is listed under `problems`. Where in a payload ratings stand is `ratings.cqc.found`'s,
and which of them holds from when to when `ratings.cqc.timeline`'s.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from documents.folding import letters_and_digits
from providers.vocabulary import ServiceType
from ratings.api.errors import ErrorKind
from ratings.cqc import timeline, words
from ratings.cqc.errors import CqcError
from ratings.cqc.found import Reader
from ratings.cqc.known_keys import unknown_keys
from ratings.cqc.payload import day, mapping, number, objects, text, whole_number, yes
from ratings.cqc.records import LocationRecord, Relationship

ADULT_SOCIAL_CARE = "adultsocialcare"
ADDRESS_KEYS = (
    "postalAddressLine1",
    "postalAddressLine2",
    "postalAddressTownCity",
    "postalAddressCounty",
)


def parse_location(payload: object, location_id: str = "") -> LocationRecord:
    """Parse one location. `location_id` stands in for a payload that omits its own.

    Raises `CqcError(Kind.UNREADABLE)` if the payload is no JSON object or no one can say whose it
    is.
    """
    if not isinstance(payload, dict):
        raise CqcError(
            ErrorKind.UNREADABLE, f"A location is a JSON object, this is {type(payload).__name__}."
        )
    identity = (text(payload, "locationId") or location_id).upper()
    if not identity:
        raise CqcError(ErrorKind.UNREADABLE, "The payload has no locationId.")
    problems: list[str] = []
    service_types = _service_types(payload)
    deregistered_on = day(payload, "deregistrationDate", problems)
    reader = Reader(service_types, problems)
    found = reader.ratings_of(payload, identity)
    ratings = timeline.periods(found)
    if found and not ratings:
        reader.alarms.append("The payload holds a rating, and none of them came out of it.")
    if not service_types and _is_registered(payload, deregistered_on):
        problems.extend(_types_left_out(payload))
    return LocationRecord(
        location_id=identity,
        provider_id=text(payload, "providerId").upper(),
        name=text(payload, "name") or text(payload, "locationName"),
        brand_name=text(payload, "brandName").removeprefix("BRAND ").strip(),
        ods_code=text(payload, "odsCode"),
        uprn=text(payload, "uprn"),
        directorate=text(payload, "inspectionDirectorate"),
        is_registered=_is_registered(payload, deregistered_on),
        registered_on=day(payload, "registrationDate", problems),
        deregistered_on=deregistered_on,
        is_dormant=yes(payload, "dormancy"),
        dormant_from=day(payload, "dormancyStartDate", problems),
        manager_absent_on=day(payload, "registeredManagerAbsentDate", problems),
        is_care_home=yes(payload, "careHome"),
        beds=whole_number(payload.get("numberOfBeds")),
        address=", ".join(line for key in ADDRESS_KEYS if (line := text(payload, key))),
        postcode=text(payload, "postalCode"),
        local_authority=text(payload, "localAuthority"),
        region=text(payload, "region"),
        constituency=text(payload, "constituency"),
        latitude=number(payload.get("onspdLatitude")),
        longitude=number(payload.get("onspdLongitude")),
        website=text(payload, "website"),
        service_types=service_types,
        primary_type=words.primary_type(service_types),
        specialisms=tuple(
            dict.fromkeys(n for s in objects(payload, "specialisms") if (n := text(s, "name")))
        ),
        relationships=_relationships(payload),
        last_inspected_on=day(mapping(payload, "lastInspection"), "date", problems),
        visited_unpublished_on=_visited_unpublished(payload, problems),
        ratings=ratings,
        unknown_keys=unknown_keys(payload),
        problems=tuple(dict.fromkeys([*reader.alarms, *problems])),
        alarms=tuple(reader.alarms),
    )


def _service_types(payload: dict[str, Any]) -> tuple[ServiceType, ...]:
    found = {
        kind
        for row in objects(payload, "gacServiceTypes")
        if (
            kind := words.service_type_of(text(row, "name"))
            or words.service_type_of(text(row, "description"))
        )
    }
    return tuple(sorted(found, key=words.PRIMARY_ORDER.index))


def _types_left_out(payload: dict[str, Any]) -> Iterator[str]:
    """Why a registered location came without a type, where adult social care is its business."""
    rows = objects(payload, "gacServiceTypes")
    named = [text(row, "name") or text(row, "description") for row in rows]
    if not named:
        yield "A registered location without service types."
    elif letters_and_digits(text(payload, "inspectionDirectorate")) == ADULT_SOCIAL_CARE:
        yield f"Service types that we do not know: {', '.join(named)[:200]}."


def _is_registered(payload: dict[str, Any], deregistered_on: date | None) -> bool:
    status = letters_and_digits(text(payload, "registrationStatus"))
    return status == "registered" if status else deregistered_on is None


def _relationships(payload: dict[str, Any]) -> tuple[Relationship, ...]:
    found = {}
    for row in objects(payload, "relationships"):
        kind = letters_and_digits(text(row, "type"))
        related = text(row, "relatedLocationId").upper()
        if related and ("predecessor" in kind or "successor" in kind):
            found[related, "predecessor" in kind] = Relationship(
                related_location_id=related,
                related_name=text(row, "relatedLocationName"),
                is_predecessor="predecessor" in kind,
                reason=text(row, "reason"),
            )
    return tuple(found.values())


def _visited_unpublished(payload: dict[str, Any], problems: list[str]) -> date | None:
    days = [day(row, "firstVisitDate", problems) for row in objects(payload, "unpublishedReports")]
    return min((day for day in days if day), default=None)
