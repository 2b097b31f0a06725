"""The client of CQC's Syndication API: what to ask, how fast, and what to do when it goes wrong."""

import json
import logging
import math
import random
import re
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self

import httpx

from ratings.cqc.errors import CqcError, ErrorKind
from ratings.cqc.limiter import Limiter

logger = logging.getLogger(__name__)

BASE_URL = "https://api.service.cqc.org.uk/public/v1"
PER_PAGE = 1000
LARGEST_BODY = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How hard to press and how long to bear it. Times are seconds."""

    at_a_time: int = 10
    per_minute: int = 1_500  # 0: no limit
    tries: int = 5  # of one request, when it fails in a way that may pass
    first_backoff: float = 0.5  # doubles with each try; the wait is a random part of it
    longest_backoff: float = 20.0
    busy_pause: float = 2.0  # after a 429 that does not say how long
    longest_pause: float = 300.0
    pauses: int = 30  # that one request sits through before it gives up
    connect_timeout: float = 10.0
    whole_timeout: float = 60.0  # for a whole reply, however steadily it drips


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


class _MayPassError(Exception):
    """A failure worth another try; carries what to raise when the tries are used up."""

    def __init__(self, final: CqcError) -> None:
        self.final = final


class Client:
    """Reads locations, lists and changes. Thread-safe; close it, or use it in a `with`.

    `transport` is httpx's, for tests. Every method raises `CqcError` and nothing else.
    """

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
        self.limits = limits or Limits()
        self.requests = 0  # sent so far, for the run's record
        self._count = threading.Lock()
        self._limiter = Limiter(self.limits.per_minute)
        self._http = httpx.Client(
            base_url=base_url.rstrip("/") + "/",
            headers={
                "Ocp-Apim-Subscription-Key": key,
                "User-Agent": user_agent,
                "Accept": "application/json",
            },
            timeout=httpx.Timeout(self.limits.whole_timeout, connect=self.limits.connect_timeout),
            limits=httpx.Limits(
                max_connections=self.limits.at_a_time,
                max_keepalive_connections=self.limits.at_a_time,
            ),
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
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

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
            return self._get(f"locations/{_path_safe(location_id)}", {})
        except CqcError as error:
            if error.kind is ErrorKind.BAD_REQUEST and location_id != location_id.upper():
                return self._get(f"locations/{_path_safe(location_id.upper())}", {})
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
            page = self._get(path, {**query, "page": number, "perPage": PER_PAGE})
            yield page
            total = page.get("totalPages")
            is_last = number >= total if isinstance(total, int) else not page.get("nextPageUri")
            if is_last:
                return
            number += 1

    def _get(self, path: str, query: dict[str, Any]) -> dict[str, Any]:
        tries = pauses = 0
        while True:
            self._limiter.wait()
            with self._count:
                self.requests += 1
            try:
                return self._ask_once(path, query)
            except _MayPassError as failure:
                error = failure.final
                if error.kind is ErrorKind.BUSY:
                    # The pause that was just begun holds for everyone; it is no failure and costs
                    # no try.
                    pauses += 1
                    if pauses > self.limits.pauses:
                        raise error from failure
                    continue
                tries += 1
                if tries >= self.limits.tries:
                    raise error from failure
                ceiling = min(
                    self.limits.longest_backoff, self.limits.first_backoff * 2 ** (tries - 1)
                )
                logger.info("CQC: %s; try %d of %d follows", error, tries + 1, self.limits.tries)
                time.sleep(random.uniform(ceiling / 2, ceiling))  # noqa: S311 - jitter, not a secret

    def _ask_once(self, path: str, query: dict[str, Any]) -> dict[str, Any]:
        give_up_at = time.monotonic() + self.limits.whole_timeout
        body = bytearray()
        try:
            with self._http.stream("GET", path, params=query) as reply:
                for chunk in reply.iter_bytes():
                    body += chunk
                    # httpx's own time-out starts afresh with every byte that drips in.
                    if time.monotonic() > give_up_at:
                        raise _MayPassError(
                            CqcError(ErrorKind.TIMEOUT, "CQC's reply came too slowly.", path=path)
                        )
                    if len(body) > LARGEST_BODY:
                        raise CqcError(
                            ErrorKind.UNREADABLE,
                            "CQC's reply is too large to be a location.",
                            path=path,
                        )
        except httpx.TimeoutException as error:
            raise _MayPassError(
                CqcError(ErrorKind.TIMEOUT, "CQC did not answer in time.", path=path)
            ) from error
        except httpx.HTTPError as error:
            raise _MayPassError(
                CqcError(ErrorKind.SERVER, f"The connection to CQC failed: {error}.", path=path)
            ) from error
        if reply.status_code != 200:
            self._refuse(reply, bytes(body), path)
        try:
            payload = json.loads(bytes(body))
        except ValueError as error:
            raise _MayPassError(
                CqcError(
                    ErrorKind.UNREADABLE,
                    "CQC's JSON is cut short or damaged.",
                    status=200,
                    path=path,
                )
            ) from error
        if not isinstance(payload, dict):
            raise CqcError(
                ErrorKind.UNREADABLE, "CQC's reply is not a JSON object.", status=200, path=path
            )
        return payload

    def _refuse(self, reply: httpx.Response, body: bytes, path: str) -> None:
        """Turn every status but 200 into the right exception."""
        status = reply.status_code
        if status == 429:
            self._limiter.pause(self._pause_asked(reply, body))
            raise _MayPassError(
                CqcError(
                    ErrorKind.BUSY, "CQC says that we ask too often.", status=status, path=path
                )
            )
        if status >= 500:
            raise _MayPassError(
                CqcError(ErrorKind.SERVER, f"CQC answered {status}.", status=status, path=path)
            )
        if status == 403:
            # An outage answers 403 with an HTML page, which may pass.
            raise _MayPassError(
                CqcError(
                    ErrorKind.REFUSED, "CQC's gateway refused us (403).", status=status, path=path
                )
            )
        kinds = {401: ErrorKind.KEY, 404: ErrorKind.MISSING, 410: ErrorKind.GONE}
        words = {
            401: "CQC refused the subscription key. Check CQC_API_KEY in the settings.",
            404: "CQC has nothing under that address.",
            410: "CQC has withdrawn that address.",
        }
        message = words.get(status, f"CQC answered {status}.")
        raise CqcError(kinds.get(status, ErrorKind.BAD_REQUEST), message, status=status, path=path)

    def _pause_asked(self, reply: httpx.Response, body: bytes) -> float:
        asked = _retry_after(reply.headers.get("Retry-After", ""))
        if asked is None and (match := re.search(rb"again in (\d+) second", body)):
            asked = float(match[1])
        return min(
            self.limits.longest_pause, self.limits.busy_pause if asked is None else max(asked, 0.05)
        )


def _retry_after(value: str) -> float | None:
    """Seconds to wait, from either form of the header; None if it is absent or neither."""
    if not value.strip():
        return None
    try:
        seconds = float(value)
        return seconds if math.isfinite(seconds) else None
    except ValueError:
        pass
    try:
        return (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return None


def _timestamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _path_safe(location_id: str) -> str:
    """An id as it may stand in a path; what cannot be one is refused before CQC is asked."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", location_id):
        raise CqcError(ErrorKind.BAD_REQUEST, f"{location_id[:80]!r} cannot be a location's id.")
    return location_id
