"""CQC's payloads of the fictitious places, in the form of the Syndication API, as at any moment.

`location(world, place, day)` is the one place that writes them: the demonstration's loading and the
stand-in server both use it, so that a sync after loading finds what has happened since and nothing
else.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from demo.council import ELSEWHERE, OTHER_REGION, REGION
from demo.inspections import InspectionReport, Judgement
from demo.places import DemoLocation
from demo.world import World
from providers.vocabulary import ServiceType
from ratings.vocabulary import KeyQuestion, RatingWord

Payload = dict[str, Any]

LONDON = ZoneInfo("Europe/London")
# When in the day CQC's data change: after the nightly sync, so that each night brings the day
# before.
CHANGES_AT = time(5, 0)

TYPES = {
    ServiceType.NURSING_HOME: {
        "name": "Nursing homes",
        "description": "Care home service with nursing",
    },
    ServiceType.RESIDENTIAL_HOME: {
        "name": "Residential homes",
        "description": "Care home service without nursing",
    },
    ServiceType.HOME_CARE: {"name": "Homecare agencies", "description": "Domiciliary care service"},
    ServiceType.SUPPORTED_LIVING: {
        "name": "Supported living",
        "description": "Supported living service",
    },
    ServiceType.EXTRA_CARE: {
        "name": "Supported housing",
        "description": "Extra Care housing services",
    },
    ServiceType.SHARED_LIVES: {"name": "Shared Lives", "description": "Shared Lives"},
}
RATINGS = {
    RatingWord.OUTSTANDING: "Outstanding",
    RatingWord.GOOD: "Good",
    RatingWord.REQUIRES_IMPROVEMENT: "Requires improvement",
    RatingWord.INADEQUATE: "Inadequate",
}
QUESTIONS = {
    KeyQuestion.SAFE: "Safe",
    KeyQuestion.EFFECTIVE: "Effective",
    KeyQuestion.CARING: "Caring",
    KeyQuestion.RESPONSIVE: "Responsive",
    KeyQuestion.WELL_LED: "Well-led",
}


class WorldPayloads:
    """The world as the stand-in server asks for it: as at the moment of asking."""

    def __init__(
        self, world: World, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.world, self._clock = world, clock

    def ids(self) -> list[str]:
        day = data_day(self._clock())
        return [p.location_id for p in self.world.places.values() if p.registered_on <= day]

    def get(self, location_id: str) -> Payload | None:
        place = self.world.by_location_id.get(location_id)
        day = data_day(self._clock())
        return location(self.world, place, day) if place and place.registered_on <= day else None

    def changed(self, start: datetime, end: datetime) -> list[str]:
        now = self._clock()
        return [
            place.location_id
            for place in self.world.places.values()
            if any(start <= moment_of(day) < min(end, now) for day in change_days(place))
        ]


def data_day(moment: datetime) -> date:
    """The day whose changes CQC's data show at that moment."""
    local = moment.astimezone(LONDON)
    return local.date() if local.time() >= CHANGES_AT else local.date() - timedelta(1)


def moment_of(day: date) -> datetime:
    """When the changes of a day appear."""
    return datetime.combine(day, CHANGES_AT, LONDON)


def change_days(place: DemoLocation) -> set[date]:
    """The days on which something in a place's payload changes."""
    days = {place.registered_on, place.deregistered_on, place.manager_absent_on, place.dormant_from}
    for report in place.reports:
        days |= {report.visited_on, report.published_on}
    return {day for day in days if day}


def as_at(world: World, places: Iterable[DemoLocation], day: date) -> Iterator[Payload]:
    """The payloads of those that CQC had registered by that day."""
    for place in places:
        if place.registered_on <= day:
            yield location(world, place, day)


def changed_between(
    world: World, places: Iterable[DemoLocation], after: date, day: date
) -> Iterator[Payload]:
    """The payloads of those that changed after `after` and by `day`, as at `day`."""
    for place in places:
        if place.registered_on <= day and any(after < one <= day for one in change_days(place)):
            yield location(world, place, day)


