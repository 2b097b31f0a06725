"""The stand-in server itself: threads, HTTP/1.1, CQC's paths, pages, filters, keys and limits."""

import json
import logging
import math
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, quote_plus, unquote, urlsplit

from demo.cqc_server.delay import Delay
from demo.cqc_server.faults import TRANSFORMS, Fault, Faults, transformed
from demo.cqc_server.payloads import Payload, Payloads

logger = logging.getLogger(__name__)

BASE = "/public/v1"
HTML_403 = (
    b"<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n"
    b"<center><h1>403 Forbidden</h1></center>\r\n</body>\r\n</html>"
)
FILTERS = {
    "careHome": lambda p: [p.get("careHome")],
    "localAuthority": lambda p: [p.get("localAuthority")],
    "region": lambda p: [p.get("region")],
    "constituency": lambda p: [p.get("constituency")],
    "inspectionDirectorate": lambda p: [p.get("inspectionDirectorate")],
    "overallRating": lambda p: [p.get("currentRatings", {}).get("overall", {}).get("rating")],
    "gacServiceTypeDescription": lambda p: [
        row.get("description") for row in p.get("gacServiceTypes", [])
    ],
}
PAGING = {"page", "perPage"}


class CqcServer:
    """Serves payloads as CQC would. `start()` runs it in a thread; in a `with` it stops at the end.

    `key` "" asks for none. `per_minute` is the limit past which it answers 429; `delay` is seconds
    before each answer.
    """

    def __init__(
        self,
        payloads: Payloads,
        *,
        key: str = "",
        faults: Iterable[Fault] = (),
        per_minute: int = 0,
        delay: float = 0.0,
        port: int = 0,
        host: str = "127.0.0.1",
    ) -> None:
        self.payloads = payloads
        self.key = key
        self.faults = Faults(faults)
        self.per_minute = per_minute
        self.delay = Delay(delay)
        self.answered: Counter[int] = Counter()  # by status
        self.asked: Counter[str] = Counter()  # by path below the base
        self._recent: deque[float] = deque()
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer((host, port), _handler_for(self))
        self._http.daemon_threads = True
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The base URL to give to a client."""
        host, port = self._http.server_address[:2]
        return f"http://{host!s}:{port}{BASE}"

    def start(self) -> Self:
        """Serve in a thread of its own."""
        self._thread = threading.Thread(
            target=self._http.serve_forever, args=(0.05,), daemon=True, name="cqc-server"
        )
        self._thread.start()
        return self

    def serve_forever(self) -> None:
        """Serve in this thread until interrupted."""
        self._http.serve_forever()

    def stop(self) -> None:
        """Stop serving and give the port back."""
        self._http.shutdown()
        self._http.server_close()
        if self._thread:
            self._thread.join(5)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    def count(self, path: str) -> None:
        """Note a request."""
        with self._lock:
            self.asked[path] += 1

    def count_answer(self, status: int) -> None:
        """Note an answer."""
        with self._lock:
            self.answered[status] += 1

    def is_too_fast(self) -> bool:
        """Whether the last minute has already had its share of requests."""
        if not self.per_minute:
            return False
        with self._lock:
            now = time.monotonic()
            while self._recent and self._recent[0] <= now - 60:
                self._recent.popleft()
            if len(self._recent) >= self.per_minute:
                return True
            self._recent.append(now)
            return False


def _handler_for(server: CqcServer) -> type[BaseHTTPRequestHandler]:
    """The handler class of one server: http.server makes an instance for each connection."""

    class Handler(_Handler):
        cqc = server

    return Handler


class _Handler(BaseHTTPRequestHandler):
    cqc: CqcServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60

    def log_message(self, format: str, *args: object) -> None:
        logger.debug(format, *args)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        if path == "/_faults":
            return self._say(200, {"faults": self.cqc.faults.described()})
        if path == "/_counts":
            return self._say(
                200, {"answered": self.cqc.answered, "asked": sum(self.cqc.asked.values())}
            )
        if not path.startswith(BASE + "/"):
            return self._say(404, {"statusCode": 404, "message": "Resource not found"})
        path = path.removeprefix(BASE)
        self.cqc.count(path)
        if not self.headers.get("User-Agent"):
            return self._send(403, HTML_403, "text/html")
        if problem := self._key_problem():
            return self._say(401, {"statusCode": 401, "message": problem})
        if self.cqc.is_too_fast():
            return self._busy(None)
        self.cqc.delay.wait()
        return self._answer(path, parse_qs(parts.query))

    def do_PUT(self) -> None:
        """`PUT /_faults` with a JSON list of faults puts them in the place of those in force."""
        if urlsplit(self.path).path != "/_faults":
            return self._say(404, {"statusCode": 404, "message": "Resource not found"})
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            faults = [Fault.read(one) for one in json.loads(body)]
        except (ValueError, TypeError) as error:
            return self._say(400, {"message": str(error)})
        self.cqc.faults.replace(faults)
        return self._say(200, {"faults": self.cqc.faults.described()})

    # Answers

    def _answer(self, path: str, query: dict[str, list[str]]) -> None:
        location_id = path.removeprefix("/locations/") if path.startswith("/locations/") else ""
        struck = self.cqc.faults.strike(path, location_id)
        for fault in struck:
            if fault.kind not in TRANSFORMS:
                return self._fail(fault, path, query, struck)
        return self._say(*self._right_answer(path, query, struck))

    def _right_answer(
        self, path: str, query: dict[str, list[str]], struck: list[Fault]
    ) -> tuple[int, Payload]:
        if path == "/locations":
            return self._list(query, struck)
        if path == "/changes/location":
            return self._changes(query, struck)
        if path.startswith("/locations/"):
            return self._location(path.removeprefix("/locations/"), struck)
        return 404, {"statusCode": 404, "message": "Resource not found"}

    def _location(self, location_id: str, struck: list[Fault]) -> tuple[int, Payload]:
        if location_id != location_id.upper():
            return 400, {"message": "Bad Request"}
        payload = self.cqc.payloads.get(location_id)
        if payload is None:
            return 404, {"message": "Not found"}
        for fault in struck:
            payload = transformed(payload, fault)
        return 200, payload

    def _list(self, query: dict[str, list[str]], struck: list[Fault]) -> tuple[int, Payload]:
        if any(name not in FILTERS and name not in PAGING for name in query):
            return 400, {"message": "Bad Request"}
        asked = {name: set(values) for name, values in query.items() if name in FILTERS}
        fitting = []
        for location_id in self.cqc.payloads.ids():
            payload = self.cqc.payloads.get(location_id)
            if payload is not None and all(
                values & set(FILTERS[name](payload)) for name, values in asked.items()
            ):
                row = {"locationId": location_id, "locationName": payload.get("name")}
                fitting.append({**row, "postalCode": payload.get("postalCode")})
        return self._page("/locations", "locations", fitting, query, struck)

    def _changes(self, query: dict[str, list[str]], struck: list[Fault]) -> tuple[int, Payload]:
        try:
            start = _moment(query["startTimestamp"][0])
            end = _moment(query["endTimestamp"][0])
        except (KeyError, ValueError):
            return 400, {"message": "Bad Request"}
        ids = self.cqc.payloads.changed(start, end)
        if any(fault.kind == "lower_case" for fault in struck):
            ids = [one.lower() for one in ids]
        return self._page("/changes/location", "changes", ids, query, struck)

    def _page(
        self,
        path: str,
        name: str,
        rows: list[Any],
        query: dict[str, list[str]],
        struck: list[Fault],
    ) -> tuple[int, Payload]:
        try:
            number = max(1, int(query.get("page", ["1"])[0]))
            size = min(1000, max(1, int(query.get("perPage", ["50"])[0])))
        except ValueError:
            return 400, {"message": "Bad Request"}
        first = (number - 1) * size
        shown = rows[first : first + size]
        if first and any(fault.kind == "duplicate" for fault in struck):
            shown = [rows[first - 1], *shown]
        pages = math.ceil(len(rows) / size)

        def uri(page: int) -> str | None:
            if not 1 <= page <= pages:
                return None
            # CQC echoes `startTimeStamp` with a capital S, though the parameter has a small one.
            rest = [
                f"{key.replace('Timestamp', 'TimeStamp')}={quote_plus(value, safe=':')}"
                for key, values in query.items()
                for value in values
                if key not in PAGING
            ]
            return f"{path}?" + "&".join([f"page={page}", f"perPage={size}", *rest])

        return 200, {
            name: shown,
            "firstPageUri": uri(1),
            "lastPageUri": uri(pages),
            "nextPageUri": uri(number + 1),
            "page": number,
            "perPage": size,
            "previousPageUri": uri(number - 1),
            "total": len(rows),
            "totalPages": pages,
            "uri": path,
        }

    # Faults

    def _fail(
        self, fault: Fault, path: str, query: dict[str, list[str]], struck: list[Fault]
    ) -> None:
        match fault.kind:
            case "missing":
                return self._say(404, {"message": "Not found"})
            case "gone":
                return self._say(410, {"message": "Gone"})
            case "bad_request":
                return self._say(400, {"message": "Bad Request"})
            case "refused":
                return self._send(403, HTML_403, "text/html")
            case "busy":
                return self._busy(fault.retry_after)
            case "server_error":
                return self._say(fault.status, {"message": "Internal server error."})
            case "disconnect":
                self.close_connection = True
                return None
            case "stall":
                time.sleep(fault.seconds)
                return self._say(*self._right_answer(path, query, struck))
        status, payload = self._right_answer(path, query, struck)
        body = json.dumps(payload).encode()
        half = body[: len(body) // 2]
        match fault.kind:
            case "truncated":
                return self._send(status, half, "application/json")
            case "cut":
                self.close_connection = True
                return self._send(status, half, "application/json", length=len(body))
            case _:
                return self._drip(status, body, fault.seconds)

    def _drip(self, status: int, body: bytes, seconds: float) -> None:
        pieces = 20
        size = max(1, len(body) // pieces)
        self._head(status, len(body), "application/json")
        try:
            for first in range(0, len(body), size):
                self.wfile.write(body[first : first + size])
                time.sleep(seconds / pieces)
        except OSError:
            # The client had enough, which is what this fault is for.
            self.close_connection = True

    def _busy(self, retry_after: str | None) -> None:
        said = {"statusCode": 429, "message": "Rate limit is exceeded. Try again in 2 seconds."}
        headers = {} if retry_after is None else {"Retry-After": retry_after}
        self._send(429, json.dumps(said).encode(), "application/json", headers=headers)

    # Bytes

    def _key_problem(self) -> str:
        given = self.headers.get("Ocp-Apim-Subscription-Key")
        if not self.cqc.key or given == self.cqc.key:
            return ""
        if not given:
            return (
                "Access denied due to missing subscription key. "
                "Make sure to include subscription key when making requests to an API."
            )
        return (
            "Access denied due to invalid subscription key. "
            "Make sure to provide a valid key for an active subscription."
        )

    def _say(self, status: int, payload: Payload) -> None:
        self._send(status, json.dumps(payload).encode(), "application/json")

    def _send(
        self,
        status: int,
        body: bytes,
        kind: str,
        *,
        length: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self._head(status, len(body) if length is None else length, kind, headers or {}, body)

    def _head(
        self,
        status: int,
        length: int,
        kind: str,
        headers: dict[str, str] | None = None,
        body: bytes = b"",
    ) -> None:
        self.cqc.count_answer(status)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        # Head and body in one write: two cost a round trip's delay on a kept connection.
        self._headers_buffer.extend([b"\r\n", body])  # type: ignore[attr-defined]  # its own buffer
        try:
            self.flush_headers()
        except OSError:
            self.close_connection = True


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
