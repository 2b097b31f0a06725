"""The client of CQC's Syndication API: what to ask, how fast, and what to do when it goes wrong."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from ratings.api.client import ApiClient, Limits
from ratings.api.errors import ErrorKind
from ratings.cqc.errors import CqcError

BASE_URL = "https://api.service.cqc.org.uk/public/v1"
PER_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Listing:
    """A row of `/locations`: no more than this is in it, registration status included."""

    location_id: str
    name: str
    postcode: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """The outcome for one location of many: its payload, or why there is none."""

    location_id: str
    payload: dict[str, Any] | None
    error: CqcError | None


class Client(ApiClient):
    """Reads locations, lists and changes. Thread-safe; close it, or use it in a `with`.

    `transport` is httpx's, for tests. Every method raises `CqcError` and nothing else.
    """

    source = "CQC"
    error = CqcError
    key_setting = "CQC_API_KEY"

    def __init__(
        self,
        *,
        key: str,
        user_agent: str,
        base_url: str = BASE_URL,
        limits: Limits | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        if not user_agent:
            raise ValueError("CQC's gateway refuses requests without a User-Agent.")
        super().__init__(
            base_url=base_url,
            user_agent=user_agent,
            headers={"Ocp-Apim-Subscription-Key": key},
            limits=limits or Limits(),
            transport=transport,
        )

    # What there is to ask

    def locations(self, **filters: str | list[str]) -> Iterator[Listing]:
        """Every location that fits the filters (CQC's names and case-sensitive values), each
        once.
        """
        seen = set()
        for page in self._pages("locations", dict(filters)):
            for row in page.get("locations") or []:
                if not isinstance(row, dict) or not isinstance(row.get("locationId"), str):
                    continue
                location_id = row["locationId"].strip().upper()
                if location_id and location_id not in seen:
                    seen.add(location_id)
                    yield Listing(
                        location_id,
                        str(row.get("locationName") or ""),
                        str(row.get("postalCode") or ""),
                    )

    def changes(self, start: datetime, end: datetime) -> Iterator[str]:
        """The ids of locations changed from `start` up to but not at `end`, each once and
        upper-cased.

        `CqcError.is_absence` means that `/changes` itself is not there: fall back on the list.
        """
        window = {"startTimestamp": _timestamp(start), "endTimestamp": _timestamp(end)}
        seen = set()
        for page in self._pages("changes/location", window):
            for location_id in page.get("changes") or []:
                if (
                    isinstance(location_id, str)
                    and (found := location_id.strip().upper())
                    and found not in seen
                ):
                    seen.add(found)
                    yield found

    def location(self, location_id: str) -> dict[str, Any]:
        """The payload of one location. An id in lower case that CQC refuses is asked again in upper
        case.
        """
        try:
            return self.get(f"locations/{_path_safe(location_id)}", {})
        except CqcError as error:
            if error.kind is ErrorKind.BAD_REQUEST and location_id != location_id.upper():
                return self.get(f"locations/{_path_safe(location_id.upper())}", {})
            raise

    def many(self, location_ids: Iterable[str]) -> Iterator[Fetched]:
        """Fetch many locations side by side, in the order given; one that fails does not stop the
        others.

        Few are asked ahead of the reader, so that neither a slow reader nor a long list fills the
        memory.
        """
        ahead = self.limits.at_a_time * 3
        waiting: deque[Future[Fetched]] = deque()
        with ThreadPoolExecutor(self.limits.at_a_time, thread_name_prefix="cqc") as pool:
            try:
                for location_id in location_ids:
                    waiting.append(pool.submit(self._fetch, location_id))
                    if len(waiting) >= ahead:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    # How it is asked

    def _fetch(self, location_id: str) -> Fetched:
        try:
            return Fetched(location_id, self.location(location_id), None)
        except CqcError as error:
            return Fetched(location_id, None, error)

    def _pages(self, path: str, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
        number = 1
        while True:
            page = self.get(path, {**query, "page": number, "perPage": PER_PAGE})
            yield page
            total = page.get("totalPages")
            is_last = number >= total if isinstance(total, int) else not page.get("nextPageUri")
            if is_last:
                return
            number += 1


def _timestamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _path_safe(location_id: str) -> str:
    """An id as it may stand in a path; what cannot be one is refused before CQC is asked."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", location_id):
        raise CqcError(ErrorKind.BAD_REQUEST, f"{location_id[:80]!r} cannot be a location's id.")
    return location_id