@lru_cache(maxsize=4096)
def _static(place: DemoLocation) -> Payload:
    older, younger = "Caring for adults over 65 yrs", "Caring for adults under 65 yrs"
    specialisms = (
        [older, "Dementia"] if place.is_for_older_people else [younger, "Learning disabilities"]
    )
    activity = (
        {"code": "RA2", "name": "Accommodation for persons who require nursing or personal care"}
        if place.is_care_home
        else {"code": "RA1", "name": "Personal care"}
    )
    category = (
        {"code": "S1", "name": "Residential social care", "primary": "true"}
        if place.is_care_home
        else {"code": "S2", "name": "Community based adult social care services", "primary": "true"}
    )
    return {
        "locationId": place.location_id,
        "providerId": place.company.cqc_provider_id,
        "organisationType": "Location",
        "type": "Social Care Org",
        "name": place.name,
        "odsCode": f"ZZ{place.number % 1000:03d}",
        "uprn": f"9990{place.number:08d}",
        "registrationDate": place.registered_on.isoformat(),
        "numberOfBeds": place.beds,
        "careHome": "Y" if place.is_care_home else "N",
        "mainPhoneNumber": place.phone.replace(" ", ""),
        "website": "www.example.test/",
        "postalAddressLine1": place.address,
        "postalAddressTownCity": place.town,
        "postalAddressCounty": place.authority,
        "postalCode": place.postcode,
        "localAuthority": place.authority,
        "region": OTHER_REGION if place.authority in ELSEWHERE else REGION,
        "constituency": f"{place.town} and the Wolds",
        "onspdIcbCode": "E54999999",
        "onspdIcbName": f"NHS {REGION} Integrated Care Board",
        "inspectionDirectorate": "Adult social care",
        "inspectionAreas": [],
        "inspectionCategories": [category],
        "locationTypes": [],
        "regulatedActivities": [activity],
        "gacServiceTypes": [TYPES[kind] for kind in place.types],
        "specialisms": [{"name": name} for name in specialisms],
    }


def location(world: World, place: DemoLocation, day: date) -> Payload:
    """What CQC would answer about a place on `day`. Missing data are omitted keys, as CQC has
    it.
    """
    payload = dict(_static(place))
    gone = place.deregistered_on if place.deregistered_on and place.deregistered_on <= day else None
    payload["registrationStatus"] = "Deregistered" if gone else "Registered"
    if gone:
        payload["deregistrationDate"] = gone.isoformat()
    payload["dormancy"] = "N"
    if place.dormant_from and place.dormant_from <= day:
        payload |= {"dormancy": "Y", "dormancyStartDate": place.dormant_from.isoformat()}
    if place.manager_absent_on and place.manager_absent_on <= day:
        payload["registeredManagerAbsentDate"] = place.manager_absent_on.isoformat()
    payload["relationships"] = _relationships(world, place, gone)
    own = [report for report in place.reports if report.published_on <= day]
    payload |= _ratings(own, _inherited(world, place), place)
    if own:
        payload["lastInspection"] = {"date": own[-1].visited_on.isoformat()}
        payload["lastReport"] = {"publicationDate": own[-1].published_on.isoformat()}
        payload["reports"] = [_report_link(report) for report in reversed(own)]
    visited = [r.visited_on for r in place.reports if r.visited_on <= day < r.published_on]
    if visited and not gone:
        payload["unpublishedReports"] = [{"firstVisitDate": one.isoformat()} for one in visited]
    return payload


def _relationships(world: World, place: DemoLocation, gone: date | None) -> list[Payload]:
    found = []
    for number, kind in (
        (place.predecessor, "HSCA Predecessor"),
        (place.successor, "HSCA Successor"),
    ):
        if number is None or (kind == "HSCA Successor" and not gone):
            continue
        other = world.places[number]
        found.append(
            {
                "relatedLocationId": other.location_id,
                "relatedLocationName": other.name,
                "type": kind,
                "reason": "New Provider",
            }
        )
    return found


