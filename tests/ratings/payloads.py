"""Payloads for tests: CQC's own, and small ones built by hand."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "data" / "cqc"
KEY_QUESTIONS = ("Safe", "Effective", "Caring", "Responsive", "Well-led")

HENLEY_HOUSE = "1-10000302982"
CHARLOTTE_HOUSE = "1-10000812939"  # long history, inherited in part
CUSTOM_CARE = "1-10001702698"  # deregistered
HELPING_HANDS = "1-10204941951"
DENTIST = "1-10223702130"
ACER_CARE = "1-10324127390"  # all inherited
ARCH = "1-10365865585"  # two service types

TYPES = {
    "nursing": {"name": "Nursing homes", "description": "Care home service with nursing"},
    "residential": {
        "name": "Residential homes",
        "description": "Care home service without nursing",
    },
    "home care": {"name": "Homecare agencies", "description": "Domiciliary care service"},
}


def sample(location_id: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"location_{location_id}.json").read_text())


def samples() -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted(FOLDER.glob("location_*.json"))]


def a_location(location_id: str = "1-100", **more: Any) -> dict[str, Any]:
    return {
        "locationId": location_id,
        "providerId": "1-200",
        "name": f"Place {location_id}",
        "registrationStatus": "Registered",
        "registrationDate": "2015-04-01",
        "careHome": "Y",
        "numberOfBeds": 40,
        "localAuthority": "Exampleshire",
        "region": "East Midlands",
        "inspectionDirectorate": "Adult social care",
        "gacServiceTypes": [TYPES["residential"]],
        **more,
    }


def inspection(rating: str, day: str, **more: Any) -> dict[str, Any]:
    """What stands under `currentRatings`: one rating for the whole and each key question."""
    questions = [
        {"name": name, "rating": rating, "reportDate": day, "reportLinkId": day}
        for name in KEY_QUESTIONS
    ]
    overall = {
        "rating": rating,
        "reportDate": day,
        "reportLinkId": day,
        "keyQuestionRatings": questions,
    }
    return {"overall": {**overall, **more}, "reportDate": day}


def past(rating: str, day: str) -> dict[str, Any]:
    """One report of `historicRatings`."""
    questions = [{"name": name, "rating": rating} for name in KEY_QUESTIONS]
    return {
        "reportDate": day,
        "reportLinkId": day,
        "overall": {"rating": rating, "keyQuestionRatings": questions},
    }


def assessment(published: str, *groups: dict[str, Any]) -> dict[str, Any]:
    return {"assessmentPlanPublishedDateTime": published, "ratings": {"asgRatings": list(groups)}}


def group(name: str, rating: str, status: str = "Current", **more: Any) -> dict[str, Any]:
    return {"name": name, "rating": rating, "status": status, "keyQuestionRatings": [], **more}
