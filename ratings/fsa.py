"""The Food Standards Agency's hygiene ratings: a client of its open API, no Django in here.

The API wants the header `x-api-version: 2`; without it, it answers a misleading 404. It needs no
key. Ratings are given by district councils, so that a county asks for several authorities.
"""

import json
import logging
import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from types import TracebackType
from typing import Any, Self

import httpx

from documents.folding import letters_and_digits

logger = logging.getLogger(__name__)

BASE_URL = "https://api.ratings.food.gov.uk"
ATTRIBUTION = "Food hygiene ratings: Food Standards Agency"
CARING_PREMISES = 5  # "Hospitals/Childcare/Caring Premises": where most care homes stand
PAGE_SIZE = 1_000
MOST_PAGES = 1_000
LARGEST_BODY = 32 * 1024 * 1024


class FsaError(Exception):
    """The agency could not be asked, or its answer not be read. Its message is a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long to bear it. Times are seconds."""

    tries: int = 4
    first_backoff: float = 0.5
    longest_backoff: float = 30.0
    timeout: float = 30.0
    between_requests: float = 0.2  # nobody is in a hurry once a week


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


class Client:
    """Reads authorities and establishments. Use it in a `with`. `transport` is httpx's, for tests.

    Every method raises `FsaError` and nothing else.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        base_url: str = BASE_URL,
        limits: Limits | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.requests = 0
        self._http = httpx.Client(
            base_url=base_url.rstrip("/") + "/",
            headers={"x-api-version": "2", "Accept": "application/json", "User-Agent": user_agent},
            timeout=self.limits.timeout,
            transport=transport,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._http.close()

    def authorities(self) -> list[Authority]:
        """Every authority."""
        rows = _rows(self._get("Authorities", {}), "authorities")
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
        payload = self._get(f"Establishments/{fhrs_id}", {}, may_be_absent=True)
        return _establishment(payload) if payload else None

    def _search(self, query: dict[str, Any]) -> Iterator[Establishment]:
        seen = set()
        for number in range(1, MOST_PAGES + 1):
            page = self._get(
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

    def _get(
        self, path: str, query: dict[str, Any], *, may_be_absent: bool = False
    ) -> dict[str, Any]:
        problem = ""
        for attempt in range(self.limits.tries):
            if attempt:
                longest = min(self.limits.longest_backoff, self.limits.first_backoff * 2**attempt)
                time.sleep(random.uniform(0, longest))  # noqa: S311 - jitter, not a secret
            elif self.requests and self.limits.between_requests:
                time.sleep(self.limits.between_requests)
            self.requests += 1
            try:
                response = self._http.get(path, params=query)
            except httpx.HTTPError as error:
                problem = f"it could not be reached ({type(error).__name__})"
                continue
            if response.status_code == 200:
                payload = _payload(response)
                if payload is not None:
                    return payload
                problem = "its answer could not be read"
            elif response.status_code == 429 or response.status_code >= 500:
                problem = f"it answered {response.status_code}"
                self._pause(response)
            elif response.status_code == 404 and may_be_absent:
                return {}
            else:
                raise FsaError(
                    f"The Food Standards Agency answered {response.status_code} for {path}."
                )
        raise FsaError(
            f"We asked the Food Standards Agency {self.limits.tries} times, but {problem}."
        )

    def _pause(self, response: httpx.Response) -> None:
        wanted = response.headers.get("Retry-After", "")
        if wanted.isdigit():
            time.sleep(min(int(wanted), self.limits.longest_backoff))


def _payload(response: httpx.Response) -> dict[str, Any] | None:
    if len(response.content) > LARGEST_BODY:
        return None
    try:
        payload = json.loads(response.content)
    except ValueError:
        return None
    return payload if isinstance(payload, dict) else None


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
    return (
        str(value)
        .replace("\x00", "")
        .replace("\xa0", " ")
        .strip()
        .encode("utf-8", "replace")
        .decode()
    )


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
    # The agency writes the first day of the calendar for none.
    return day if day.year >= 2000 else None
