"""What the parser gives back: frozen, in our words, with no trace of CQC's spelling."""

from dataclasses import dataclass
from datetime import date

from providers.vocabulary import ServiceType
from ratings.vocabulary import KeyQuestion, RatingSource, RatingWord

WHOLE = ""  # the service group of a rating that is of the whole location


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingRecord:
    """One rating: true from `published_on`, up to but not on `superseded_on` (None: it stands)."""

    service_group: str  # CQC's name for the service, or WHOLE
    service_type: ServiceType | None  # what that group is in our words, where it is one of ours
    key_question: KeyQuestion
    rating: RatingWord
    published_on: date
    superseded_on: date | None
    source: RatingSource
    inherited_from: str  # the predecessor's location id, or ""
    report_link: str
    score: int | None  # per cent, single assessment framework only


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """A link that CQC gives to the location that came before or after this one."""

    related_location_id: str
    related_name: str
    is_predecessor: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationRecord:
    """One location as CQC described it. Absent text is "", absent dates and numbers None."""

    location_id: str
    provider_id: str
    name: str
    brand_name: str
    ods_code: str
    uprn: str
    directorate: str  # CQC's: "Adult social care" is ours
    is_registered: bool
    registered_on: date | None
    deregistered_on: date | None
    is_dormant: bool
    dormant_from: date | None
    manager_absent_on: date | None
    is_care_home: bool
    beds: int | None
    address: str
    postcode: str
    local_authority: str  # as CQC spells it
    region: str
    constituency: str
    latitude: float | None
    longitude: float | None
    website: str
    service_types: tuple[ServiceType, ...]
    primary_type: ServiceType | None
    specialisms: tuple[str, ...]
    relationships: tuple[Relationship, ...]
    last_inspected_on: date | None
    visited_unpublished_on: date | None  # CQC has visited and not yet published
    ratings: tuple[RatingRecord, ...]
    unknown_keys: tuple[str, ...]
    problems: tuple[str, ...]  # what could not be used, in words for the run's page
    alarms: tuple[str, ...]  # of those, what may be a rating that was lost
