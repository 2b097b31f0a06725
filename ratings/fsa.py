"""The Food Standards Agency's hygiene ratings: a client of its open API, no Django in here.

The API wants the header `x-api-version: 2`; without it, it answers a misleading 404. It needs no
key. Ratings are given by district councils, so that a county asks for several authorities.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import httpx

from documents import dates
from documents.folding import letters_and_digits
from documents.text import clean_line
from ratings.api.client import ApiClient, Limits
from ratings.api.errors import ApiError

BASE_URL = "https://api.ratings.food.gov.uk"
ATTRIBUTION = "Food hygiene ratings: Food Standards Agency"
CARING_PREMISES = 5  # "Hospitals/Childcare/Caring Premises": where most care homes stand
PAGE_SIZE = 1_000
# Should the agency never say which page is the last.
MOST_PAGES = 1_000
# Nobody is in a hurry once a week.
LIMITS = Limits(
    at_a_time=1,
    per_minute=300,
    tries=4,
    longest_backoff=30.0,
    longest_pause=30.0,
    whole_timeout=30.0,
)


class FsaError(ApiError):
    """The agency could not be asked, or its answer not be read."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A council that rates food businesses. `authority_id` is what the search wants; it is not the
    code.
    """

    authority_id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Establishment:
    """A place that serves food, and its rating now."""

    fhrs_id: int
    name: str
    business_type: str
    address: str
    postcode: str
    authority: str
    value: (
        str  # "0" to "5", "Exempt", "AwaitingInspection", "AwaitingPublication"; in Scotland "Pass"
    )
    rated_on: date | None
    hygiene: int | None  # the lower, the better
    structural: int | None
    confidence: int | None


class Client(ApiClient):
    """Reads authorities and establishments. Use it in a `with`. `transport` is httpx's, for tests.

    Every method raises `FsaError` and nothing else.
    """

    source = "The Food Standards Agency"
    error = FsaError

    def __init__(
        self,
        *,
        user_agent: str,
        base_url: str = BASE_URL,
        limits: Limits | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        super().__init__(
            base_url=base_url,
            user_agent=user_agent,
            headers={"x-api-version": "2"},
            limits=limits or LIMITS,
            transport=transport,
        )

    def authorities(self) -> list[Authority]:
        """Every authority."""
        rows = _rows(self.get("Authorities", {}), "authorities")
        found = [(_number(row.get("LocalAuthorityId")), _text(row, "Name")) for row in rows]
        return [Authority(number, name) for number, name in found if number is not None and name]

    def caring_premises(self, authority_id: int) -> Iterator[Establishment]:
        """The hospitals, nurseries and care homes of an authority."""
        yield from self._search(
            {"localAuthorityId": authority_id, "businessTypeId": CARING_PREMISES}
        )

    def at_address(self, postcode: str) -> Iterator[Establishment]:
        """Whatever serves food at a postcode."""
        wanted = letters_and_digits(postcode)
        for found in self._search({"address": postcode}):
            if letters_and_digits(found.postcode) == wanted:
                yield found

    def establishment(self, fhrs_id: int) -> Establishment | None:
        """One establishment; None if the agency no longer lists it."""
        try:
            return _establishment(self.get(f"Establishments/{fhrs_id}", {}))
        except FsaError as error:
            if error.is_absence:
                return None
            raise

    def _search(self, query: dict[str, Any]) -> Iterator[Establishment]:
        seen = set()
        for number in range(1, MOST_PAGES + 1):
            page = self.get(
                "Establishments", {**query, "pageNumber": number, "pageSize": PAGE_SIZE}
            )
            rows = _rows(page, "establishments")
            for row in rows:
                found = _establishment(row)
                if found is not None and found.fhrs_id not in seen:
                    seen.add(found.fhrs_id)
                    yield found
            meta = page.get("meta")
            total = _number(meta.get("totalPages")) if isinstance(meta, dict) else None
            if not rows or (number >= total if total is not None else len(rows) < PAGE_SIZE):
                return


def _rows(payload: dict[str, Any], key: str) -> list[dict[str, Any]]:
    rows = payload.get(key)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _establishment(row: dict[str, Any]) -> Establishment | None:
    fhrs_id, value = _number(row.get("FHRSID")), _text(row, "RatingValue")
    if fhrs_id is None or not value:
        return None
    found = row.get("scores")
    scores: dict[str, Any] = found if isinstance(found, dict) else {}
    lines = [_text(row, f"AddressLine{number}") for number in range(1, 5)]
    return Establishment(
        fhrs_id=fhrs_id,
        name=_text(row, "BusinessName"),
        business_type=_text(row, "BusinessType"),
        address=", ".join(line for line in lines if line),
        postcode=_text(row, "PostCode").upper(),
        authority=_text(row, "LocalAuthorityName"),
        value=value,
        rated_on=_day(_text(row, "RatingDate")),
        hygiene=_score(scores.get("Hygiene")),
        structural=_score(scores.get("Structural")),
        confidence=_score(scores.get("ConfidenceInManagement")),
    )


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return clean_line(str(value))


def _number(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value)
    return int(text) if re.fullmatch(r"\d{1,18}", text) else None


def _score(value: object) -> int | None:
    score = _number(value)
    return score if score is not None and score <= 100 else None


def _day(text: str) -> date | None:
    try:
        day = datetime.fromisoformat(text).date()
    except ValueError:
        return None
    # The agency writes the first day of the calendar for none; its scheme began in this century.
    return day if day.year >= 2000 and dates.can_be_published(day) else None
