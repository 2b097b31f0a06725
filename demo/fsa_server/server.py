"""The agency's API over real HTTP: `/Authorities`, `/Establishments`, `/Establishments/{FHRSID}`,
version 2.
"""

import json
import logging
import math
import re
import threading
from collections import deque
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

logger = logging.getLogger(__name__)

Payload = dict[str, Any]


def establishment(fhrs_id: int, name: str, postcode: str, **more: Any) -> Payload:
    """An establishment as the agency tells it; `more` are keys of its own."""
    return {
        "FHRSID": fhrs_id,
        "LocalAuthorityBusinessID": f"{fhrs_id}/FH",
        "BusinessName": name,
        "BusinessType": "Hospitals/Childcare/Caring Premises",
        "BusinessTypeID": 5,
        "AddressLine1": "1 High Street",
        "AddressLine2": "",
        "AddressLine3": "Marshton",
        "AddressLine4": "",
        "PostCode": postcode,
        "Phone": "",
        "RatingValue": "5",
        "RatingKey": "fhrs_5_en-gb",
        "RatingDate": "2025-09-16T00:00:00",
        "LocalAuthorityCode": "062",
        "LocalAuthorityName": "Northmarsh",
        "scores": {"Hygiene": 0, "Structural": 5, "ConfidenceInManagement": 0},
        "SchemeType": "FHRS",
        "geocode": {"longitude": None, "latitude": None},
        "RightToReply": "",
        "Distance": None,
        "NewRatingPending": False,
        "links": [],
        **more,
    }


class FsaServer:
    """Serves establishments (a list, or what gives one) and the authorities that they name.
    `failures` are answered first, one each: a status, or "truncated". In a `with` it stops at the
    end.
    """

    def __init__(
        self,
        establishments: Iterable[Payload] | Callable[[], list[Payload]],
        *,
        failures: Iterable[int | str] = (),
        port: int = 0,
        host: str = "127.0.0.1",
    ) -> None:
        self._source = establishments if callable(establishments) else list(establishments)
        self.failures = deque(failures)
        self.asked: list[str] = []
        server = self

        class Handler(_Handler):
            fsa = server

        self._http = ThreadingHTTPServer((host, port), Handler)
        self._http.daemon_threads = True
        self._thread: threading.Thread | None = None

    @property
    def establishments(self) -> list[Payload]:
        """What it serves: given once, or asked for with each request."""
        return self._source() if callable(self._source) else self._source

    @property
    def url(self) -> str:
        """The base URL to give to a client."""
        host, port = self._http.server_address[:2]
        return f"http://{host!s}:{port}"

    def authorities(self) -> list[Payload]:
        """The authorities of its establishments, numbered in the order of their names."""
        names = sorted({str(one["LocalAuthorityName"]) for one in self.establishments})
        return [
            {"LocalAuthorityId": 100 + number, "LocalAuthorityIdCode": f"{number:03}", "Name": name}
            for number, name in enumerate(names)
        ]

    def start(self) -> Self:
        """Serve in a thread of its own."""
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def serve_forever(self) -> None:
        """Serve in this thread until interrupted."""
        self._http.serve_forever()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    fsa: FsaServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60

    def log_message(self, format: str, *args: object) -> None:
        logger.debug(format, *args)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.fsa.asked.append(self.path)
        if self.headers.get("x-api-version") != "2":
            return self._say(
                404, {"Message": "No HTTP resource was found that matches the request URI."}
            )
        failure = self.fsa.failures.popleft() if self.fsa.failures else None
        if isinstance(failure, int):
            return self._say(failure, {"Message": "An error has occurred."})
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        status, payload = self._answer(parts.path.strip("/"), query)
        return self._say(status, payload, cut=failure == "truncated")

    def _answer(self, path: str, query: dict[str, str]) -> tuple[int, Payload]:
        if path.casefold() == "authorities":
            return 200, {"authorities": self.fsa.authorities(), "meta": {}}
        if path.casefold() == "establishments":
            return 200, self._page(query)
        if match := re.fullmatch(r"establishments/(\d+)", path, re.IGNORECASE):
            for one in self.fsa.establishments:
                if one["FHRSID"] == int(match[1]):
                    return 200, one
        return 404, {"Message": "Not found."}

    def _page(self, query: dict[str, str]) -> Payload:
        names = {str(row["LocalAuthorityId"]): row["Name"] for row in self.fsa.authorities()}
        rows = [
            one
            for one in self.fsa.establishments
            if _fits(one, "BusinessName", query.get("name"))
            and _at(one, query.get("address"))
            and query.get("businessTypeId") in (None, "-1", str(one["BusinessTypeID"]))
            and (
                "localAuthorityId" not in query
                or names.get(query["localAuthorityId"]) == one["LocalAuthorityName"]
            )
        ]
        number, size = int(query.get("pageNumber", "1")), int(query.get("pageSize", "5000"))
        shown = rows[(number - 1) * size : number * size]
        meta = {
            "totalCount": len(rows),
            "totalPages": math.ceil(len(rows) / size),
            "pageNumber": number,
        }
        return {"establishments": shown, "meta": {**meta, "returncode": "OK"}, "links": []}

    def _say(self, status: int, payload: Payload, *, cut: bool = False) -> None:
        body = json.dumps(payload).encode()
        body = body[: len(body) // 2] if cut else body
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _fits(one: Payload, key: str, wanted: str | None) -> bool:
    return not wanted or wanted.casefold() in str(one[key]).casefold()


def _at(one: Payload, wanted: str | None) -> bool:
    keys = ("AddressLine1", "AddressLine2", "AddressLine3", "AddressLine4", "PostCode")
    return not wanted or any(_fits(one, key, wanted) for key in keys)
