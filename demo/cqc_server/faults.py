"""The faults that production clients of CQC's API report, each of which the stand-in can show."""

import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from demo.cqc_server.payloads import Payload

KINDS = {
    "missing": "404, though a list or /changes named it",
    "gone": "410",
    "bad_request": "400",
    "refused": "403 with an HTML page, as in an outage",
    "busy": "429, with `Retry-After` where retry_after is given",
    "server_error": "500, or the status given",
    "truncated": "half of the JSON, with the length of what was sent",
    "cut": "half of the JSON, then the connection closes against its own Content-Length",
    "drip": "the body a piece at a time, over `seconds`",
    "stall": "nothing for `seconds`, then the right answer",
    "disconnect": "the connection closes without an answer",
    "lower_case": "/changes names its ids in lower case",
    "duplicate": "each page of a list begins with the last row of the page before",
    "unknown_keys": "keys that nobody has seen before",
    "missing_keys": "the keys named in `keys` are left out",
    "shouting": "rating words with other capitals: Requires Improvement, GOOD",
}
TRANSFORMS = {"lower_case", "duplicate", "unknown_keys", "missing_keys", "shouting"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong: for which paths and ids, how often, and how."""

    kind: str
    path: str = "/"  # prefix of the path below the base: "/locations", "/changes"
    ids: tuple[str, ...] = ()  # of locations; none: all
    times: int | None = None  # how many requests it strikes before it is spent; None: for ever
    every: int = 1  # strikes each n-th request that fits
    status: int = 500
    retry_after: str | None = None
    seconds: float = 1.0
    keys: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"Unknown fault {self.kind!r}: one of {', '.join(KINDS)}.")

    @classmethod
    def read(cls, given: dict[str, Any]) -> "Fault":
        """A fault from JSON, where lists stand for tuples."""
        values: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in given.items()
        }
        return cls(**values)


class Faults:
    """The faults in force, with how often each has struck. Safe to change while the server runs."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = list(faults)
        self._fitted: dict[int, int] = {}
        self._struck: dict[int, int] = {}

    def replace(self, faults: Iterable[Fault]) -> None:
        """Put these faults in the place of all, with fresh counts."""
        with self._lock:
            self._faults = list(faults)
            self._fitted, self._struck = {}, {}

    def strike(self, path: str, location_id: str) -> list[Fault]:
        """The faults that strike this request; counts them."""
        with self._lock:
            return [
                fault
                for number, fault in enumerate(self._faults)
                if self._strikes(number, fault, path, location_id)
            ]

    def _strikes(self, number: int, fault: Fault, path: str, location_id: str) -> bool:
        if not path.startswith(fault.path):
            return False
        if fault.ids and location_id.upper() not in {one.upper() for one in fault.ids}:
            return False
        self._fitted[number] = self._fitted.get(number, 0) + 1
        if self._fitted[number] % fault.every:
            return False
        if fault.times is not None and self._struck.get(number, 0) >= fault.times:
            return False
        self._struck[number] = self._struck.get(number, 0) + 1
        return True

    def described(self) -> list[dict[str, Any]]:
        """Each fault and how often it has struck, for the `/_faults` address."""
        with self._lock:
            return [
                {**asdict(fault), "struck": self._struck.get(n, 0)}
                for n, fault in enumerate(self._faults)
            ]


def transformed(payload: Payload, fault: Fault) -> Payload:
    """A location as CQC would send it with that fault in its content."""
    if fault.kind == "unknown_keys":
        return {**payload, "somethingNew": {"deep": ["1"]}, "anotherNewKey": "x"}
    if fault.kind == "missing_keys":
        return {key: value for key, value in payload.items() if key not in fault.keys}
    if fault.kind == "shouting":
        return _shouted(payload)
    return payload


def _shouted(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: (
                {"Good": "GOOD"}.get(inner, inner.title())
                if key == "rating" and isinstance(inner, str)
                else _shouted(inner)
            )
            for key, inner in value.items()
        }
    return [_shouted(inner) for inner in value] if isinstance(value, list) else value