def _inherited(world: World, place: DemoLocation) -> tuple[list[InspectionReport], str]:
    if place.predecessor is None:
        return [], ""
    before = world.places[place.predecessor]
    return list(before.reports), before.location_id


def _ratings(
    own: list[InspectionReport], inherited: tuple[list[InspectionReport], str], place: DemoLocation
) -> Payload:
    """The three places where ratings stand. Those of a former owner bear its location's id."""
    reports = [(report, inherited[1]) for report in inherited[0]] + [(report, "") for report in own]
    # Assessments are not inherited as such: what stands of a former owner is shown as an
    # inspection's rating.
    old_way = [(report, owner) for report, owner in reports if owner or not report.is_assessment]
    assessments = [report for report in own if report.is_assessment]
    found: Payload = {}
    if old_way:
        current, owner = old_way[-1]
        found["currentRatings"] = _current(current, owner)
        if past := [_past(report, its_owner) for report, its_owner in reversed(old_way[:-1])]:
            found["historicRatings"] = past
    if assessments:
        found["assessment"] = [
            _assessment(report, is_current=report is assessments[-1])
            for report in reversed(assessments)
        ]
    return found


def _current(report: InspectionReport, owner: str) -> Payload:
    judgement = report.judgements[0]
    common: Payload = {"reportDate": report.published_on.isoformat(), "reportLinkId": report.link}
    owned = {"organisationId": owner} if owner else {}
    questions = [
        {"name": QUESTIONS[question], "rating": RATINGS[rating], **common, **owned}
        for question, rating, _ in judgement.questions
    ]
    overall = {"rating": RATINGS[judgement.overall], **common, "keyQuestionRatings": questions}
    return {"overall": overall, "reportDate": report.published_on.isoformat()}


def _past(report: InspectionReport, owner: str) -> Payload:
    judgement = report.judgements[0]
    return {
        **({"organisationId": owner} if owner else {}),
        "reportDate": report.published_on.isoformat(),
        "reportLinkId": report.link,
        "overall": {
            "rating": RATINGS[judgement.overall],
            "keyQuestionRatings": [
                {"name": QUESTIONS[question], "rating": RATINGS[rating]}
                for question, rating, _ in judgement.questions
            ],
        },
    }


def _assessment(report: InspectionReport, *, is_current: bool) -> Payload:
    status = "Current" if is_current else "Historic"
    return {
        "assessmentPlanId": report.link,
        "assessmentPlanPublishedDateTime": f"{report.published_on.isoformat()} 09:30:00",
        "ratings": {
            "asgRatings": [
                _service_group(report, judgement, status) for judgement in report.judgements
            ]
        },
    }


def _service_group(report: InspectionReport, judgement: Judgement, status: str) -> Payload:
    if judgement.kind is None:
        raise ValueError("A service group has a type of service.")
    return {
        "name": TYPES[judgement.kind]["name"],
        "rating": RATINGS[judgement.overall],
        "status": status,
        "assessmentDate": report.visited_on.isoformat(),
        "assessmentPlanId": report.link,
        "keyQuestionRatings": [
            {
                "name": QUESTIONS[q],
                "rating": RATINGS[rating],
                "status": status,
                "percentageScore": str(score),
            }
            for q, rating, score in judgement.questions
        ],
    }


def _report_link(report: InspectionReport) -> Payload:
    stamp = report.published_on.strftime("%Y%m%d120000")
    return {
        "firstVisitDate": report.visited_on.isoformat(),
        "linkId": report.link,
        "reportDate": report.published_on.isoformat(),
        "reportType": "Location",
        "reportUri": f"/reports/{report.link}?{stamp}",
    }
