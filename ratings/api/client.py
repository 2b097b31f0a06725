"""The base of every client: one request, its bounds, its tries and its pauses."""

import logging
import math
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, ClassVar, Self

import httpx
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_random_exponential,
)

from documents import received_json
from ratings.api.errors import ApiError, ErrorKind
from ratings.api.limiter import Limiter

logger = logging.getLogger(__name__)

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


class _MayPassError(Exception):
    """A failure worth another try; carries what to raise when the tries are used up."""

    def __init__(self, final: ApiError) -> None:
        self.final = final


class _BusyError(_MayPassError):
    """A 429. The pause that was begun with it holds for every thread; it is no failure and costs no
    try.
    """


class ApiClient:
    """Asks an API that answers with JSON objects. Thread-safe; close it, or use it in a `with`.

    A subclass says whom it asks (`source`, as a sentence begins) and which exception it raises
    (`error`); every method raises that and nothing else. `transport` is httpx's, for tests.
    """

    source: ClassVar[str]
    error: ClassVar[type[ApiError]] = ApiError
    key_setting: ClassVar[str] = ""  # named to whoever must mend a key that is refused

    def __init__(
        self,
        *,
        base_url: str,
        user_agent: str,
        headers: Mapping[str, str],
        limits: Limits,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.limits = limits
        self.requests = 0  # sent so far, for the run's record
        self._count = threading.Lock()
        self._limiter = Limiter(limits.per_minute)
        self._http = httpx.Client(
            base_url=base_url.rstrip("/") + "/",
            headers={"User-Agent": user_agent, "Accept": "application/json", **headers},
            timeout=httpx.Timeout(limits.whole_timeout, connect=limits.connect_timeout),
            limits=httpx.Limits(
                max_connections=limits.at_a_time, max_keepalive_connections=limits.at_a_time
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

    def get(self, path: str, query: Mapping[str, Any]) -> dict[str, Any]:
        """The JSON object at `path`, after as many tries and pauses as the limits allow."""
        limits = self.limits
        tries = Retrying(
            retry=retry_if_exception_type(_MayPassError),
            stop=stop_after_attempt(limits.tries),
            wait=wait_random_exponential(limits.first_backoff, limits.longest_backoff),
            before_sleep=self._say_that_it_follows,
            reraise=True,
        )
        # Nothing is slept between two pauses: the limiter holds every thread until the pause ends.
        pauses = Retrying(
            retry=retry_if_exception_type(_BusyError),
            stop=stop_after_attempt(limits.pauses + 1),
            reraise=True,
        )
        try:
            return tries(self._get_when_not_busy, pauses, path, query)
        except _MayPassError as failure:
            raise failure.final from failure

    def _get_when_not_busy(
        self, pauses: Retrying, path: str, query: Mapping[str, Any]
    ) -> dict[str, Any]:
        try:
            return pauses(self._ask_once, path, query)
        except _BusyError as failure:
            # Busy beyond all pauses is final: further tries would press on one who said stop.
            raise failure.final from failure

    def _say_that_it_follows(self, state: RetryCallState) -> None:
        failure = state.outcome and state.outcome.exception()
        logger.info("%s; try %d follows", getattr(failure, "final", ""), state.attempt_number + 1)

    def _ask_once(self, path: str, query: Mapping[str, Any]) -> dict[str, Any]:
        self._limiter.wait()
        with self._count:
            self.requests += 1
        reply, body = self._read(path, query)
        if reply.status_code != 200:
            self._refuse(reply, body, path)
        try:
            payload = received_json.read(body)
        except received_json.NotJson as error:
            message = f"{self.source}’s JSON is cut short or damaged."
            raise _MayPassError(
                self.error(ErrorKind.UNREADABLE, message, status=200, path=path)
            ) from error
        if not isinstance(payload, dict):
            message = f"{self.source}’s reply is not a JSON object."
            raise self.error(ErrorKind.UNREADABLE, message, status=200, path=path)
        return payload

    def _read(self, path: str, query: Mapping[str, Any]) -> tuple[httpx.Response, bytes]:
        give_up_at = time.monotonic() + self.limits.whole_timeout
        body = bytearray()
        try:
            with self._http.stream("GET", path, params=dict(query)) as reply:
                for chunk in reply.iter_bytes():
                    body += chunk
                    # httpx's own time-out starts afresh with every byte that drips in.
                    if time.monotonic() > give_up_at:
                        message = f"{self.source}’s reply came too slowly."
                        raise _MayPassError(self.error(ErrorKind.TIMEOUT, message, path=path))
                    if len(body) > LARGEST_BODY:
                        message = f"{self.source}’s reply is too large."
                        raise self.error(ErrorKind.UNREADABLE, message, path=path)
        except httpx.TimeoutException as error:
            message = f"{self.source} did not answer in time."
            raise _MayPassError(self.error(ErrorKind.TIMEOUT, message, path=path)) from error
        except httpx.HTTPError as error:
            message = f"The connection to {self._source_within} failed: {error}."
            raise _MayPassError(self.error(ErrorKind.SERVER, message, path=path)) from error
        return reply, bytes(body)

    @property
    def _source_within(self) -> str:
        """The source as it stands within a sentence."""
        return self.source.replace("The ", "the ", 1)

    def _refuse(self, reply: httpx.Response, body: bytes, path: str) -> None:
        """Turn every status but 200 into the right exception."""
        status = reply.status_code
        if status == 429:
            self._limiter.pause(self._pause_asked(reply, body))
            message = f"{self.source} says that we ask too often."
            raise _BusyError(self.error(ErrorKind.BUSY, message, status=status, path=path))
        if status >= 500:
            message = f"{self.source} answered {status}."
            raise _MayPassError(self.error(ErrorKind.SERVER, message, status=status, path=path))
        if status == 403:
            # An outage answers 403 with an HTML page, which may pass.
            message = f"{self.source} refused us (403)."
            raise _MayPassError(self.error(ErrorKind.REFUSED, message, status=status, path=path))
        kinds = {401: ErrorKind.KEY, 404: ErrorKind.MISSING, 410: ErrorKind.GONE}
        words = {
            401: f"{self.source} refused the key. Check {self.key_setting} in the settings.",
            404: f"{self.source} has nothing under that address.",
            410: f"{self.source} has withdrawn that address.",
        }
        message = words.get(status, f"{self.source} answered {status}.")
        kind = kinds.get(status, ErrorKind.BAD_REQUEST)
        raise self.error(kind, message, status=status, path=path)

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
