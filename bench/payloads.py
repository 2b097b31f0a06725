"""A location as CQC's API gives it: a current rating and two past ones."""

from typing import Any

QUESTIONS = ("Safe", "Effective", "Caring", "Responsive", "Well-led")


def payload(location_id: str) -> dict[str, Any]:
    """The payload of a made-up care home."""
    return {
        "locationId": location_id,
        "providerId": "1-9",
        "name": f"Place {location_id}",
        "registrationStatus": "Registered",
        "registrationDate": "2011-01-01",
        "careHome": "Y",
        "numberOfBeds": 40,
        "localAuthority": "Authority 001",
        "region": "East Midlands",
        "inspectionDirectorate": "Adult social care",
        "postalCode": "ZZ1 1ZZ",
        "gacServiceTypes": [
            {"name": "Residential homes", "description": "Care home service without nursing"}
        ],
        "currentRatings": {"overall": _ratings("Good", "2025-03-01"), "reportDate": "2025-03-01"},
        "historicRatings": [
            {"reportDate": day, "overall": _ratings(word, day)}
            for day, word in (("2021-05-01", "Requires improvement"), ("2018-02-01", "Good"))
        ],
    }


def _ratings(word: str, day: str) -> dict[str, Any]:
    questions = [{"name": name, "rating": word, "reportDate": day} for name in QUESTIONS]
    return {
        "rating": word,
        "reportDate": day,
        "reportLinkId": f"report-{day}",
        "keyQuestionRatings": questions,
    }
