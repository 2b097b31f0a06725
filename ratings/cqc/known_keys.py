"""The keys that CQC's schema and live payloads have, so that new ones are noticed (and otherwise
ignored).
"""

from typing import Any

_RATED = "name rating reportDate reportLinkId organisationId keyQuestionRatings"
_KNOWN = {
    path: frozenset(keys.split())
    for path, keys in {
        "": (
            "locationId providerId organisationType type name locationName alsoKnownAs brandId"
            " brandName odsCode uprn onspdCcgCode onspdCcgName onspdIcbCode onspdIcbName odsCcgCode"
            " odsCcgName onspdLatitude onspdLongitude registrationStatus registrationDate"
            " deregistrationDate dormancy dormancyStartDate dormancyEndDate numberOfBeds"
            " registeredManagerAbsentDate careHome website mainPhoneNumber constituency"
            " localAuthority region postalCode postalAddressLine1 postalAddressLine2"
            " postalAddressTownCity postalAddressCounty inspectionDirectorate inspectionAreas"
            " inspectionCategories providerInspectionAreas lastInspection lastReport relationships"
            " locationTypes regulatedActivities gacServiceTypes specialisms reports"
            " unpublishedReports currentRatings historicRatings assessment assessmentServiceGroup"
        ),
        "currentRatings": "overall reportDate serviceRatings",
        "currentRatings.overall": f"{_RATED} useOfResources",
        "currentRatings.overall.keyQuestionRatings": _RATED,
        "currentRatings.serviceRatings": _RATED,
        "currentRatings.serviceRatings.keyQuestionRatings": _RATED,
        "historicRatings": "organisationId overall reportDate reportLinkId serviceRatings",
        "historicRatings.overall": f"{_RATED} useOfResources",
        "historicRatings.overall.keyQuestionRatings": _RATED,
        "historicRatings.serviceRatings": _RATED,
        "historicRatings.serviceRatings.keyQuestionRatings": _RATED,
        "assessment": (
            "title assessmentDate assessmentPlanId assessmentPlanStatus "
            "assessmentPlanPublishedDateTime ratings"
        ),
        "assessment.ratings": "asgRatings overall",
        "assessment.ratings.asgRatings": (
            "title name rating status assessmentDate assessmentPlanId "
            "assessmentPlanStatus commentary commentaryDate narrative overallPeopleExperience "
            "overallPeopleExperienceDate assessorVisitDates keyQuestionRatings"
        ),
        "assessment.ratings.asgRatings.keyQuestionRatings": (
            "name rating status commentary commentaryDate "
            "narrative percentageScore percengtageScore topicareas"
        ),
        "relationships": "relatedLocationId relatedLocationName type reason",
        "unpublishedReports": "firstVisitDate",
        "gacServiceTypes": "name description",
        "specialisms": "name",
    }.items()
}


def unknown_keys(payload: dict[str, Any]) -> tuple[str, ...]:
    """The dotted paths of keys that we have never met, in alphabetical order."""
    found: set[str] = set()
    _look(payload, "", found)
    return tuple(sorted(found))


def _look(value: object, path: str, found: set[str]) -> None:
    if isinstance(value, list):
        for one in value:
            _look(one, path, found)
    elif isinstance(value, dict) and path in _KNOWN:
        for key, inner in value.items():
            dotted = f"{path}.{key}" if path else str(key)
            if key not in _KNOWN[path]:
                found.add(ascii(dotted)[1:-1][:120])
            else:
                _look(inner, dotted, found)
