"""From a payload of `/locations/{id}` to a `LocationRecord`.

Missing data is an omitted key, so nothing is ever indexed blindly; a value of the wrong type counts
as absent and is listed under `problems`. The timeline of ratings is `ratings.cqc.timeline`'s.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from documents import dates
from documents.folding import letters_and_digits
from documents.text import clean_line
from providers.vocabulary import ServiceType
from ratings.api.errors import ErrorKind
from ratings.cqc import timeline, words
from ratings.cqc.errors import CqcError
from ratings.cqc.known_keys import unknown_keys
from ratings.cqc.records import WHOLE, LocationRecord, Relationship
from ratings.cqc.timeline import Found
from ratings.vocabulary import KeyQuestion, RatingSource

LONDON = ZoneInfo("Europe/London")
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
    identity = (_text(payload, "locationId") or location_id).upper()
    if not identity:
        raise CqcError(ErrorKind.UNREADABLE, "The payload has no locationId.")
    problems: list[str] = []
    service_types = _service_types(payload)
    deregistered_on = _day(payload, "deregistrationDate", problems)
    return LocationRecord(
        location_id=identity,
        provider_id=_text(payload, "providerId").upper(),
        name=_text(payload, "name") or _text(payload, "locationName"),
        brand_name=_text(payload, "brandName").removeprefix("BRAND ").strip(),
        ods_code=_text(payload, "odsCode"),
        uprn=_text(payload, "uprn"),
        directorate=_text(payload, "inspectionDirectorate"),
        is_registered=_is_registered(payload, deregistered_on),
        registered_on=_day(payload, "registrationDate", problems),
        deregistered_on=deregistered_on,
        is_dormant=_yes(payload, "dormancy"),
        dormant_from=_day(payload, "dormancyStartDate", problems),
        manager_absent_on=_day(payload, "registeredManagerAbsentDate", problems),
        is_care_home=_yes(payload, "careHome"),
        beds=_whole_number(payload.get("numberOfBeds")),
        address=", ".join(line for key in ADDRESS_KEYS if (line := _text(payload, key))),
        postcode=_text(payload, "postalCode"),
        local_authority=_text(payload, "localAuthority"),
        region=_text(payload, "region"),
        constituency=_text(payload, "constituency"),
        latitude=_number(payload.get("onspdLatitude")),
        longitude=_number(payload.get("onspdLongitude")),
        website=_text(payload, "website"),
        service_types=service_types,
        primary_type=words.primary_type(service_types),
        specialisms=tuple(
            dict.fromkeys(n for s in _objects(payload, "specialisms") if (n := _text(s, "name")))
        ),
        relationships=_relationships(payload),
        last_inspected_on=_day(_object(payload, "lastInspection"), "date", problems),
        visited_unpublished_on=_visited_unpublished(payload, problems),
        ratings=timeline.periods(_found(payload, identity, problems)),
        unknown_keys=unknown_keys(payload),
        problems=tuple(dict.fromkeys(problems)),
    )


# Ratings, wherever in the payload they stand


def _found(payload: dict[str, Any], location_id: str, problems: list[str]) -> list[Found]:
    found = [
        *_current_inspection(payload, problems),
        *_past_inspections(payload, problems),
        *_assessments(payload, problems),
    ]
    return [one.without_own_id(location_id) for one in found]


def _current_inspection(payload: dict[str, Any], problems: list[str]) -> Iterator[Found]:
    current = _object(payload, "currentRatings")
    for block, group in _rated_blocks(current):
        yield from _inspection_block(
            block, group, fallback=current, is_current=True, problems=problems
        )


def _past_inspections(payload: dict[str, Any], problems: list[str]) -> Iterator[Found]:
    for report in _objects(payload, "historicRatings"):
        for block, group in _rated_blocks(report):
            yield from _inspection_block(
                block, group, fallback=report, is_current=False, problems=problems
            )


def _rated_blocks(ratings: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    yield _object(ratings, "overall"), WHOLE
    for service in _objects(ratings, "serviceRatings"):
        if name := _text(service, "name"):
            yield service, name


def _inspection_block(
    block: dict[str, Any],
    group: str,
    *,
    fallback: dict[str, Any],
    is_current: bool,
    problems: list[str],
) -> Iterator[Found]:
    questions = _objects(block, "keyQuestionRatings")
    for row, question in _questions_and_overall(block, questions, problems):
        # Day, link and owner may stand at the question, at its block or at the whole report: the
        # nearest counts.
        day = _day(row, "reportDate", problems) or _day(block, "reportDate", problems)
        link = (
            _text(row, "reportLinkId")
            or _text(block, "reportLinkId")
            or _text(fallback, "reportLinkId")
        )
        owner = (
            _text(row, "organisationId")
            or _text(block, "organisationId")
            or _text(fallback, "organisationId")
        )
        if not owner and question is KeyQuestion.OVERALL:
            owner = _owner_of_report(questions, link)
        yield from _one(
            row,
            group,
            question,
            day=day or _day(fallback, "reportDate", problems),
            source=RatingSource.INSPECTION,
            is_current=is_current,
            inherited_from=owner,
            link=link,
            problems=problems,
        )


def _owner_of_report(questions: list[dict[str, Any]], link: str) -> str:
    """Whose the overall rating is: its key questions say so, it does not (seen after changes of
    owner).
    """
    of_same_report = [q for q in questions if not link or _text(q, "reportLinkId") == link]
    owners = {_text(q, "organisationId") for q in of_same_report}
    return owners.pop() if len(owners) == 1 else ""


def _assessments(payload: dict[str, Any], problems: list[str]) -> Iterator[Found]:
    for assessment in _objects(payload, "assessment"):
        published_on = _day(assessment, "assessmentPlanPublishedDateTime", problems)
        second = _second_of_day(_text(assessment, "assessmentPlanPublishedDateTime"))
        for group in _objects(_object(assessment, "ratings"), "asgRatings"):
            name = _text(group, "name")
            day = published_on or _day(group, "assessmentDate", problems)
            is_current = letters_and_digits(_text(group, "status")) == "current"
            link = _text(group, "assessmentPlanId")
            questions = _objects(group, "keyQuestionRatings")
            for row, question in _questions_and_overall(group, questions, problems):
                yield from _one(
                    row,
                    name,
                    question,
                    day=day,
                    source=RatingSource.ASSESSMENT,
                    is_current=is_current,
                    inherited_from="",
                    link=link,
                    second_of_day=second,
                    problems=problems,
                )


def _questions_and_overall(
    block: dict[str, Any], questions: list[dict[str, Any]], problems: list[str]
) -> Iterator[tuple[dict[str, Any], KeyQuestion]]:
    yield block, KeyQuestion.OVERALL
    for row in questions:
        question = words.key_question_of(name := _text(row, "name"))
        if question is None or question is KeyQuestion.OVERALL:
            problems.append(f"A key question of an unknown name: {name!r}.")
            continue
        yield row, question


def _one(
    row: dict[str, Any],
    group: str,
    question: KeyQuestion,
    *,
    day: date | None,
    source: RatingSource,
    is_current: bool,
    inherited_from: str,
    link: str,
    problems: list[str],
    second_of_day: int = 0,
) -> Iterator[Found]:
    word = _text(row, "rating")
    rating = words.rating_of(word)
    if rating is None:
        # "Inspected but not rated" and its like end nothing: the rating before them stands.
        if not words.is_known_rating_word(word):
            problems.append(f"A rating word that we do not know: {word!r}.")
        return
    if day is None:
        problems.append(f"A rating ({question.value}, {rating.value}) without a date.")
        return
    yield Found(
        service_group=group,
        key_question=question,
        rating=rating,
        published_on=day,
        source=source,
        is_current=is_current,
        inherited_from=inherited_from.upper(),
        report_link=link,
        score=_score(row) if source is RatingSource.ASSESSMENT else None,
        second_of_day=second_of_day,
    )


def _score(row: dict[str, Any]) -> int | None:
    # CQC's own schema misspells the key; scores are text, sometimes with a sign.
    text = _text(row, "percentageScore") or _text(row, "percengtageScore")
    match = re.fullmatch(r"(\d{1,3})(\.\d+)?\s*%?", text)
    return round(float(match[1] + (match[2] or ""))) if match else None


# Everything else about the location


def _service_types(payload: dict[str, Any]) -> tuple[ServiceType, ...]:
    found = {
        kind
        for row in _objects(payload, "gacServiceTypes")
        if (
            kind := words.service_type_of(_text(row, "name"))
            or words.service_type_of(_text(row, "description"))
        )
    }
    return tuple(sorted(found, key=words.PRIMARY_ORDER.index))


def _is_registered(payload: dict[str, Any], deregistered_on: date | None) -> bool:
    status = letters_and_digits(_text(payload, "registrationStatus"))
    return status == "registered" if status else deregistered_on is None


def _relationships(payload: dict[str, Any]) -> tuple[Relationship, ...]:
    found = {}
    for row in _objects(payload, "relationships"):
        kind = letters_and_digits(_text(row, "type"))
        related = _text(row, "relatedLocationId").upper()
        if related and ("predecessor" in kind or "successor" in kind):
            found[related, "predecessor" in kind] = Relationship(
                related_location_id=related,
                related_name=_text(row, "relatedLocationName"),
                is_predecessor="predecessor" in kind,
                reason=_text(row, "reason"),
            )
    return tuple(found.values())


def _visited_unpublished(payload: dict[str, Any], problems: list[str]) -> date | None:
    days = [
        _day(row, "firstVisitDate", problems) for row in _objects(payload, "unpublishedReports")
    ]
    return min((day for day in days if day), default=None)


# Reading a payload that may lack anything


def _object(payload: dict[str, Any], key: str) -> dict[str, Any]:
    value = payload.get(key)
    return value if isinstance(value, dict) else {}


def _objects(payload: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = payload.get(key)
    if isinstance(value, dict):
        return [value]
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _text(payload: dict[str, Any], key: str) -> str:
    value = payload.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return clean_line(str(value))


def _yes(payload: dict[str, Any], key: str) -> bool:
    return _text(payload, key).casefold() in {"y", "yes", "true"}


def _whole_number(value: object) -> int | None:
    number = _number(value)
    return int(number) if number is not None and 0 <= number < 100_000 else None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < 1e9 else None


def _day(payload: dict[str, Any], key: str, problems: list[str]) -> date | None:
    text = _text(payload, key)
    if not text:
        return None
    day = day_of(text)
    if day is None:
        problems.append(f"{key} is not a date: {text[:40]!r}.")
    return day


def day_of(text: str) -> date | None:
    """The day in England of a date or moment as CQC writes it: ISO, `YYYY-MM-DD HH:MM:SS` or
    dd/mm/yyyy.
    """
    moment = _moment_of(text)
    return moment.date() if moment else None


def _second_of_day(text: str) -> int:
    moment = _moment_of(text)
    return (moment.hour * 60 + moment.minute) * 60 + moment.second if moment else 0


def _moment_of(text: str) -> datetime | None:
    if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        text = f"{match[3]}-{match[2]:0>2}-{match[1]:0>2}"
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(LONDON) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return None
    return moment if dates.can_be_published(moment.date()) else None
